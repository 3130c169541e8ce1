import { guideTag, producedTag } from '../../src/contract/tags.js';
import { madeByTag, runsInTag } from '../../src/domain/catalog/entry.js';

import { inTurn, type Pages } from '../../src/facts/common/pages.js';
import type { ServerFacts } from '../../src/facts/links/server.js';
import { leftOut, listRuns } from '../../src/facts/runs/run-pages.js';
import { readIfAllowed } from '../../src/facts/runs/run-reader.js';
import { viewOf } from '../../src/facts/runs/run-view.js';
import type { ModelVersion, Run } from '../../src/mlflow/types.js';
import type { JobContext, NewJob } from '../../src/queue/types.js';
import type { Resync } from './full-resync.js';
import { queueUntaggedVersions, scanNewVersions, type VersionScanDependencies } from './models.js';

/** What a sweep finds besides runs that lack links. */
export interface OtherFindings {
  /** Jobs that were queued. */
  readonly queued: number;
  /** Unix ms: the watermark stays below. */
  readonly unsettled: readonly number[];
  /** Why parts of it could not be checked, in words. */
  readonly troubles: readonly string[];
}

export interface OtherScansDependencies extends Omit<VersionScanDependencies, 'signal'> {
  readonly models: Resync<ModelVersion>;
  readonly produced: Resync<Run>;
  readonly context: Pick<JobContext, 'log' | 'signal'>;
}

/**
 * Finds models, and runs that produced commits, that lack tags. An error is logged and stops neither the other parts
 * nor the sweep of the runs: a model that cannot be checked must not keep runs from their links.
 */
export interface OtherScans {
  /** Model versions that were created since; Unix ms, as of the runs. */
  newModels(since: number): Promise<void>;
  /** A page of each full resync over what is older. */
  resyncs(): Promise<void>;
  /** What they have found so far. */
  found(): OtherFindings;
}

export function createOtherScans(
  server: string,
  { models, produced, context, ...rest }: OtherScansDependencies,
): OtherScans {
  const dependencies = { ...rest, signal: context.signal };
  const unsettled: number[] = [];
  const troubles: string[] = [];
  let queued = 0;
  const say = async (text: string): Promise<void> => context.log(text);

  async function part(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (context.signal.aborted) throw error;
      const said = error instanceof Error ? error.message : String(error);
      troubles.push(`${what}: ${said}`);
      await say(`could not check ${what}: ${said}`);
      return false;
    }
  }

  return {
    newModels: async (since) => {
      if (!tagsAnyModel(dependencies)) return;
      const checked = await part('new model versions', async () => {
        const found = await scanNewVersions(server, since, dependencies);
        queued += found.queued;
        unsettled.push(...found.unsettled);
      });
      // What was not checked is checked again: the watermark stays where it is.
      if (!checked) unsettled.push(since);
    },
    resyncs: async () => {
      if (tagsAnyModel(dependencies)) {
        await part('older model versions', () =>
          models.step(async (page) => {
            queued += (await queueUntaggedVersions(server, page, dependencies)).queued;
          }, say),
        );
      }
      await part('runs that produced commits', () =>
        produced.step(async (page) => {
          queued += await queueProducers(server, page, dependencies);
        }, say),
      );
    },
    found: () => ({ queued, unsettled, troubles }),
  };
}

function tagsAnyModel({ facts }: Pick<VersionScanDependencies, 'facts'>): boolean {
  return facts.access.installations.tagsModels();
}

/** The catalog runs of commits that name the runs that produced them, in pages; usually none. */
export function producedCommits({ access, experiments }: ServerFacts): Pages<Run> {
  return inTurn([
    async () => {
      const catalogs = (await experiments.all()).filter(({ catalog, active }) => catalog && active);
      const ids = catalogs.map(({ id }) => id);
      // A catalog run that is too large is reported by the full resync of all runs.
      return listRuns(access.mlflow, ids, `tags.\`${madeByTag}\` != ''`, {
        onTooLarge: leftOut,
        onRefused: leftOut,
      });
    },
  ]);
}

/**
 * Queues the runs that produced those commits and are not tagged so: their job may have been lost with the queue.
 * Costs a request per hundred runs. Answers with the number of jobs.
 */
async function queueProducers(
  server: string,
  catalogRuns: readonly Run[],
  { facts, reader, queues }: VersionScanDependencies,
): Promise<number> {
  const wanted = catalogRuns.flatMap((run) => {
    const { experimentId, tags } = viewOf(run);
    return runsInTag(tags).map((id) => ({ id, experimentId, tags }));
  });
  const jobs = await Promise.all(
    wanted.map(async ({ id, experimentId, tags }): Promise<readonly NewJob<'link-run'>[]> => {
      const repository = tags.get(guideTag.repo) ?? '';
      const commit = tags.get(guideTag.commit) ?? '';
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
  return access.installations.ofCatalog(entry?.name, repository)?.settings.name;
}
