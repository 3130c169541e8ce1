import type { Link } from '../../../src/contract/run.js';
import type { LinkStates } from '../../../src/facts/links/link-state.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import { newRepository } from './lakefs.js';

/** A repository whose history a test writes, step by step. Every step answers with the commit's id. */
export interface Story {
  readonly repository: string;
  readonly lakefs: LakefsClient;
  put(branch: string, path: string, content: string): Promise<string>;
  /** Contents by path, in one commit. */
  putAll(branch: string, objects: Readonly<Record<string, string>>): Promise<string>;
  remove(branch: string, path: string): Promise<string>;
  branch(name: string, source?: string): Promise<void>;
  drop(name: string): Promise<void>;
  reset(branch: string, commit: string): Promise<void>;
  merge(source: string, destination: string, how?: 'squash' | 'source-wins' | 'dest-wins'): Promise<string>;
  pick(commit: string, branch: string): Promise<string>;
  revert(branch: string, commit: string, parent?: number): Promise<string>;
  head(branch: string): Promise<string>;
}

export async function newStory(lakefs: LakefsClient): Promise<Story> {
  const repository = await newRepository(lakefs, 'life');
  let number = 0;
  // Equal commits made within one second have one id.
  const message = (text: string): string => {
    number += 1;
    return `${number}: ${text}`;
  };
  const head = async (branch: string): Promise<string> =>
    (await lakefs.getBranch(repository, branch)).commit_id;
  const commit = async (branch: string, text: string): Promise<string> =>
    (await lakefs.commit(repository, branch, { message: message(text) })).id;
  return {
    repository,
    lakefs,
    head,
    put: async (branch, path, content) => {
      await lakefs.uploadObject(repository, branch, path, content);
      return commit(branch, `put ${path}`);
    },
    putAll: async (branch, objects) => {
      for (const [path, content] of Object.entries(objects))
        await lakefs.uploadObject(repository, branch, path, content);
      return commit(branch, `put ${Object.keys(objects).join(' and ')}`);
    },
    remove: async (branch, path) => {
      await lakefs.deleteObject(repository, branch, path);
      return commit(branch, `remove ${path}`);
    },
    branch: async (name, source = 'main') => void (await lakefs.createBranch(repository, { name, source })),
    drop: (name) => lakefs.deleteBranch(repository, name),
    reset: (branch, to) => lakefs.hardReset(repository, branch, to),
    merge: (source, destination, how) =>
      lakefs.merge(repository, source, destination, {
        message: message(`merge ${source} into ${destination}`),
        ...(how === 'squash' && { squash_merge: true }),
        ...((how === 'source-wins' || how === 'dest-wins') && { strategy: how }),
      }),
    pick: async (ref, branch) => (await lakefs.cherryPick(repository, branch, { ref })).id,
    revert: async (branch, ref, parent = 1) => {
      await lakefs.revert(repository, branch, { ref, parent_number: parent });
      return head(branch);
    },
  };
}

/** What a story came to: the link that is judged, and how it should be. */
export interface Outcome {
  readonly commit: string;
  readonly path: string;
  /** The branch that the run names. */
  readonly own?: string;
  readonly status: string;
  /** `<branch>@<commit>`; null where there is none. */
  readonly because: string | null;
}

const p = 'gold/train/';

