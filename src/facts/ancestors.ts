import { type Ancestor, ancestorOf, parentOf } from '../domain/inheritance.js';
import type { ReferenceRules } from '../domain/reference-rules.js';
import type { RunView } from '../domain/run.js';
import { isForbidden } from '../mlflow/api-error.js';
import { createCache } from './cache.js';
import type { RunReader } from './run-reader.js';
import { viewOf } from './run-view.js';

/** The runs that a run is nested in. */
export interface Ancestry {
  /** Nearest first. */
  readonly ancestors: readonly Ancestor[];
  /** A run of the chain that is gone or that we may not read: what it declared is not known. */
  readonly unknown: string | undefined;
}

export interface Ancestors {
  /**
   * Costs a request per 100 runs that are not remembered; those that are asked for at once share it.
   *
   * @throws what the client throws where MLflow does not answer
   */
  of(run: RunView): Promise<Ancestry>;
  /** Takes over a run that was read for another reason. */
  remember(run: RunView): void;
}

/** A parent may declare more while it runs, and a person may mend its tags later. */
const keepMs = 30_000;

/** MLflow's own nesting has no bound; nobody nests deeper. */
const maxDepth = 10;

const nobody: Ancestry = { ancestors: [], unknown: undefined };

/** Remembers what runs declare, never whole runs: a sweep asks for the same few parents of thousands of children. */
export function createAncestors(reader: RunReader, rules: ReferenceRules, now: () => number): Ancestors {
  const known = createCache<Ancestor | undefined>({ size: 20_000, ttlMs: () => keepMs, now });

  const load = async (id: string): Promise<Ancestor | undefined> => {
    try {
      const run = await reader.read(id);
      return run === undefined ? undefined : ancestorOf(viewOf(run), rules);
    } catch (error) {
      // MLflow's basic-auth answers so for a run that is gone, too: it is no failure of this run's own.
      if (isForbidden(error)) return undefined;
      throw error;
    }
  };

  return {
    async of(run) {
      let next = parentOf(run);
      if (next === undefined) return nobody;
      const ancestors: Ancestor[] = [];
      const seen = new Set([run.id]);
      while (next !== undefined && !seen.has(next) && ancestors.length < maxDepth) {
        const id: string = next;
        seen.add(id);
        const ancestor = await known.get(id, () => load(id));
        if (ancestor === undefined) return { ancestors, unknown: id };
        ancestors.push(ancestor);
        next = ancestor.parent;
      }
      return { ancestors, unknown: undefined };
    },
    remember: (run) => known.put(run.id, ancestorOf(run, rules)),
  };
}
