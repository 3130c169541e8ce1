import { verificationJson } from '../../answers/verify/json.js';
import { verify } from '../../answers/verify/look.js';
import { readVerifyTarget } from '../../answers/verify/target.js';
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
      installationParameter,
    ],
    answers: {
      200: {
        description: 'What is there and what should be',
        schema: answer({
          scope: answer({ kind: text, name: text, page: text }, ['name', 'page']),
          ...{ runs: count, differ: count, unknown: count, agree: flag },
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
    handle: async ({ parameters: { what = '', limit = '20', installation } }) => {
      const target = readVerifyTarget(what);
      if (target.kind === 'none') throw new ApiProblem(400, `${target.problem}.`);
      const access = chooseServer(dependencies, installation);
      const found = await answered(() => verify(access, dependencies.now, target, { limit: Number(limit) }));
      return { status: 200, body: verificationJson(found) };
    },
  };
}
