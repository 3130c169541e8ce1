import { property, readRunInfo } from './answers.js';
import { ApiError } from './api-error.js';
import type { MlflowConnection } from './connection.js';
import type { RunInfo, ViewType } from './types.js';

/** What `runs/search` is asked, without the size of a page. */
export interface RunSearch {
  readonly experimentIds: readonly string[];
  readonly filter: string;
  readonly view: ViewType;
  /** Undefined: the newest first, which shifts as runs begin. */
  readonly order: readonly string[] | undefined;
  readonly token: string | undefined;
}

export interface FirstRunOptions {
  /** Whether MLflow can make the whole answer, only that it is longer than we read. */
  readonly whole: boolean;
}

/**
 * Tells which run cannot be read. MLflow's GraphQL sends a run's info alone: for a run of 120 MB it takes 3 s, the whole
 * answer 14 s. Where there is none, the beginning of the whole answer holds the info, which comes before params and
 * tags. Undefined where neither tells.
 */
export async function readFirstRunInfo(
  connection: MlflowConnection,
  search: RunSearch,
  { whole }: FirstRunOptions,
): Promise<RunInfo | undefined> {
  const info = await infoAlone(connection, search);
  return info === undefined && whole ? infoInBeginning(connection, search) : info;
}

const infoQuery = `query FirstRun($search: MlflowSearchRunsInput!) {
  mlflowSearchRuns(input: $search) {
    runs { info { runId runName experimentId status startTime endTime lifecycleStage } }
  }
}`;

async function infoAlone(connection: MlflowConnection, search: RunSearch): Promise<RunInfo | undefined> {
  const { experimentIds, filter, view, order, token } = search;
  // MLflow's GraphQL fails at every `runViewType`, and without one leaves out deleted runs: the place would be another.
  if (view !== 'ACTIVE_ONLY') return undefined;
  const input = { experimentIds, filter, maxResults: 1, orderBy: order, pageToken: token };
  try {
    const data = await connection.graphql(infoQuery, { search: input }, 'asking which run cannot be read');
    const runs = property(property(data, 'mlflowSearchRuns'), 'runs');
    return toInfo(property(Array.isArray(runs) ? runs[0] : undefined, 'info'));
  } catch (error) {
    // A hosted server has no such page; how it says so differs.
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** GraphQL names fields otherwise, and sends times as texts. */
function toInfo(found: unknown): RunInfo | undefined {
  const info = {
    run_id: property(found, 'runId'),
    run_name: property(found, 'runName') ?? undefined,
    experiment_id: property(found, 'experimentId'),
    status: property(found, 'status'),
    start_time: property(found, 'startTime') ?? 0,
    end_time: property(found, 'endTime') ?? 0,
    lifecycle_stage: property(found, 'lifecycleStage'),
  };
  return readRunInfo(info);
}

async function infoInBeginning(
  connection: MlflowConnection,
  { experimentIds, filter, view, order, token }: RunSearch,
): Promise<RunInfo | undefined> {
  const text = await connection.beginning({
    method: 'POST',
    endpoint: 'runs/search',
    body: {
      ...{ experiment_ids: experimentIds, filter, run_view_type: view, order_by: order },
      ...{ max_results: 1, page_token: token },
    },
    retry: 'less',
    purpose: 'reading the beginning of a run',
  });
  return infoIn(text);
}

function infoIn(text: string): RunInfo | undefined {
  const start = text.indexOf('{', text.indexOf('"info"'));
  // A name may hold a brace: so the end is the first one behind which all is JSON.
  for (let end = text.indexOf('}', start), tried = 0; end >= 0 && tried < maxTried; tried += 1) {
    const info = parse(text.slice(start, end + 1));
    if (info !== undefined) return readRunInfo(info);
    end = text.indexOf('}', end + 1);
  }
  return undefined;
}

/** Braces in the texts of an info. */
const maxTried = 20;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
