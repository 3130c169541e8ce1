import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { isRecord } from '../actions/parse.js';
import { ApiFailure } from '../failure.js';

type Kind = 'string' | 'boolean' | 'integer' | 'object' | 'array';

/** The fields of a request body that are looked at; those with `!` are required. */
export type Fields = Readonly<Record<string, Kind | `${Kind}!`>>;

export type JsonBody = Readonly<Record<string, unknown>>;

/**
 * Reads a JSON object and checks its fields as lakeFS's schema validator does. lakeFS's messages go on with the
 * whole schema after the first line; ours end there.
 * @param schema lakeFS's name of the schema
 * @throws ApiFailure 400
 */
export async function readJson(req: IncomingMessage, schema: string, fields: Fields): Promise<JsonBody> {
  const value = await readAnyJson(req);
  const wrong = (what: string): ApiFailure =>
    new ApiFailure(
      400,
      `request body has an error: doesn't match schema #/components/schemas/${schema}: ${what}`,
    );
  if (!isRecord(value)) throw wrong('value must be an object');
  for (const [name, kind] of Object.entries(fields)) {
    const given = value[name];
    if (given === undefined) {
      if (kind.endsWith('!')) throw wrong(`Error at "/${name}": property "${name}" is missing`);
    } else if (!isKind(given, kind.replace('!', ''))) {
      throw wrong(
        `Error at "/${name}": value must be ${kind.startsWith('i') ? 'an' : 'a'} ${kind.replace('!', '')}`,
      );
    }
  }
  for (const [key, one] of Object.entries(isRecord(value.metadata) ? value.metadata : {})) {
    if (typeof one !== 'string') throw wrong(`Error at "/metadata/${key}": value must be a string`);
  }
  return value;
}

/** @throws ApiFailure 400 for another content type or text that is not JSON */
export async function readAnyJson(req: IncomingMessage): Promise<unknown> {
  const type = req.headers['content-type'] ?? '';
  const sent = await text(req);
  if (!type.startsWith('application/json')) {
    throw new ApiFailure(
      400,
      `request body has an error: header Content-Type has unexpected value "${type}"`,
    );
  }
  try {
    return JSON.parse(sent);
  } catch {
    throw new ApiFailure(400, 'request body has an error: failed to decode request body: unexpected EOF');
  }
}

export function textOf(body: JsonBody, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(body: JsonBody, name: string): number | undefined {
  const value = body[name];
  return typeof value === 'number' ? value : undefined;
}

export function metadataOf(body: JsonBody): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, value] of Object.entries(isRecord(body.metadata) ? body.metadata : {})) {
    if (typeof value === 'string') found[key] = value;
  }
  return found;
}

function isKind(value: unknown, kind: string): boolean {
  if (kind === 'integer') return Number.isInteger(value);
  if (kind === 'array') return Array.isArray(value);
  if (kind === 'object') return isRecord(value);
  return typeof value === kind;
}

/** User metadata from headers that begin with a prefix. */
export function metadataHeaders({ headers }: IncomingMessage, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), String(value)]),
  );
}

export interface Part {
  readonly name: string;
  readonly contentType: string | undefined;
  readonly data: Buffer;
}

/** The parts of a `multipart/form-data` body; none where the boundary is missing. */
export function parseMultipart(body: Buffer, contentType: string): Part[] {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return [];
  const marker = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let start = body.indexOf(marker);
  while (start >= 0) {
    const from = start + marker.length;
    const next = body.indexOf(marker, from);
    if (next < 0) break;
    const head = body.indexOf('\r\n\r\n', from);
    if (head >= 0 && head < next) {
      const headers = body.subarray(from, head).toString();
      parts.push({
        name: /[; ]name="([^"]*)"/i.exec(headers)?.[1] ?? '',
        contentType: /^content-type:(.+)$/im.exec(headers)?.[1]?.trim(),
        data: body.subarray(head + 4, next - 2),
      });
    }
    start = next;
  }
  return parts;
}
