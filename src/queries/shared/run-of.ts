import { ApiError, isNotFound } from '../../mlflow/api-error.js';
import type { MlflowClients } from '../../mlflow/clients.js';
import type { ModelVersion } from '../../mlflow/types.js';
import { NotThereError, noSuchModel } from './not-found.js';
import { type ModelWhat, readWhat, showWhat, type What } from './target.js';

type Mlflow = Pick<MlflowClients, 'trackingUri' | 'models' | 'versions' | 'loggedModels'>;

/** The model that was asked about. */
export interface AskedModel {
  /** As it was asked: `models:/boats@champion`. */
  readonly asked: string;
  /** Undefined for a logged model, which may be in no registry. */
  readonly version: { readonly name: string; readonly version: string } | undefined;
  /** Those under which the version stands now. */
  readonly aliases: readonly string[];
  /** The logged model of MLflow 3 that the run was found by; undefined where none was needed. */
  readonly loggedModel: string | undefined;
}

export interface RunOf {
  readonly runId: string;
  /** Undefined where a run was asked about. */
  readonly model: AskedModel | undefined;
}

/** A version may be a copy of a version, which may be a copy in turn. */
const maxCopies = 5;

/**
 * The run that made a model, or the run that was asked about (for which nothing is sent). Costs one request; a second
 * where a version names its logged model only, and one more where something is missing, to say what is there instead.
 *
 * @throws NotThereError where there is no such model, or no run made it; ApiError for all else
 */
export async function runOf(
  what: ModelWhat | Extract<What, { kind: 'run' }>,
  mlflow: Mlflow,
): Promise<RunOf> {
  if (what.kind === 'run') return { runId: what.id, model: undefined };
  const asked = showWhat(what);
  if (what.kind === 'logged') {
    const runId = await runOfLogged(what.id, asked, mlflow);
    return { runId, model: { asked, version: undefined, aliases: [], loggedModel: what.id } };
  }
  const version = what.kind === 'alias' ? await byAlias(what, mlflow) : await byNumber(what, mlflow);
  const { runId, loggedModel } = await runOfVersion(version, asked, mlflow);
  return {
    runId,
    model: {
      asked,
      version: { name: version.name, version: version.version },
      aliases: version.aliases ?? [],
      loggedModel,
    },
  };
}

/** MLflow answers 400 for an alias that is not there, and 404 for a model that is not. */
async function byAlias(
  { name, alias }: Extract<What, { kind: 'alias' }>,
  mlflow: Mlflow,
): Promise<ModelVersion> {
  try {
    return await mlflow.models.getModelVersionByAlias(name, alias);
  } catch (error) {
    const missing = error instanceof ApiError && error.error_code === 'INVALID_PARAMETER_VALUE';
    if (!missing && !isNotFound(error)) throw error;
    const { aliases = [] } = await registered(name, mlflow);
    const there = aliases.map((one) => `"${one.alias}"`).join(', ');
    const has = there === '' ? 'it has none, so ask for a version by its number' : `it has ${there}`;
    throw new NotThereError(`model "${name}" has no alias "${alias}": ${has}`, { cause: error });
  }
}

async function byNumber(
  { name, version }: Extract<What, { kind: 'version' }>,
  mlflow: Mlflow,
): Promise<ModelVersion> {
  try {
    return await mlflow.versions.getModelVersion(name, version);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const { latest_versions = [] } = await registered(name, mlflow);
    const newest = Math.max(...latest_versions.map((one) => Number(one.version)), 0);
    const has = newest === 0 ? 'it has none' : `its newest is ${newest}, and one that was deleted is gone`;
    throw new NotThereError(`model "${name}" has no version ${version}: ${has}`, { cause: error });
  }
}

async function registered(name: string, mlflow: Mlflow) {
  try {
    return await mlflow.models.getRegisteredModel(name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new NotThereError(noSuchModel(mlflow.trackingUri, name), { cause: error });
  }
}

/** MLflow 3 fills the run in from the logged model; where it did not, the source leads there. */
async function runOfVersion(
  version: ModelVersion,
  asked: string,
  mlflow: Mlflow,
): Promise<{ readonly runId: string; readonly loggedModel: string | undefined }> {
  let current = version;
  for (let copies = 0; copies <= maxCopies; copies += 1) {
    if (current.run_id !== undefined && current.run_id !== '') {
      return { runId: current.run_id, loggedModel: undefined };
    }
    const source = /^(?:runs|models):/.test(current.source ?? '')
      ? readWhat(current.source ?? '')
      : undefined;
    if (source?.kind === 'run') return { runId: source.id, loggedModel: undefined };
    if (source?.kind === 'logged') {
      return { runId: await runOfLogged(source.id, asked, mlflow), loggedModel: source.id };
    }
    if (source?.kind !== 'version') break;
    current = await byNumber(source, mlflow);
  }
  throw new NotThereError(
    `${asked} names no run that made it, so what it read cannot be known: register the model of a run ` +
      '(mlflow.register_model("runs:/<run id>/model", …)), or ask about the run itself if you know it',
  );
}

async function runOfLogged(id: string, asked: string, mlflow: Mlflow): Promise<string> {
  try {
    const { info } = await mlflow.loggedModels.getLoggedModel(id);
    if (info.source_run_id !== undefined && info.source_run_id !== '') return info.source_run_id;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    const why = isNotFound(error)
      ? 'check the id, and MLFLOW_WORKSPACE where the server has workspaces'
      : 'it does not answer for logged models, as before MLflow 3';
    throw new NotThereError(`MLflow at ${mlflow.trackingUri} has no logged model ${id}: ${why}`, {
      cause: error,
    });
  }
  throw new NotThereError(
    `${asked} was logged outside of a run (logged model ${id}), so what it read cannot be known: log the model ` +
      'while the run that trains it is active',
  );
}
