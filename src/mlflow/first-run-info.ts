import { isRunInfo } from './answers.js';
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

/**
 * Tells which run is too large to be read: MLflow writes a run's info, which is short, before its params and tags, so
 * the beginning of the answer holds it. Undefined where it does not.
 */
export async function readFirstRunInfo(
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
    purpose: 'reading the beginning of a run',
  });
  return infoIn(text);
}

function infoIn(text: string): RunInfo | undefined {
  const start = text.indexOf('{', text.indexOf('"info"'));
  // A name may hold a brace: so the end is the first one behind which all is JSON.
  for (let end = text.indexOf('}', start), tried = 0; end >= 0 && tried < maxTried; tried += 1) {
    const info = parse(text.slice(start, end + 1));
    if (info !== undefined) return isRunInfo(info) ? info : undefined;
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
