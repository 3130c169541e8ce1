import { checkRun } from '../../queries/check/check.js';
import { checkJson } from '../../queries/check/json.js';
import { readRequirements, usualRequirement } from '../../queries/check/require.js';
import { requirementWords } from '../../queries/check/types.js';
import { readRunOrModel } from '../../queries/shared/read-run.js';
import { ApiProblem, type ApiRoute } from '../route.js';
import { answer, flag, listOf, oneOf, orNull, text, textOrNull } from '../schema.js';
import {
  type AnswerDependencies,
  answered,
  chooseServer,
  installationParameter,
  whatParameter,
} from './dependencies.js';
import { plainLink } from './schemas.js';

export function checkRoute(dependencies: AnswerDependencies): ApiRoute {
  return {
    method: 'get',
    path: '/check',
    operation: 'check',
    summary: 'Whether the data of a run or model is as a release requires',
    role: 'viewer',
    parameters: [
      whatParameter('A run or a model, such as models:/NAME@champion'),
      {
        name: 'require',
        in: 'query',
        description: `Words separated by commas (${requirementWords.join(', ')}); default ${usualRequirement}`,
        schema: { type: 'string', minLength: 1, maxLength: 500 },
      },
      installationParameter,
    ],
    answers: {
      200: {
        description: '`passed` is true where all of it is met; what cannot be known is not met',
        schema: answer({
          ...{ asked: text, passed: flag },
          run: answer({ id: text, name: text, experiment: text, page: text }),
          results: listOf(
            answer({
              word: oneOf(...requirementWords),
              result: oneOf('met', 'failed', 'unknown'),
              reason: text,
            }),
          ),
          links: listOf({
            allOf: [
              plainLink,
              answer({
                ...{ kept: textOrNull, status: textOrNull, statusReason: textOrNull },
                promotedTo: orNull(listOf(text)),
              }),
            ],
          }),
        }),
      },
    },
    handle: async ({ parameters: { what = '', require = usualRequirement, installation } }) => {
      const asked = readRunOrModel(what);
      if (asked.kind === 'none') throw new ApiProblem(400, `${asked.problem}.`);
      const required = readRequirements(require);
      if (required.kind === 'none') throw new ApiProblem(400, `${required.problem}.`);
      const access = chooseServer(dependencies, installation);
      const found = await answered(() => checkRun(access, dependencies.now, asked, required.words));
      return { status: 200, body: checkJson(found) };
    },
  };
}
