import { isEmptyDiff, noDifference } from '../../src/contract/diff-tags.js';
import { tagsOf } from '../../src/contract/links-tag.js';
import type { RunView } from '../../src/contract/run.js';
import { ourTag } from '../../src/contract/tags.js';
import { planModelTags } from '../../src/domain/links/model-tags.js';
import { eachPage, type Pages, tokenPages } from '../../src/facts/common/pages.js';
import type { ServerFacts } from '../../src/facts/links/server.js';
import { type RunReader, readIfAllowed } from '../../src/facts/runs/run-reader.js';
import { viewOf } from '../../src/facts/runs/run-view.js';
import type { MlflowClients } from '../../src/mlflow/clients.js';
import type { ModelVersion } from '../../src/mlflow/types.js';
import type { NewJob, Queues } from '../../src/queue/types.js';

export interface VersionScan {
  /** Versions that were checked. */
  readonly seen: number;
  /** Jobs that were queued. */
  readonly queued: number;
  /** When those versions were made, Unix ms: the watermark stays below. */
  readonly unsettled: readonly number[];
}

export interface VersionScanDependencies {
  readonly facts: ServerFacts;
  readonly reader: RunReader;
  readonly queues: Pick<Queues, 'addMany' | 'hasFailed'>;
  readonly signal: AbortSignal;
}

/** MLflow's registry serves a thousand without effort. */
const pageSize = 1_000;

/**
 * Looks for model versions that lack the tags of their run: a model is often registered weeks after its run was
 * tagged, and MLflow tells nobody. Newest first, back to the watermark: one search where nothing is new, and the
 * runs of what is new, a hundred in a request.
 *
 * @param since Unix ms by the clock of the MLflow server, which dates versions itself
 */
export async function scanNewVersions(
  server: string,
  since: number,
  dependencies: VersionScanDependencies,
): Promise<VersionScan> {
  let sweep: VersionScan = { seen: 0, queued: 0, unsettled: [] };
  for await (const page of eachPage(versionPages(dependencies.facts.access.mlflow))) {
    dependencies.signal.throwIfAborted();
    const fresh = page.filter(({ creation_timestamp: made = 0 }) => made >= since);
    sweep = sum(sweep, await queueUntaggedVersions(server, fresh, dependencies));
    if (fresh.length < page.length) break;
  }
  return sweep;
}

/** All model versions, newest first, a page at a time. */
export function versionPages({ versions }: MlflowClients): Pages<ModelVersion> {
  return tokenPages(async (token) => {
    const order = ['creation_timestamp DESC'];
    const page = await versions.searchModelVersionsPage(undefined, pageSize, order, token);
    return { items: page.model_versions ?? [], token: page.next_page_token };
  });
}

/** Queues the runs of those versions that lack tags. */
export async function queueUntaggedVersions(
  server: string,
  versions: readonly ModelVersion[],
  { facts, reader, queues }: VersionScanDependencies,
): Promise<VersionScan> {
  const named = versions.flatMap((version) =>
    version.run_id === undefined || version.run_id === '' ? [] : [{ version, run: version.run_id }],
  );
  const runs = new Map<string, RunView>();
  await Promise.all(
    [...new Set(named.map(({ run }) => run))].map(async (id) => {
      const run = await readIfAllowed(reader, id);
      if (run !== undefined) runs.set(id, viewOf(run));
    }),
  );
  const lacking = named.filter(({ version, run }) => {
    const view = runs.get(run);
    return view !== undefined && lacksTags(view, version, facts);
  });
  const jobs = [...new Set(lacking.map(({ run }) => run))].map(
    (run): NewJob<'link-run'> => ({
      name: 'link-run',
      payload: { v: 1, server, run, models: true },
      cause: 'sweep',
    }),
  );
  const failed = await Promise.all(jobs.map(({ name, payload }) => queues.hasFailed(name, payload)));
  const due = jobs.filter((_, index) => failed[index] === false);
  if (due.length > 0) await queues.addMany(due);
  const queued = new Set(due.map(({ payload }) => payload.run));
  return {
    seen: versions.length,
    queued: due.length,
    unsettled: lacking
      .filter(({ run }) => queued.has(run))
      .map(({ version }) => version.creation_timestamp ?? 0),
  };
}

/** Only a linked run has anything to give; whether it may be tagged at all its own job finds out. */
function lacksTags(run: RunView, version: ModelVersion, { access }: ServerFacts): boolean {
  if (!run.active || !run.tags.has(ourTag.links)) return false;
  const { links } = run.tags.linksTag;
  const wanted = access.installations.tagsModels(links.map(({ installation }) => installation));
  const tags = tagsOf(version.tags);
  return wanted && !isEmptyDiff(planModelTags(run, noDifference, tags));
}

function sum(a: VersionScan, b: VersionScan): VersionScan {
  return {
    seen: a.seen + b.seen,
    queued: a.queued + b.queued,
    unsettled: [...a.unsettled, ...b.unsettled],
  };
}
