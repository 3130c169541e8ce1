import type { RunView } from '../../contract/run.js';
import { HttpError, isTooLarge } from '../../http/error.js';
import { isTooMuch } from '../../mlflow/api-error.js';
import type { MlflowClients } from '../../mlflow/clients.js';
import { isRefusedExperiment, isTooManyExperiments } from '../../mlflow/search-refusals.js';
import type { Run } from '../../mlflow/types.js';
import { createBatcher } from '../common/batcher.js';
import { createCache } from '../common/cache.js';
import { isEnd } from '../common/pages.js';
import { eachGroup } from './experiment-groups.js';
import { createRunPageSize, type HeavyRuns, type RunPageSize } from './known-runs.js';
import { readRunPage } from './run-page.js';

/** Tells whether a dataset's source can be another run's: MLflow keeps the first writer's for all. */
export interface DatasetWriters {
  /** True where no other run with that dataset name and digest, deleted ones included, started before this one ended. */
  isSole(run: RunView, dataset: { readonly name: string; readonly digest: string }): Promise<boolean>;
}

interface Writer {
  readonly run: string;
  readonly startTime: number;
}

const keepMs = 20_000;
/** Two writers stay two: later ones cannot make either the only one. */
const keepTwoMs = 3_600_000;
/** Of a run that has ended nothing changes any more: a check of every run each day asks no more than once. */
const keepSoleMs = 7 * 24 * 3_600_000;

/** Pages of this size, earliest start first: the first other run decides. */
const pageSize = 100;
/** Datasets in one search. A search takes MLflow 0.1 to 5 s among 200,000 runs, for one dataset or for many. */
const maxBatch = 50;

interface Asked {
  /** The experiments that share their dataset rows with that of the run. */
  readonly experiments: readonly string[];
  readonly name: string;
  readonly digest: string;
}

/** By name and digest; undefined where the server cannot say. */
type Writers = readonly Writer[] | undefined;

