import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { plainAddress } from './trusted-proxies.js';

/** The address of whoever made a request; `unknown` where the connection is gone. */
export type AddressOf = (
  request: Pick<IncomingMessage, 'headers'> & {
    readonly socket: { readonly remoteAddress?: string | undefined };
  },
) => string;

/** More proxies in a row than anybody has. */
const longestChain = 10;

/**
 * The peer's address, or, where the peer is a trusted proxy, the last one in `X-Forwarded-For` that is none: each proxy
 * adds its own peer at the end, and what stands before the first untrusted one may be made up.
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
 * What stands for one sender where senders are counted: the address, of IPv6 the first 64 bits, which is the least that
 * a network gives to one customer.
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
