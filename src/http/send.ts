import { validateHeaderValue } from 'node:http';
import type { Readable } from 'node:stream';
import axios, { type AxiosInstance, isAxiosError } from 'axios';
import { cut } from '../domain/common/text.js';
import { type Address, createRedactor, queryString, redactUrl } from './address.js';
import type { Agents } from './agents.js';
import { answerTooLarge, type HttpFailureFacts } from './classify.js';
import { parseRetryAfter } from './retry.js';
import type { HttpAuth, HttpOptions, HttpRequest, HttpResponse } from './types.js';

const maxAnswerBytes = 200 * 1024 * 1024;
const maxBeginningBytes = 64 * 1024;
const maxErrorText = 2_000;

/** One attempt: an answer with a 2xx status that reads as asked for, or the facts of the failure. */
export type Outcome =
  | { readonly ok: true; readonly response: HttpResponse }
  | { readonly ok: false; readonly facts: HttpFailureFacts };

export type Send = (request: HttpRequest, agents: Agents, timeoutMs: number) => Promise<Outcome>;

/** The only place that knows axios. None of its errors gets out, since they carry the whole configuration. */
export function createSend(options: HttpOptions, address: Address, now: () => number): Send {
  const auth = options.auth ?? address.auth;
  const client = createAxios(options, address, auth);
  const redact = createRedactor(secretsOf(auth, options.proxy));

  return async (request, agents, timeoutMs) => {
    const { name } = options;
    const target = `${request.path}${queryString(request.query)}`;
    const { method, purpose } = request;
    const url = redactUrl(`${address.baseUrl}${target}`);
    const about = { name, method, url, ...(purpose === undefined ? {} : { purpose }) };
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const part = request.accept === 'beginning';
      const answer = await client.request<Buffer | Readable>({
        ...agents,
        ...(part ? { responseType: 'stream' } : { maxContentLength: request.maxBytes ?? maxAnswerBytes }),
        method,
        url: target,
        signal: request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]),
        headers: headersOf(request),
        ...(request.body === undefined ? {} : { data: encode(request.body) }),
      });
      const headers = textHeaders(answer.headers);
      const data = Buffer.isBuffer(answer.data) ? answer.data : await beginningOf(answer.data);
      const read = readBody(request, data);
      if (answer.status >= 200 && answer.status < 300 && read.ok) {
        return { ok: true, response: { status: answer.status, headers, data: read.data } };
      }
      const text = redact(data.toString('utf8'));
      const json = parseJson(text);
      const retryAfterMs = parseRetryAfter(headers['retry-after'], now());
      return {
        ok: false,
        facts: {
          ...about,
          status: answer.status,
          headers,
          body: cut(text, maxErrorText),
          ...(json.ok ? { json: json.data } : {}),
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        },
      };
    } catch (error) {
      request.signal?.throwIfAborted();
      if (timeout.aborted) return { ok: false, facts: { ...about, code: 'ETIMEDOUT', timeoutMs } };
      return { ok: false, facts: { ...about, ...networkFacts(error, redact) } };
    }
  };
}

function createAxios(options: HttpOptions, address: Address, auth: HttpAuth | undefined): AxiosInstance {
  const headers: Record<string, string> = {
    'User-Agent': options.userAgent ?? 'lakefs-mlflow',
    ...options.headers,
    ...(auth === undefined ? {} : { Authorization: authorization(auth) }),
  };
  // A line break at the end of a token would otherwise look like a network error on every request.
  for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value);
  return axios.create({
    baseURL: address.baseUrl,
    allowAbsoluteUrls: false,
    maxRedirects: 0,
    proxy: options.proxy === undefined ? false : readProxy(options.proxy),
    responseType: 'arraybuffer',
    maxBodyLength: Number.POSITIVE_INFINITY,
    validateStatus: null,
    transformRequest: [(data) => data],
    headers,
  });
}

function authorization(auth: HttpAuth): string {
  if ('bearer' in auth) return `Bearer ${auth.bearer}`;
  const { username, password } = auth.basic;
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

function secretsOf(auth: HttpAuth | undefined, proxy: string | undefined): string[] {
  const ofProxy = proxy !== undefined && URL.canParse(proxy) ? [new URL(proxy).password] : [];
  if (auth === undefined) return ofProxy;
  if ('bearer' in auth) return [auth.bearer, ...ofProxy];
  return [auth.basic.password, authorization(auth).slice('Basic '.length), ...ofProxy];
}

function readProxy(given: string): {
  protocol: string;
  host: string;
  port: number;
  auth?: { username: string; password: string };
} {
  if (!URL.canParse(given)) throw new TypeError('the proxy must be an address like "http://host:port"');
  const { protocol, hostname, port, username, password } = new URL(given);
  const fallback = protocol === 'https:' ? 443 : 80;
  const proxy = { protocol, host: hostname, port: port === '' ? fallback : Number(port) };
  if (username === '') return proxy;
  return {
    ...proxy,
    auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
  };
}

function headersOf({ accept, body, contentType, headers }: HttpRequest): Record<string, string> {
  const type =
    contentType ?? (Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json; charset=utf-8');
  return {
    Accept: accept === 'buffer' || accept === 'text' ? '*/*' : 'application/json',
    ...(body === undefined ? {} : { 'Content-Type': type }),
    ...headers,
  };
}

function encode(body: unknown): string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
}

type Read = { readonly ok: true; readonly data: unknown } | { readonly ok: false };

function readBody({ accept }: HttpRequest, data: Buffer): Read {
  if (accept === 'buffer') return { ok: true, data };
  const text = data.toString('utf8');
  return accept === 'text' || accept === 'beginning' ? { ok: true, data: text } : parseJson(text);
}

/** Leaving the loop closes the connection: what follows is never sent. */
async function beginningOf(answer: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length >= maxBeginningBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBeginningBytes);
}

function parseJson(text: string): Read {
  if (text.trim() === '') return { ok: true, data: undefined };
  try {
    return { ok: true, data: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

function textHeaders(headers: object): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(headers)) texts[key.toLowerCase()] = String(value);
  return texts;
}

function networkFacts(
  error: unknown,
  redact: (text: string) => string,
): Pick<HttpFailureFacts, 'code' | 'reason'> {
  if (!isAxiosError(error)) throw error;
  const reason = redact(error.message);
  if (reason.startsWith('maxContentLength')) return { code: answerTooLarge, reason };
  return error.code === undefined ? { reason } : { code: error.code, reason };
}
