import { verificationJson } from '../../queries/verify/json.js';
import { readVerifyTarget } from '../../queries/verify/target.js';
import { verify } from '../../queries/verify/verify.js';
import { ApiProblem, type ApiRoute } from '../route.js';
import { answer, count, flag, listOf, oneOf, text, textOrNull } from '../schema.js';
import {
  type AnswerDependencies,
  answered,
  chooseServer,
  installationParameter,
  numberParameter,
  whatParameter,
} from './dependencies.js';

/** More than a person waits for: all runs are for the command line, which shows how far it is. */
const defaultMaxRuns = '10000';

export function verifyRoute(dependencies: AnswerDependencies): ApiRoute {
  return {
    method: 'get',
    path: '/verify',
    operation: 'verify',
    summary: 'Which tags of a run, or of the runs of an experiment, differ from what they should be',
    role: 'viewer',
    parameters: [
      whatParameter('A run, a model, or an experiment by name or id'),
      numberParameter('limit', 'Lists so many of the runs that differ; default 20; all are counted'),
      {
        name: 'maxRuns',
        in: 'query',
        description: `Looks only at the newest so many runs of an experiment; default ${defaultMaxRuns}`,
        schema: { type: 'string', pattern: '^[1-9][0-9]{0,5}$' },
      },
      installationParameter,
    ],
    answers: {
      200: {
        description: 'What is there and what should be',
        schema: answer({
          scope: answer({ kind: text, name: text, page: text }, ['name', 'page']),
          ...{ runs: count, cut: flag, differ: count, unknown: count, agree: flag },
          settled: listOf(answer({ reason: text, runs: count })),
          findings: listOf(
            answer(
              {
                ...{ kind: oneOf('differs', 'unknown'), id: text, name: text, page: text },
                ...{ cause: text, written: flag, putRight: text, reason: text },
                differences: listOf(answer({ key: text, there: textOrNull, should: textOrNull })),
              },
              ['cause', 'written', 'putRight', 'reason', 'differences'],
            ),
          ),
        }),
      },
    },
    handle: async ({ parameters: { what = '', limit = '20', maxRuns = defaultMaxRuns, installation } }) => {
      const target = readVerifyTarget(what);
      if (target.kind === 'none') throw new ApiProblem(400, `${target.problem}.`);
      const access = chooseServer(dependencies, installation);
      const found = await answered(() =>
        verify(access, dependencies.now, target, { limit: Number(limit), maxRuns: Number(maxRuns) }),
      );
      return { status: 200, body: verificationJson(found) };
    },
  };
}
