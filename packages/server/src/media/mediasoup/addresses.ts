import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { types } from 'mediasoup';
import type { IceCandidate } from '@potluck/protocol';

/** More would only slow down the clients' connectivity checks. */
const maxLocalAddresses = 8;

export const isWildcard = (ip: string): boolean => ip === '0.0.0.0' || ip === '::';

type Interface = { address: string; family: 'IPv4' | 'IPv6'; internal: boolean; scopeid?: number };

/**
 * Addresses that this machine can be reached by, best first: those of its networks, then loopback for a browser on the
 * same machine. IPv6 only where it is routed: link-local addresses need a zone that a candidate cannot carry.
 */
export function localAddresses(listenIp: string, interfaces: readonly Interface[] = listInterfaces()): string[] {
  if (!isWildcard(listenIp)) return [listenIp];
  const outside = interfaces.filter(({ internal, scopeid }) => !internal && !scopeid);
  const family = (name: Interface['family']) => outside.filter((entry) => entry.family === name);
  const found = [...family('IPv4'), ...family('IPv6')].map(({ address }) => address);
  return [...new Set(found)].slice(0, maxLocalAddresses).concat('127.0.0.1');
}

const listInterfaces = (): Interface[] => Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);

/** Leaves out what the kernel does not let us bind to (an address that is still being configured, IPv6 switched off). */
export async function bindable(addresses: readonly string[]): Promise<string[]> {
  const tried = await Promise.all(addresses.map(async (address) => ((await canBind(address)) ? [address] : [])));
  return tried.flat();
}

function canBind(address: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  const done = (possible: boolean) => socket.close(() => resolve(possible));
  socket.once('error', () => done(false));
  socket.bind({ address, port: 0, exclusive: true }, () => done(true));
  return promise;
}

/**
 * What a UDP socket holds while its worker is busy; the kernel gives less where `net.core.rmem_max` says so. Its usual
 * 208 KiB are some 270 small packets: with hundreds of people behind one port, those of a moment.
 */
export const udpBuffer = { recvBufferSize: 4 * 1024 * 1024 } as const;

/**
 * One socket a protocol and address: an answer then leaves with the address that it was sent to, which one socket bound
 * to all of them does not promise on a machine with several.
 */
export const listenInfos = (
  addresses: readonly string[],
  port: { port: number } | { portRange: types.TransportPortRange },
): types.TransportListenInfo[] =>
  addresses.flatMap((ip) => [
    { protocol: 'udp', ip, ...port, ...udpBuffer },
    { protocol: 'tcp', ip, ...port },
  ]);

/** RFC 8445 §5.1.2.1, for host candidates of the only component. */
const priorityOf = (localPreference: number): number => 126 * 2 ** 24 + localPreference * 2 ** 8 + 255;

/**
 * What clients are told: the announced addresses with the ports of the first local one, then the local addresses
 * themselves, which also serve those behind the same NAT. All of UDP goes before all of TCP.
 */
export function iceCandidates(local: readonly types.IceCandidate[], announced: readonly string[]): IceCandidate[] {
  const ranked = (['udp', 'tcp'] as const).flatMap((protocol) => {
    const own = local.filter((candidate) => candidate.protocol === protocol);
    const [first] = own;
    return first ? [...announced.map((address) => ({ ...first, address })), ...own] : [];
  });
  return ranked.map(({ address, port, protocol }, index) => ({
    // Each its own (RFC 8445 §5.1.1.3): Firefox checks candidates of one foundation one after another.
    foundation: `${protocol}${index}`,
    priority: priorityOf(65_535 - index * 256),
    ip: address,
    address,
    protocol,
    port,
    type: 'host',
    ...(protocol === 'tcp' && { tcpType: 'passive' as const }),
  }));
}
