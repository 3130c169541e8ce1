import { runPages } from '../../../src/facts/runs/run-pages.js';
import type { MlflowClients } from '../../../src/mlflow/clients.js';
import type { World } from './world.js';

export type TagsByRun = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The tags of every run of the cases, deleted runs included. */
export async function readTags(
  mlflow: MlflowClients,
  played: readonly { readonly world: World }[],
): Promise<TagsByRun> {
  const experiments = played.flatMap(({ world }) => [...world.experiments.values()]);
  const found = new Map<string, ReadonlyMap<string, string>>();
  for await (const page of runPages(mlflow, experiments, '', { view: 'ALL' })) {
    for (const { info, data } of page) {
      found.set(info.run_id, new Map((data.tags ?? []).map(({ key, value }) => [key, value])));
    }
  }
  return found;
}
