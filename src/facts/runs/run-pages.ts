import type { RunView } from '../../contract/run.js';
import type { MlflowClients } from '../../mlflow/clients.js';
import type { Run, ViewType } from '../../mlflow/types.js';
import { eachPage, inTurn, isEnd, type Pages, tokenPages } from '../common/pages.js';
import { inGroups, type OnRefused } from './experiment-groups.js';
import { createRunPageSize, type HeavyRuns, noneOf, someOf } from './known-runs.js';
import { type OnUnread, readRunPage } from './run-page.js';
import { viewOf } from './run-view.js';

/** MLflow serves pages of 500 to 1,000 runs best; one of 500 with inputs and tags is about 1 MB. */
const runPageSize = 500;

/**
 * Where the first runs should not wait for the last: the first page is small, and each is twice as large as the one
 * before. A thousand runs come in six pages instead of two.
 */
const firstPageSize = 25;

export interface RunPagesOptions {
  readonly view?: ViewType;
  readonly order?: string;
  /** Begins with small pages. */
  readonly growing?: boolean;
  /** Goes before the calls that wait for room. */
  readonly urgent?: boolean;
  /** Runs in a page at most; default 500. */
  readonly pageSize?: number;
  /** See `RunPageOptions`. */
  readonly onTooLarge?: OnUnread | undefined;
  readonly onFailing?: OnUnread | undefined;
  /** Told of each experiment that MLflow does not let us search. Without it the search fails there. */
  readonly onRefused?: OnRefused | undefined;
  /** Of searches over users' runs: those that are heavy come last, so that the others need not wait for them. */
  readonly heavy?: HeavyRuns | undefined;
}

/** For `onTooLarge` where others tell of the run, and what is found need not be all there is. */
export function leftOut(): void {}

/**
 * The runs that a filter keeps, up to 500 at a time. Order by something that only grows: MLflow's page tokens are
 * offsets, and what is inserted before the offset shows twice.
 */
export async function* runPages(
  mlflow: MlflowClients,
  experiments: readonly string[],
  filter: string,
  options: RunPagesOptions = {},
): AsyncGenerator<readonly Run[]> {
  for await (const page of eachPage(listRuns(mlflow, experiments, filter, options)))
    if (page.length > 0) yield page;
}

/** The same as a place that is kept where a page cannot be read. A page may be empty. */
export function listRuns(
  mlflow: MlflowClients,
  experiments: readonly string[],
  filter: string,
  {
    view = 'ACTIVE_ONLY',
    order = 'attributes.start_time ASC',
    growing = false,
    urgent = false,
    pageSize = runPageSize,
    onTooLarge,
    onFailing,
    onRefused,
    heavy,
  }: RunPagesOptions = {},
): Pages<Run> {
  const first = growing ? firstPageSize : pageSize;
  const parts = lightFirst(filter, heavy?.ids() ?? [], first);
  return inTurn(
    parts.map((part) => () => {
      const options = { view, order, first: part.first, pageSize, urgent, onTooLarge, onFailing, heavy };
      const open = (group: readonly string[]): Pages<Run> => listGroup(mlflow, group, part.filter, options);
      return inGroups(mlflow, experiments, open, onRefused);
    }),
  );
}

/** The same in one search over experiments that are no more than the server takes (`experiment-groups.ts`). */
export function listGroup(
  mlflow: MlflowClients,
  experimentIds: readonly string[],
  filter: string,
  {
    view,
    order,
    first = runPageSize,
    pageSize = runPageSize,
    urgent = false,
    onTooLarge,
    onFailing,
    heavy,
  }: Omit<RunPagesOptions, 'growing' | 'onRefused'> & {
    readonly view: ViewType;
    readonly order: string;
    /** Runs in the first page. */
    readonly first?: number;
  },
): Pages<Run> {
  const size = createRunPageSize(first, pageSize, heavy);
  return tokenPages((token) => {
    const search = { experimentIds, filter, view, order: [order], token };
    return readRunPage(mlflow, search, size, { urgent, onTooLarge, onFailing });
  });
}

/** The searches that take the place of one, and how many runs the first page of each has. */
function lightFirst(
  filter: string,
  heavy: readonly string[],
  first: number,
): readonly { readonly filter: string; readonly first: number }[] {
  if (heavy.length === 0) return [{ filter, first }];
  const begin = filter === '' ? '' : `${filter} AND `;
  return [
    { filter: `${begin}${noneOf(heavy)}`, first },
    { filter: `${begin}${someOf(heavy)}`, first: 1 },
  ];
}

/** The first runs of a search in one experiment, and whether there are more. One request, unless runs are very large. */
export async function firstRuns(
  mlflow: MlflowClients,
  experiment: string,
  filter: string,
  limit: number,
  {
    view = 'ACTIVE_ONLY',
    order,
    urgent = false,
    onTooLarge,
    heavy,
  }: Omit<RunPagesOptions, 'pageSize' | 'growing' | 'onFailing' | 'onRefused'> = {},
): Promise<{ readonly runs: readonly Run[]; readonly more: boolean }> {
  const size = createRunPageSize(limit, limit, heavy);
  const runs: Run[] = [];
  let token: string | undefined;
  let asked = 0;
  do {
    const search = {
      experimentIds: [experiment],
      filter,
      view,
      order: order === undefined ? order : [order],
      token,
    };
    const page = await readRunPage(mlflow, search, size, { urgent, onTooLarge });
    runs.push(...page.items);
    ({ token, asked } = page);
    // A page of the whole size is all that was asked for.
  } while (asked < limit && runs.length < limit && !isEnd(token));
  return { runs: runs.slice(0, limit), more: runs.length > limit || !isEnd(token) };
}

/** A run with the keys of its metrics, which the other decisions do not need. */
export interface FoundRun extends RunView {
  readonly metrics: readonly string[];
}

/** All runs that match a filter, by start time. Throws what the MLflow client throws. */
export async function searchRuns(
  mlflow: MlflowClients,
  experimentIds: readonly string[],
  filter: string,
  view: ViewType,
  options: Pick<RunPagesOptions, 'urgent' | 'onTooLarge' | 'onFailing' | 'onRefused' | 'heavy'> = {},
): Promise<readonly FoundRun[]> {
  const found: FoundRun[] = [];
  for await (const page of runPages(mlflow, experimentIds, filter, { ...options, view }))
    found.push(...page.map(toFound));
  return found;
}

/** With the keys of its metrics. */
export function toFound(run: Run): FoundRun {
  return { ...viewOf(run), metrics: (run.data.metrics ?? []).map(({ key }) => key) };
}
