import { startProxy } from '../servers/proxy.js';

/** What a server that is pickier than MLflow answers to a search over these experiments; undefined: what MLflow does. */
export type Picky = (
  experiments: readonly string[],
) => { readonly status: number; readonly body: string } | undefined;

/** A proxy before MLflow that refuses some searches, as hosted servers and gateways do. */
export interface ExperimentsProxy {
  readonly url: string;
  refuse(picky: Picky): void;
  /** How many experiments each search named since the last call, refused ones included. */
  takeSearches(): readonly number[];
  stop(): Promise<void>;
}

export async function startExperimentsProxy(target: string): Promise<ExperimentsProxy> {
  let picky: Picky = () => undefined;
  let searches: number[] = [];
  const { url, answerWith, stop } = await startProxy(target);
  answerWith((request) => {
    if (!request.url.endsWith('/runs/search')) return undefined;
    const { experiment_ids: ids = [] } = JSON.parse(request.body) as { experiment_ids?: string[] };
    searches.push(ids.length);
    const refused = picky(ids);
    return refused && { ...refused, headers: { 'content-type': typeOf(refused.body) } };
  });
  return {
    url,
    refuse: (next) => {
      picky = next;
    },
    takeSearches: () => {
      const taken = searches;
      searches = [];
      return taken;
    },
    stop,
  };
}

function typeOf(body: string): string {
  return body.startsWith('{') ? 'application/json' : 'text/plain';
}
