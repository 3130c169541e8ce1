import type { KeyValue, Metric } from './types.js';

/** MLflow's limits for one log-batch, and for everything in it together. */
const limits = { tags: 100, params: 100, all: 1000 };

export interface Batch {
  readonly metrics: readonly Metric[];
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
}

/**
 * The pairs with each key once, the last value at the place of the first. One key twice in a request is a
 * `BAD_REQUEST` that looks like a race and never passes.
 */
export function lastOfEach(pairs: readonly KeyValue[]): KeyValue[] {
  return [...new Map(pairs.map((pair) => [pair.key, pair])).values()];
}

/** Splits what is to be logged into requests that MLflow takes; at least one, even if empty. */
export function toBatches({ metrics, params, tags }: Batch): Batch[] {
  const left = { metrics: [...metrics], params: lastOfEach(params), tags: lastOfEach(tags) };
  const batches: Batch[] = [];
  do {
    const someTags = left.tags.splice(0, limits.tags);
    const someParams = left.params.splice(0, limits.params);
    const room = limits.all - someTags.length - someParams.length;
    batches.push({ tags: someTags, params: someParams, metrics: left.metrics.splice(0, room) });
  } while (left.metrics.length + left.params.length + left.tags.length > 0);
  return batches;
}
