import type { IncomingMessage } from 'node:http';
import { ApiFailure } from '../failure.js';

export async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks);
}

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
  if (!isObject(value)) throw wrong('value must be an object');
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
  for (const [key, one] of Object.entries(isObject(value.metadata) ? value.metadata : {})) {
    if (typeof one !== 'string') throw wrong(`Error at "/metadata/${key}": value must be a string`);
  }
  return value;
}

/** @throws ApiFailure 400 for another content type or text that is not JSON */
export async function readAnyJson(req: IncomingMessage): Promise<unknown> {
  const type = req.headers['content-type'] ?? '';
  const text = (await readBody(req)).toString();
  if (!type.startsWith('application/json')) {
    throw new ApiFailure(
      400,
      `request body has an error: header Content-Type has unexpected value "${type}"`,
    );
  }
  try {
    return JSON.parse(text);
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
  for (const [key, value] of Object.entries(isObject(body.metadata) ? body.metadata : {})) {
    if (typeof value === 'string') found[key] = value;
  }
  return found;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isKind(value: unknown, kind: string): boolean {
  if (kind === 'integer') return Number.isInteger(value);
  if (kind === 'array') return Array.isArray(value);
  if (kind === 'object') return isObject(value);
  return typeof value === kind;
}
