import { BlockList, isIP } from 'node:net';

/** Networks that are not globally reachable (RFC 6890 and the IANA special-purpose address registries). */
const networks = {
  ipv4: [
    ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10'],
    // For documentation and benchmarks: routed nowhere.
    ...['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '198.18.0.0/15'],
  ],
  ipv6: ['::1/128', 'fe80::/10', 'fc00::/7', '2001:db8::/32'],
} as const;

const inner = new BlockList();
for (const family of ['ipv4', 'ipv6'] as const) {
  for (const network of networks[family]) {
    const [address = '', bits] = network.split('/');
    inner.addSubnet(address, Number(bits), family);
  }
}

/** Whether this address is reached from this machine and private networks only. */
export function isPrivateAddress(address: string): boolean {
  const [plain = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(plain)?.[1] ?? plain;
  const family = isIP(mapped);
  return family !== 0 && inner.check(mapped, family === 6 ? 'ipv6' : 'ipv4');
}

/** Names that no public DNS answers (RFC 6761, RFC 6762, RFC 8375, and what routers use). */
const privateNames = /(^|\.)(localhost|local|internal|lan|home|test|home\.arpa)$/iu;

/** A name or an address under which a server is reached. An unknown name may lead anywhere. */
export const isPrivateHost = (host: string): boolean =>
  isIP(host) === 0 ? privateNames.test(host) || !host.includes('.') : isPrivateAddress(host);
