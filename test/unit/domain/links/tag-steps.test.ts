import { expect, test } from 'vitest';
import type { Link } from '../../../../src/contract/run.js';
import { planTags } from '../../../../src/domain/links/tag-plan.js';
import { tagSteps } from '../../../../src/domain/links/tag-steps.js';
import { referencesOf } from '../../../../src/domain/references/reference.js';
import { commitA, commitB, link, runView } from '../../../support/runs/run-views.js';

const facts = () => ({ branch: 'main', status: 'current' }) as const;

/** The tags after each single call, as if every call were the last before a crash, and each tag its own call. */
function states(before: ReadonlyMap<string, string>, links: readonly Link[]): Map<string, string>[] {
  const run = runView({ tags: Object.fromEntries(before) });
  const steps = tagSteps(planTags(run, links, facts));
  const tags = new Map(before);
  const seen: Map<string, string>[] = [];
  const after = (change: () => void): void => {
    change();
    seen.push(new Map(tags));
  };
  for (const key of steps.removeFirst) after(() => tags.delete(key));
  for (const { key, value } of steps.set) after(() => tags.set(key, value));
  for (const key of steps.removeLast) after(() => tags.delete(key));
  return seen;
}

const linked = states(new Map(), [link()]).at(-1)!;

test.each<[string, ReadonlyMap<string, string>, readonly Link[]]>([
  ['a run is linked for the first time', new Map(), [link()]],
  ['a second commit is found', linked, [link(), link({ commit: commitB, ref: commitB, name: 'test' })]],
  ['the only link goes away', linked, []],
])('where %s, no crash makes a tag of ours look like the user’s', (_case, before, links) => {
  const seen = states(before, links);
  expect(seen.length).toBeGreaterThan(1);
  for (const tags of seen) {
    const run = runView({ tags: Object.fromEntries(tags) });
    expect(referencesOf(run).found).toEqual([]);
    // What is left of it is mended by the next try.
    expect(states(tags, links).at(-1) ?? tags).toEqual(seen.at(-1));
  }
  const end = seen.at(-1)!;
  expect(end.has('lakefs_commit')).toBe(links.length === 1);
  if (links.length === 0) expect([...end.keys()]).toEqual([]);
  expect(end.get('lakefs_commit') ?? commitA).toBe(commitA);
});
