import type { RunView } from '../../contract/run.js';
import { type Ancestor, ancestorOf, parentRunOf } from '../../domain/references/inheritance.js';
import type { ReferenceRules } from '../../domain/references/reference-rules.js';
import { createCache } from '../common/cache.js';
import { type RunReader, readIfAllowed } from './run-reader.js';
import { viewOf } from './run-view.js';

/** The runs that a run is nested in. */
export interface Ancestry {
  /** Nearest first. */
  readonly ancestors: readonly Ancestor[];
  /** A run of the chain that is gone or that we may not read: what it declared is unknown. */
  readonly unknown: string | undefined;
}

export interface Ancestors {
  /**
   * Costs a request per 100 runs that are not remembered. Those asked for at the same time share it.
   *
   * @throws what the client throws where MLflow does not answer
   */
  of(run: RunView): Promise<Ancestry>;
  /** True for a run that children have asked for. */
  isParent(id: string): boolean;
  /**
   * Takes over a run that was read for another reason. True where its children must be checked (again): it declares
   * something else than they were linked by. True once more when nobody can remember the old answer.
   */
  remember(run: RunView): boolean;
}

/** A parent may declare more while it runs, and a person may mend its tags later. */
const keepMs = 30_000;

/** MLflow's own nesting has no bound; nobody nests deeper. */
const maxDepth = 10;

const maxParents = 20_000;

/** What the children of a run were linked by. */
interface Answer {
  readonly declared: string;
  /** Unix ms from which no process remembers an older answer; undefined where there is none. */
  readonly settledAt: number | undefined;
}

const nobody: Ancestry = { ancestors: [], unknown: undefined };

/** Remembers what runs declare, never whole runs: a sweep asks for the same few parents of thousands of children. */
export function createAncestors(reader: RunReader, rules: ReferenceRules, now: () => number): Ancestors {
  const known = createCache<Ancestor | undefined>({ size: maxParents, ttlMs: () => keepMs, now });

  const answers = new Map<string, Answer>();

  const record = (id: string, declared: string, settledAt?: number): void => {
    answers.delete(id);
    answers.set(id, { declared, settledAt });
    const [oldest] = answers.keys();
    if (answers.size > maxParents && oldest !== undefined) answers.delete(oldest);
  };

  const load = async (id: string): Promise<Ancestor | undefined> => {
    const run = await readIfAllowed(reader, id);
    return run === undefined ? undefined : ancestorOf(viewOf(run), rules);
  };

  return {
    async of(run) {
      let next = parentRunOf(run);
      if (next === undefined) return nobody;
      const ancestors: Ancestor[] = [];
      const seen = new Set([run.id]);
      while (next !== undefined && !seen.has(next) && ancestors.length < maxDepth) {
        const id: string = next;
        seen.add(id);
        const ancestor = await known.get(id, () => load(id));
        if (!answers.has(id)) record(id, textOf(ancestor));
        if (ancestor === undefined) return { ancestors, unknown: id };
        ancestors.push(ancestor);
        next = ancestor.parent;
      }
      return { ancestors, unknown: undefined };
    },
    isParent: (id) => answers.has(id),
    remember(run) {
      const ancestor = ancestorOf(run, rules);
      known.put(run.id, ancestor);
      const before = answers.get(run.id);
      const declared = textOf(ancestor);
      if (before !== undefined && before.declared !== declared) {
        record(run.id, declared, now() + keepMs);
        return true;
      }
      if (before?.settledAt === undefined) return false;
      if (now() >= before.settledAt) record(run.id, declared);
      return true;
    },
  };
}

function textOf(ancestor: Ancestor | undefined): string {
  const declared = ancestor?.declared.map(({ name, address }) => [name, address]);
  const unplaced = ancestor?.unplaced.map(({ name, commit, repositories }) => [name, commit, repositories]);
  return JSON.stringify([ancestor?.parent, declared, unplaced]);
}
