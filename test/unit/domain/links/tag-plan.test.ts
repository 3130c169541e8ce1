import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyDiff, type TagDiff } from '../../../../src/contract/diff-tags.js';
import { parsedTags, readLinksTag } from '../../../../src/contract/links-tag.js';
import type { Link, RunView } from '../../../../src/contract/run.js';
import { planTags } from '../../../../src/domain/links/tag-plan.js';
import { commitA, commitB, link, runView } from '../../../support/runs/run-views.js';

const facts = () => ({ branch: 'main', status: 'current' as const });

function apply(run: RunView, plan: TagDiff): RunView {
  return { ...run, tags: applyDiff(run.tags, plan) };
}

function planned(run: RunView, links: readonly Link[]): Record<string, string> {
  const { set } = planTags(run, links, facts);
  return Object.fromEntries([...set].filter(([key]) => key !== 'lakefs.links'));
}

const verdict = { 'lakefs.evidence': 'exact', 'lakefs.status': 'current' };
const guide = { lakefs_repo: 'repo', lakefs_branch: 'main', lakefs_commit: commitA };

test('a finished run that read one commit gets the tags of the guide', () => {
  expect(planned(runView(), [link()])).toEqual({ ...guide, ...verdict });
});

test('a commit that no watched branch holds has no branch tag', () => {
  const { set } = planTags(runView(), [link()], () => ({ branch: undefined, status: 'current' }));
  expect(set.has('lakefs_branch')).toBe(false);
  expect(set.get('lakefs_commit')).toBe(commitA);
});

test('a running run gets no tags of the guide: it may still write them itself', () => {
  const run = runView({ terminal: false });
  const inputs = { 'lakefs.input.repo.aaaaaaaaaaaa': commitA, 'lakefs.input.repo': '1' };
  expect(planned(run, [link()])).toEqual({ ...inputs, ...verdict });
});

test('the flag of rewritten data follows the data, and stays where nothing is known of it', () => {
  const flagsAfter = (run: RunView, status: 'current' | 'superseded' | 'unknown', rewritten = false) => {
    const after = apply(
      run,
      planTags(run, [link()], () => ({ branch: 'main', status, rewritten })),
    );
    return { after, flags: readLinksTag(after.tags).links[0]?.flags };
  };
  const first = flagsAfter(runView(), 'current', true);
  expect(first.flags).toEqual(['rewritten']);
  expect(flagsAfter(first.after, 'unknown').flags).toEqual(['rewritten']);
  expect(flagsAfter(first.after, 'superseded').flags).toEqual([]);
  expect(flagsAfter(runView(), 'unknown').flags).toEqual([]);
});

test('when it has ended the guide tags replace the input tags', () => {
  const links = [link()];
  const running = apply(runView({ terminal: false }), planTags(runView({ terminal: false }), links, facts));
  const plan = planTags({ ...running, terminal: true }, links, facts);
  expect(plan.remove).toEqual(['lakefs.input.repo', 'lakefs.input.repo.aaaaaaaaaaaa']);
  expect(plan.set.get('lakefs_commit')).toBe(commitA);
});

test('several commits are named one by one, and the guide tags stay out', () => {
  expect(planned(runView(), [link(), link({ commit: commitB, kind: 'likely' })])).toEqual({
    'lakefs.input.repo.aaaaaaaaaaaa': commitA,
    'lakefs.input.repo.bbbbbbbbbbbb': commitB,
    'lakefs.input.repo': '2',
    'lakefs.evidence': 'likely',
    'lakefs.status': 'current',
  });
});

test('a tag of lakeFS that led elsewhere when the run ran gives no guide tag: perhaps is said', () => {
  const guess = link({ kind: 'resolved', certain: false, flags: ['younger than the run'] });
  expect(planned(runView(), [guess])).toEqual({
    'lakefs.maybe.repo.aaaaaaaaaaaa': commitA,
    'lakefs.evidence': 'resolved',
    'lakefs.status': 'current',
  });
});

describe("a user's own tags", () => {
  test('that say the same are left, and only what is missing is added', () => {
    const run = runView({ tags: { lakefs_repo: 'repo', lakefs_commit: commitA } });
    expect(planned(run, [link({ kind: 'declared' })])).toEqual({
      lakefs_branch: 'main',
      'lakefs.evidence': 'declared',
      'lakefs.status': 'current',
    });
  });

  test.each([{ lakefs_commit: commitB }, { lakefs_repo: 'other' }, { lakefs_commit: 'v1' }])(
    '%o contradict: they stay, and the link has a tag of its own',
    (tags) => {
      const own = planned(runView({ tags }), [link()]);
      expect(own['lakefs.input.repo.aaaaaaaaaaaa']).toBe(commitA);
      expect(Object.keys(own).filter((key) => key.startsWith('lakefs_'))).toEqual([]);
    },
  );

  test('a commit that replaces ours keeps the repository of ours beside it, again and again', () => {
    const ours = apply(runView(), planTags(runView(), [link()], facts));
    const edited = { ...ours, tags: parsedTags([...ours.tags, ['lakefs_commit', commitB] as const]) };
    const links = [
      link({ kind: 'conflict' }),
      link({ kind: 'conflict', commit: commitB, path: '', where: 'tag', name: 'lakefs_commit' }),
    ];
    const after = apply(edited, planTags(edited, links, facts));
    expect(after.tags.get('lakefs_repo')).toBe('repo');
    expect(after.tags.get('lakefs_commit')).toBe(commitB);
    expect(after.tags.has('lakefs_branch')).toBe(false);
    expect(readLinksTag(after.tags).wrote).toEqual({ lakefs_repo: 'repo' });
    const again = planTags(after, links, facts);
    expect([...again.set.keys(), ...again.remove]).toEqual([]);
    // Once the user takes it back, ours goes too or is whole again.
    const without = {
      ...after,
      tags: parsedTags([...after.tags].filter(([key]) => key !== 'lakefs_commit')),
    };
    const restored = apply(without, planTags(without, [link()], facts));
    expect(Object.fromEntries(restored.tags)).toMatchObject(guide);
  });

  test('that look like ours but are none stay', () => {
    const tags = {
      'lakefs.commit': 'x',
      'lakefs.repo': 'y',
      'lakefs.evidence': 'mine',
      'lakefs.input.repo': 'z',
    };
    expect(planTags(runView({ tags }), [], facts)).toEqual({ set: new Map(), remove: [] });
  });
});

