import { actionFile } from '../../install/action-file.js';
import { changeBranch } from '../../install/change-branch.js';
import { checkFirstEvent } from '../../install/check-delivery.js';
import { decideInstall } from '../../install/decide.js';
import { defaultHookUrl } from '../../install/hook-url.js';
import { createLakefsClient } from '../../lakefs/client.js';
import type { LakefsClient } from '../../lakefs/types.js';
import { deliveryProblem } from '../install-report.js';
import { CliError, type Io, warn } from '../output.js';
import { commitFeatures, commitRides, type DemoCommit, mergeExperiment, nextExperiment } from './commits.js';
import { findRepository } from './repository.js';
import type { DemoServers, Held } from './servers.js';
import type { Steps } from './steps.js';
import { type DemoRun, trainAgain, trainFirst } from './train.js';

export const scenarioSteps = 8;

export interface ScenarioResult {
  readonly repository: string;
  readonly commits: readonly DemoCommit[];
  readonly runs: readonly DemoRun[];
}

interface ScenarioOptions {
  readonly place: string;
  readonly storageNamespace: string | undefined;
}

/** What lakeFS's MLflow guide describes, on real servers. Only lakeFS talks to the service. */
export async function playScenario(
  io: Io,
  steps: Steps,
  { place, storageNamespace }: ScenarioOptions,
  servers: DemoServers,
  { children, stop }: Pick<Held, 'children' | 'stop'>,
): Promise<ScenarioResult> {
  const lakefs = createLakefsClient(servers.lakefs);
  const seed = Date.now();
  const repository = await steps.run('Repository', async (say) => {
    const { name, isNew } = await findRepository(lakefs, place, storageNamespace);
    say(isNew ? `${name}, created` : `${name}, from an earlier start`);
    return name;
  });
  const commits: DemoCommit[] = [];

  async function commit(label: string, create: () => Promise<DemoCommit>): Promise<DemoCommit> {
    stop.signal.throwIfAborted();
    return steps.run(label, async (say) => {
      const created = await create();
      say(created.id.slice(0, 12));
      commits.push(created);
      return created;
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
  const ridesCommit = await commit('Commit rides on main', () =>
    commitRides(lakefs, repository, { branch: 'main', message: 'Add the training set', rows: 40, seed }),
  );
  const branch = await nextExperiment(lakefs, repository);
  const featuresCommit = await commit(`Commit a Delta table on ${branch}`, async () => {
    await lakefs.createBranch(repository, { name: branch, source: 'main' });
    return commitFeatures(lakefs, repository, { branch, message: 'Add features', now: seed });
  });
  const training = {
    ...{ children, python: servers.python, env: io.env, lakefs: servers.lakefs },
    ...{ mlflowUrl: servers.mlflowUrl, folder: place, repository },
  };
  const runs = await steps.run("Train with MLflow's Python client", async (say) => {
    const done = await stop.race(trainFirst(training, { ridesCommit, featuresCommit }));
    say(`${done.length} runs, 1 model`);
    return done;
  });
  const newerCommit = await commit(`Commit more rides on ${branch}`, () =>
    commitRides(lakefs, repository, { branch, message: 'Add newer rides', rows: 60, seed: seed + 1 }),
  );
  const mergeCommit = await commit(`Merge ${branch} into main`, () =>
    mergeExperiment(lakefs, repository, branch),
  );
  const later = await steps.run('Train on the merged data', async (say) => {
    const done = await stop.race(trainAgain(training, { newerCommit, mergeCommit }));
    say(`${done.length} runs`);
    return done;
  });
  return { repository, commits, runs: [...runs, ...later] };
}

interface Installed {
  /** The commit that added or updated the file; undefined if it was already there. */
  readonly commit: DemoCommit | undefined;
  readonly outcome: string;
  /** Why no event arrives; undefined if events do. */
  readonly problem: string | undefined;
}

/** Installs the action on the branch `main`, as `lakefs-mlflow install` does, and checks whether its event arrived. */
async function installOnMain(
  lakefs: LakefsClient,
  repository: string,
  url: string,
  signal: AbortSignal,
): Promise<Installed> {
  const decide = decideInstall(actionFile({ url }));
  const result = await changeBranch({ lakefs, repository, branch: 'main', decide, signal });
  if (result.outcome === 'failed' || result.outcome === 'refused') {
    throw new CliError(`the action cannot be installed on ${repository}: ${result.reason ?? result.outcome}`);
  }
  if (result.commit === undefined) {
    return { commit: undefined, outcome: 'already there', problem: undefined };
  }
  const { id, message } = await lakefs.getCommit(repository, result.commit);
  const check = await checkFirstEvent({ lakefs, repository, branch: 'main' }, id);
  return {
    commit: { id, branch: 'main', message, paths: [] },
    outcome: `${result.outcome} by ${id.slice(0, 12)}`,
    problem: deliveryProblem(check, url),
  };
}
