import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

/** Stands before PostgreSQL and drops the `options` of a new session, as poolers do that are told to ignore them. */
export function startUnawarePooler(target: number): Promise<TcpProxy> {
  return startTcpProxy(target, withoutOptions);
}

/** The startup message: its length, the version of the protocol, then names and values that each end with a zero. */
function withoutOptions(message: Buffer): Buffer {
  const words = message
    .subarray(8, message.readUInt32BE(0) - 1)
    .toString()
    .split('\0');
  const kept: string[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    if (words[at] !== 'options') kept.push(words[at] ?? '', words[at + 1] ?? '');
  }
  const body = Buffer.from(`${kept.join('\0')}\0\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  message.copy(head, 4, 4, 8);
  return Buffer.concat([head, body]);
}
