import { groupBy } from '../../domain/common/collections.js';
import { mlflowVersionPage } from '../../domain/common/links-to.js';
import { isNotFound } from '../../mlflow/api-error.js';
import type { MlflowClients } from '../../mlflow/clients.js';
import { allModelVersions } from '../../mlflow/pages.js';
import type { VersionAnswer } from './schema.js';

type Mlflow = Pick<MlflowClients, 'models' | 'versions'>;

const runsPerSearch = 100;

/**
 * The versions of registered models that runs produced, by run, newest first within a model. Costs a search per 100 runs, and a request per
 * model: a search for versions does not tell their aliases.
 *
 * @throws what the MLflow client throws
 */
export async function versionsProducedBy(
  runIds: readonly string[],
  mlflow: Mlflow,
  publicUrl: string,
): Promise<ReadonlyMap<string, readonly VersionAnswer[]>> {
  const found: (Omit<VersionAnswer, 'aliases'> & { readonly runId: string })[] = [];
  for (const filter of filtersFor(runIds)) {
    for await (const { name, version, run_id: runId = '' } of allModelVersions(mlflow.versions, filter)) {
      found.push({ runId, name, version, page: mlflowVersionPage(publicUrl, name, version) });
    }
  }
  const names = [...new Set(found.map(({ name }) => name))];
  const aliases = new Map(
    await Promise.all(names.map(async (name) => [name, await aliasesOf(name, mlflow)] as const)),
  );
  found.sort((a, b) => a.name.localeCompare(b.name, 'en') || Number(b.version) - Number(a.version));
  const byRun = groupBy(found, ({ runId }) => runId);
  const shown = ({ name, version, page }: (typeof found)[number]): VersionAnswer => ({
    ...{ name, version, aliases: aliases.get(name)?.get(version) ?? [], page },
  });
  return new Map([...byRun].map(([runId, versions]) => [runId, versions.map(shown)]));
}

/**
 * `run_id IN` is one request for many, but releases before 3.17 drop values from the list that have capitals or no
 * letter, and no value can hold a quote.
 */
function filtersFor(runIds: readonly string[]): readonly string[] {
  const plain = runIds.filter(isPlain);
  const others = runIds.filter((id) => !isPlain(id) && !/['"`\\]/.test(id));
  const filters = others.map((id) => `run_id = '${id}'`);
  for (let start = 0; start < plain.length; start += runsPerSearch) {
    const ids = plain.slice(start, start + runsPerSearch).map((id) => `'${id}'`);
    filters.push(ids.length === 1 ? `run_id = ${ids[0]}` : `run_id IN (${ids.join(',')})`);
  }
  return filters;
}

function isPlain(id: string): boolean {
  return /^[0-9a-f]+$/.test(id) && /[a-f]/.test(id);
}

/** Aliases by version. A model that was deleted in the meantime has none. */
async function aliasesOf(name: string, mlflow: Mlflow): Promise<ReadonlyMap<string, readonly string[]>> {
  try {
    const { aliases = [] } = await mlflow.models.getRegisteredModel(name);
    const found = new Map<string, string[]>();
    for (const { alias, version } of aliases) {
      found.set(String(version), [...(found.get(String(version)) ?? []), alias].sort());
    }
    return found;
  } catch (error) {
    if (isNotFound(error)) return new Map();
    throw error;
  }
}
