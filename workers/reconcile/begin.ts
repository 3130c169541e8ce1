import { CatalogError } from '../../src/domain/catalog/error.js';
import { catalogExperiment } from '../../src/domain/catalog/experiment.js';
import { compareHeads } from '../../src/domain/sync/reconcile.js';
import { readCatalogHistory } from '../../src/facts/catalog/history.js';
import { createHistoryWalk } from '../../src/facts/commits/history-walk.js';
import type { InstallationAccess } from '../../src/facts/links/access.js';
import type { ServerFacts } from '../../src/facts/links/server.js';
import type { LakefsRepository } from '../../src/lakefs/types.js';
import type { Cause, JobContext, JobPayloads, Queues } from '../../src/queue/types.js';
import type { Log } from '../../src/telemetry/log.js';
import { catalogExperimentId } from '../register/catalog.js';
import { describeMoves } from './log.js';
import { queueCommits } from './missing.js';
import { type MissingCommit, type Pass, type Queued, type ReconcileMemory, repositoryKey } from './pass.js';

export interface ReconcileDependencies {
  /** Undefined where no such installation is configured. */
  readonly installation: (
    name: string,
  ) => { readonly access: InstallationAccess; readonly facts: ServerFacts } | undefined;
  readonly queues: Pick<Queues, 'addMany' | 'hasFailed' | 'counts'>;
  readonly memory: ReconcileMemory;
  /** Where people reach us, without a closing slash. */
  readonly publicUrl: string;
  /** Unix ms. */
  readonly now: () => number;
  readonly log: Log;
}

type Payload = JobPayloads['reconcile-repository'];

/** The catalog experiment; undefined where a person has put it away: then this repository pauses, and no other. */
export async function findCatalog(
  there: LakefsRepository,
  { access, facts }: { readonly access: InstallationAccess; readonly facts: ServerFacts },
  payload: Payload,
  { memory, publicUrl, log }: ReconcileDependencies,
): Promise<string | undefined> {
  const { name: installation, catalog, lakefs } = access.settings;
  const { repository } = payload;
  const key = repositoryKey(payload);
  const place = { installation, catalog, repository, lakefsUrl: lakefs.publicUrl, publicUrl };
  try {
    const id = await catalogExperimentId(facts, catalogExperiment(place, there.creation_date));
    if (memory.paused.delete(key)) log.info({ installation, repository }, 'the repository is followed again');
    return id;
  } catch (error) {
    if (!(error instanceof CatalogError) || error.failure.kind !== 'permanent') throw error;
    if (!memory.paused.has(key)) {
      log.warn({ installation, repository, why: error.message }, 'the repository is paused');
    }
    memory.paused.set(key, error.message);
    // What a person changes in the catalog until it is back is not known.
    memory.forget(key);
    return undefined;
  }
}

export async function beginPass(
  found: {
    readonly there: LakefsRepository;
    readonly heads: ReadonlyMap<string, string>;
    readonly experimentId: string;
    readonly known: { readonly access: InstallationAccess; readonly facts: ServerFacts };
  },
  payload: Payload,
  context: JobContext,
  { memory: reconcileMemory, queues, now }: ReconcileDependencies,
): Promise<Pass> {
  const { there, heads, experimentId, known } = found;
  const { mlflow } = known.facts.access;
  const graph = known.facts.sources.lakefs(payload.installation)?.graph;
  if (graph === undefined) throw unknownInstallation(payload);
  const key = repositoryKey(payload);
  const last = reconcileMemory.heads.get(key);
  const before = last?.created === there.creation_date ? last.byBranch : heads;
  const moves = compareHeads(before, heads);
  for (const line of describeMoves(moves)) await context.log(line);
  await context.progress(10);
  const queue = (commits: readonly MissingCommit[], cause: Cause): Promise<Queued> =>
    queueCommits(commits, { payload, queues, context, cause });
  let memory = reconcileMemory.get(key, there.creation_date);
  if (memory === undefined) {
    const { complete, unfinished } = await readCatalogHistory(mlflow, experimentId);
    memory = reconcileMemory.remember(key, there.creation_date, complete);
    if (unfinished.length > 0) {
      const { queued } = await queue(
        unfinished.map((commit) => ({ commit })),
        'reconcile',
      );
      await context.log(`unfinished: ${unfinished.length} entries, ${queued} of them queued`);
    }
  }
  return {
    ...{
      key,
      payload,
      there,
      access: known.access,
      facts: known.facts,
      history: createHistoryWalk(graph, payload.repository, context.signal),
      queues,
      reconcileMemory,
      heads,
      before,
      moves,
      queue,
    },
    ...{ memory, mlflow, experimentId, context, now },
  };
}

export function unknownInstallation({ installation }: Payload): CatalogError {
  return new CatalogError(
    'permanent',
    `no installation "${installation}" is configured: add it to the settings`,
  );
}
