import http from 'node:http';
import https from 'node:https';
import type { Webhook } from './webhook.js';

export interface HookAnswer {
  readonly status: number;
  /** The status line, headers and body as lakeFS logs them. */
  readonly dump: string;
}

/** Go follows at most ten redirects. */
const redirectLimit = 10;

/**
 * POSTs the body with Go's headers in Go's order, on a connection of its own, following redirects as Go does
 * (301 to 303 become a GET without a body).
 * @throws Error whose message is Go's
 */
export async function postHook(webhook: Webhook, body: string): Promise<HookAnswer> {
  const signal = webhook.timeoutMs > 0 ? AbortSignal.timeout(webhook.timeoutMs) : undefined;
  let method = 'POST';
  let url = withQuery(webhook);
  let referer: string | undefined;
  for (let hop = 0; ; hop++) {
    let answer: Answer;
    try {
      answer = await send(method, url, headersOf(webhook, method, url, body, referer), body, signal);
    } catch (error) {
      throw new Error(`Post "${url}": ${goMessage(error, url)}`);
    }
    const target = [301, 302, 303, 307, 308].includes(answer.status) ? answer.location : undefined;
    if (target === undefined || hop >= redirectLimit) return answer;
    if (answer.status < 307) method = 'GET';
    referer = url;
    url = new URL(target, url).href;
  }
}

interface Answer extends HookAnswer {
  readonly location: string | undefined;
}

function withQuery(webhook: Webhook): string {
  const url = new URL(webhook.url);
  for (const { name, text } of webhook.query) url.searchParams.append(name, text);
  if (url.search !== '') url.searchParams.sort();
  return url.href;
}

type Header = readonly [name: string, value: string];

function headersOf(
  webhook: Webhook,
  method: string,
  url: string,
  body: string,
  referer: string | undefined,
): Header[] {
  const own = webhook.headers.map(({ name, text }): Header => [canonical(name), text.trim()]);
  const agent = own.find(([name]) => name === 'User-Agent')?.[1] ?? 'Go-http-client/1.1';
  const others: Header[] = own.filter(([name]) => name !== 'User-Agent' && name !== 'Host');
  // Always added: a user's own spelling of it makes two.
  if (method === 'POST' && !webhook.headers.some(({ name }) => name === 'Content-Type')) {
    others.push(['Content-Type', 'application/json']);
  }
  if (referer !== undefined) others.push(['Referer', referer]);
  others.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const length: Header[] = method === 'POST' ? [['Content-Length', String(Buffer.byteLength(body))]] : [];
  return [
    ['Host', new URL(url).host],
    ['User-Agent', agent],
    ...length,
    ...others,
    ['Accept-Encoding', 'gzip'],
  ];
}

function send(
  method: string,
  url: string,
  headers: readonly Header[],
  body: string,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const secure = url.startsWith('https:');
    const client = secure ? https : http;
    const agent = new client.Agent({ keepAlive: true });
    const request = client.request(url, { method, agent, setHost: false, ...(signal && { signal }) });
    for (const name of new Set(headers.map(([header]) => header))) {
      const all = headers.filter(([header]) => header === name).map(([, value]) => value);
      const [only] = all;
      request.setHeader(name, all.length === 1 && only !== undefined ? only : all);
    }
    // Go sends no Connection header; an agent that keeps alive and a removed header make Node do the same.
    request.removeHeader('Connection');
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => resolve({ ...describe(response, Buffer.concat(chunks)) }));
    });
    request.once('close', () => agent.destroy());
    request.end(method === 'POST' ? body : undefined);
  });
}

function describe(response: http.IncomingMessage, body: Buffer): Answer {
  const status = response.statusCode ?? 0;
  const headers: string[] = [];
  for (let index = 0; index + 1 < response.rawHeaders.length; index += 2) {
    const name = canonical(response.rawHeaders[index] ?? '');
    if (!['Connection', 'Keep-Alive', 'Transfer-Encoding'].includes(name)) {
      headers.push(`${name}: ${response.rawHeaders[index + 1]}\r\n`);
    }
  }
  const line = `HTTP/1.1 ${status} ${response.statusMessage ?? ''}\r\n`;
  return {
    status,
    dump: `${line}${headers.sort().join('')}\r\n${body}`,
    location: response.headers.location,
  };
}

/** Go's spelling of a header name: `x-my-header` becomes `X-My-Header`. */
function canonical(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (match) => match.toUpperCase());
}

function goMessage(error: unknown, url: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const { hostname, host } = new URL(url);
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
    return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  }
  if (code === 'ECONNRESET') return 'EOF';
  if (code === 'ECONNREFUSED') return `dial tcp ${host}: connect: connection refused`;
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${hostname}: no such host`;
  return error instanceof Error ? error.message : String(error);
}
