import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const head = '<?xml version="1.0" encoding="UTF-8"?>\n';

export type XmlValue = string | number | readonly XmlField[];
export type XmlField = readonly [name: string, value: XmlValue];

export function xml(name: string, value: XmlValue): string {
  const inner = Array.isArray(value)
    ? value.map(([key, one]: XmlField) => xml(key, one)).join('')
    : escapeXml(String(value));
  return `<${name}>${inner}</${name}>`;
}

/** Go's escapes: `&#34;` and not `&quot;`. */
function escapeXml(text: string): string {
  return text.replace(/[&<>"'\t\n\r]/g, (character) => {
    if (character === '&') return '&amp;';
    if (character === '<') return '&lt;';
    if (character === '>') return '&gt;';
    return `&#${character === '"' || character === "'" ? character.charCodeAt(0) : `x${character.charCodeAt(0).toString(16).toUpperCase()}`};`;
  });
}

/** Clients that send no Accept header (boto3) get another content type than those that do (s3fs). */
export function sendXml(req: IncomingMessage, res: ServerResponse, status: number, document: string): void {
  const body = document === '' ? '' : head + document;
  res.statusCode = status;
  if (req.headers.accept === undefined) res.setHeader('Content-Type', 'application/xml');
  else if (body !== '') res.setHeader('Content-Type', 'text/xml; charset=utf-8');
  if (status !== 204) res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}

const messages = {
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchBucket: [404, 'The specified bucket does not exist'],
  NoSuchUpload: [404, 'The specified multipart upload does not exist.'],
  AccessDenied: [403, 'Access Denied.'],
  BadRequest: [400, '400 BadRequest'],
  InternalError: [500, 'We encountered an internal error, please try again.'],
  PreconditionFailed: [412, 'At least one of the pre-conditions you specified did not hold'],
  InvalidRange: [416, 'The requested range is not satisfiable'],
  NotImplemented: [501, 'the sandbox lakeFS does not do this'],
} as const;

/** A refusal with the status and text of lakeFS's gateway. */
export class S3Failure extends Error {
  override readonly name = 'S3Failure';
  readonly code: keyof typeof messages;

  constructor(code: keyof typeof messages) {
    super(messages[code][1]);
    this.code = code;
  }
}

export interface S3Place {
  readonly bucket: string;
  readonly ref?: string;
  readonly key?: string;
}

/** @param place left out where the request was refused before its address was looked at */
export function sendS3Failure(
  req: IncomingMessage,
  res: ServerResponse,
  failure: S3Failure,
  place?: S3Place,
): void {
  const [status, message] = messages[failure.code];
  const fields: XmlField[] = [
    ['Code', failure.code],
    ['Message', message],
  ];
  if (place?.key !== undefined) fields.push(['Key', place.key]);
  if (place !== undefined) fields.push(['BucketName', place.bucket]);
  const resource = place?.ref === undefined ? (place?.bucket ?? '') : `${place.ref}@${place.bucket}`;
  fields.push(['Resource', resource], ['Region', 'us-east-1'], ['RequestId', randomUUID()]);
  fields.push(['HostId', randomBytes(8).toString('hex').toUpperCase()]);
  sendXml(req, res, status, xml('Error', fields));
}
