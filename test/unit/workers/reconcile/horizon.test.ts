import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryCommit } from '../../../../src/domain/sync/reconcile.js';
import { type ReconcileBench, reconcileBench, settle, tagOf } from '../../../support/jobs/reconcile-bench.js';
import { ancestors, histories } from '../../../support/lakefs/histories.js';
import { line } from '../../../support/lakefs/scripted-history.js';

const registered = (bench: ReconcileBench): readonly string[] => [...bench.entries.keys()].sort();

describe('a commit whose event was lost before the second check', () => {
  test('is found although the process was started again after a later commit was registered', async () => {
    const bench = reconcileBench(line(3), { main: 'c0' });
    await bench.look();
    bench.register();
    bench.branches.set('main', 'c2');
    bench.hook('c2');
    bench.restart();
    await settle(bench);
    expect(registered(bench)).toEqual(['c0', 'c1', 'c2']);
  });

  test('is found although the queue was lost with all that the first check had queued', async () => {
    const bench = reconcileBench(line(8), { main: 'c3' });
    await bench.look();
    bench.flush();
    bench.branches.set('main', 'c6');
    bench.hook('c5');
    bench.hook('c6');
    bench.restart();
    await settle(bench);
    expect(registered(bench)).toEqual(['c3', 'c4', 'c5', 'c6']);
  });

  test('is found where it is a head of the first check that lies below another one', async () => {
    const bench = reconcileBench(line(6), { main: 'c1', exp: 'c3' });
    await bench.look();
    bench.flush();
    bench.branches.set('main', 'c5');
    bench.restart();
    await settle(bench);
    expect(registered(bench)).toEqual(['c1', 'c3', 'c4', 'c5']);
  });

  test('is found where the branch that held the edge was deleted in between', async () => {
    const bench = reconcileBench(line(6), { main: 'c1', exp: 'c3' });
    await bench.look();
    bench.branches.delete('exp');
    bench.branches.set('later', 'c5');
    bench.hook('c5');
    bench.restart();
    await settle(bench);
    expect(registered(bench)).toEqual(['c1', 'c3', 'c4', 'c5']);
  });
});

/** More heads than fit into one tag of MLflow: main's and 99 others, each one commit beside the line. */
function manyBranches(): ReconcileBench {
  const others = Array.from(
    { length: 99 },
    (_, at): HistoryCommit => ({ id: `b${String(at).padStart(63, '0')}`, parents: ['c4'], creation_date: 9 }),
  );
  const heads = Object.fromEntries(others.map(({ id }, at) => [`branch-${at}`, id]));
  return reconcileBench([...line(9), ...others], { ...heads, main: 'c5' });
}

describe('a process that dies while it draws the horizon', () => {
  /** The calls to MLflow of a first look: dies at each, before and after MLflow has done what was asked. */
  const deaths = Array.from({ length: 26 }, (_, call) => call).flatMap((call) => [
    { call, after: false },
    { call, after: true },
  ]);

  test.each(deaths)(
    'at call $call (after it: $after) cuts off nothing that is committed from then on',
    async ({ call, after }) => {
      const bench = manyBranches();
      bench.dieAt(call, after);
      await bench.look().catch(() => undefined);
      const begun = bench.horizon().has('lakefs.horizon.0');
      bench.flush();
      bench.restart();
      bench.branches.set('main', 'c8');
      bench.hook('c8');
      await settle(bench);
      const above = ['c5', 'c6', 'c7', 'c8'];
      // Before the first piece is stored there has been no first look: it is the next one.
      const expected = begun ? above : ['c8'];
      const line = registered(bench).filter((id) => id.startsWith('c'));
      expect(line).toEqual(expected);
      expect(registered(bench)).toHaveLength(99 + expected.length);
      expect(tagOf(bench.entries.get('c8'), 'lakefs.history')).toBe('complete');
    },
  );

  test('stores the edge before it queues a commit or marks a head', async () => {
    for (const { call, after } of deaths) {
      const bench = manyBranches();
      bench.hook('c5');
      bench.dieAt(call, after);
      await bench.look().catch(() => undefined);
      const queued = bench.register().length > 0;
      const marked = tagOf(bench.entries.get('c5'), 'lakefs.history') !== undefined;
      if (queued || marked) expect(bench.horizon().get('lakefs.horizon')).toBe('1');
      if (bench.horizon().has('lakefs.horizon')) expect(bench.horizon().has('lakefs.horizon.1')).toBe(true);
    }
  });

  test('says that a half-stored edge is gone on from', async () => {
    const bench = manyBranches();
    bench.dieAt('lakefs.horizon.1');
    await expect(bench.look()).rejects.toThrow('dies');
    expect([...bench.horizon().keys()]).toEqual(['lakefs.horizon.0']);
    bench.restart();
    const { log } = await bench.look();
    expect(log.join('\n')).toContain(
      'was interrupted: it is followed from the 77 branch heads stored by then',
    );
    expect(bench.horizon().get('lakefs.horizon')).toBe('1');
  });

  test('goes on with the heads of its first try where it lives on', async () => {
    const bench = manyBranches();
    bench.dieAt('lakefs.horizon.1');
    await expect(bench.look()).rejects.toThrow('dies');
    bench.branches.set('main', 'c8');
    bench.hook('c8');
    await settle(bench);
    expect(registered(bench).filter((id) => id.startsWith('c'))).toEqual(['c5', 'c6', 'c7', 'c8']);
    expect(registered(bench)).toHaveLength(103);
  });
});

