import { actionFile } from '../../install/action-file.js';
import { changeBranch } from '../../install/change-branch.js';
import { checkFirstEvent } from '../../install/check-delivery.js';
import { decideInstall } from '../../install/decide.js';
import type { LakefsClient } from '../../lakefs/types.js';
import { deliveryProblem } from '../install-report.js';
import { CliError } from '../output.js';
import type { DemoCommit } from './story.js';

export interface Installed {
  /** The commit that added or updated the file; undefined where it was there. */
  readonly commit: DemoCommit | undefined;
  readonly outcome: string;
  /** Why no event arrives, if that is so. */
  readonly problem: string | undefined;
}

/** Puts the action on the branch `main`, as `lakefs-mlflow install` does, and looks whether its event arrived. */
export async function installOnMain(
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
    return { commit: undefined, outcome: 'there already', problem: undefined };
  }
  const { id, message } = await lakefs.getCommit(repository, result.commit);
  const check = await checkFirstEvent({ lakefs, repository, branch: 'main' }, id);
  return {
    commit: { id, branch: 'main', message, paths: [] },
    outcome: `${result.outcome} by ${id.slice(0, 12)}`,
    problem: deliveryProblem(check, url),
  };
}
