import { tagsOf } from '../../src/contract/links-tag.js';
import { edgePieces, horizonSeal, readHorizon, type StoredHorizon } from '../../src/domain/sync/horizon.js';
import { goneCommits } from '../../src/facts/catalog/history.js';
import { horizonLine, tornLine } from './log.js';
import { distinctHeads, type Pass } from './pass.js';

/**
 * The edge of the horizon: the branch heads of the first check, in the order in which they were stored. Empty for a
 * catalog whose edge was never stored: there only the marks tell where it is.
 *
 * The first check stores it in MLflow before it queues or marks anything, and every later one reads it back. It is never
 * derived from what is registered: after a restart that may be a commit above one whose event was lost.
 *
 * Two processes may draw at once. Both listed the heads before either stored a piece, so whatever mixture of the two
 * stays, no commit made after the first piece was stored is below it.
 */
export async function horizonOf(pass: Pass): Promise<ReadonlySet<string>> {
  const { memory, mlflow, experimentId, heads } = pass;
  if (memory.edge !== undefined) return memory.edge;
  // Until there is a branch to follow there is nothing to follow it from.
  if (heads.size === 0) return new Set();
  const { tags = [] } = await mlflow.experiments.getExperiment(experimentId);
  const stored = readHorizon(tagsOf(tags), memory.created);
  memory.edge = new Set(stored.sealed ? stored.edge : await draw(stored, pass));
  pass.reconcileMemory.drawing.delete(pass.key);
  return memory.edge;
}

/** Stores the edge. What an earlier try of this process wanted to store is older than anything stored, so it counts. */
async function draw(stored: StoredHorizon, pass: Pass): Promise<readonly string[]> {
  const { key, memory, reconcileMemory, mlflow, experimentId, payload, context } = pass;
  const { created } = memory;
  const begun = reconcileMemory.drawing.get(key);
  const mine = begun?.created === created ? begun.edge : undefined;
  const isTorn = mine === undefined && stored.edge.length > 0;
  const edge = mine ?? (isTorn ? stored.edge : distinctHeads(pass).map(({ head }) => head));
  if (!isTorn) {
    reconcileMemory.drawing.set(key, { created, edge });
    await storeEdge(edge, pass);
  }
  await context.log(isTorn ? tornLine(edge.length) : horizonLine(payload.repository, edge.length));
  // The catalog may know an earlier repository of this name; what this one holds of it (a restored one) is not gone.
  const gone = await goneCommits(mlflow, experimentId);
  await pass.queue(
    gone.map((commit) => ({ commit })),
    'backfill',
  );
  await mlflow.experiments.setExperimentTag(experimentId, ...horizonSeal(created));
  return edge;
}

/** A part of an edge is safe to go on from, so nothing has to be undone where this is cut off. */
export async function storeEdge(
  edge: readonly string[],
  { memory, mlflow, experimentId, context }: Pass,
): Promise<void> {
  for (const [name, value] of edgePieces(edge, memory.created)) {
    context.signal.throwIfAborted();
    await mlflow.experiments.setExperimentTag(experimentId, name, value);
  }
}
