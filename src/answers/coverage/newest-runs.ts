import type { OnUnread } from '../../facts/run-page.js';
import { runPages } from '../../facts/run-pages.js';
import type { MlflowClients } from '../../mlflow/clients.js';
import type { Run } from '../../mlflow/types.js';

/** As `runPages` reads them in one search. */
const experimentsPerSearch = 500;

const pageSize = 500;

/** The newest runs that are to be kept, each once. Holds `limit` runs of every 500 experiments until all are compared. */
export async function* newestRuns(
  mlflow: MlflowClients,
  experiments: readonly string[],
  filter: string,
  {
    limit,
    keep,
    onTooLarge,
  }: { readonly limit: number; readonly keep: (run: Run) => boolean; readonly onTooLarge: OnUnread },
): AsyncGenerator<readonly Run[]> {
  const found = new Map<string, Run>();
  const options = { order: 'attributes.start_time DESC', onTooLarge, onFailing: onTooLarge };
  for (let start = 0; start < experiments.length; start += experimentsPerSearch) {
    const ids = experiments.slice(start, start + experimentsPerSearch);
    const before = found.size;
    for await (const page of runPages(mlflow, ids, filter, options)) {
      const room = limit - (found.size - before);
      for (const run of page.filter(keep).slice(0, room)) found.set(run.info.run_id, run);
      if (found.size - before >= limit) break;
    }
  }
  const newest = [...found.values()]
    .sort((a, b) => (b.info.start_time ?? 0) - (a.info.start_time ?? 0))
    .slice(0, limit);
  for (let start = 0; start < newest.length; start += pageSize) yield newest.slice(start, start + pageSize);
}
