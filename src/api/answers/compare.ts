import { compareRuns } from '../../queries/compare/compare.js';
import { comparisonJson } from '../../queries/compare/json.js';
import { type RunOrModel, readRunOrModel } from '../../queries/shared/read-run.js';
import { ApiProblem, type ApiRoute } from '../route.js';
import { answer, count, flag, listOf, number, oneOf, orNull, text, textOrNull } from '../schema.js';
import {
  type AnswerDependencies,
  answered,
  chooseServer,
  installationParameter,
  numberParameter,
  whatParameter,
} from './dependencies.js';
import { plainLink } from './schemas.js';

const side = answer({
  ...{ asked: text, run: answer({ id: text, name: text, experiment: text, page: text }) },
  unexplained: listOf(answer({ name: text, digest: text })),
});

const difference = answer({
  ...{ added: count, removed: count, changed: count, complete: flag },
  objects: listOf(
    answer({
      ...{ type: oneOf('added', 'removed', 'changed'), path: text },
      ...{ before: orNull(number), after: orNull(number) },
    }),
  ),
});

export function compareRoute(dependencies: AnswerDependencies): ApiRoute {
  return {
    method: 'get',
    path: '/compare',
    operation: 'compare',
    summary: 'Whether two runs read the same data, and what differs',
    role: 'viewer',
    parameters: [
      whatParameter('A run or a model', 'first'),
      whatParameter('The other one', 'second'),
      numberParameter('limit', 'Lists so many objects that differ of a dataset; default 20'),
      installationParameter,
    ],
    answers: {
      200: {
        description: 'What is certain, pair by pair; the code is told beside it',
        schema: answer({
          ...{ outcome: oneOf('same', 'differ', 'unknown'), reason: text, first: side, second: side },
          pairs: listOf(
            answer({
              relation: oneOf('same-source', 'same-bytes', 'differ', 'only-first', 'only-second', 'unknown'),
              ...{ certain: flag, doubts: listOf(text), difference: orNull(difference) },
              housekeeping: number,
              ...{ first: orNull(plainLink), second: orNull(plainLink) },
            }),
          ),
          code: answer({
            relation: oneOf('same', 'differ', 'unknown'),
            ...{ first: textOrNull, second: textOrNull, reason: text },
          }),
        }),
      },
    },
    handle: async ({ parameters: { first = '', second = '', limit = '20', installation } }) => {
      const both = [readSide(first), readSide(second)] as const;
      const access = chooseServer(dependencies, installation);
      const options = { limit: Number(limit) };
      const found = await answered(() => compareRuns(access, dependencies.now, both, options));
      return { status: 200, body: comparisonJson(found) };
    },
  };
}

function readSide(given: string): RunOrModel {
  const what = readRunOrModel(given);
  if (what.kind === 'none') throw new ApiProblem(400, `${what.problem}.`);
  return what;
}
