import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ReconcileBench, reconcileBench, settle, tagOf } from '../../support/jobs/reconcile-bench.js';
import { ancestors, histories } from '../../support/lakefs/histories.js';
import { line } from '../../support/lakefs/scripted-history.js';

/** So many branches, each with a commit of its own on top of the line, and main. */
async function settledBench(branches: number, history: number): Promise<ReconcileBench> {
  const commits = [...line(history)];
  const heads: Record<string, string> = { main: `c${history - 1}` };
  for (let at = 1; at < branches; at += 1) {
    commits.push({ id: `b${at}`, parents: [`c${history - 1}`], creation_date: history + at });
    heads[`branch-${at}`] = `b${at}`;
  }
  const bench = reconcileBench(commits, heads);
  await settle(bench);
  await bench.look();
  return bench;
}

describe('where nothing has moved, a check costs', () => {
  test.each([
    ...[1, 1_000, 3_000].map((branches) => ({ branches, history: 100 })),
    ...[100, 1_000, 10_000].map((history) => ({ branches: 10, history })),
  ])(
    'a page of branches per 1,000 with $branches branches and $history commits',
    async ({ branches, history }) => {
      const bench = await settledBench(branches, history);
      const { outcome, lakefs, mlflow } = await bench.look();
      expect({ lakefs, mlflow }).toEqual({ lakefs: 1 + Math.ceil(branches / 1_000), mlflow: 0 });
      expect(outcome.summary).toContain('nothing is missing');
    },
  );

  test.each([1_000, 3_000])('no search per branch after a start, with %i branches', async (branches) => {
    const bench = await settledBench(branches, 100);
    bench.restart();
    const { lakefs, mlflow } = await bench.look();
    expect(lakefs).toBe(1 + Math.ceil(branches / 1_000));
    // The experiments, the experiment, what was begun, what was consumed, and what is complete by pages of 500.
    expect(mlflow).toBe(4 + Math.ceil(branches / 500));
  });
});

describe('what has moved costs', () => {
  test.each([100, 1_000, 10_000])('the same with %i commits of history', async (history) => {
    const bench = await settledBench(10, history);
    bench.commits.set('new', { id: 'new', parents: [`c${history - 1}`], creation_date: 99_999 });
    bench.branches.set('main', 'new');
    const found = await bench.look();
    expect([found.lakefs, found.mlflow]).toEqual([3, 1]);
    expect([...bench.news]).toEqual([['new', undefined]]);
    expect(bench.register()).toEqual(['new']);
    bench.skip();
    const marked = await bench.look();
    // The log of the new head is remembered. A search and the mark; the list of experiments is older than half a minute.
    expect([marked.lakefs, marked.mlflow]).toEqual([2, 3]);
    expect(tagOf(bench.entries.get('new'), 'lakefs.history')).toBe('complete');
  });

  test('pages, not searches, where 10,000 commits were missed', async () => {
    const bench = reconcileBench(line(10_001), { main: 'c0' });
    await settle(bench);
    bench.branches.set('main', 'c10000');
    const { outcome, lakefs, mlflow } = await bench.look();
    expect(outcome.counts).toMatchObject({ queued: 10_000 });
    expect(lakefs).toBeLessThan(25);
    expect(mlflow).toBeLessThan(5);
    // What they mean for others is looked at once: as jobs they do not look.
    expect(new Set(bench.news.values())).toEqual(new Set(['history']));
    expect(bench.register()).toEqual(
      line(10_001)
        .slice(1)
        .map(({ id }) => id),
    );
    await settle(bench);
    expect(tagOf(bench.entries.get('c10000'), 'lakefs.history')).toBe('complete');
  });

  test('nothing while what was queued is not yet worth a check', async () => {
    const bench = reconcileBench(line(10_001), { main: 'c0' });
    await settle(bench);
    bench.branches.set('main', 'c10000');
    await bench.look();
    const { outcome, lakefs, mlflow } = await bench.look();
    expect([lakefs, mlflow]).toEqual([2, 0]);
    expect(outcome.counts).toMatchObject({ queued: 0, waiting: 1 });
  });
});

