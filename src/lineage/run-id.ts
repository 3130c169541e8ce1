export type What =
  | { readonly kind: 'run'; readonly id: string }
  | { readonly kind: 'none'; readonly problem: string };

const supported =
  'name a run by its id, or paste the address of its MLflow page; models and REPOSITORY/REF come in a later release';

/**
 * Reads what a person typed or pasted: a run id, the address of a page of MLflow that belongs to a run, or a
 * `runs:/…` address. MLflow's own ids are 32 hex digits, those of hosted servers may be other words.
 */
export function readWhat(given: string): What {
  const text = given.trim();
  if (/^(https?|runs):/i.test(text)) {
    const id =
      /\/runs\/([0-9a-f]{32})(?![\w-])/i.exec(text)?.[1] ??
      /(?<![\w-])[0-9a-f]{32}(?![\w-])/i.exec(text)?.[0];
    return id === undefined ? none(text, 'names no run') : run(id);
  }
  if (/^models:/.test(text)) return none(text, 'is a model');
  if (text.includes('/')) return none(text, 'looks like data, not like a run');
  if (/^[0-9a-f]{64}$/i.test(text)) return none(text, 'is the id of a commit, not of a run');
  if (!/^[a-z0-9][\w-]{0,255}$/i.test(text)) return none(text, 'is no run id');
  return run(text);
}

/** MLflow compares ids by case, and writes its own in lower case. */
function run(id: string): What {
  return { kind: 'run', id: /^[0-9a-f]{32}$/i.test(id) ? id.toLowerCase() : id };
}

function none(text: string, what: string): What {
  return { kind: 'none', problem: `"${text}" ${what}: ${supported}` };
}
