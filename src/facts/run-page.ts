import { isTooLarge, isTooMuch } from '../mlflow/api-error.js';
import type { MlflowClients } from '../mlflow/clients.js';
import type { RunSearch } from '../mlflow/first-run-info.js';
import type { Run, RunInfo } from '../mlflow/types.js';
import type { PageSize } from './page-size.js';

/** A page of several runs may be this long: 500 usual runs are 1 MB. One run alone may have the 200 MB of any answer. */
const maxPageBytes = 64 * 1024 * 1024;

/** Takes what is known of a run whose answer is longer than we read. */
export type OnTooLarge = (run: RunInfo) => void;

export interface RunPageOptions {
  readonly urgent: boolean;
  /** Told of each run that is left out. Without it the search fails there: what it finds has to be all there is. */
  readonly onTooLarge: OnTooLarge | undefined;
}

/**
 * One page of a search. A page that is too large is asked for again with half as many runs, down to one; a run that is
 * too large by itself is left out. A page that does not come in time or ends in a 5xx, while MLflow answers other requests,
 * is asked for again with an eighth: MLflow takes a minute for some hundred MB of params, and goes on with what nobody
 * waits for.
 *
 * The way past such a run is the token of the place behind it, which we make ourselves: MLflow's tokens are offsets in
 * all its releases. Hosted servers may have others, but limit a run's params so that a single one is never too large.
 */
export async function readRunPage(
  mlflow: MlflowClients,
  search: RunSearch,
  size: PageSize,
  { urgent, onTooLarge }: RunPageOptions,
): Promise<{ readonly items: readonly Run[]; readonly token: string | undefined }> {
  const { experimentIds, filter, view, order } = search;
  let { token } = search;
  for (;;) {
    const asked = size.now();
    try {
      const options = { urgent, maxBytes: asked > 1 ? maxPageBytes : undefined };
      const found = await mlflow.runs.searchRuns(experimentIds, filter, view, asked, order, token, options);
      size.served();
      return { items: found.runs ?? [], token: found.next_page_token };
    } catch (error) {
      if (asked > 1 && isTooMuch(error)) {
        size.tooSlow();
        continue;
      }
      if (!isTooLarge(error)) throw error;
      size.tooLarge();
      if (asked > 1) continue;
      const behind = tokenBehind(token);
      if (onTooLarge === undefined || behind === undefined) throw error;
      const info = await mlflow.firstRunInfo({ ...search, token });
      // Nothing is left out without its name.
      if (info === undefined) throw error;
      onTooLarge(info);
      token = behind;
    }
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
