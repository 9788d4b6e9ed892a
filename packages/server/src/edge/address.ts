import { BlockList, isIP } from 'node:net';

/** The address of the client behind `peer`, the other end of the TCP connection, given its X-Forwarded-For. */
export type ClientAddress = (peer: string | undefined, forwardedFor: string | readonly string[] | undefined) => string;

/**
 * Believes X-Forwarded-For only as far as trusted proxies wrote it: from the right, the first address that is no trusted
 * proxy is the client. What stands further left may be the client's invention.
 */
export function clientAddressBehind(trustedProxies: readonly string[]): ClientAddress {
  const trusted = networkList(trustedProxies);
  return (peer, forwardedFor) => {
    let address = plainAddress(peer ?? 'unknown');
    const header = typeof forwardedFor === 'string' ? forwardedFor : (forwardedFor?.join(',') ?? '');
    const hops = header.split(',').map((hop) => plainAddress(hop.trim()));
    while (hops.length > 0 && includes(trusted, address)) {
      const next = hops.pop();
      if (next === undefined || isIP(next) === 0) break;
      address = next;
    }
    return address;
  };
}

/** What limits count by: an IPv6 client owns at least a /64 (RFC 6177). */
export function addressGroup(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const words = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${words
    .slice(0, 4)
    .map((word) => Number.parseInt(word, 16).toString(16))
    .join(':')}::/64`;
}

/** Whether an IP address is of this machine itself (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

/** Of a URL: whether it leads to this machine itself; `localhost` does (RFC 6761 §6.3). */
export const isLoopbackHost = (hostname: string): boolean =>
  hostname.toLowerCase() === 'localhost' || isLoopback(hostname.replace(/^\[(.*)\]$/u, '$1'));

/** IPv4 that arrived on a dual-stack socket is IPv4 (RFC 4291 §2.5.5.2). */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(address);
  return mapped?.[1] ?? address;
}

function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return list;
}

const includes = (list: BlockList, address: string): boolean =>
  isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
