import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

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

/**
 * Tells whether a peer's address is one of the listed addresses or networks (`10.0.0.7`, `10.0.0.0/8`, `fd00::/8`).
 *
 * @throws RangeError where an entry is neither
 */
export function createProxyCheck(entries: readonly string[]): (peer: string | undefined) => boolean {
  const list = new BlockList();
  for (const entry of entries) add(list, entry);
  return function isTrusted(peer) {
    if (peer === undefined) return false;
    const address = plainAddress(peer);
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}

/** A socket that listens on :: shows IPv4 peers as `::ffff:10.0.0.7`, and link-local ones with their interface, `fe80::1%eth0`. */
function plainAddress(peer: string): string {
  const [address = ''] = peer.replace(/^::ffff:(?=\d+\.)/i, '').split('%', 1);
  return address;
}

function add(list: BlockList, entry: string): void {
  const [address = '', prefix, ...rest] = entry.trim().split('/');
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  if (
    family === 0 ||
    rest.length > 0 ||
    prefix === '' ||
    !Number.isInteger(length) ||
    length < 0 ||
    length > bits
  ) {
    throw new RangeError(
      `LAKEFS_MLFLOW_TRUSTED_PROXIES: "${entry}" is neither an address nor a network such as 10.0.0.0/8`,
    );
  }
  list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
}