/** One story per kind of thing that happens to data. */
export const lifeStories: Readonly<Record<string, (story: Story) => Promise<Outcome>>> = {
  'what nobody touched is current': async (s) => {
    const commit = await s.put('main', `${p}a`, '1');
    await s.put('main', 'silver/b', '1');
    return { commit, path: p, status: 'current', because: null };
  },
  'a later commit to the path supersedes': async (s) => {
    const commit = await s.put('main', `${p}a`, '1');
    const later = await s.put('main', `${p}b`, '1');
    await s.put('main', 'silver/b', '1');
    return { commit, path: p, status: 'superseded', because: `main@${later}` };
  },
  'of two later commits the first is the reason': async (s) => {
    const commit = await s.put('main', `${p}a`, '1');
    const later = await s.put('main', `${p}a`, '2');
    await s.put('main', `${p}a`, '3');
    return { commit, path: p, status: 'superseded', because: `main@${later}` };
  },
  'a path whose name begins alike is another': async (s) => {
    const commit = await s.put('main', 'gold/train/a', '1');
    await s.put('main', 'gold/train_v2/a', '1');
    await s.put('main', 'gold/train-old', '1');
    return { commit, path: 'gold/train', status: 'current', because: null };
  },
  'a single object is judged by itself': async (s) => {
    const commit = await s.put('main', 'gold/train.csv', '1');
    await s.put('main', 'gold/train.csv.bak', '1');
    const later = await s.put('main', 'gold/train.csv', '2');
    return { commit, path: 'gold/train.csv', status: 'superseded', because: `main@${later}` };
  },
  'a pattern is judged by its directory': async (s) => {
    const commit = await s.put('main', `${p}part-1.csv`, '1');
    const later = await s.put('main', `${p}part-2.csv`, '1');
    return { commit, path: `${p}part-*.csv`, status: 'superseded', because: `main@${later}` };
  },
  'a link without a path is judged on what its commit changed': async (s) => {
    await s.put('main', 'silver/b', '1');
    const commit = await s.put('main', `${p}a`, '1');
    await s.put('main', 'silver/b', '2');
    return { commit, path: '', status: 'current', because: null };
  },
  'a link without a path is superseded in the dataset that its commit changed': async (s) => {
    const commit = await s.put('main', `${p}a`, '1');
    const later = await s.put('main', `${p}b`, '2');
    return { commit, path: '', status: 'superseded', because: `main@${later}` };
  },
  'a link without a path is reverted where one of the paths that its commit changed is': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.put('main', 'silver/b', '1');
    const commit = await s.putAll('main', { [`${p}a`]: '2', 'silver/b': '2' });
    await s.put('main', `${p}a`, '3');
    const undo = await s.put('main', 'silver/b', '1');
    return { commit, path: '', status: 'reverted', because: `main@${undo}` };
  },
  'of several paths that were reverted the first is the reason': async (s) => {
    await s.putAll('main', { [`${p}a`]: '1', 'silver/b': '1' });
    const commit = await s.putAll('main', { [`${p}a`]: '2', 'silver/b': '2' });
    const undo = await s.put('main', 'silver/b', '1');
    await s.put('main', `${p}a`, '1');
    return { commit, path: '', status: 'reverted', because: `main@${undo}` };
  },
  'a link without a path is orphaned where one of the paths came to the default branch and one did not':
    async (s) => {
      await s.putAll('main', { [`${p}a`]: '1', 'silver/b': '1' });
      await s.branch('exp');
      const commit = await s.putAll('exp', { [`${p}a`]: '2', 'silver/b': '2' });
      await s.put('main', 'silver/b', '2');
      await s.drop('exp');
      return { commit, path: '', status: 'orphaned', because: null };
    },
  'a link without a path is reverted with its commit': async (s) => {
    await s.put('main', `${p}a`, '1');
    const commit = await s.put('main', `${p}a`, '2');
    const revert = await s.revert('main', commit);
    return { commit, path: '', status: 'reverted', because: `main@${revert}` };
  },
  'a revert': async (s) => {
    await s.put('main', `${p}a`, '1');
    const commit = await s.put('main', `${p}a`, '2');
    await s.put('main', 'silver/b', '1');
    const revert = await s.revert('main', commit);
    await s.put('main', 'silver/b', '2');
    return { commit, path: p, status: 'reverted', because: `main@${revert}` };
  },
  'data that was undone by hand is reverted, whatever the message says': async (s) => {
    await s.put('main', `${p}a`, '1');
    const commit = await s.put('main', `${p}a`, '2');
    const undo = await s.put('main', `${p}a`, '1');
    return { commit, path: p, status: 'reverted', because: `main@${undo}` };
  },
  'the first data of a path, removed again, is reverted': async (s) => {
    const commit = await s.put('main', `${p}a`, '1');
    const removed = await s.remove('main', `${p}a`);
    return { commit, path: p, status: 'reverted', because: `main@${removed}` };
  },
  'what the last change did is undone although others went on': async (s) => {
    await s.put('main', `${p}a`, '1');
    const commit = await s.put('main', `${p}b`, '1');
    const other = await s.put('main', `${p}c`, '1');
    const revert = await s.revert('main', commit);
    void other;
    return { commit, path: p, status: 'reverted', because: `main@${revert}` };
  },
  'a commit that left the path alone shares the fate of the one that changed it': async (s) => {
    await s.put('main', `${p}a`, '1');
    const changed = await s.put('main', `${p}a`, '2');
    const commit = await s.put('main', 'silver/b', '1');
    const revert = await s.revert('main', changed);
    return { commit, path: p, status: 'reverted', because: `main@${revert}` };
  },
  'a revert of a later change restores': async (s) => {
    const commit = await s.put('main', `${p}a`, '1');
    const bad = await s.put('main', `${p}a`, 'bad');
    await s.revert('main', bad);
    return { commit, path: p, status: 'current', because: null };
  },
  'a revert of a revert restores': async (s) => {
    await s.put('main', `${p}a`, '1');
    const commit = await s.put('main', `${p}a`, '2');
    const revert = await s.revert('main', commit);
    await s.revert('main', revert);
    return { commit, path: p, status: 'current', because: null };
  },
  'what was changed, restored and changed again has the last change as its reason': async (s) => {
    const commit = await s.put('main', `${p}a`, '1');
    const bad = await s.put('main', `${p}a`, '2');
    await s.revert('main', bad);
    const last = await s.put('main', `${p}a`, '3');
    return { commit, path: p, status: 'superseded', because: `main@${last}` };
  },
  'reverted data that is then changed is superseded since that change': async (s) => {
    await s.put('main', `${p}a`, '1');
    const commit = await s.put('main', `${p}a`, '2');
    await s.revert('main', commit);
    const last = await s.put('main', `${p}a`, '3');
    return { commit, path: p, status: 'superseded', because: `main@${last}` };
  },
  'a merge brings a commit to the default branch, which judges from then on': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('exp');
    const commit = await s.put('exp', `${p}a`, '2');
    await s.merge('exp', 'main');
    const later = await s.put('main', `${p}a`, '3');
    return { commit, path: p, own: 'exp', status: 'superseded', because: `main@${later}` };
  },
  'a merge that is reverted': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('exp');
    const commit = await s.put('exp', `${p}a`, '2');
    const merge = await s.merge('exp', 'main');
    const revert = await s.revert('main', merge, 1);
    return { commit, path: p, status: 'reverted', because: `main@${revert}` };
  },
  'a merge that is reverted supersedes what had changed data of the merged branch': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('exp');
    await s.put('exp', `${p}a`, '2');
    const commit = await s.put('exp', `${p}a`, '3');
    const merge = await s.merge('exp', 'main');
    const revert = await s.revert('main', merge, 1);
    return { commit, path: p, status: 'superseded', because: `main@${revert}` };
  },
  'a merge that kept the other side': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('exp');
    const commit = await s.put('exp', `${p}a`, '2');
    await s.put('main', `${p}a`, '3');
    const merge = await s.merge('exp', 'main', 'dest-wins');
    return { commit, path: p, status: 'superseded', because: `main@${merge}` };
  },
  'a merge of a merge': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('dev');
    await s.branch('exp', 'dev');
    const commit = await s.put('exp', `${p}a`, '2');
    await s.put('dev', 'silver/b', '1');
    await s.merge('exp', 'dev');
    await s.put('main', 'silver/c', '1');
    const merge = await s.merge('dev', 'main');
    const revert = await s.revert('main', merge, 1);
    return { commit, path: p, status: 'reverted', because: `main@${revert}` };
  },
  'a squash merge': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('exp');
    await s.put('exp', `${p}a`, '2');
    const commit = await s.put('exp', `${p}b`, '2');
    await s.put('main', 'silver/b', '1');
    await s.merge('exp', 'main', 'squash');
    await s.drop('exp');
    return { commit, path: p, status: 'current', because: null };
  },
  'a squash merge that is reverted': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('exp');
    const commit = await s.put('exp', `${p}a`, '2');
    await s.put('main', 'silver/b', '1');
    const squash = await s.merge('exp', 'main', 'squash');
    await s.drop('exp');
    const revert = await s.revert('main', squash);
    return { commit, path: p, status: 'reverted', because: `main@${revert}` };
  },
  'a squash merge that is reverted supersedes what had changed data of the merged branch': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('exp');
    await s.put('exp', `${p}a`, '2');
    const commit = await s.put('exp', `${p}a`, '3');
    await s.put('main', 'silver/b', '1');
    const squash = await s.merge('exp', 'main', 'squash');
    await s.drop('exp');
    const revert = await s.revert('main', squash);
    return { commit, path: p, status: 'superseded', because: `main@${revert}` };
  },
  'a squash merge that is superseded': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('exp');
    const commit = await s.put('exp', `${p}a`, '2');
    await s.merge('exp', 'main', 'squash');
    await s.drop('exp');
    const later = await s.put('main', `${p}a`, '3');
    return { commit, path: p, status: 'superseded', because: `main@${later}` };
  },
  'a cherry-pick': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('exp');
    const commit = await s.put('exp', `${p}a`, '2');
    await s.put('main', 'silver/b', '1');
    await s.pick(commit, 'main');
    await s.drop('exp');
    return { commit, path: p, status: 'current', because: null };
  },
  'a cherry-pick that is reverted': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('exp');
    const commit = await s.put('exp', `${p}a`, '2');
    const picked = await s.pick(commit, 'main');
    await s.drop('exp');
    const revert = await s.revert('main', picked);
    return { commit, path: p, status: 'reverted', because: `main@${revert}` };
  },
  'a branch of its own: others that changed the data are no news': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('mine');
    const commit = await s.put('mine', `${p}a`, '2');
    await s.branch('theirs', 'mine');
    await s.put('theirs', `${p}a`, '3');
    return { commit, path: p, own: 'mine', status: 'current', because: null };
  },
  'the branch that the run names judges where the default branch cannot': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('mine');
    const commit = await s.put('mine', `${p}a`, '2');
    await s.branch('theirs', 'mine');
    const later = await s.put('mine', `${p}a`, '3');
    return { commit, path: p, own: 'mine', status: 'superseded', because: `mine@${later}` };
  },
  'where the run names no branch the best of them counts': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('mine');
    const commit = await s.put('mine', `${p}a`, '2');
    await s.branch('theirs', 'mine');
    await s.put('mine', `${p}a`, '3');
    return { commit, path: p, status: 'current', because: null };
  },
  'a deleted branch': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('exp');
    const commit = await s.put('exp', `${p}a`, '2');
    await s.put('main', 'silver/b', '1');
    await s.drop('exp');
    return { commit, path: p, own: 'exp', status: 'orphaned', because: null };
  },
  'a deleted branch whose data the default branch has anyway': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('exp');
    const commit = await s.put('exp', 'silver/b', '2');
    await s.drop('exp');
    return { commit, path: p, own: 'exp', status: 'current', because: null };
  },
  'a branch that is made again from elsewhere': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('exp');
    const commit = await s.put('exp', `${p}a`, '2');
    await s.drop('exp');
    await s.branch('exp');
    return { commit, path: p, own: 'exp', status: 'orphaned', because: null };
  },
  'a branch that is restored': async (s) => {
    await s.put('main', `${p}a`, '1');
    await s.branch('exp');
    const commit = await s.put('exp', `${p}a`, '2');
    await s.drop('exp');
    await s.branch('rescued', commit);
    return { commit, path: p, own: 'exp', status: 'current', because: null };
  },
  'a hard reset': async (s) => {
    const before = await s.put('main', `${p}a`, '1');
    const commit = await s.put('main', `${p}a`, '2');
    await s.reset('main', before);
    return { commit, path: p, status: 'orphaned', because: null };
  },
  'a hard reset of what another branch holds': async (s) => {
    const before = await s.put('main', `${p}a`, '1');
    const commit = await s.put('main', `${p}a`, '2');
    await s.branch('keep');
    await s.reset('main', before);
    return { commit, path: p, status: 'current', because: null };
  },
  'the same data put in once more after a hard reset': async (s) => {
    const before = await s.put('main', `${p}a`, '1');
    const commit = await s.put('main', `${p}a`, '2');
    await s.reset('main', before);
    await s.put('main', 'silver/b', '1');
    await s.put('main', `${p}a`, '2');
    return { commit, path: p, status: 'current', because: null };
  },
};

/** What a look at the link of a story says, in the story's words. */
export async function seen(
  states: LinkStates,
  repository: string,
  { commit, path, own }: Pick<Outcome, 'commit' | 'path' | 'own'>,
): Promise<Pick<Outcome, 'status' | 'because'>> {
  const link: Link = {
    ...{ installation: 'default', repository, commit, ref: commit, path },
    ...{ where: path === '' ? 'tag' : 'input', name: 'd', kind: 'exact', certain: true, flags: [] },
  };
  const { status, because, reason } = await states.ofLink(link, own);
  if (reason === '') throw new Error('a state without a reason');
  return { status, because: because === undefined ? null : `${because.branch}@${because.commit}` };
}