test('guide tags that we wrote are remembered as ours, and go with the link', () => {
  const linked = apply(runView(), planTags(runView(), [link()], facts));
  expect(readLinksTag(linked.tags).wrote).toEqual(guide);
  expect(apply(linked, planTags(linked, [], facts)).tags.size).toBe(0);
});

test('a guide tag of ours that a user has changed is the user’s', () => {
  const linked = apply(runView(), planTags(runView(), [link()], facts));
  const changed = { ...linked, tags: parsedTags([...linked.tags, ['lakefs_commit', commitB]]) };
  const after = apply(changed, planTags(changed, [], facts));
  expect([...after.tags]).toEqual([['lakefs_commit', commitB]]);
});

test('more than a hundred commits are counted, and the first hundred named', () => {
  const links = Array.from({ length: 150 }, (_, n) =>
    link({ commit: n.toString(16).padStart(3, '0').repeat(22).slice(0, 64) }),
  );
  const tags = planned(runView(), links);
  expect(tags['lakefs.inputs_total']).toBe('150');
  expect(tags['lakefs.input.repo']).toBe('150');
  expect(Object.keys(tags).filter((key) => key.startsWith('lakefs.input.repo.'))).toHaveLength(100);
});

test('a commit whose guide tags go with the plan is named by its input tag in the same plan', () => {
  const linked = apply(runView(), planTags(runView(), [link()], facts));
  const links = [link(), link({ commit: commitB, ref: commitB, kind: 'inferred', certain: false })];
  const after = apply(linked, planTags(linked, links, facts));
  expect(after.tags.has('lakefs_commit')).toBe(false);
  expect(after.tags.get('lakefs.input.repo.aaaaaaaaaaaa')).toBe(commitA);
});

test('inferred links are maybes and never the guide’s', () => {
  expect(planned(runView(), [link({ kind: 'inferred', certain: false })])).toEqual({
    'lakefs.maybe.repo.aaaaaaaaaaaa': commitA,
    'lakefs.evidence': 'inferred',
    'lakefs.status': 'current',
  });
});

test('the list of links is cut by whole links and says how many are left out', () => {
  const links = Array.from({ length: 80 }, (_, n) => link({ path: `ünïcode/${n}/`, kind: 'declared' }));
  const { set } = planTags(runView(), links, facts);
  const text = set.get('lakefs.links')!;
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_900);
  const read = readLinksTag(new Map([['lakefs.links', text]]));
  expect(read.links.length + read.more).toBe(80);
});

const kinds = fc.constantFrom('declared', 'exact', 'likely', 'conflict', 'inferred', 'ambiguous');
const anyLink = fc
  .record({
    commit: fc.constantFrom(commitA, commitB),
    path: fc.constantFrom('', 'gold/', 'raw/'),
    kind: kinds,
  })
  .map((parts) => link(parts as Partial<Link>));
const keys = fc.constantFrom(
  'lakefs_repo',
  'lakefs_branch',
  'lakefs_commit',
  'lakefs.commit',
  'team',
  'lakefs.x',
);
const values = fc.constantFrom('repo', 'other', commitA, commitB, 'x', '');
const anyTags = fc.dictionary(keys, values);

describe('for any links and any tags of a user', () => {
  test('the user’s tags are never changed or removed', () => {
    fc.assert(
      fc.property(
        anyTags,
        fc.array(fc.array(anyLink), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (tags, history, ended) => {
          let run = runView({ tags, terminal: ended });
          for (const links of history) run = apply(run, planTags(run, links, facts));
          for (const [key, value] of Object.entries(tags)) expect(run.tags.get(key)).toBe(value);
        },
      ),
    );
  });

  test('checking again changes nothing, and a run without links keeps none of our tags', () => {
    fc.assert(
      fc.property(anyTags, fc.array(anyLink), (tags, links) => {
        const once = apply(runView({ tags }), planTags(runView({ tags }), links, facts));
        const again = planTags(once, links, facts);
        expect([...again.set.keys(), ...again.remove]).toEqual([]);
        expect(Object.fromEntries(apply(once, planTags(once, [], facts)).tags)).toEqual(tags);
      }),
    );
  });

  test('the end depends on the last links alone, not on the way there', () => {
    fc.assert(
      fc.property(anyTags, fc.array(anyLink), fc.array(anyLink), (tags, before, last) => {
        const direct = apply(runView({ tags }), planTags(runView({ tags }), last, facts));
        const detour = apply(runView({ tags }), planTags(runView({ tags }), before, facts));
        expect(apply(detour, planTags(detour, last, facts)).tags).toEqual(direct.tags);
      }),
    );
  });
});
