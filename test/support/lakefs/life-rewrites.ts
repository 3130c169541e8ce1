import { tableWriter } from './table-logs.js';
import type { History, Outcome } from './written-history.js';

const p = 'gold/orders/';

/** Histories of tables whose own log says what happened to their rows; written by real libraries. */
export const rewriteHistories: Readonly<Record<string, (history: History) => Promise<Outcome>>> = {
  'a Delta table that is compacted stays current': async (s) => {
    const to = tableWriter(s, 'delta', p);
    const commit = await to('two writes');
    await to('optimize');
    return { commit, path: p, status: 'current', because: null };
  },
  'Z-order, a property, a vacuum and a checkpoint leave a Delta table current': async (s) => {
    const to = tableWriter(s, 'delta', p);
    const commit = await to('append');
    await to('checkpoint');
    return { commit, path: 'gold/orders', status: 'current', because: null };
  },
  'of a compaction and a later row the row is the reason': async (s) => {
    const to = tableWriter(s, 'delta', p);
    const commit = await to('two writes');
    const later = await to('append');
    await to('vacuum');
    return { commit, path: p, status: 'superseded', because: `main@${later}` };
  },
  'a column that is added supersedes': async (s) => {
    const to = tableWriter(s, 'delta', p);
    const commit = await to('z-order');
    const later = await to('add column');
    return { commit, path: p, status: 'superseded', because: `main@${later}` };
  },
  'rows that are deleted supersede': async (s) => {
    const to = tableWriter(s, 'delta', p);
    const commit = await to('add column');
    const later = await to('delete');
    return { commit, path: p, status: 'superseded', because: `main@${later}` };
  },
  'a vacuum removes nothing that the table still has: a file that is lost supersedes': async (s) => {
    const to = tableWriter(s, 'delta', p);
    const commit = await to('append');
    await to('z-order');
    for await (const { path } of s.lakefs.objects(s.repository, 'main', { prefix: `${p}part-` })) {
      // The newest one is the table's only one.
      if (path.includes('23ad9c6a')) await s.lakefs.deleteObject(s.repository, 'main', path);
    }
    const later = await to('properties');
    return { commit, path: p, status: 'superseded', because: `main@${later}` };
  },
  'a file of another kind beside a compacted table supersedes': async (s) => {
    const to = tableWriter(s, 'delta', p);
    const commit = await to('two writes');
    const later = await to('optimize', { [`${p}extra.csv`]: '1' });
    return { commit, path: p, status: 'superseded', because: `main@${later}` };
  },
  'who read the files of a table, and not the table, has other files now': async (s) => {
    const to = tableWriter(s, 'delta', p);
    const commit = await to('two writes');
    const later = await to('optimize');
    return { commit, path: `${p}*.parquet`, status: 'superseded', because: `main@${later}` };
  },
  'of two tables under a path one is compacted and one has a new row': async (s) => {
    const orders = tableWriter(s, 'delta', p);
    const refunds = tableWriter(s, 'delta', 'gold/refunds/');
    await orders('two writes');
    const commit = await refunds('optimize');
    await orders('optimize');
    const later = await refunds('append');
    return { commit, path: 'gold/', status: 'superseded', because: `main@${later}` };
  },
  'of two tables under a path both are compacted': async (s) => {
    const orders = tableWriter(s, 'delta', p);
    const refunds = tableWriter(s, 'delta', 'gold/refunds/');
    await orders('two writes');
    const commit = await refunds('append');
    await orders('optimize');
    await refunds('z-order');
    return { commit, path: 'gold/', status: 'current', because: null };
  },
  'a compaction that is reverted leaves the rows as they were': async (s) => {
    const to = tableWriter(s, 'delta', p);
    const commit = await to('two writes');
    await s.revert('main', await to('optimize'));
    return { commit, path: p, status: 'current', because: null };
  },
  'an Iceberg table with a new property, whose files are replaced, stays current': async (s) => {
    const to = tableWriter(s, 'iceberg', p);
    const commit = await to('two writes');
    await to('replace');
    return { commit, path: p, status: 'current', because: null };
  },
  'snapshots that expire leave an Iceberg table current': async (s) => {
    const to = tableWriter(s, 'iceberg', p);
    const commit = await to('two writes');
    await to('expire');
    return { commit, path: p, status: 'current', because: null };
  },
  'a column of an Iceberg table supersedes': async (s) => {
    const to = tableWriter(s, 'iceberg', p);
    const commit = await to('properties');
    const later = await to('add column');
    await to('delete');
    return { commit, path: p, status: 'superseded', because: `main@${later}` };
  },
  'rows that are deleted from an Iceberg table supersede': async (s) => {
    const to = tableWriter(s, 'iceberg', p);
    const commit = await to('add column');
    const later = await to('delete');
    return { commit, path: p, status: 'superseded', because: `main@${later}` };
  },
};
