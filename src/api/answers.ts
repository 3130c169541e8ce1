import { failureOf } from '../domain/common/failure.js';
import type { ServerAccess } from '../facts/links/access.js';
import { createServerFacts } from '../facts/links/server.js';
import { HttpError } from '../http/error.js';
import { checkRun } from '../queries/check/check.js';
import { readRequirements, requirementWords, usualRequirement } from '../queries/check/require.js';
import { check } from '../queries/check/schema.js';
import { readCommitLineage } from '../queries/commit/commit.js';
import { commitLineage } from '../queries/commit/schema.js';
import { compareRuns } from '../queries/compare/compare.js';
import { comparison } from '../queries/compare/schema.js';
import { readCoverage } from '../queries/coverage/coverage.js';
import { coverage } from '../queries/coverage/schema.js';
import { readCoverageTarget, readSince } from '../queries/coverage/target.js';
import { readImpact } from '../queries/impact/impact.js';
import { impact } from '../queries/impact/schema.js';
import { readPathLineage } from '../queries/path/path.js';
import { pathLineage } from '../queries/path/schema.js';
import { readRunLineage } from '../queries/run/run.js';
import { runLineage } from '../queries/run/schema.js';
import { NotThereError } from '../queries/shared/not-found.js';
import { findPlace } from '../queries/shared/place.js';
import { readRunOrModel } from '../queries/shared/read-run.js';
import { runOf } from '../queries/shared/run-of.js';
import { readWhat, showWhat } from '../queries/shared/target.js';
import { verification } from '../queries/verify/schema.js';
import { readVerifyTarget } from '../queries/verify/target.js';
import { verify } from '../queries/verify/verify.js';
import { atMost } from './at-most.js';
import { type ApiParameter, ApiProblem, type ApiRoute } from './route.js';

export interface AnswerDependencies {
  /** The MLflow servers with the lakeFS servers beside them. */
  readonly servers: readonly ServerAccess[];
  /** Unix ms. */
  readonly now: () => number;
}

/** Answers that are worked out at once. */
const atOnce = 4;

/** More than a person waits for: all runs are for the command line, which shows its progress. */
const manyRuns = '10000';

/** A question as data: what it takes, what its answer is, and who works that out. */
interface Question extends Pick<ApiRoute, 'operation' | 'summary' | 'parameters'> {
  readonly description: string;
  readonly schema: ApiRoute['answers'][number]['schema'];
  /**
   * Reads the parameters, which are checked against their schemas only, and hands back what asks a server.
   *
   * @throws ApiProblem 400
   */
  ask(parameters: Parameters): (access: ServerAccess, now: () => number) => Promise<unknown>;
}

type Parameters = Readonly<Record<string, string>>;

const scanParameter = numberParameter(
  'scan',
  'For data: how many of the newest runs are checked whatever their tags; default 2000',
);

