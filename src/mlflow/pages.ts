import type { ExperimentClient } from './experiment-client.js';
import type { ModelVersionClient } from './model-version-client.js';
import type { RunClient } from './run-client.js';
import type { Experiment, ModelVersion, Run, ViewType } from './types.js';

/** Every experiment that the user may see, page by page. MLflow says nothing about those that it hides. */
export async function* allExperiments(
  experiments: Pick<ExperimentClient, 'searchExperiment'>,
  filter?: string,
  viewType?: ViewType,
): AsyncGenerator<Experiment> {
  let token: string | undefined;
  do {
    const found = await experiments.searchExperiment(filter, 1000, token, undefined, viewType);
    yield* found.experiments ?? [];
    token = nextToken(found);
  } while (token !== undefined);
}

export interface AllRunsOptions {
  readonly filter?: string;
  /** Default `ACTIVE_ONLY`. */
  readonly viewType?: ViewType;
  /** Default 1000. */
  readonly pageSize?: number;
  /**
   * Default the start time, oldest first. MLflow's page token is an offset: with its own order, newest first,
   * a run that begins in between would push another one onto the next page, to be seen twice.
   */
  readonly orderBy?: readonly string[];
}

/**
 * Every run of the experiments that the filter keeps, page by page. A run may come twice, or be missed, where
 * others are deleted or restored meanwhile. No experiments: no runs, and nothing is asked.
 */
export async function* allRuns(
  runs: Pick<RunClient, 'searchRuns'>,
  experimentIds: readonly string[],
  options: AllRunsOptions = {},
): AsyncGenerator<Run> {
  if (experimentIds.length === 0) return;
  const { filter, viewType, pageSize = 1000, orderBy = ['attributes.start_time ASC'] } = options;
  let token: string | undefined;
  do {
    const found = await runs.searchRuns(experimentIds, filter, viewType, pageSize, orderBy, token);
    yield* found.runs ?? [];
    token = nextToken(found);
  } while (token !== undefined);
}

/** Every model version that the filter keeps, page by page. */
export async function* allModelVersions(
  versions: Pick<ModelVersionClient, 'searchModelVersionsPage'>,
  filter?: string,
): AsyncGenerator<ModelVersion> {
  let token: string | undefined;
  do {
    const found = await versions.searchModelVersionsPage(filter, 1000, undefined, token);
    yield* found.model_versions ?? [];
    token = nextToken(found);
  } while (token !== undefined);
}

/** Some releases send an empty token with the last page. */
function nextToken({ next_page_token: token }: { readonly next_page_token?: string }): string | undefined {
  return token === '' ? undefined : token;
}
