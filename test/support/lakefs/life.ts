import { branchHistories } from './life-branches.js';
import type { History, Outcome } from './written-history.js';

const p = 'gold/train/';

/** One history per kind of thing that happens to data. */
export const lifeHistories: Readonly<Record<string, (history: History) => Promise<Outcome>>> = {
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
  ...branchHistories,
};
