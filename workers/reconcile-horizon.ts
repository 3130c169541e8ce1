import { horizonTag } from '../src/domain/catalog-experiment.js';
import { goneCommits, registeredCommits } from '../src/facts/catalog-history.js';
import { createHistory } from '../src/facts/history.js';
import type { Pass } from './reconcile-pass.js';
import { horizonLine } from './reconcile-story.js';

/**
 * The heads at which the horizon is being drawn; empty once it is. On the first look at a repository these are all
 * heads: they stay the same, however the branches move, until each of them has its entry.
 */
export async function horizonOf(pass: Pass): Promise<ReadonlySet<string>> {
  const { memory, reconcileMemory, key, there, heads, mlflow, experimentId, context, payload } = pass;
  if (memory.drawn) return new Set();
  const { tags = [] } = await mlflow.experiments.getExperiment(experimentId);
  memory.drawn = tags.some(({ key, value }) => key === horizonTag && value === String(there.creation_date));
  if (memory.drawn) return new Set();
  const known = reconcileMemory.horizons.get(key);
  if (known?.created === there.creation_date) return known.heads;
  // A process before us may have been drawing it, and events may have come in: what is above an entry is new.
  const registered = await registeredCommits(mlflow, experimentId);
  const history = createHistory(pass.access.lakefs, payload.repository, context.signal);
  const edge = new Set<string>();
  for (const head of new Set(heads.values())) {
    const isRegistered = (commit: string): boolean => registered.has(commit);
    const near = registered.size === 0 ? undefined : await history.nearest(head, isRegistered);
    edge.add(near ?? head);
  }
  reconcileMemory.horizons.set(key, { created: there.creation_date, heads: edge });
  await context.log(horizonLine(payload.repository, edge.size));
  // The catalog may know an earlier repository of this name; what this one holds of it (a restored one) is not gone.
  const gone = await goneCommits(mlflow, experimentId);
  await pass.queue(
    gone.map((commit) => ({ commit })),
    'backfill',
  );
  return edge;
}

/** Draws it, once each of its heads has an entry. */
export async function concludeHorizon(horizon: ReadonlySet<string>, pass: Pass): Promise<void> {
  const { memory, mlflow, experimentId, there, reconcileMemory, key, context } = pass;
  if (![...horizon].every((head) => memory.complete.has(head) || memory.settled.has(head))) return;
  await mlflow.experiments.setExperimentTag(experimentId, horizonTag, String(there.creation_date));
  memory.drawn = true;
  reconcileMemory.horizons.delete(key);
  await context.log('every branch head is registered: from here on nothing is missed');
}
