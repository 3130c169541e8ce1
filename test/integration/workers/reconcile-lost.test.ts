import { afterAll, describe, expect, test, vi } from 'vitest';
import {
  createWatcher,
  reachable,
  readingRun,
  type Watcher,
  withoutLabels,
} from '../../support/jobs/own-service.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../../support/lakefs/lakefs.js';
import { randomRepository } from '../../support/lakefs/random-repository.js';
import { realServers } from '../../support/servers/real-servers.js';
import { tagsOf } from '../../support/service/bridge.js';

vi.setConfig({ testTimeout: 240_000 });

const { mlflow } = realServers();
const lakefsServers = await lakefsUnderTest();
afterAll(() => Promise.all(lakefsServers.map((server) => server.stop())));

/** How a service is treated while things happen. */
interface Fate {
  readonly name: string;
  /** True where the event of a commit gets through. */
  readonly hears: (random: number) => boolean;
  /** True where the queue is emptied after every step, with the events in it, and the process starts anew. */
  readonly flushed?: boolean;
}

const golden: Fate = { name: 'hears every event', hears: () => true };
const fates: readonly Fate[] = [
  { name: 'hears no event', hears: () => false },
  { name: 'hears all but a random 30 %', hears: (random) => random >= 0.3 },
  { name: 'hears all and loses its queue at every step', hears: () => true, flushed: true },
];

describe.each(lakefsServers)('beside $kind lakeFS', (server) => {
  const lakefs = clientFor(server);

  test.each([11, 12])(
    'whatever events and jobs are lost, catalog and tags become the same (history %i)',
    async (seed) => {
      const repository = await newRepository(lakefs, 'lost');
      await commitObject(lakefs, repository, 'main', 'gold/0.csv', '0');
      const all = [golden, ...fates].map((fate) => ({ fate, watcher: createWatcher(server, mlflow.url) }));
      for (const { watcher } of all) await watcher.settle(repository);
      const below = new Set([...(await reachable(lakefs, repository))].slice(1));

      const history = randomRepository(lakefs, repository, seed);
      for (let steps = 1; steps <= 24; steps += 1) {
        const commits = await history.step();
        const random = history.random();
        for (const { fate, watcher } of all) {
          if (fate.hears(random)) for (const commit of commits) await hear(watcher, fate, repository, commit);
          if (steps % 8 === 0) {
            watcher.skip(60_000);
            if (fate.flushed === true) await lookAndLose(watcher, repository);
            else await watcher.reconcile(repository);
          }
        }
      }

      const above = [...(await reachable(lakefs, repository))].filter((id) => !below.has(id));
      const read = above.filter((_, index) => index % 3 === 0);
      const states = [];
      for (const { fate, watcher } of all) {
        for (const commit of read) await readingRun(watcher, { repository, commit });
        if (fate.flushed === true) await sweepAndLose(watcher);
        await watcher.settle(repository);
        await watcher.sweep();
        // What was lost of the news that runs had consumed a commit, the slow lap finds.
        watcher.skip(25 * 3_600_000);
        for (let sweeps = 0; sweeps < 3; sweeps += 1) await watcher.sweep();
        await watcher.settle(repository);
        states.push(await stateOf(watcher, repository, above, read));
      }
      const [expected, ...others] = states;
      expect(expected?.catalog.every(([, tags]) => tags.lakefs_commit !== undefined)).toBe(true);
      for (const [index, state] of others.entries())
        expect({ ...fates[index], ...state }).toEqual({ ...fates[index], ...expected });
      for (const { watcher } of all) {
        const entries = await watcher.entries(repository);
        for await (const { commit_id } of lakefs.branches(repository)) {
          const mark = entries.has(commit_id) ? tagsOf(entries.get(commit_id))['lakefs.history'] : 'below';
          expect(below.has(commit_id) ? 'below' : mark).toBe(below.has(commit_id) ? 'below' : 'complete');
        }
      }
    },
  );
});

async function hear(watcher: Watcher, fate: Fate, repository: string, commit: string): Promise<void> {
  watcher.waiting.push({
    name: 'register-commit',
    payload: { v: 1, installation: 'default', repository, commit },
    cause: 'hook',
  });
  if (fate.flushed === true) watcher.waiting.length = 0;
  else await watcher.drain();
}

/** One look and one job of those that it queued; the rest is lost with what the process remembers. */
async function lookAndLose(watcher: Watcher, repository: string): Promise<void> {
  const payload = { v: 1, installation: 'default', repository } as const;
  await watcher.run({ name: 'reconcile-repository', payload, cause: 'reconcile' });
  const [first] = watcher.waiting.splice(0);
  if (first !== undefined) await watcher.run(first);
  watcher.waiting.length = 0;
  watcher.restart();
}

/** Sweeps and links; what the commits' side was to be told of it is lost. */
async function sweepAndLose(watcher: Watcher): Promise<void> {
  await watcher.run({ name: 'sweep-runs', payload: { v: 1, server: 'default' }, cause: 'sweep' });
  for (const job of watcher.waiting.splice(0)) if (job.name === 'link-run') await watcher.run(job);
  watcher.waiting.length = 0;
  watcher.restart();
}

interface State {
  readonly catalog: readonly (readonly [string, Record<string, string>])[];
  readonly runs: readonly Record<string, string>[];
}

async function stateOf(
  watcher: Watcher,
  repository: string,
  commits: readonly string[],
  read: readonly string[],
): Promise<State> {
  const entries = await watcher.entries(repository);
  const found = await watcher.mlflow.experiments.getExperimentByName(watcher.experiment);
  const { runs = [] } = await watcher.mlflow.runs.searchRuns([found.experiment_id], '', 'ALL', 1_000);
  return {
    catalog: [...commits].sort().map((commit) => [commit, settledTags(withoutLabels(entries.get(commit)))]),
    runs: read.map((commit) =>
      withoutLabels(runs.find((run) => tagsOf(run)['lakefs.links']?.includes(commit) === true)),
    ),
  };
}

/** The life of data is followed for what runs read: the status of another entry is that of the last look at it. */
function settledTags(tags: Record<string, string>): Record<string, string> {
  if (tags['lakefs.consumed'] === 'yes') return tags;
  const life = ['lakefs.status', 'lakefs.because', 'lakefs.promoted_to'];
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !life.includes(key)));
}
