import { madeByTag, runsInTag } from '../src/domain/catalog/entry.js';
import { catalogName } from '../src/domain/catalog/experiment.js';
import { producedTag } from '../src/domain/links/produced.js';
import { inTurn, type Pages } from '../src/facts/common/pages.js';
import type { ServerFacts } from '../src/facts/links/server.js';
import { leftOut, listRuns } from '../src/facts/runs/run-pages.js';
import { readIfAllowed } from '../src/facts/runs/run-reader.js';
import { viewOf } from '../src/facts/runs/run-view.js';
import type { Run } from '../src/mlflow/types.js';
import type { NewJob } from '../src/queue/types.js';
import type { SweepModelsDependencies } from './sweep-models.js';

/** The catalog runs of commits that name the runs which made them, in pages; usually none. */
export function madeCommits({ access, experiments }: ServerFacts): Pages<Run> {
  return inTurn([
    async () => {
      const catalogs = (await experiments.all()).filter(({ catalog, active }) => catalog && active);
      const ids = catalogs.map(({ id }) => id);
      // A catalog run that is too large is told by the lap over all runs.
      return listRuns(access.mlflow, ids, `tags.\`${madeByTag}\` != ''`, {
        onTooLarge: leftOut,
        onRefused: leftOut,
      });
    },
  ]);
}

/**
 * Queues the runs that made those commits and do not say so: a job that told them may have been lost with the queue.
 * Costs a request per hundred runs. Answers with the number of jobs.
 */
export async function lookAtMade(
  server: string,
  catalogRuns: readonly Run[],
  { facts, reader, queues }: SweepModelsDependencies,
): Promise<number> {
  const wanted = catalogRuns.flatMap((run) => {
    const { experimentId, tags } = viewOf(run);
    return runsInTag(tags).map((id) => ({ id, experimentId, tags }));
  });
  const jobs = await Promise.all(
    wanted.map(async ({ id, experimentId, tags }): Promise<readonly NewJob<'link-run'>[]> => {
      const repository = tags.get('lakefs_repo') ?? '';
      const commit = tags.get('lakefs_commit') ?? '';
      const installation = await installationOf(experimentId, repository, facts);
      const run = await readIfAllowed(reader, id);
      if (run === undefined || installation === undefined) return [];
      if (viewOf(run).tags.get(producedTag({ repository, commit })) === commit) return [];
      const produced = { installation, repository, commit };
      return [{ name: 'link-run', payload: { v: 1, server, run: id, produced }, cause: 'sweep' }];
    }),
  );
  const due = jobs.flat();
  if (due.length > 0) await queues.addMany(due);
  return due.length;
}

/** Which installation a catalog experiment belongs to, by its name. */
async function installationOf(
  experimentId: string,
  repository: string,
  { access, experiments }: ServerFacts,
): Promise<string | undefined> {
  const entry = await experiments.get(experimentId);
  return access.installations.find(
    ({ settings: { name, catalog } }) =>
      entry?.name === catalogName({ installation: name, catalog, repository }),
  )?.settings.name;
}
