import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Run, ViewType } from '../../src/mlflow/types.js';
import type { MemoryMlflow } from './memory-mlflow.js';

export interface ServedMlflow {
  readonly url: string;
  /** What `runs/search` was asked, one entry per request. */
  readonly searches: { readonly filter: string; readonly max: number }[];
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
 * An MLflow in memory behind HTTP, as far as sweeps ask. Its page tokens are MLflow's, and a run answers with as many
 * bytes of params as `weigh` says.
 */
export async function serveMlflow(
  { clients }: MemoryMlflow,
  weigh: (run: Run) => number,
): Promise<ServedMlflow> {
  const searches: { filter: string; max: number }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body = text === '' ? {} : JSON.parse(text);
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    response.setHeader('content-type', 'application/json');
    // MLflow makes the whole answer; nobody has to read it.
    response.on('error', () => undefined);
    if (path.endsWith('/experiments/search')) {
      return response.end(JSON.stringify(await clients.experiments.searchExperiment(undefined, 1_000)));
    }
    if (path.endsWith('/runs/search')) {
      searches.push({ filter: body.filter ?? '', max: body.max_results });
      return answerRuns(response, await search(body), weigh);
    }
    return response.end(path === '/version' ? '3.17.2' : '{}');
  });

  async function search(body: SearchBody) {
    const { experiment_ids: ids, filter, run_view_type: view, max_results: max, order_by: order } = body;
    const token = body.page_token === undefined ? '0' : String(offsetIn(body.page_token));
    return clients.runs.searchRuns(ids, filter, view, max, order, token);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    searches,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
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
