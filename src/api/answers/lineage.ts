import type { ServerAccess } from '../../facts/links/access.js';
import { createServerFacts } from '../../facts/links/server.js';
import { lookAtCommit } from '../../queries/commit/commit.js';
import { commitLineageJson } from '../../queries/commit/json.js';
import { pathLineageJson } from '../../queries/path/json.js';
import { lookAtPath } from '../../queries/path/path.js';
import { lineageJson } from '../../queries/run/json.js';
import { lookAtRun } from '../../queries/run/run.js';
import { type DataWhat, findPlace } from '../../queries/shared/place.js';
import { runOf } from '../../queries/shared/run-of.js';
import { readWhat, showWhat } from '../../queries/shared/target.js';
import { ApiProblem, type ApiRoute } from '../route.js';
import {
  type AnswerDependencies,
  answered,
  chooseServer,
  installationParameter,
  numberParameter,
  whatParameter,
} from './dependencies.js';
import { commitLineage, pathLineage, runLineage } from './lineage-schemas.js';

export function lineageRoute(dependencies: AnswerDependencies): ApiRoute {
  return {
    method: 'get',
    path: '/lineage',
    operation: 'lineage',
    summary: 'Which data a run or model read, and how we know; or who read a commit or path of lakeFS',
    role: 'viewer',
    parameters: [
      whatParameter(
        "A run's id or page, models:/NAME/VERSION, models:/NAME@ALIAS, REPOSITORY/REF or REPOSITORY/REF/PATH",
      ),
      numberParameter(
        'scan',
        'Of data: how many of the newest runs are looked at whatever their tags; default 2000',
      ),
      numberParameter('limit', 'Of a path: versions of its history at most; default 20'),
      installationParameter,
    ],
    answers: {
      200: {
        description: 'Of a run or model, of a commit, or of a path, told apart by `kind`',
        schema: { oneOf: [runLineage, commitLineage, pathLineage] },
      },
    },
    handle: async ({ parameters: { what = '', installation, scan = '2000', limit = '20' } }) => {
      const asked = readWhat(what);
      if (asked.kind === 'none') throw new ApiProblem(400, `${asked.problem}.`);
      const access = chooseServer(dependencies, installation);
      const { now } = dependencies;
      if (asked.kind === 'data') {
        const ask = { scan: Number(scan), limit: Number(limit), onProgress: () => undefined };
        const body = await answered(() => dataLineage(asked, access, now, installation, ask));
        return { status: 200, body };
      }
      const found = await answered(async () => lookAtRun(await runOf(asked, access.mlflow), access, now));
      return { status: 200, body: lineageJson(found) };
    },
  };
}

async function dataLineage(
  what: DataWhat,
  access: ServerAccess,
  now: () => number,
  installation: string | undefined,
  ask: Parameters<typeof lookAtPath>[3],
): Promise<Record<string, unknown>> {
  const facts = createServerFacts(access, now);
  const place = await findPlace(what, facts.sources.installations, installation);
  return place.path === ''
    ? commitLineageJson(await lookAtCommit(showWhat(what), place, facts, ask))
    : pathLineageJson(await lookAtPath(showWhat(what), place, facts, ask));
}
