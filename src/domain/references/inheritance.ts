import type { RunView } from '../../contract/run.js';
import { mlflowTag, ourTag } from '../../contract/tags.js';
import { looksLikeCommit } from './lakefs-names.js';
import { spokenReferencesOf } from './reference.js';
import type { ReferenceRules } from './reference-rules.js';
import type { NoReference, Reference, References, UnplacedCommit } from './reference-types.js';

/** What a run hands down to those nested in it. */
export interface Ancestor {
  readonly id: string;
  /** The run that it is nested in itself. */
  readonly parent: string | undefined;
  readonly declared: readonly Reference[];
  /** Commits of which its own words do not say whose they are. */
  readonly unplaced: readonly UnplacedCommit[];
}

/**
 * What a run declares, as its children inherit it: the commits that its own tags and params name. Dataset inputs are
 * its own reading, a branch may have moved by the time a child begins, and what we wrote is no evidence. A run of the
 * catalog and one that is tagged to be ignored hand nothing down.
 */
export function ancestorOf(run: RunView, rules: ReferenceRules): Ancestor {
  const silent = run.tags.has(ourTag.kind) || run.tags.ignored;
  const spoken = silent ? { found: [], unplaced: [] } : spokenReferencesOf(run, rules);
  return {
    id: run.id,
    parent: parentRunOf(run),
    declared: spoken.found
      .filter(({ address }) => looksLikeCommit(address.ref))
      .map((reference) => ({ ...reference, where: 'parent', run: run.id })),
    unplaced: spoken.unplaced.map((one) => ({ ...one, where: 'parent', run: run.id })),
  };
}

/** The id of the run that a run is nested in; a value that can be none counts as absent. */
export function parentRunOf({ tags }: RunView): string | undefined {
  const id = tags.get(mlflowTag.parent);
  return id !== undefined && /^\w[\w-]{0,255}$/.test(id) ? id : undefined;
}

/**
 * What a run inherits. About one repository the nearest speaks: the run itself, else its parent, else that one's
 * parent.
 *
 * @param own what the run itself says
 * @param ancestors nearest first
 */
export function inheritedBy(own: readonly Reference[], ancestors: readonly Ancestor[]): References {
  const found: Reference[] = [];
  const none: NoReference[] = [];
  const spoken = new Map(own.map(({ address }) => [address.repository, 'the run itself']));
  for (const { id, declared } of ancestors) {
    for (const reference of declared) {
      const { name, text, address } = reference;
      const nearer = spoken.get(address.repository);
      if (nearer === undefined) found.push(reference);
      else
        none.push({
          where: 'parent',
          name,
          text,
          run: id,
          reason: `${nearer} names data of this repository`,
        });
    }
    for (const { address } of declared) {
      if (!spoken.has(address.repository)) spoken.set(address.repository, `the nearer run ${id}`);
    }
  }
  return { found, none };
}
