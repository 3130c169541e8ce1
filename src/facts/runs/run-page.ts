import { isTooLarge } from '../../http/error.js';
import { isTooMuch, mayBeTooMuch } from '../../mlflow/api-error.js';
import type { MlflowClients } from '../../mlflow/clients.js';
import type { RunSearch } from '../../mlflow/first-run-info.js';
import type { Run, RunInfo } from '../../mlflow/types.js';
import { type RunPageSize, someOf } from './known-runs.js';

/** A page of several runs may be this long: 500 usual runs are 1 MB. One run alone may have the 200 MB of any answer. */
const maxPageBytes = 32 * 1024 * 1024;

/** Takes what is known of a run that cannot be read. */
export type OnUnread = (run: RunInfo) => void;

export interface RunPageOptions {
  readonly urgent: boolean;
  /**
   * Told of each run whose answer is longer than we read, which is left out. Without it the search fails there: what it
   * finds has to be all there is.
   */
  readonly onTooLarge: OnUnread | undefined;
  /**
   * Told of each run that MLflow did not serve even alone, although it answers other requests. It is left out; the next
   * search may find it readable. Without it the search fails there.
   */
  readonly onFailing?: OnUnread | undefined;
}

export interface RunPage {
  readonly items: readonly Run[];
  readonly token: string | undefined;
  /** Runs that were asked for in the end. */
  readonly asked: number;
}

/**
 * One page of a search. A page that is too large, does not come in time or ends in a 5xx, while MLflow answers other
 * requests, is asked for again with an eighth of its runs, down to one: MLflow takes a minute for some hundred MB of
 * params, and goes on with what nobody waits for. A run that cannot be read by itself is left out.
 *
 * The way past such a run is the token of the place behind it, which we make ourselves: MLflow's tokens are offsets in
 * all its releases. Hosted servers may have others, but limit a run's params so that a single one is never too large.
 */
export async function readRunPage(
  mlflow: MlflowClients,
  search: RunSearch,
  size: RunPageSize,
  { urgent, onTooLarge, onFailing }: RunPageOptions,
): Promise<RunPage> {
  const { experimentIds, filter, view, order } = search;
  let { token } = search;
  for (;;) {
    const asked = size.now();
    try {
      const maxBytes = asked > 1 ? maxPageBytes : undefined;
      const options = { urgent, maxBytes, retry: 'less' } as const;
      const found = await mlflow.runs.searchRuns(experimentIds, filter, view, asked, order, token, options);
      const items = found.runs ?? [];
      size.served(items);
      return { items, token: found.next_page_token, asked };
    } catch (error) {
      const tooLarge = isTooLarge(error);
      // Where the server itself went down with the page, the next search must not ask for as much.
      if (tooLarge || mayBeTooMuch(error)) size.failed(asked);
      if (!tooLarge && !isTooMuch(error)) throw error;
      if (asked > 1) continue;
      const report = tooLarge ? onTooLarge : onFailing;
      const behind = tokenBehind(token);
      if (report === undefined || behind === undefined) throw error;
      const info = await mlflow.firstRunInfo({ ...search, token }, { whole: tooLarge });
      // Nothing is left out without its name.
      if (info === undefined) throw error;
      const alone = tooLarge ? undefined : await readAlone(mlflow, info, { ...search, token }, urgent);
      if (alone !== undefined) return { items: [alone], token: behind, asked };
      report(info);
      token = behind;
    }
  }
}

/** MLflow reads the run behind a page as well: that one may be why it failed. Undefined where it fails at this one. */
async function readAlone(
  mlflow: MlflowClients,
  { run_id: id }: RunInfo,
  { experimentIds, view, order }: RunSearch,
  urgent: boolean,
): Promise<Run | undefined> {
  try {
    const options = { urgent, retry: 'less' } as const;
    const found = await mlflow.runs.searchRuns(
      experimentIds,
      someOf([id]),
      view,
      1,
      order,
      undefined,
      options,
    );
    return found.runs?.[0];
  } catch (error) {
    if (isTooMuch(error) || isTooLarge(error)) return undefined;
    throw error;
  }
}

/** The place of the run behind the first one of a page; undefined where the token is no offset. */
function tokenBehind(token: string | undefined): string | undefined {
  const offset = token === undefined ? 0 : offsetIn(token);
  return offset === undefined ? undefined : toToken(offset + 1);
}

function offsetIn(token: string): number | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
    const offset =
      typeof value === 'object' && value !== null && 'offset' in value ? value.offset : undefined;
    return typeof offset === 'number' && Number.isSafeInteger(offset) ? offset : undefined;
  } catch {
    return undefined;
  }
}

function toToken(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString('base64');
}
