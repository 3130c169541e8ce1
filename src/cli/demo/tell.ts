import { defaultHookUrl } from '../../install/hook-url.js';
import { createLakefsClient } from '../../lakefs/client.js';
import { type Io, warn } from '../output.js';
import { installOnMain } from './action.js';
import { findRepository } from './repository.js';
import type { DemoServers, Held } from './servers.js';
import type { Steps } from './steps.js';
import { commitFeatures, commitRides, type DemoCommit, mergeExperiment, nextExperiment } from './story.js';
import { type DemoRun, trainAgain, trainFirst } from './train.js';

export const storySteps = 8;

export interface Told {
  readonly repository: string;
  readonly commits: readonly DemoCommit[];
  readonly runs: readonly DemoRun[];
}

interface TellOptions {
  readonly place: string;
  readonly storageNamespace: string | undefined;
}

/** The story of lakeFS's MLflow guide, on real servers: nothing in it talks to the service but lakeFS. */
export async function tellStory(
  io: Io,
  steps: Steps,
  { place, storageNamespace }: TellOptions,
  servers: DemoServers,
  { children, stop }: Pick<Held, 'children' | 'stop'>,
): Promise<Told> {
  const lakefs = createLakefsClient(servers.lakefs);
  const seed = Date.now();
  const repository = await steps.run('Repository', async (say) => {
    const { name, isNew } = await findRepository(lakefs, place, storageNamespace);
    say(isNew ? `${name}, made` : `${name}, of an earlier start`);
    return name;
  });
  const commits: DemoCommit[] = [];

  async function commit(label: string, make: () => Promise<DemoCommit>): Promise<DemoCommit> {
    stop.signal.throwIfAborted();
    return steps.run(label, async (say) => {
      const made = await make();
      say(made.id.slice(0, 12));
      commits.push(made);
      return made;
    });
  }

  const problem = await steps.run('Action on main', async (say) => {
    const url = defaultHookUrl(servers.service.settings.publicUrl, 'default');
    const installed = await installOnMain(lakefs, repository, url, stop.signal);
    say(installed.outcome);
    if (installed.commit !== undefined) commits.push(installed.commit);
    return installed.problem;
  });
  if (problem !== undefined) warn(io, problem);
  const ridesCommit = await commit('Commit of rides on main', () =>
    commitRides(lakefs, repository, { branch: 'main', message: 'Add the training set', rows: 40, seed }),
  );
  const branch = await nextExperiment(lakefs, repository);
  const featuresCommit = await commit(`Commit of a Delta table on ${branch}`, async () => {
    await lakefs.createBranch(repository, { name: branch, source: 'main' });
    return commitFeatures(lakefs, repository, { branch, message: 'Add features', now: seed });
  });
  const training = {
    ...{ children, python: servers.python, env: io.env, lakefs: servers.lakefs },
    ...{ mlflowUrl: servers.mlflowUrl, folder: place, repository },
  };
  const runs = await steps.run("Training by MLflow's Python client", async (say) => {
    const done = await stop.race(trainFirst(training, { ridesCommit, featuresCommit }));
    say(`${done.length} runs, 1 model`);
    return done;
  });
  const newerCommit = await commit(`Commit of more rides on ${branch}`, () =>
    commitRides(lakefs, repository, { branch, message: 'Add newer rides', rows: 60, seed: seed + 1 }),
  );
  const mergeCommit = await commit(`Merge of ${branch} into main`, () =>
    mergeExperiment(lakefs, repository, branch),
  );
  const later = await steps.run('Training on what was merged', async (say) => {
    const done = await stop.race(trainAgain(training, { newerCommit, mergeCommit }));
    say(`${done.length} runs`);
    return done;
  });
  return { repository, commits, runs: [...runs, ...later] };
}
