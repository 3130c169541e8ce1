import { failureOf } from '../../domain/common/failure.js';
import { mlflowExperimentPage, mlflowRunPage } from '../../domain/common/links-to.js';
import { otherWorkspace } from '../../domain/common/rights.js';
import type { ServerAccess } from '../../facts/links/access.js';
import { proposeTags } from '../../facts/links/propose.js';
import { createServerFacts, type ServerFacts } from '../../facts/links/server.js';
import { runPages } from '../../facts/runs/run-pages.js';
import { ApiError, isNotFound } from '../../mlflow/api-error.js';
import type { Run, RunInfo } from '../../mlflow/types.js';
import { findExperiment, similarExperiment } from '../shared/experiment.js';
import { checkLakefs } from '../shared/is-lakefs.js';
import { mlflowPublicUrl } from '../shared/mlflow-page.js';
import { NotThereError } from '../shared/not-found.js';
import { readRunOf } from '../shared/read-run.js';
import { tooLargeReason } from '../shared/too-large.js';
import { causeOf, correction, differencesOf } from './differences.js';
import type { Finding, Verification } from './schema.js';
import type { VerifyTarget } from './target.js';

export interface VerifyOptions {
  /** Runs that differ and are listed; all are counted. */
  readonly limit: number;
  /** Of an experiment only so many of the newest runs are checked; all where left out. */
  readonly maxRuns?: number | undefined;
  /** Called after every page with how many runs were checked so far. */
  readonly progress?: ((runs: number) => void) | undefined;
}

/**
 * Decides the tags of a run, of a model's run, or of all runs of an experiment again, with the service's own functions,
 * and compares. Writes nothing. Costs a search per 500 runs and what lakeFS has to be asked.
 *
 * @throws NotThereError where there is no such run, model or experiment; what the MLflow client throws; what lakeFS's
 * does where no lakeFS answers at all (a run that cannot be judged otherwise is unknown)
 */
export async function verify(
  access: ServerAccess,
  now: () => number,
  target: Exclude<VerifyTarget, { kind: 'none' }>,
  options: VerifyOptions,
): Promise<Verification> {
  const facts = createServerFacts(access, now);
  if (target.kind === 'one') {
    const { run } = await readRunOf(target.what, access.mlflow);
    return verifyRun(run, facts);
  }
  const entries = await facts.experiments.fresh();
  const experiment = findExperiment(entries, target.name);
  if (experiment === undefined) {
    const run = await otherRun(target.name, access);
    if (run !== undefined) return verifyRun(run, facts);
    throw new NotThereError(
      `MLflow at ${access.mlflow.trackingUri} has no experiment and no run "${target.name}": give the name or id of ` +
        `an experiment, a run or a model${similarExperiment(entries, target.name)}${otherWorkspace}`,
    );
  }
  await checkLakefs(access);
  const page = mlflowExperimentPage(mlflowPublicUrl(access), experiment.id);
  // Newest first an order shifts while runs come in: only where not all of them are wanted.
  const order = options.maxRuns === undefined ? {} : { order: 'attributes.start_time DESC' };
  const tooLarge: RunInfo[] = [];
  const onTooLarge = (run: RunInfo): void => void tooLarge.push(run);
  const pages = runPages(access.mlflow, [experiment.id], '', { ...order, onTooLarge, onFailing: onTooLarge });
  const scope = { kind: 'experiment', name: experiment.name, page } as const;
  return withTooLarge(await verifyAll(scope, pages, facts, options), tooLarge, facts, options);
}

/** What could not be read counts as unknown, beside what was. */
function withTooLarge(
  verification: Verification,
  tooLarge: readonly RunInfo[],
  facts: ServerFacts,
  { limit }: VerifyOptions,
): Verification {
  const found = tooLarge.map((info) => unknownFinding({ info }, facts, tooLargeReason));
  return {
    ...verification,
    runs: verification.runs + found.length,
    unknown: verification.unknown + found.length,
    agree: verification.agree && found.length === 0,
    findings: [...verification.findings, ...found].slice(0, limit),
  };
}

async function verifyRun(run: Run, facts: ServerFacts): Promise<Verification> {
  await checkLakefs(facts.access);
  const { name, page, id } = briefly(run, facts);
  return verifyAll({ kind: 'run', name: name === '' ? id : name, page }, [[run]], facts, { limit: 1 });
}

async function verifyAll(
  scope: Verification['scope'],
  pages: AsyncIterable<readonly Run[]> | Iterable<readonly Run[]>,
  facts: ServerFacts,
  { limit, maxRuns = Number.POSITIVE_INFINITY, progress }: VerifyOptions,
): Promise<Verification> {
  const settled = new Map<string, number>();
  const findings: Finding[] = [];
  let [runs, differ, unknown] = [0, 0, 0];
  let cut = false;
  // A page that shifted begins with runs that were seen.
  const seen = new Set<string>();
  for await (const whole of pages) {
    const fresh = whole.filter(({ info }) => !seen.has(info.run_id));
    const page = fresh.slice(0, maxRuns - runs);
    for (const { info } of page) seen.add(info.run_id);
    cut = page.length < fresh.length;
    const found = await Promise.all(page.map((run) => findingOf(run, facts)));
    runs += page.length;
    for (const finding of found) {
      if (typeof finding === 'string') {
        settled.set(finding, (settled.get(finding) ?? 0) + 1);
        continue;
      }
      if (finding.kind === 'differs') differ += 1;
      else unknown += 1;
      if (findings.length < limit) findings.push(finding);
    }
    progress?.(runs);
    if (cut) break;
  }
  const agree = differ === 0 && unknown === 0;
  const reasons = [...settled].map(([reason, count]) => ({ reason, runs: count }));
  return { scope, runs, cut, differ, unknown, agree, settled: reasons, findings };
}

/** A text says why nothing is to be written. */
async function findingOf(run: Run, facts: ServerFacts): Promise<Finding | string> {
  try {
    const proposal = await proposeTags(run, facts);
    if (proposal.trouble !== undefined) throw proposal.trouble;
    if (proposal.kind === 'leave') return proposal.reason;
    const differences = differencesOf(proposal.view, proposal.plan);
    const [cause, written] = [causeOf(proposal.view, differences), proposal.write];
    const putRight = correction(cause, written);
    return { kind: 'differs', ...briefly(run, facts), cause, written, putRight, differences };
  } catch (error) {
    // Anything but a failed request is a bug of ours.
    if (failureOf(error) === undefined) throw error;
    return unknownFinding(run, facts, error instanceof Error ? error.message : String(error));
  }
}

function unknownFinding(run: Pick<Run, 'info'>, facts: ServerFacts, reason: string): Finding {
  return { kind: 'unknown', ...briefly(run, facts), reason };
}

function briefly(
  { info }: Pick<Run, 'info'>,
  { access }: ServerFacts,
): Pick<Finding, 'id' | 'name' | 'page'> {
  const page = mlflowRunPage(mlflowPublicUrl(access), info.experiment_id, info.run_id);
  return { id: info.run_id, name: info.run_name ?? '', page };
}

/** Ids of hosted servers may be any word. MLflow answers 400 to what cannot be one. */
async function otherRun(id: string, { mlflow }: ServerAccess): Promise<Run | undefined> {
  try {
    return await mlflow.runs.getRun(id);
  } catch (error) {
    if (isNotFound(error) || (error instanceof ApiError && error.status === 400)) return undefined;
    throw error;
  }
}
