import type { Run } from '../../../src/mlflow/types.js';

/** Reads a filter of `runs/search`, as far as the service writes filters; throws where it is another. */
export function filterOf(text: string): (run: Run) => boolean {
  const tests = text
    .split(' AND ')
    .filter((part) => part.trim() !== '')
    .map((part) => comparison(part.trim()));
  return (run) => tests.every((test) => test(run));
}

function comparison(text: string): (run: Run) => boolean {
  const among = /^attributes\.run_id (IN|NOT IN) \((.*)\)$/.exec(text);
  if (among?.[2] !== undefined) {
    const ids = new Set([...among[2].matchAll(/'([^']*)'/g)].map(([, id]) => id));
    return ({ info }) => ids.has(info.run_id) === (among[1] === 'IN');
  }
  const digests = /^dataset\.digest IN \((.*)\)$/.exec(text)?.[1];
  if (digests !== undefined) {
    // MLflow drops what Python's `islower` is false for.
    const values = [...digests.matchAll(/'([^']*)'/g)].map(([, value = '']) => value);
    const wanted = new Set(values.filter((value) => /[a-z]/.test(value) && !/[A-Z]/.test(value)));
    return ({ inputs }) => (inputs?.dataset_inputs ?? []).some(({ dataset }) => wanted.has(dataset.digest));
  }
  const parts = /^(tags|attributes|dataset)\.(`[^`]+`|\w+) (=|!=|>=|<=|<|>) (?:'([^']*)'|(\d+))$/.exec(text);
  if (parts === null) throw new Error(`the MLflow in memory does not know the filter ${text}`);
  const [, kind, quoted = '', operator = '', word, number] = parts;
  const name = quoted.replaceAll('`', '');
  const wanted = word ?? number ?? '';
  if (kind === 'tags') {
    // A run that lacks the tag is kept by neither.
    return ({ data }) => {
      const tag = data.tags?.find(({ key }) => key === name);
      return tag !== undefined && (tag.value === wanted) === (operator === '=');
    };
  }
  if (kind === 'dataset') {
    return ({ inputs }) =>
      (inputs?.dataset_inputs ?? []).some(
        ({ dataset }) => (name === 'digest' ? dataset.digest : dataset.name) === wanted,
      );
  }
  return ({ info }) => compare(info[name as keyof typeof info] ?? 0, operator, wanted);
}

function compare(there: string | number, operator: string, wanted: string): boolean {
  if (operator === '=') return String(there) === wanted;
  if (operator === '!=') return String(there) !== wanted;
  const difference = Number(there) - Number(wanted);
  if (operator === '<') return difference < 0;
  if (operator === '<=') return difference <= 0;
  return operator === '>' ? difference > 0 : difference >= 0;
}
