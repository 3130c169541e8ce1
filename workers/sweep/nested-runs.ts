import { mlflowTag, whereTag } from '../../src/contract/tags.js';

import type { ServerFacts } from '../../src/facts/links/server.js';
import type { ExperimentEntry } from '../../src/facts/runs/experiments.js';
import { leftOut, type RunPagesOptions, runPages } from '../../src/facts/runs/run-pages.js';
import { viewOf } from '../../src/facts/runs/run-view.js';
import type { Run } from '../../src/mlflow/types.js';

/**
 * Remembers those runs of a page that others are nested in, so that nobody reads them again, and answers with the ids
 * of those whose children must be checked, because they declare something else by now. Asks nothing.
 */
export function changedParents(page: readonly Run[], { sources }: ServerFacts): readonly string[] {
  const { ancestors } = sources;
  const parents = new Set(
    page.map(({ data }) => data?.tags?.find(({ key }) => key === mlflowTag.parent)?.value),
  );
  return page
    .filter(({ info }) => parents.has(info.run_id) || ancestors.isParent(info.run_id))
    .filter((run) => ancestors.remember(viewOf(run)))
    .map(({ info }) => info.run_id);
}

/**
 * The runs that are nested in others, and those nested in these, by pages. Costs a search per run that has children.
 *
 * @param experiments ids of those whose runs are wanted
 */
export async function* nestedRuns(
  parents: readonly string[],
  experiments: readonly string[],
  { access, sources, heavy }: ServerFacts,
  unread: Pick<RunPagesOptions, 'onTooLarge' | 'onFailing' | 'onRefused'> = {
    onTooLarge: leftOut,
    onRefused: leftOut,
  },
): AsyncGenerator<readonly Run[]> {
  const seen = new Set(parents);
  const waiting = [...parents];
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    const filter = whereTag(mlflowTag.parent, id);
    for await (const page of runPages(access.mlflow, experiments, filter, { ...unread, heavy })) {
      yield page;
      for (const { info } of page) {
        if (!sources.ancestors.isParent(info.run_id) || seen.has(info.run_id)) continue;
        seen.add(info.run_id);
        waiting.push(info.run_id);
      }
    }
  }
}

/** True where the runs of the experiment may be tagged by an installation of the server. */
export function isWatched(entry: ExperimentEntry, { access }: ServerFacts): boolean {
  if (!entry.active || entry.catalog || entry.ignored) return false;
  return access.installations.matching({ experiment: entry.name }).all.length > 0;
}
