import { parsedTags, type Tags } from './links-tag.js';
import { isContractKey } from './tags.js';

/** The difference between the tags that something has and those that it should have. */
export interface TagDiff {
  readonly set: ReadonlyMap<string, string>;
  /** Sorted. */
  readonly remove: readonly string[];
}

export const noDifference: TagDiff = { set: new Map(), remove: [] };

export interface TagRights {
  /** True for a tag that is to go where it is not desired. None by default: what is not known now stays. */
  readonly mayRemove?: (key: string, value: string) => boolean;
  /** True for a value that somebody else wrote: it stays as it is. */
  readonly keeps?: (key: string, value: string) => boolean;
}

/**
 * What has to be written so that a run, an experiment or a model has its desired tags; in their order. Never touches a
 * key outside the closed list of the contract.
 */
export function diffTags(
  current: ReadonlyMap<string, string>,
  desired: ReadonlyMap<string, string>,
  { mayRemove = () => false, keeps = () => false }: TagRights = {},
): TagDiff {
  const set = [...desired].filter(([key, value]) => {
    const there = current.get(key);
    if (there === value || !isContractKey(key)) return false;
    return there === undefined || !keeps(key, there);
  });
  const remove = [...current].filter(
    ([key, value]) => !desired.has(key) && isContractKey(key) && mayRemove(key, value),
  );
  return { set: new Map(set), remove: remove.map(([key]) => key).sort() };
}

/** The tags as they are once the difference is written. */
export function applyDiff(current: ReadonlyMap<string, string>, { set, remove }: TagDiff): Tags {
  return parsedTags([...current, ...set].filter(([key]) => !remove.includes(key)));
}

export function isEmptyDiff({ set, remove }: TagDiff): boolean {
  return set.size === 0 && remove.length === 0;
}
