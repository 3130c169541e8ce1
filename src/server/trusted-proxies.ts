import { BlockList, isIP } from 'node:net';

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
export function plainAddress(peer: string): string {
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
