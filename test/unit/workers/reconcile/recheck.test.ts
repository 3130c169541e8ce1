import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ReconcileBench, reconcileBench, settle, tagOf } from '../../../support/jobs/reconcile-bench.js';
import { ancestors, histories } from '../../../support/lakefs/histories.js';
import { line } from '../../../support/lakefs/scripted-history.js';

const registered = (bench: ReconcileBench): readonly string[] => [...bench.entries.keys()].sort();
const marked = (bench: ReconcileBench): readonly string[] =>
  [...bench.entries]
    .filter(([, run]) => tagOf(run, 'lakefs.history') === 'complete')
    .map(([id]) => id)
    .sort();

/** c0 was registered by the first look; c1, c4 and c5 were lost; the heads above them are marked complete. */
function wronglyMarked(): ReconcileBench {
  const bench = reconcileBench(line(9), { main: 'c8' });
  for (const commit of ['c0', 'c2', 'c3', 'c6', 'c7', 'c8']) bench.hook(commit);
  bench.asBefore(['c2', 'c6', 'c8']);
  return bench;
}

describe('reconcile --recheck', () => {
  test('brings in what wrong marks cut off, in a catalog whose edge was never stored', async () => {
    const bench = wronglyMarked();
    expect((await bench.look()).outcome.summary).toContain('nothing is missing');
    const { outcome } = await bench.look('recheck');
    expect(outcome.summary).toBe(
      'rechecked 9 commits from 1 branch head: queued 3 commits missing from the catalog, removed 3 wrong marks',
    );
    expect(bench.register()).toEqual(['c1', 'c4', 'c5']);
    await settle(bench);
    expect([registered(bench), marked(bench)]).toEqual([line(9).map(({ id }) => id), ['c0', 'c8']]);
    const again = await bench.look('recheck');
    expect(again.outcome.summary).toBe('rechecked 9 commits from 1 branch head: nothing is missing');
  });

  test('brings in nothing older than the oldest entry, also where no mark names that one', async () => {
    const bench = reconcileBench(line(9), { main: 'c8' });
    for (const commit of ['c4', 'c6', 'c8']) bench.hook(commit);
    bench.asBefore(['c6']);
    await bench.look('recheck');
    await settle(bench);
    bench.restart();
    await settle(bench);
    expect(registered(bench)).toEqual(['c4', 'c5', 'c6', 'c7', 'c8']);
  });

  test('removes the wrong marks first: where the queue is lost, ordinary checks find it all', async () => {
    const bench = wronglyMarked();
    await bench.look('recheck');
    bench.flush();
    bench.restart();
    await settle(bench);
    expect(registered(bench)).toEqual(line(9).map(({ id }) => id));
  });

  test.each(Array.from({ length: 14 }, (_, call) => call))(
    'cut off at call %i to MLflow, it does its work at the next try',
    async (call) => {
      const bench = wronglyMarked();
      bench.dieAt(call);
      await bench.look('recheck').catch(() => undefined);
      bench.flush();
      bench.restart();
      await bench.look('recheck');
      bench.register();
      await settle(bench);
      expect([registered(bench), marked(bench)]).toEqual([line(9).map(({ id }) => id), ['c0', 'c8']]);
    },
  );

  test('goes down to the stored edge, and not below it', async () => {
    const bench = reconcileBench(line(60), { main: 'c50' });
    await settle(bench);
    bench.branches.set('main', 'c55');
    await settle(bench);
    // Registered because a run had read it.
    bench.hook('c3');
    bench.lose('c52');
    expect((await bench.look()).outcome.counts).toMatchObject({ queued: 0 });
    expect((await bench.look('recheck')).outcome.counts).toMatchObject({ commits: 6, queued: 1, wrong: 1 });
    expect(bench.register()).toEqual(['c52']);
    await settle(bench);
    expect(registered(bench)).toEqual(['c3', 'c50', 'c51', 'c52', 'c53', 'c54', 'c55']);
  });

  test('leaves alone what a person deleted and what has failed, and names the latter', async () => {
    const bench = wronglyMarked();
    bench.hide('c3');
    bench.failed.add('c4');
    const { outcome } = await bench.look('recheck');
    expect(bench.register()).toEqual(['c1', 'c5']);
    expect(outcome.summary).toContain('skipped 1 commit whose jobs failed (lakefs-mlflow replay)');
  });

  test('labels what was committed on a branch, not what was merged into it', async () => {
    const merge = { id: 'm', parents: ['c1', 's1'], creation_date: 5 };
    const side = { id: 's1', parents: ['c0'], creation_date: 4 };
    const bench = reconcileBench([...line(2), side, merge], { main: 'm' });
    bench.hook('c0');
    bench.asBefore([]);
    const { log } = await bench.look('recheck');
    expect(log.join('\n')).toMatch(/main@c1.*main@m/);
    expect(log.join('\n')).toMatch(/ s1/);
  });

  test('registers the heads alone where the catalog holds nothing', async () => {
    const bench = reconcileBench(line(9), { main: 'c8', other: 'c4' });
    await bench.look();
    bench.flush();
    bench.asBefore([]);
    bench.restart();
    await bench.look('recheck');
    expect([...bench.register()].sort()).toEqual(['c4', 'c8']);
  });

  test.each([
    [10_000, 1],
    [1_000, 300],
  ])('reads %i commits on %i branches once, by pages', async (commits, branches) => {
    const heads = Object.fromEntries(
      Array.from({ length: branches }, (_, at) => [at === 0 ? 'main' : `b${at}`, `c${commits - 1 - at}`]),
    );
    const bench = reconcileBench(line(commits), heads);
    for (const { id } of line(commits)) bench.hook(id);
    bench.asBefore([]);
    const { outcome, lakefs, mlflow } = await bench.look('recheck');
    expect(outcome.counts).toMatchObject({ commits, queued: 0, completed: branches });
    expect(lakefs).toBeLessThan(20);
    expect(mlflow).toBeLessThan(commits / 500 + branches + 20);
  });
});

test('after a recheck of any catalog everything since its oldest entry is registered', async () => {
  await fc.assert(
    fc.asyncProperty(
      histories,
      fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      async ({ commits }, at, entries, marks) => {
        const idAt = (index: number): string => commits[index % commits.length]?.id ?? '';
        const heads = at.map(idAt);
        const bench = reconcileBench(
          commits,
          Object.fromEntries(heads.map((head, index) => [index === 0 ? 'main' : `b${index}`, head])),
        );
        const reachable = ancestors(bench.commits, heads);
        const there = entries.map(idAt).filter((id) => reachable.has(id));
        fc.pre(there.length > 0);
        for (const id of there) bench.hook(id);
        bench.asBefore(marks.map(idAt));
        await bench.look('recheck');
        bench.flush();
        bench.restart();
        await settle(bench);
        for (const id of reachable) {
          const before = [...ancestors(bench.commits, [id])].filter((one) => one !== id);
          if (before.some((one) => there.includes(one))) expect(registered(bench)).toContain(id);
        }
      },
    ),
    { numRuns: 200 },
  );
});
