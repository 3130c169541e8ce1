import { ourTag } from '../../contract/tags.js';
import { type Makers, makersOf } from '../../domain/links/produced.js';
import { ApiError, isForbidden, isNotFound } from '../../mlflow/api-error.js';
import type { Run } from '../../mlflow/types.js';
import type { ServerFacts } from '../links/server.js';

/**
 * The runs of this MLflow server that a commit's metadata names, by themselves or by a model version, sorted. Costs
 * a request for each that is named, and nothing for the many commits that name none.
 *
 * @throws what the MLflow client throws where the answer is not known
 */
export async function producersNamedIn(
  metadata: Readonly<Record<string, string>>,
  { access }: Pick<ServerFacts, 'access'>,
): Promise<readonly string[]> {
  const { runs, versions } = makersOf(metadata, mlflowHosts(access));
  const ofVersions = await Promise.all(versions.map((version) => runOfVersion(version, access)));
  const named = new Set([...runs, ...ofVersions.filter((id) => id !== undefined && id !== '')]);
  const found = await Promise.all([...named].map((id) => readRun(id ?? '', access)));
  return found.flatMap((run) => (run === undefined || isOurs(run) ? [] : [run.info.run_id])).sort();
}

async function runOfVersion(
  { name, version }: Makers['versions'][number],
  { mlflow }: ServerFacts['access'],
): Promise<string | undefined> {
  return (await orNothing(() => mlflow.versions.getModelVersion(name, version)))?.run_id;
}

function readRun(id: string, { mlflow }: ServerFacts['access']): Promise<Run | undefined> {
  return orNothing(() => mlflow.runs.getRun(id));
}

/** A catalog run that a person copied the address of: it stands for a commit and makes none. */
function isOurs({ data }: Run): boolean {
  return data.tags?.some(({ key }) => key === ourTag.kind) ?? false;
}

/** To a user who is no admin a missing run is a 403, and one that we may not see is none that we can tag. */
async function orNothing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isNotFound(error) || isForbidden(error) || isInvalid(error)) return undefined;
    throw error;
  }
}

/** Hosted servers refuse an id of another form than theirs: some other program's run is named. */
function isInvalid(error: unknown): boolean {
  return error instanceof ApiError && error.error_code === 'INVALID_PARAMETER_VALUE';
}

/** Where people and programs reach this MLflow, with ports where not the default. */
function mlflowHosts({ mlflow, installations }: ServerFacts['access']): readonly string[] {
  const addresses = [
    mlflow.trackingUri,
    ...installations.all.map(({ settings }) => settings.mlflow.publicUrl),
  ];
  return [...new Set(addresses.map((address) => new URL(address).host))];
}
