import type { History, Outcome } from './written-history.js';

const p = 'gold/train/';

/** What merges, branches and resets do to data. */
export const branchHistories: Readonly<Record<string, (history: History) => Promise<Outcome>>> = {
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