const questions: readonly Question[] = [
  {
    operation: 'lineage',
    summary: 'Which data a run or model read, and how we know; or who read a commit or path of lakeFS',
    parameters: [
      whatParameter(
        "A run's id or page, models:/NAME/VERSION, models:/NAME@ALIAS, REPOSITORY/REF or REPOSITORY/REF/PATH",
      ),
      scanParameter,
      numberParameter('limit', 'For a path: show at most this many versions of its history; default 20'),
    ],
    description: 'For a run or model, a commit, or a path, distinguished by `kind`',
    schema: { oneOf: [runLineage, commitLineage, pathLineage] },
    ask: ({ what = '', installation, scan = '2000', limit = '20' }) => {
      const asked = valid(readWhat(what));
      const options = { scan: Number(scan), limit: Number(limit), onProgress: () => undefined };
      return async (access, now) => {
        if (asked.kind !== 'data') return readRunLineage(await runOf(asked, access.mlflow), access, now);
        const facts = createServerFacts(access, now);
        const place = await findPlace(asked, facts.sources.installations, installation);
        return place.path === ''
          ? readCommitLineage(showWhat(asked), place, facts, options)
          : (await readPathLineage(showWhat(asked), place, facts, options)).answer;
      };
    },
  },
  {
    operation: 'impact',
    summary: 'Which runs and models a commit, a branch or a path of lakeFS has reached',
    parameters: [
      whatParameter('REPOSITORY/REF or REPOSITORY/REF/PATH'),
      scanParameter,
      numberParameter('limit', 'Read and compare at most this many commits; default 1000'),
    ],
    description: 'Models with an alias first',
    schema: impact,
    ask: ({ what = '', scan = '2000', limit = '1000', installation }) => {
      const asked = valid(readWhat(what));
      if (asked.kind !== 'data') {
        throw new ApiProblem(400, 'Impact needs data: name REPOSITORY/REF or REPOSITORY/REF/PATH.');
      }
      const options = { installation, scan: Number(scan), limit: Number(limit), onProgress: () => undefined };
      return async (access, now) => (await readImpact(asked, createServerFacts(access, now), options)).answer;
    },
  },
  {
    operation: 'compare',
    summary: 'Whether two runs read the same data, and what differs',
    parameters: [
      whatParameter('A run or a model', 'first'),
      whatParameter('The other one', 'second'),
      numberParameter('limit', 'List at most this many differing objects per dataset; default 20'),
    ],
    description: 'What is certain, pair by pair; the code is compared too',
    schema: comparison,
    ask: ({ first = '', second = '', limit = '20' }) => {
      const both = [valid(readRunOrModel(first)), valid(readRunOrModel(second))] as const;
      return (access, now) => compareRuns(access, now, both, { limit: Number(limit) });
    },
  },
  {
    operation: 'coverage',
    summary: 'For how many runs it is known what they read, and why not for the others',
    parameters: [
      textParameter('what', 'An experiment (name, id or page) or models:/NAME; default: all runs', 4_000),
      textParameter('since', 'Count only runs started since: 7d, 24h, 2026-11-01', 50),
      numberParameter('limit', `Count only this many of the newest; default ${manyRuns}`),
    ],
    description: 'The numbers, by evidence, and how to cover the others',
    schema: coverage,
    ask: ({ what, since, limit = manyRuns }) => {
      const target = valid(readCoverageTarget(what));
      return (access, now) => {
        const from = since === undefined ? undefined : readSince(since, now());
        if (since !== undefined && from === undefined) {
          throw new ApiProblem(400, `"${since}" is not a time: try 7d, 24h or 2026-11-01.`);
        }
        return readCoverage(access, now, target, { since: from, limit: Number(limit) });
      };
    },
  },
  {
    operation: 'check',
    summary: 'Whether the data of a run or model is as a release requires',
    parameters: [
      whatParameter('A run or a model, such as models:/NAME@champion'),
      textParameter(
        'require',
        `Words separated by commas (${requirementWords.join(', ')}); default ${usualRequirement}`,
        500,
      ),
    ],
    description: '`passed` is true if all requirements are met; what cannot be determined is not met',
    schema: check,
    ask: ({ what = '', require = usualRequirement }) => {
      const asked = valid(readRunOrModel(what));
      const { words } = valid(readRequirements(require));
      return (access, now) => checkRun(access, now, asked, words);
    },
  },
  {
    operation: 'verify',
    summary: 'Which tags of a run, or of the runs of an experiment, differ from what they should be',
    parameters: [
      whatParameter('A run, a model, or an experiment by name or id'),
      numberParameter('limit', 'List at most this many of the runs that differ; default 20; all are counted'),
      {
        ...textParameter(
          'maxRuns',
          `Check at most this many of an experiment's newest runs; default ${manyRuns}`,
          6,
        ),
        schema: { type: 'string', pattern: '^[1-9][0-9]{0,5}$' },
      },
    ],
    description: 'Which tags exist, and what they should be',
    schema: verification,
    ask: ({ what = '', limit = '20', maxRuns = manyRuns }) => {
      const target = valid(readVerifyTarget(what));
      return (access, now) => verify(access, now, target, { limit: Number(limit), maxRuns: Number(maxRuns) });
    },
  },
];

/** What the commands of the same names answer, live and read-only. */
export function answerRoutes(dependencies: AnswerDependencies): readonly ApiRoute[] {
  return atMost(
    atOnce,
    questions.map(({ operation, summary, parameters, description, schema, ask }) => ({
      method: 'get',
      path: `/${operation}`,
      operation,
      summary,
      role: 'viewer',
      parameters: [...parameters, installationParameter],
      answers: { 200: { description, schema } },
      handle: async ({ parameters: given }) => {
        const read = ask(given);
        const access = chooseServer(dependencies, given.installation);
        return { status: 200, body: await answered(() => read(access, dependencies.now)) };
      },
    })),
  );
}

/** Which servers, where the settings name several. */
const installationParameter = textParameter(
  'installation',
  'Name of an installation; needed only if the settings name several MLflow servers',
  200,
);

/** What is asked about: a run, a model, data. */
function whatParameter(description: string, name = 'what'): ApiParameter {
  return { ...textParameter(name, description, 4_000), required: true };
}

function textParameter(name: string, description: string, maxLength: number): ApiParameter {
  return { name, in: 'query', description, schema: { type: 'string', minLength: 1, maxLength } };
}

/** A whole number from 0 to 999,999. */
function numberParameter(name: string, description: string): ApiParameter {
  return { name, in: 'query', description, schema: { type: 'string', pattern: '^(0|[1-9][0-9]{0,5})$' } };
}

/** @throws ApiProblem 400 for what could not be read */
function valid<T extends { readonly kind: string }>(
  reading: T | { readonly kind: 'none'; readonly problem: string },
): Exclude<T, { readonly kind: 'none' }> {
  if (reading.kind === 'none' && 'problem' in reading) throw new ApiProblem(400, `${reading.problem}.`);
  return reading as Exclude<T, { readonly kind: 'none' }>;
}

/** @throws ApiProblem 400 or 404 */
function chooseServer({ servers }: AnswerDependencies, installation: string | undefined): ServerAccess {
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
async function answered<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NotThereError || (error instanceof HttpError && error.status === 404)) {
      throw new ApiProblem(404, sentence(error.message));
    }
    // The router says 503 for what may pass by itself.
    const failure = failureOf(error);
    if (failure === undefined || failure.kind === 'unavailable' || !(error instanceof Error)) throw error;
    throw new ApiProblem(502, sentence(error.message));
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
