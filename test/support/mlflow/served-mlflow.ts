import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Run, ViewType } from '../../../src/mlflow/types.js';
import { onLoopback } from '../servers/loopback.js';
import type { MemoryMlflow } from './memory-mlflow.js';
import { answerCall } from './served-calls.js';

export interface ServedMlflow {
  readonly url: string;
  /** What `runs/search` was asked, one entry per request. */
  readonly searches: {
    readonly filter: string;
    readonly max: number;
    /** False where it ended in a 500. */
    readonly served: boolean;
    /** Of params, in the runs that were found. */
    readonly bytes: number;
  }[];
  close(): Promise<void>;
}

interface SearchBody {
  readonly experiment_ids: readonly string[];
  readonly filter: string;
  readonly run_view_type: ViewType;
  readonly max_results: number;
  readonly order_by: readonly string[];
  readonly page_token?: string;
}

/**
 * An MLflow in memory behind HTTP, as far as sweeps, links and looks at consumers ask. Its page tokens are MLflow's, and
 * a run answers with as many bytes of params as `weigh` says.
 *
 * @param memory it answers 500 where the runs of a page, and the one behind them, have more bytes than this, as MLflow
 * does where it lacks memory
 */
export async function serveMlflow(
  { clients }: MemoryMlflow,
  weigh: (run: Run) => number,
  memory = Number.POSITIVE_INFINITY,
): Promise<ServedMlflow> {
  const searches: ServedMlflow['searches'] = [];
  const sum = (runs: readonly Run[]): number => runs.reduce((bytes, run) => bytes + weigh(run), 0);
  const server = createServer(async (request, response) => {
    const sent = await text(request);
    const body = sent === '' ? {} : JSON.parse(sent);
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('content-type', 'application/json');
    // MLflow makes the whole answer; nobody has to read it.
    response.on('error', () => undefined);
    if (path.endsWith('/runs/search')) {
      const found = await search(body);
      const loaded = await search({ ...body, max_results: body.max_results + 1 });
      const served = sum(loaded.runs ?? []) <= memory;
      const bytes = sum(found.runs ?? []);
      searches.push({ filter: body.filter ?? '', max: body.max_results, served, bytes });
      if (served) return answerRuns(response, found, weigh);
      response.statusCode = 500;
      return response.end('{"error_code": "INTERNAL_ERROR", "message": "MemoryError"}');
    }
    if (path === '/graphql') {
      const { experimentIds, filter, runViewType, maxResults, orderBy, pageToken } = body.variables.search;
      const { runs = [] } = await search({
        ...{ experiment_ids: experimentIds, filter, run_view_type: runViewType },
        ...{ max_results: maxResults, order_by: orderBy, page_token: pageToken },
      });
      const infos = runs.map(({ info }) => ({
        info: { runId: info.run_id, experimentId: info.experiment_id, status: info.status },
      }));
      return response.end(JSON.stringify({ data: { mlflowSearchRuns: { runs: infos } } }));
    }
    if (path === '/version') return response.end('3.17.2');
    const endpoint = path.replace('/api/2.0/mlflow/', '');
    const { status, json } = await answerCall(clients, endpoint, body, searchParams);
    response.statusCode = status;
    return response.end(JSON.stringify(json));
  });

  async function search(body: SearchBody) {
    const { experiment_ids: ids, filter, run_view_type: view, max_results: max, order_by: order } = body;
    const token = body.page_token === undefined ? '0' : String(offsetIn(body.page_token));
    return clients.runs.searchRuns(ids, filter, view, max, order, token);
  }

  const { url, stop: close } = await onLoopback(server);
  return { url, searches, close };
}

function offsetIn(token: string): number {
  return JSON.parse(Buffer.from(token, 'base64').toString()).offset;
}

const padding = Buffer.alloc(1_000_000, 'x');

async function answerRuns(
  response: ServerResponse,
  {
    runs = [],
    next_page_token: token,
  }: { readonly runs?: readonly Run[]; readonly next_page_token?: string },
  weigh: (run: Run) => number,
): Promise<void> {
  const closed = once(response, 'close');
  const write = async (text: string | Buffer): Promise<void> => {
    if (response.destroyed || response.write(text)) return;
    await Promise.race([new Promise((resolve) => response.once('drain', resolve)), closed]);
  };
  await write('{"runs": [');
  for (const [index, { info, data, ...rest }] of runs.entries()) {
    await write(`${index > 0 ? ',' : ''}{"info": ${JSON.stringify(info)}, "data": {"params": [`);
    const values = Math.ceil(weigh({ info, data, ...rest }) / padding.length);
    for (let n = 0; n < values && !response.destroyed; n += 1) {
      await write(`${n > 0 ? ',' : ''}{"key": "p${n}", "value": "`);
      await write(padding);
      await write('"}');
    }
    await write(
      `], "tags": ${JSON.stringify(data.tags ?? [])}}, "inputs": ${JSON.stringify(rest.inputs ?? {})}}`,
    );
  }
  const next = Buffer.from(JSON.stringify({ offset: Number(token) })).toString('base64');
  response.end(`]${token === undefined ? '' : `, "next_page_token": "${next}"`}}`);
}
