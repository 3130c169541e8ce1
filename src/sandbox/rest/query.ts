import type { IncomingMessage } from 'node:http';
import { ApiFailure } from '../failure.js';
import type { ListOptions } from '../operations/listing.js';

export function queryOf(req: IncomingMessage): URLSearchParams {
  const url = req.url ?? '';
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
}

export function isTrue(query: URLSearchParams, name: string): boolean {
  return /^(1|t|true)$/i.test(query.get(name) ?? '');
}

/** Page size: 100 unless told; 0 and -1 mean 100 too. @throws ApiFailure 400 */
export function amountOf(query: URLSearchParams): number {
  const text = query.get('amount');
  if (text === null || text === '') return 100;
  const wrong = (what: string): ApiFailure =>
    new ApiFailure(400, `parameter "amount" in query has an error: ${what}`);
  if (!/^-?\d+$/.test(text)) throw wrong(`value ${text}: an invalid integer: invalid syntax`);
  const amount = Number(text);
  const schema =
    '\nSchema:\n  {\n    "default": 100,\n    "maximum": 1000,\n    "minimum": -1,\n    "type": "integer"\n  }\n' +
    `\nValue:\n  ${text}\n`;
  if (amount > 1000) throw wrong(`number must be at most 1000${schema}`);
  if (amount < -1) throw wrong(`number must be at least -1${schema}`);
  return amount < 1 ? 100 : amount;
}

export function listOptionsOf(query: URLSearchParams): ListOptions {
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    after: query.get('after') ?? '',
    amount: amountOf(query),
  };
}

/** The `path` parameter. @throws ApiFailure 400 */
export function pathOf(query: URLSearchParams): string {
  const path = query.get('path');
  if (path === null) {
    throw new ApiFailure(400, 'parameter "path" in query has an error: value is required but missing');
  }
  if (path === '')
    throw new ApiFailure(400, 'parameter "path" in query has an error: empty value is not allowed');
  return path;
}

/** A parameter that knows a few words only. @throws ApiFailure 400 */
export function wordOf<T extends string>(
  query: URLSearchParams,
  name: string,
  allowed: readonly T[],
  fallback: T,
): T {
  const text = query.get(name) ?? fallback;
  const word = allowed.find((one) => one === text);
  if (word !== undefined) return word;
  const words = JSON.stringify(allowed);
  const list = allowed.map((one) => `      "${one}"`).join(',\n');
  throw new ApiFailure(
    400,
    `parameter "${name}" in query has an error: value is not one of the allowed values ${words}\nSchema:\n` +
      `  {\n    "default": "${fallback}",\n    "enum": [\n${list}\n    ],\n    "type": "string"\n  }\n\n` +
      `Value:\n  "${text}"\n`,
  );
}
