import { readFileSync } from 'node:fs';
import type { History } from './written-history.js';

interface Step {
  readonly step: string;
  readonly puts: Readonly<Record<string, string>>;
  readonly gone: readonly string[];
}

type Format = 'delta' | 'iceberg';

/** What real libraries wrote, step by step (test/data/tables). */
const recorded = JSON.parse(
  readFileSync(new URL('../../data/tables/logs.json', import.meta.url), 'utf8'),
) as Record<Format, { readonly steps: readonly Step[] }>;

/**
 * Commits the steps of a table up to the named one, each by itself, and goes on from there at each call.
 *
 * @param root '' or with its slash
 */
export function tableWriter(
  history: History,
  format: Format,
  root: string,
): (step: string, beside?: Readonly<Record<string, string>>) => Promise<string> {
  const waiting = [...recorded[format].steps];
  return async (step, beside = {}) => {
    for (;;) {
      const next = waiting.shift();
      if (next === undefined) throw new Error(`the ${format} table has no step "${step}" any more`);
      for (const path of next.gone)
        await history.lakefs.deleteObject(history.repository, 'main', root + path);
      const puts = Object.entries(next.puts).map(([path, text]) => [root + path, text]);
      const commit = await history.putAll('main', {
        ...Object.fromEntries(puts),
        ...(next.step === step ? beside : {}),
      });
      if (next.step === step) return commit;
    }
  };
}

/** The text of a recorded object whose path contains a word. */
export function recordedText(format: Format, step: string, word: string): string {
  const puts = recorded[format].steps.find((one) => one.step === step)?.puts ?? {};
  const [, text] = Object.entries(puts).find(([path]) => path.includes(word)) ?? [];
  if (text === undefined) throw new Error(`nothing with "${word}" was written in step "${step}"`);
  return text;
}

/**
 * What the steps of a table from one to another put (null: took away), taken together.
 *
 * @param root '' or with its slash
 */
export function tableSteps(
  format: Format,
  root: string,
): (from: string, to?: string) => Readonly<Record<string, string | null>> {
  const { steps } = recorded[format];
  const at = (name: string): number => steps.findIndex(({ step }) => step === name);
  return (from, to = from) => {
    const files = new Map<string, string | null>();
    for (const { puts, gone } of steps.slice(at(from), at(to) + 1)) {
      for (const [path, text] of Object.entries(puts)) files.set(root + path, text);
      for (const path of gone) if (!files.delete(root + path)) files.set(root + path, null);
    }
    return Object.fromEntries(files);
  };
}
