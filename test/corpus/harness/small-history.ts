import fc from 'fast-check';
import type { LakefsClient } from '../../../src/lakefs/types.js';

/** One thing that happens in lakeFS. What lakeFS refuses there (nothing to merge, nothing to revert) does not happen. */
export type Change =
  | { readonly kind: 'commit'; readonly on: Branch; readonly path: string; readonly content: string }
  | { readonly kind: 'branch' | 'deleteBranch' | 'merge' | 'squash' | 'revert' | 'reset' };

type Branch = 'main' | 'exp';

/** A run that begins after so many changes. */
export interface ReadingRun {
  readonly after: number;
  readonly says: 'source' | 'tags' | 'both' | 'branch' | 'nothing';
  readonly path: string;
  /** Which of the commits so far, counted from the last. */
  readonly back: number;
  readonly userTags: Readonly<Record<string, string>>;
}

export interface SmallHistory {
  readonly changes: readonly Change[];
  readonly runs: readonly ReadingRun[];
}

const paths = fc.constantFrom('gold/train.csv', 'gold/train_v2/part', 'silver/x.csv');
const commits = fc.record({
  kind: fc.constant('commit' as const),
  on: fc.constantFrom<Branch>('main', 'main', 'exp'),
  path: paths,
  content: fc.constantFrom('1', '2', '3'),
});
const others = fc.record({
  kind: fc.constantFrom('branch', 'branch', 'deleteBranch', 'merge', 'merge', 'squash', 'revert', 'reset'),
}) as fc.Arbitrary<Change>;

/** Keys that users have, among them some that look like ours. */
const userTags = fc.dictionary(
  fc.constantFrom(
    'lakefs_repo',
    'lakefs_branch',
    'lakefs.commit.note',
    'lakefs.inputs',
    'team',
    'lakefs.input.x',
  ),
  fc.constantFrom('mine', 'main', 'x'),
  { maxKeys: 2 },
);

export const smallHistories: fc.Arbitrary<SmallHistory> = fc.record({
  changes: fc.array(fc.oneof({ weight: 3, arbitrary: commits }, { weight: 2, arbitrary: others }), {
    minLength: 3,
    maxLength: 8,
  }),
  runs: fc.array(
    fc.record({
      after: fc.nat({ max: 8 }),
      says: fc.constantFrom('source', 'source', 'tags', 'both', 'branch', 'nothing'),
      path: paths,
      back: fc.nat({ max: 3 }),
      userTags,
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

/** Carries out a change; answers with the commit that it made. */
export async function change(
  client: LakefsClient,
  repo: string,
  what: Change,
  date: number,
): Promise<{ readonly id: string; readonly branch: string } | undefined> {
  try {
    switch (what.kind) {
      case 'commit': {
        await client.uploadObject(repo, what.on, what.path, what.content);
        const { id } = await client.commit(repo, what.on, { message: what.path, date, allow_empty: true });
        return { id, branch: what.on };
      }
      case 'branch':
        await client.createBranch(repo, { name: 'exp', source: 'main' });
        return undefined;
      case 'deleteBranch':
        await client.deleteBranch(repo, 'exp');
        return undefined;
      case 'merge':
      case 'squash': {
        const squash = what.kind === 'squash';
        return { id: await client.merge(repo, 'exp', 'main', { squash_merge: squash }), branch: 'main' };
      }
      case 'revert':
        await client.revert(repo, 'main', { ref: 'main', parent_number: 1 });
        return { id: (await client.getBranch(repo, 'main')).commit_id, branch: 'main' };
      case 'reset':
        await client.hardReset(repo, 'main', 'main~1');
        return undefined;
    }
  } catch {
    return undefined;
  }
}
