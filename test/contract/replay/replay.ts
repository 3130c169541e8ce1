import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../support/servers/process.js';
import { compareBody, type Leeway } from './compare.js';
import { Correspondence } from './correspondence.js';
import type { Received, Receiver } from './receiver.js';
import type { Exchange, RecordedHook, WireExchange } from './recording.js';
import { type Answer, send } from './send.js';

export interface Target {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Called before each exchange with its recorded time, in seconds. */
  at(seconds: number): Promise<void>;
  /** Resolves when no more hook requests are to be expected. */
  settled(): Promise<void>;
  readonly times: Leeway;
}

const comparedHeaders = [
  'content-type',
  'content-range',
  'content-disposition',
  'cache-control',
  'accept-ranges',
  'etag',
];

/** Repeats a recording on a server and says what differs. */
export class Replay {
  readonly #target: Target;
  readonly #receiver: Receiver;
  readonly #hooks: ReadonlyMap<string, RecordedHook>;
  readonly #ids: Correspondence;

  constructor(target: Target, receiver: Receiver, hooks: readonly RecordedHook[]) {
    this.#target = target;
    this.#receiver = receiver;
    this.#hooks = new Map(hooks.map((hook) => [hook.name, hook]));
    this.#ids = new Correspondence(receiver.port);
  }

  /** @returns the differences of the answer */
  async exchange(exchange: Exchange): Promise<string[]> {
    await this.#target.at(exchange.at);
    const { request, response } = exchange;
    const path = this.#path(request.path);
    if (path === undefined) return [];
    const answer = await send(this.#target.endpoint, {
      method: request.method,
      path: path + this.#query(request.query),
      headers: { ...request.headers, ...this.#authorization(request.auth) },
      body: this.#body(request.body),
    });
    return this.#differences(response.status, Object.entries(response.headers), response.body, answer);
  }

  /** Waits for the hook requests that an exchange must cause. @returns their differences */
  async deliveries(names: readonly string[]): Promise<string[]> {
    const { waiting } = this.#receiver;
    if (names.length > 0) {
      await waitFor(`${names.length} hook requests`, () => waiting.length >= names.length, 5000).catch(
        () => {},
      );
    }
    await this.#target.settled();
    const got = waiting.splice(0);
    const differences: string[] = [];
    for (const name of names) {
      const hook = this.#hooks.get(name);
      if (hook === undefined) throw new Error(`no recorded hook request ${name}`);
      const index = got.findIndex((one) => isSame(hook, one));
      const [one] = index < 0 ? [] : got.splice(index, 1);
      if (one === undefined) differences.push(`${name}: did not arrive`);
      else differences.push(...this.#compareHook(hook, one));
    }
    return differences.concat(got.map((one) => `not recorded: ${one.method} ${one.path} ${one.body}`));
  }

  /** Drops what has arrived, for exchanges whose hook requests are not compared. */
  async forgetDeliveries(): Promise<void> {
    await this.#target.settled();
    this.#receiver.waiting.splice(0);
  }

  /** Repeats a request of a client library. */
  async wire({ request, response }: WireExchange): Promise<string[]> {
    const headers: Record<string, string> = {};
    for (const [name, value] of request.headers) {
      if (!/^(host|content-length|transfer-encoding|connection|expect)$/i.test(name)) headers[name] = value;
    }
    const path = this.#path(request.path) ?? request.path;
    const answer = await send(this.#target.endpoint, {
      method: request.method,
      path: request.query === '' ? path : `${path}?${this.#ids.translate(request.query)}`,
      headers,
      body: this.#ids.translate(request.body),
    });
    return this.#differences(response.status, response.headers, response.body, answer);
  }

  #differences(
    status: number,
    headers: Iterable<readonly [string, string]>,
    body: unknown,
    answer: Answer,
  ): string[] {
    const found = answer.status === status ? [] : [`status ${answer.status}, not ${status}: ${answer.text}`];
    for (const [name, value] of headers) {
      const got = answer.headers[name.toLowerCase()];
      if (!comparedHeaders.includes(name.toLowerCase())) continue;
      const wrong = this.#ids.compareText(value, String(got));
      if (wrong !== undefined) found.push(`header ${name}: ${wrong}`);
    }
    const json = answer.headers['content-type'] === 'application/json' && answer.text !== '';
    const actual: unknown = json ? JSON.parse(answer.text) : answer.text;
    return found.concat(compareBody(body, actual, this.#ids, this.#target.times));
  }

  #compareHook(hook: RecordedHook, got: Received): string[] {
    const found = [
      this.#ids.compareText(hook.request.path, got.path),
      this.#ids.compareText(hook.request.body, got.body),
      this.#ids.compareText(headerText(hook.request.headers), headerText(got.headers)),
    ];
    return found.flatMap((wrong) => (wrong === undefined ? [] : [`${hook.name}: ${wrong}`]));
  }

  /** Undefined: this server happens to have no two commits that share a digit. */
  #path(path: string): string | undefined {
    if (/\/commits\/c$/.test(path)) {
      const prefix = this.#ids.ambiguousPrefix();
      return prefix === undefined ? undefined : path.replace(/c$/, prefix);
    }
    return this.#ids
      .translate(path)
      .split('/')
      .map((part) => (/^[0-9a-f]{1,40}$/.test(part) ? this.#ids.translatePrefix(part) : part))
      .join('/')
      .replace(/ /g, '%20');
  }

  #query(query: Exchange['request']['query']): string {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      for (const one of Array.isArray(value) ? value : [value])
        parameters.append(name, this.#ids.translate(String(one)));
    }
    return parameters.size === 0 ? '' : `?${parameters}`;
  }

  #body(body: unknown): string {
    if (body === null) return '';
    if (typeof body === 'string') return this.#ids.translateUpload(body);
    const text = this.#ids.translate(JSON.stringify(body));
    return text.replace(/(?<="(?:ref|source)":")[0-9a-f]{2,40}(?=")/g, (id) => this.#ids.translatePrefix(id));
  }

  #authorization(auth: Exchange['request']['auth']): Record<string, string> {
    const { accessKeyId, secretAccessKey } = this.#target;
    if (auth === 'none') return {};
    if (auth === 'bearer-garbage') return { Authorization: 'Bearer garbage' };
    const pair = `${auth === 'bad-key' ? 'AKIANOBODY' : accessKeyId}:${auth === 'bad-secret' ? 'wrong' : secretAccessKey}`;
    return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  }
}

/** Header lines in their order on the wire; two of one name come in an order that varies. */
function headerText(headers: readonly (readonly [string, string])[]): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const types = lines.filter((line) => line.startsWith('Content-Type: ')).sort();
  return lines.map((line) => (line.startsWith('Content-Type: ') ? types.shift() : line)).join('\n');
}

function isSame(hook: RecordedHook, got: Received): boolean {
  const pathOf = (path: string): string => path.replace(/\?.*/, '');
  const typeOf = (body: string): string | undefined => /"event_type":"([^"]+)"/.exec(body)?.[1];
  return pathOf(hook.request.path) === pathOf(got.path) && typeOf(hook.request.body) === typeOf(got.body);
}

/** Waits as long as the recording did, where it waited for caches of the real server. */
export function makePacer(): (seconds: number) => Promise<void> {
  let last: number | undefined;
  return async (seconds) => {
    const gap = last === undefined ? 0 : seconds - last;
    last = seconds;
    if (gap > 2) await sleep(gap * 1000);
  };
}
