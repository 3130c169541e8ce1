/** Whose runs are counted, as a person typed or pasted it. */
export type CoverageTarget =
  | { readonly kind: 'all' }
  | { readonly kind: 'model'; readonly name: string }
  /** Name or id of an experiment; or, where there is none, the name of a model. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'none'; readonly problem: string };

/** Experiments may have any name, so that nearly everything is one. Pages of MLflow are understood as well. */
export function readCoverageTarget(given: string | undefined): CoverageTarget {
  const text = given?.trim();
  if (text === undefined) return { kind: 'all' };
  if (text === '')
    return { kind: 'none', problem: 'name an experiment or a model, or leave it out for all runs' };
  if (/^https?:/i.test(text)) return readPage(text);
  if (!/^models:/i.test(text)) return { kind: 'name', name: text };
  const [name = '', version] = text.slice('models:'.length).replace(/^\/+/, '').split('/');
  if (name === '') return { kind: 'none', problem: `"${text}" names no model` };
  if ((version ?? '') !== '' || name.includes('@')) {
    const problem =
      `"${text}" is one version of a model: coverage counts all versions of models:/NAME; ` +
      'ask "lakefs-mlflow lineage" or "lakefs-mlflow check" about one';
    return { kind: 'none', problem };
  }
  return { kind: 'model', name };
}

/** MLflow's pages are behind a "#", which is not sent to the server. */
function readPage(text: string): CoverageTarget {
  const experiment = /\/experiments\/(\w+)/.exec(text)?.[1];
  if (experiment !== undefined) return { kind: 'name', name: experiment };
  const model = /\/models\/([^/?#]+)/.exec(text)?.[1];
  if (model === undefined)
    return { kind: 'none', problem: `"${text}" is no page of an experiment or a model` };
  try {
    return { kind: 'model', name: decodeURIComponent(model) };
  } catch {
    return { kind: 'none', problem: `"${text}" has broken percent-encoding` };
  }
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** Reads `7d`, `24h`, `90m`, `2w` or a date (`2026-11-01`, ISO 8601) as Unix ms; undefined for anything else. */
export function readSince(given: string, now: number): number | undefined {
  const text = given.trim();
  const [, amount, unit] = /^(\d{1,6})\s?([mhdw])$/i.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) {
    return now - Number(amount) * (units[unit.toLowerCase()] ?? 0);
  }
  if (!/^\d{4}-\d{2}-\d{2}([T ]|$)/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