export function createDatasetWriters(
  mlflow: MlflowClients,
  /** The experiments that share their dataset rows with this one: before MLflow 3.10, all of the server. */
  sharing: (experimentId: string) => Promise<readonly string[]>,
  heavy: HeavyRuns,
  now: () => number,
): DatasetWriters {
  const cache = createCache<Writers>({
    size: 5_000,
    ttlMs: (writers) => (writers?.length === 2 ? keepTwoMs : keepMs),
    now,
  });
  const sole = createCache<boolean>({
    size: 50_000,
    ttlMs: (answer) => (answer ? keepSoleMs : 0),
    now,
  });
  const read = createBatcher<Asked, Writers>(
    (batch) => {
      const [first, ...others] = batch;
      if (first !== undefined && others.length === 0) return [earliest(first)];
      const found = together(batch);
      return batch.map(async (asked) => (await found).get(keyOf(asked)) ?? earliest(asked));
    },
    { maxBatch },
  );

  /** The two earliest writers: one of them is not the run in question. */
  async function earliest(asked: Asked): Promise<Writers> {
    if (/['"\\]/.test(asked.digest)) return undefined;
    const groups = await ofGroups(asked.experiments, (group) => earliestIn(group, asked));
    return groups === undefined ? undefined : earliestTwo(groups);
  }

  async function earliestIn(experiments: readonly string[], { name, digest }: Asked): Promise<Writers> {
    const found: Writer[] = [];
    const size = createRunPageSize(pageSize, pageSize, heavy);
    let token: string | undefined;
    do {
      const page = await searchOrRefused(experiments, `dataset.digest = '${digest}'`, token, size);
      if (page === undefined) return undefined;
      for (const run of page.items) {
        if (!hasLogged(run, name, digest)) continue;
        found.push(writerOf(run));
        if (found.length === 2) return found;
      }
      token = page.token;
    } while (!isEnd(token));
    return found;
  }

  /** The same for many datasets; what it does not tell has to be asked one by one. */
  async function together(batch: readonly Asked[]): Promise<ReadonlyMap<string, Writers>> {
    const groups = new Map<string, Asked[]>();
    for (const asked of batch) {
      if (!fitsList(asked.digest)) continue;
      const group = asked.experiments.join();
      groups.set(group, [...(groups.get(group) ?? []), asked]);
    }
    const found = new Map<string, Writers>();
    for (const group of groups.values()) await addTogether(group, found);
    return found;
  }

  /** A page may be full of the runs of one dataset: that one is known then, and the others are asked for again. */
  async function addTogether(batch: readonly Asked[], found: Map<string, Writers>): Promise<void> {
    const groups = await ofGroups(batch[0]?.experiments ?? [], (group) => togetherIn(group, batch));
    for (const key of groups === undefined ? [] : batch.map(keyOf)) {
      const writers = earliestTwo(groups?.map((known) => known.get(key)) ?? []);
      if (writers !== undefined) found.set(key, writers);
    }
  }

  async function togetherIn(
    experiments: readonly string[],
    batch: readonly Asked[],
  ): Promise<ReadonlyMap<string, Writers>> {
    const found = new Map<string, Writers>();
    let left = batch;
    while (left.length > 1) {
      const list = [...new Set(left.map(({ digest }) => `'${digest}'`))].join(',');
      const size = createRunPageSize(pageSize, pageSize, heavy);
      const page = await searchOrRefused(experiments, `dataset.digest IN (${list})`, undefined, size);
      if (page === undefined) return found;
      const writers = left.map((asked) => ({
        asked,
        two: page.items.filter((run) => hasLogged(run, asked.name, asked.digest)).slice(0, 2),
      }));
      const all = isEnd(page.token);
      const known = writers.filter(({ two }) => all || two.length === 2);
      for (const { asked, two } of known) found.set(keyOf(asked), two.map(writerOf));
      if (all || known.length === 0) return found;
      left = writers.filter((entry) => !known.includes(entry)).map(({ asked }) => asked);
    }
    return found;
  }

  /** Undefined where MLflow does not let us search one of the experiments: the writer may be in that one. */
  async function ofGroups<T>(
    experiments: readonly string[],
    read: (group: readonly string[]) => Promise<T>,
  ): Promise<readonly T[] | undefined> {
    const found: T[] = [];
    let all = true;
    const onRefused = (): void => {
      all = false;
    };
    for await (const answer of eachGroup(mlflow, experiments, read, onRefused)) found.push(answer);
    return all ? found : undefined;
  }

  /** Some hosted servers know no `dataset.` filter and refuse it: then nothing is claimed, nor by a run that cannot be read. */
  async function searchOrRefused(
    experimentIds: readonly string[],
    filter: string,
    token: string | undefined,
    size: RunPageSize,
  ) {
    try {
      const order = ['attributes.start_time ASC'];
      const search = { experimentIds, filter, view: 'ALL', order, token } as const;
      return await readRunPage(mlflow, search, size, { urgent: false, onTooLarge: undefined });
    } catch (error) {
      if (isTooLarge(error) || isTooMuch(error)) return undefined;
      if (isTooManyExperiments(error) || isRefusedExperiment(error)) throw error;
      if (error instanceof HttpError && error.status === 400) return undefined;
      throw error;
    }
  }

  async function check(run: RunView, name: string, digest: string): Promise<boolean> {
    const key = JSON.stringify([run.experimentId, name, digest]);
    const writers = await cache.get(key, async () =>
      read({ experiments: await sharing(run.experimentId), name, digest }),
    );
    // A search that does not show the run itself has not seen all there is: an experiment may be new.
    if (writers === undefined || !writers.some((writer) => writer.run === run.id)) return false;
    const end = run.terminal && run.endTime !== undefined ? run.endTime : Number.POSITIVE_INFINITY;
    return writers.every((writer) => writer.run === run.id || writer.startTime > end);
  }

  return {
    isSole: (run, { name, digest }) =>
      run.terminal
        ? sole.get(JSON.stringify([run.id, run.endTime, name, digest]), () => check(run, name, digest))
        : check(run, name, digest),
  };
}

/** MLflow drops each value of a list for which Python's `islower` is false: capitals, or no letter at all. */
function fitsList(digest: string): boolean {
  return /^[0-9a-z]+$/.test(digest) && /[a-z]/.test(digest);
}

function keyOf({ experiments, name, digest }: Asked): string {
  return JSON.stringify([experiments, name, digest]);
}

function hasLogged({ inputs }: Run, name: string, digest: string): boolean {
  return (inputs?.dataset_inputs ?? []).some(
    ({ dataset }) => dataset.name === name && dataset.digest === digest,
  );
}

/** Of all groups of experiments; undefined where one of them cannot be read. */
function earliestTwo(groups: readonly Writers[]): Writers {
  const known = groups.filter((writers) => writers !== undefined);
  if (known.length < groups.length) return undefined;
  return known
    .flat()
    .sort((a, b) => a.startTime - b.startTime)
    .slice(0, 2);
}

function writerOf({ info }: Run): Writer {
  return { run: info.run_id, startTime: info.start_time ?? 0 };
}
