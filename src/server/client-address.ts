import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { plainAddress } from './trusted-proxies.js';

/** The address that a request came from; `unknown` where the connection is gone. */
export type AddressOf = (
  request: Pick<IncomingMessage, 'headers'> & {
    readonly socket: { readonly remoteAddress?: string | undefined };
  },
) => string;

/** Longer than any real chain of proxies. */
const longestChain = 10;

/**
 * The peer's address. Where the peer is a trusted proxy, the last address in `X-Forwarded-For` that is not: each proxy
 * appends its own peer, and anything before the last untrusted address may be forged.
 */
export function createAddressOf(isTrusted: (peer: string | undefined) => boolean): AddressOf {
  return function addressOf({ headers, socket }) {
    let address = plainAddress(socket.remoteAddress ?? '');
    if (!isTrusted(address)) return address === '' ? 'unknown' : address;
    const chain = [headers['x-forwarded-for'] ?? ''].flat().join(',').slice(-1_000).split(',');
    for (const entry of chain.slice(-longestChain).reverse()) {
      const next = withoutPort(entry.trim());
      if (!isIPv4(next) && !isIPv6(next)) break;
      address = next;
      if (!isTrusted(address)) break;
    }
    return address;
  };
}

/**
 * Identifies a sender for counting: by the address, or for IPv6 by its first 64 bits, the smallest block that a provider
 * assigns to one customer.
 */
export function senderOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - behind.length);
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...behind];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** `10.0.0.7:4711` and `[fd00::7]:4711` as well: some proxies add the port. */
function withoutPort(entry: string): string {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? entry.replace(/^([\d.]+):\d+$/, '$1');
  return plainAddress(bare);
}