test('a commit whose job sits in failed is left alone, and said', async () => {
  const bench = reconcileBench(line(5), { main: 'c1' });
  await settle(bench);
  bench.branches.set('main', 'c4');
  bench.failed.add('c3');
  const { outcome } = await bench.look();
  expect(bench.register()).toEqual(['c2', 'c4']);
  expect(outcome.counts).toMatchObject({ queued: 2, failed: 1 });
  expect(outcome.summary).toContain('lakefs-mlflow replay');
  bench.skip();
  await bench.look();
  expect(tagOf(bench.entries.get('c4'), 'lakefs.history')).toBeUndefined();
});

test('a branch that was reset or deleted is distinguished from one that went on, also where its commits wait', async () => {
  const side = { id: 'side', parents: ['c1'], creation_date: 9 };
  const bench = reconcileBench([...line(6), side], { main: 'c3', exp: 'c2', on: 'c2' });
  await settle(bench);
  bench.branches.set('main', 'side');
  bench.branches.set('on', 'c4');
  bench.branches.delete('exp');
  expect((await bench.look()).outcome.counts).toMatchObject({ lost: 2, queued: 2 });
  bench.branches.set('main', 'c1');
  bench.branches.set('on', 'c5');
  expect((await bench.look()).outcome.counts).toMatchObject({ lost: 1 });
  expect((await bench.look()).outcome.counts).toMatchObject({ lost: 0 });
});

test('the horizon stays where it was drawn, however branches move before their heads are registered', async () => {
  const bench = reconcileBench(line(10), { main: 'c5' });
  await bench.look();
  // The queue is lost, and main moves on.
  bench.branches.set('main', 'c8');
  await settle(bench);
  expect([...bench.entries.keys()].sort()).toEqual(['c5', 'c6', 'c7', 'c8']);
});

test('a process that restarts after the first check continues from the heads of that time', async () => {
  const bench = reconcileBench([...line(10), { id: 'side', parents: ['c2'], creation_date: 3 }], {
    main: 'c5',
    side: 'side',
  });
  await bench.look();
  bench.register();
  bench.restart();
  bench.branches.set('main', 'c8');
  await settle(bench);
  expect([...bench.entries.keys()].sort()).toEqual(['c5', 'c6', 'c7', 'c8', 'side']);
});

test('in any history every commit above the horizon is registered, and none below it', async () => {
  await fc.assert(
    fc.asyncProperty(
      histories,
      fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
      fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async ({ commits }, first, later, restarts) => {
        const headAt = (index: number): string => commits[index % commits.length]?.id ?? '';
        const bench = reconcileBench(commits, {});
        const move = (heads: readonly number[]): void => {
          bench.branches.clear();
          for (const [at, index] of heads.entries())
            bench.branches.set(at === 0 ? 'main' : `b${at}`, headAt(index));
        };
        move(first);
        await settle(bench);
        const edge = new Set(first.map(headAt));
        const expected = new Set(edge);
        const below = ancestors(bench.commits, edge);
        for (const heads of later) {
          move(heads);
          if (restarts) bench.restart();
          await settle(bench);
          for (const id of ancestors(bench.commits, heads.map(headAt))) if (!below.has(id)) expected.add(id);
        }
        const registered = new Set(bench.entries.keys());
        for (const id of expected) expect(registered).toContain(id);
        // Heads of the horizon that no branch leads to any more are not asked after a while: the documented limit.
        for (const id of registered) {
          const known = expected.has(id) || !ancestors(bench.commits, bench.branches.values()).has(id);
          if (!known) expect(below.has(id)).toBe(true);
        }
      },
    ),
    { numRuns: 200 },
  );
});
