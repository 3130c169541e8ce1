import { lookAtCoverage } from '../../queries/coverage/coverage.js';
import { coverageJson } from '../../queries/coverage/json.js';
import { coverageWords } from '../../queries/coverage/tally.js';
import { readCoverageTarget, readSince } from '../../queries/coverage/target.js';
import { ApiProblem, type ApiRoute } from '../route.js';
import { answer, count, flag, listOf, number, oneOf, orNull, text, textOrNull, time } from '../schema.js';
import {
  type AnswerDependencies,
  answered,
  chooseServer,
  installationParameter,
  numberParameter,
} from './dependencies.js';

const example = answer({ run: textOrNull, name: text, page: textOrNull, detail: text });

/** More than a person waits for: all runs are for the command line, which shows how far it is. */
const defaultLimit = '10000';

export function coverageRoute(dependencies: AnswerDependencies): ApiRoute {
  return {
    method: 'get',
    path: '/coverage',
    operation: 'coverage',
    summary: 'For how many runs it is known what they read, and why not of the others',
    role: 'viewer',
    parameters: [
      {
        name: 'what',
        in: 'query',
        description: 'An experiment (name, id or page) or models:/NAME; all runs where left out',
        schema: { type: 'string', minLength: 1, maxLength: 4_000 },
      },
      {
        name: 'since',
        in: 'query',
        description: 'Counts what started since: 7d, 24h, 2026-11-01',
        schema: { type: 'string', minLength: 1, maxLength: 50 },
      },
      numberParameter('limit', `Counts only the newest so many; default ${defaultLimit}`),
      installationParameter,
    ],
    answers: {
      200: {
        description: 'The numbers, by evidence, and what mends the others',
        schema: answer({
          scope: answer({
            ...{ kind: oneOf('all', 'experiment', 'model'), name: textOrNull, page: textOrNull },
            ...{ experiments: count, since: time, limit: orNull(count) },
            unreadExperiments: listOf(text),
          }),
          ...{ runs: count, covered: count, running: count, percent: orNull(number) },
          evidence: answer(Object.fromEntries(coverageWords.map((word) => [word, count]))),
          groups: listOf(
            answer({
              ...{ evidence: text, cause: text, runs: count, why: text, examples: listOf(example) },
              mend: answer({ how: text, script: listOf(text), launch: listOf(text), run: listOf(text) }),
            }),
          ),
          coveredBeside: answer({ runs: count, examples: listOf(example) }),
          min: orNull(answer({ percent: number, met: flag, missing: count })),
        }),
      },
    },
    handle: async ({ parameters: { what, since, limit = defaultLimit, installation } }) => {
      const target = readCoverageTarget(what);
      if (target.kind === 'none') throw new ApiProblem(400, `${target.problem}.`);
      const from = since === undefined ? undefined : readSince(since, dependencies.now());
      if (since !== undefined && from === undefined) {
        throw new ApiProblem(400, `"${since}" is no time: try 7d, 24h or 2026-11-01.`);
      }
      const access = chooseServer(dependencies, installation);
      const options = { since: from, limit: Number(limit) };
      const found = await answered(() => lookAtCoverage(access, dependencies.now, target, options));
      return { status: 200, body: coverageJson(found) };
    },
  };
}
