import { shown } from '../../domain/common/text.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import type { Check, RequirementResult } from './schema.js';

const words: Readonly<Record<RequirementResult['result'], string>> = {
  met: 'yes',
  failed: 'no',
  unknown: 'unknown',
};

/** The answer for people. */
export function checkBlocks({ asked, run, results, passed }: Check): readonly Block[] {
  const name = shown(run.name === '' ? run.id : run.name);
  const of = asked === run.id ? '' : `${shown(asked)}, produced by `;
  return [
    title(`${passed ? 'Passed' : 'Not passed'}: ${of}run ${name} of experiment ${shown(run.experiment)}`),
    text(run.page),
    gap,
    ...results.map(({ word, result, reason }) =>
      field(word, `, ${shown(reason)}`, { text: words[result], tone: result === 'met' ? 'good' : 'doubt' }),
    ),
  ];
}

/** One line for the end; undefined where all is met. */
export function whyRefused({ asked, results }: Check): string | undefined {
  const open = results.filter(({ result }) => result !== 'met');
  if (open.length === 0) return undefined;
  const parts = open.map(({ word, result, reason }) =>
    result === 'failed' ? `not ${word}: ${reason}` : `possibly not ${word}: ${reason}`,
  );
  return shown(`${asked} is ${parts.join('; and ')}`);
}
