import type { MlflowClients } from '../../mlflow/clients.js';
import { isRefusedExperiment, isTooManyExperiments } from '../../mlflow/search-refusals.js';
import { eachPage, type Pages, tokenPages } from '../common/pages.js';

/** Takes an experiment that MLflow does not let us search, and the error that says so. Others are still searched. */
export type OnRefused = (experiment: string, error: unknown) => void;

/**
 * One list for each group of experiments, one after the other. A group that is larger than the server takes is halved,
 * and the size that it took is remembered for all later searches. A group that is refused because of one experiment is
 * halved down to that one, which is left out and reported. Where a list is refused in its middle it starts again in its
 * halves, so that its first items may come twice.
 *
 * @param onRefused without it such an experiment is an error: what is found has to be all there is
 */
export function inGroups<T>(
  { searchScope }: Pick<MlflowClients, 'searchScope'>,
  experiments: readonly string[],
  open: (group: readonly string[]) => Pages<T>,
  onRefused?: OnRefused,
): Pages<T> {
  let width = searchScope.width();
  let left: readonly (readonly string[])[] | undefined;
  let list: Pages<T> | undefined;

  function first(): readonly (readonly string[])[] {
    if (onRefused === undefined) return [experiments];
    const refusals = experiments.map((id) => ({ id, refusal: searchScope.refusal(id) }));
    for (const { id, refusal } of refusals) if (refusal !== undefined) onRefused(id, refusal.error);
    return [refusals.filter(({ refusal }) => refusal === undefined).map(({ id }) => id)];
  }

  function next(): readonly string[] | undefined {
    left ??= first();
    const [group = [], ...others] = left;
    const most = Math.min(width, searchScope.width());
    if (group.length > most) left = [group.slice(0, most), group.slice(most), ...others];
    return left[0];
  }

  /** What takes the place of a group that was refused. */
  function parts(group: readonly string[], error: unknown): readonly (readonly string[])[] {
    const tooMany = isTooManyExperiments(error);
    if (!tooMany && !isRefusedExperiment(error)) throw error;
    const [only = ''] = group;
    if (group.length > 1) {
      const half = Math.floor(group.length / 2);
      if (tooMany) width = half;
      return [group.slice(0, half), group.slice(half)];
    }
    if (tooMany || onRefused === undefined) throw error;
    searchScope.refuse(only, error);
    onRefused(only, error);
    return [];
  }

  return {
    read: async () => {
      for (let group = next(); group !== undefined; group = next()) {
        const others = left?.slice(1) ?? [];
        if (group.length > 0) {
          try {
            list ??= open(group);
            const page = await list.read();
            searchScope.narrow(width);
            if (page !== undefined) return page;
            left = others;
          } catch (error) {
            left = [...parts(group, error), ...others];
          }
        } else left = others;
        list = undefined;
      }
      return undefined;
    },
    advance: () => list?.advance(),
  };
}

/** The same where one answer is wanted of each group. */
export async function* eachGroup<T>(
  mlflow: Pick<MlflowClients, 'searchScope'>,
  experiments: readonly string[],
  read: (group: readonly string[]) => Promise<T>,
  onRefused?: OnRefused,
): AsyncGenerator<T> {
  const one = (group: readonly string[]): Pages<T> =>
    tokenPages(async () => ({ items: [await read(group)], token: undefined }));
  for await (const answers of eachPage(inGroups(mlflow, experiments, one, onRefused))) yield* answers;
}
