import { createServerFacts } from '../../facts/links/server.js';
import { lookAtImpact } from '../../queries/impact/impact.js';
import { impactJson } from '../../queries/impact/json.js';
import { readWhat } from '../../queries/shared/target.js';
import { ApiProblem, type ApiRoute } from '../route.js';
import { answer, count, flag, listOf, oneOf, text } from '../schema.js';
import {
  type AnswerDependencies,
  answered,
  chooseServer,
  installationParameter,
  numberParameter,
  whatParameter,
} from './dependencies.js';
import { changedPath, commit, evidence, looked, run, version } from './schemas.js';

const reach = oneOf('itself', 'downstream', 'same-bytes', 'rewritten', 'unknown', 'undone', 'none');

const hit = answer({
  run,
  links: listOf(
    answer({
      ...{ installation: text, repository: text, commit: text, path: text, kind: evidence, certain: flag },
      ...{ reach, holds: count, of: count, explanation: text },
    }),
  ),
  versions: listOf(version),
});

export function impactRoute(dependencies: AnswerDependencies): ApiRoute {
  return {
    method: 'get',
    path: '/impact',
    operation: 'impact',
    summary: 'Which runs and models a commit, a branch or a path of lakeFS has reached',
    role: 'viewer',
    parameters: [
      whatParameter('REPOSITORY/REF or REPOSITORY/REF/PATH'),
      numberParameter('scan', 'How many of the newest runs are looked at whatever their tags; default 2000'),
      numberParameter('limit', 'Commits that are read and compared at most; default 1000'),
      installationParameter,
    ],
    answers: {
      200: {
        description: 'Models under an alias first',
        schema: answer({
          ...{ asked: text, kind: oneOf('commit', 'branch', 'path'), commit, ref: text, path: text },
          changed: listOf(changedPath),
          branches: listOf(answer({ branch: text, reach })),
          ...{ hits: listOf(hit), maybe: listOf(hit), spared: count },
          limits: answer({ branches: flag, changes: flag, commits: flag }),
          looked,
        }),
      },
    },
    handle: async ({ parameters: { what = '', scan = '2000', limit = '1000', installation } }) => {
      const asked = readWhat(what);
      if (asked.kind === 'none') throw new ApiProblem(400, `${asked.problem}.`);
      if (asked.kind !== 'data') {
        throw new ApiProblem(400, 'Impact is that of data: name REPOSITORY/REF or REPOSITORY/REF/PATH.');
      }
      const facts = createServerFacts(chooseServer(dependencies, installation), dependencies.now);
      const options = { installation, scan: Number(scan), limit: Number(limit), onProgress: () => undefined };
      const found = await answered(() => lookAtImpact(asked, facts, options));
      return { status: 200, body: impactJson(found) };
    },
  };
}
