import { failureOf } from '../../domain/common/failure.js';
import type { ServerAccess } from '../../facts/links/access.js';
import { HttpError } from '../../http/error.js';
import { NotThereError } from '../../queries/shared/not-found.js';
import { type ApiParameter, ApiProblem } from '../route.js';

export interface AnswerDependencies {
  /** The MLflow servers with the lakeFS servers beside them. */
  readonly servers: readonly ServerAccess[];
  /** Unix ms. */
  readonly now: () => number;
}

/** Which servers, where the settings name several. */
export const installationParameter: ApiParameter = {
  name: 'installation',
  in: 'query',
  description: 'Name of an installation; needed only where the settings name several MLflow servers',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
};

/** What is asked about: a run, a model, data. */
export function whatParameter(description: string, name = 'what'): ApiParameter {
  return {
    ...{ name, in: 'query', description, required: true },
    schema: { type: 'string', minLength: 1, maxLength: 4_000 },
  };
}

/** A whole number from 0 to 999,999. */
export function numberParameter(name: string, description: string): ApiParameter {
  return { name, in: 'query', description, schema: { type: 'string', pattern: '^(0|[1-9][0-9]{0,5})$' } };
}

/** @throws ApiProblem 400 or 404 */
export function chooseServer(
  { servers }: AnswerDependencies,
  installation: string | undefined,
): ServerAccess {
  const [only, ...others] = servers;
  if (installation === undefined && only !== undefined && others.length === 0) return only;
  if (installation === undefined) {
    throw new ApiProblem(400, 'There are several installations: name one by the parameter "installation".');
  }
  const found = servers.find((server) => server.installations.named(installation) !== undefined);
  if (found === undefined) throw new ApiProblem(404, `There is no installation "${installation}".`);
  return found;
}

/**
 * Says in an API's terms why there is no answer. What a server said is passed on: whoever may call this may see the
 * same in the queue's dashboard.
 */
export async function answered<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof NotThereError) throw new ApiProblem(404, sentence(error.message));
    if (error instanceof HttpError && error.status === 404)
      throw new ApiProblem(404, sentence(error.message));
    // The router says 503 for what may pass by itself.
    const failure = failureOf(error);
    if (failure === undefined || failure.kind === 'unavailable' || !(error instanceof Error)) throw error;
    throw new ApiProblem(502, sentence(error.message));
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
