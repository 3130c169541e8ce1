import { createHash } from 'node:crypto';

/** One stored object. */
export interface Entry {
  /** MD5 of the content, hex: what lakeFS on a local block store answers as checksum and ETag. */
  readonly checksum: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; the REST API shows seconds, the S3 gateway milliseconds. */
  readonly mtimeMs: number;
  readonly physicalAddress: string;
  readonly data: Buffer;
}

export interface NewEntry {
  readonly data: Buffer;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export function makeEntry(content: NewEntry, physicalAddress: string, nowMs: number): Entry {
  return {
    checksum: createHash('md5').update(content.data).digest('hex'),
    sizeBytes: content.data.length,
    contentType: content.contentType,
    metadata: content.metadata,
    mtimeMs: nowMs,
    physicalAddress,
    data: content.data,
  };
}

/** What counts as the content of an object: everything but where and when it was stored. */
export function sameContent(left: Entry | undefined, right: Entry | undefined): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined) return false;
  return contentText(left) === contentText(right);
}

/** The share of one path in its tree's digest, as a number below 2^256. */
export function digestOf(path: string, entry: Entry): bigint {
  const hash = createHash('sha256')
    .update(`${path}\0${contentText(entry)}`)
    .digest('hex');
  return BigInt(`0x${hash}`);
}

function contentText(entry: Entry): string {
  const metadata = Object.entries(entry.metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([entry.sizeBytes, entry.checksum, entry.contentType, metadata]);
}
