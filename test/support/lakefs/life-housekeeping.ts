import type { History, Outcome } from './written-history.js';

const p = 'gold/orders/';
const version = (number: number): string => `${p}_delta_log/${String(number).padStart(20, '0')}`;

/** Histories of programs that tidy up beside data. */
export const housekeepingHistories: Readonly<Record<string, (history: History) => Promise<Outcome>>> = {
  'a checkpoint, its pointer, sidecars and checksums of a Delta table leave what was read current': async (
    s,
  ) => {
    const commit = await s.putAll('main', { [`${p}part-0.parquet`]: '1', [`${version(0)}.json`]: '{}' });
    await s.putAll('main', {
      [`${version(0)}.checkpoint.parquet`]: '1',
      [`${version(0)}.crc`]: '1',
      [`${p}_delta_log/_last_checkpoint`]: '1',
      [`${p}_delta_log/_sidecars/a.parquet`]: '1',
      [`${p}_delta_log/.${'0'.repeat(20)}.json.crc`]: '1',
    });
    return { commit, path: p, status: 'current', because: null };
  },
  'marks of a finished write leave what was read current': async (s) => {
    const commit = await s.put('main', `${p}part-0.parquet`, '1');
    await s.putAll('main', { [`${p}_SUCCESS`]: '', [`${p}_started_1`]: '', [`${p}_committed_1`]: '' });
    await s.remove('main', `${p}_SUCCESS`);
    return { commit, path: p, status: 'current', because: null };
  },
  'of a checkpoint and a later row the row is the reason': async (s) => {
    const commit = await s.put('main', `${p}part-0.parquet`, '1');
    await s.put('main', `${p}_delta_log/_last_checkpoint`, '1');
    const later = await s.put('main', `${p}part-1.parquet`, '1');
    await s.put('main', `${p}_delta_log/_last_checkpoint`, '2');
    return { commit, path: p, status: 'superseded', because: `main@${later}` };
  },
  'a path that names a marker itself means it': async (s) => {
    const commit = await s.put('main', `${p}_SUCCESS`, '1');
    const later = await s.put('main', `${p}_SUCCESS`, '2');
    return { commit, path: `${p}_SUCCESS`, status: 'superseded', because: `main@${later}` };
  },
};