test('of two processes that draw at once neither cuts off what the other is to find', async () => {
  const one = manyBranches();
  const two = one.beside();
  await Promise.all([one.look(), two.look()]);
  one.flush();
  two.flush();
  one.branches.set('main', 'c8');
  one.hook('c8');
  one.restart();
  await settle(one);
  expect(registered(one).filter((id) => id.startsWith('c'))).toEqual(['c5', 'c6', 'c7', 'c8']);
});

test('a repository without a watched branch is followed from its first one on', async () => {
  const bench = reconcileBench(line(4), { 'tx-1': 'c0' });
  await settle(bench);
  expect([...bench.horizon().keys()]).toEqual([]);
  bench.branches.set('main', 'c2');
  await settle(bench);
  expect(registered(bench)).toEqual(['c2']);
});

test('an edge whose entry a person deleted is no way into older commits', async () => {
  const bench = reconcileBench(line(9), { main: 'c5' });
  await settle(bench);
  bench.hide('c5');
  bench.restart();
  bench.branches.set('main', 'c7');
  await settle(bench);
  expect(registered(bench)).toEqual(['c5', 'c6', 'c7']);
});

test('after a start with every branch moved on, a branch made below the horizon brings in only its own commits', async () => {
  const side = { id: 'side', parents: ['c2'], creation_date: 9 };
  const bench = reconcileBench([...line(60), side], { main: 'c50' });
  await settle(bench);
  bench.restart();
  bench.branches.set('main', 'c52');
  bench.branches.set('side', 'side');
  await settle(bench);
  expect(registered(bench)).toEqual(['c50', 'c51', 'c52', 'side']);
});

test('whatever events and queues are lost and wherever it is started again, every commit above the horizon is registered', async () => {
  const step = fc.record({
    heads: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
    heard: fc.array(fc.nat(), { maxLength: 6 }),
    looks: fc.boolean(),
    registers: fc.boolean(),
    loses: fc.boolean(),
    restarts: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      histories,
      fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
      fc.array(step, { minLength: 1, maxLength: 6 }),
      async ({ commits }, first, steps) => {
        const headAt = (index: number): string => commits[index % commits.length]?.id ?? '';
        const bench = reconcileBench(commits, {});
        const move = (heads: readonly number[]): void => {
          bench.branches.clear();
          for (const [at, index] of heads.entries())
            bench.branches.set(at === 0 ? 'main' : `b${at}`, headAt(index));
        };
        move(first);
        await bench.look();
        const below = ancestors(bench.commits, first.map(headAt));
        const live = async (heads: readonly number[], at: (typeof steps)[number]): Promise<void> => {
          move(heads);
          const above = [...ancestors(bench.commits, heads.map(headAt))].filter((id) => !below.has(id));
          for (const index of at.heard) if (above.length > 0) bench.hook(above[index % above.length] ?? '');
          bench.skip();
          if (at.looks) await bench.look();
          if (at.loses) bench.flush();
          if (at.registers) bench.register();
          if (at.restarts) bench.restart();
        };
        for (const at of steps) await live(at.heads, at);
        await settle(bench);
        const last = steps.at(-1)?.heads.map(headAt) ?? [];
        const missing = [...ancestors(bench.commits, last)].filter(
          (id) => !below.has(id) && !bench.entries.has(id),
        );
        expect(missing).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
