import { networkInterfaces } from 'node:os';
import { isIPv6 } from 'node:net';
import { isLoopback } from './address.ts';

export type Links = {
  /** For browsers on this machine; no certificate warning where plain HTTP is served. */
  local: string;
  /** For other devices, best first. */
  others: string[];
};

export type LinkFacts = {
  httpsPort: number;
  httpPort: number | undefined;
  domain: string | undefined;
  addresses: readonly string[];
};

export function linksOf({ httpsPort, httpPort, domain, addresses }: LinkFacts): Links {
  const https = (host: string) =>
    `https://${isIPv6(host) ? `[${host}]` : host}${httpsPort === 443 ? '' : `:${httpsPort}`}/`;
  const named = domain === undefined || domain === 'localhost' ? [] : [domain];
  return {
    local: httpPort === undefined ? https('localhost') : `http://localhost:${httpPort}/`,
    others: [...new Set([...named, ...addresses])].map(https),
  };
}

/** Addresses of this machine in its networks, IPv4 first: that is what one types. */
export function networkAddresses(): string[] {
  const entries = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, scopeid }) => !internal && !scopeid);
  const family = (name: 'IPv4' | 'IPv6') =>
    entries.filter((entry) => entry.family === name).map(({ address }) => address);
  return [...family('IPv4'), ...family('IPv6')];
}

/** Of these addresses of this machine, those under which others reach a server that listens there. */
export function reachableAt(listenIp: string, addresses: readonly string[]): readonly string[] {
  if (listenIp === '::' || listenIp === '0.0.0.0') return addresses;
  return isLoopback(listenIp) ? [] : [listenIp];
}
