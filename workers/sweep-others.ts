import type { ModelVersion, Run } from '../src/mlflow/types.js';
import type { JobContext } from '../src/queue/types.js';
import type { Lap } from './full-resync.js';
import { lookAtVersions, type SweepModelsDependencies, sweepModels } from './sweep-models.js';
import { lookAtMade } from './sweep-produced.js';

/** What a sweep finds besides runs that lack links. */
export interface OtherSweep {
  /** Jobs that were queued. */
  readonly queued: number;
  /** Unix ms: the watermark stays below. */
  readonly unsettled: readonly number[];
  /** Why parts of it could not be looked at, in words. */
  readonly troubles: readonly string[];
}

export interface SweepOthersDependencies extends Omit<SweepModelsDependencies, 'signal'> {
  readonly models: Lap<ModelVersion>;
  readonly made: Lap<Run>;
  readonly context: Pick<JobContext, 'log' | 'signal'>;
}

/**
 * Looks for models, and for runs that made commits, that lack tags. An error is told and stops neither the other parts
 * nor the sweep of the runs: a model that cannot be looked at must not keep runs from their links.
 */
export interface OtherSweeps {
  /** Model versions that were made since; Unix ms, as of the runs. */
  newModels(since: number): Promise<void>;
  /** A page of each of the slow laps over what is older. */
  laps(): Promise<void>;
  /** What they have found so far. */
  found(): OtherSweep;
}

export function createOtherSweeps(
  server: string,
  { models, made, context, ...rest }: SweepOthersDependencies,
): OtherSweeps {
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
      await say(`could not look at ${what}: ${said}`);
      return false;
    }
  }

  return {
    newModels: async (since) => {
      if (!tagsAnyModel(dependencies)) return;
      const looked = await part('new model versions', async () => {
        const found = await sweepModels(server, since, dependencies);
        queued += found.queued;
        unsettled.push(...found.unsettled);
      });
      // What was not looked at is looked at again: the watermark stays where it is.
      if (!looked) unsettled.push(since);
    },
    laps: async () => {
      if (tagsAnyModel(dependencies)) {
        await part('older model versions', () =>
          models.step(async (page) => {
            queued += (await lookAtVersions(server, page, dependencies)).queued;
          }, say),
        );
      }
      await part('runs that made commits', () =>
        made.step(async (page) => {
          queued += await lookAtMade(server, page, dependencies);
        }, say),
      );
    },
    found: () => ({ queued, unsettled, troubles }),
  };
}

function tagsAnyModel({ facts }: Pick<SweepModelsDependencies, 'facts'>): boolean {
  return facts.access.installations.some(({ settings }) => settings.tagModels && settings.mode === 'write');
}
