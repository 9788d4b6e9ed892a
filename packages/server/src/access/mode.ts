import type { AccessMode } from '../room/access-mode.ts';
import { isPrivateAddress, isPrivateHost } from './reach.ts';

export type ReachFacts = {
  /** What is listened on, and what is told to clients. */
  readonly addresses: readonly string[];
  readonly hosts: readonly string[];
  /** A proxy stands in front: who reaches it is not known here. */
  readonly behindProxy: boolean;
};

export type ResolvedMode = {
  readonly mode: AccessMode;
  /** One sentence for the operator. */
  readonly because: string;
  /** It is open to the world because somebody said so. */
  readonly exposed: boolean;
};

/** `auto` is open in private networks and lets nobody in unasked where the internet can reach it. */
export function resolveMode(wanted: AccessMode | 'auto', reach: ReachFacts): ResolvedMode {
  const open = whyPublic(reach);
  switch (wanted) {
    case 'auto':
      return open === undefined
        ? { mode: 'open', because: 'it is reached from this machine and private networks only', exposed: false }
        : { mode: 'guests', because: `${open}, so newcomers wait until a host lets them in`, exposed: false };
    case 'open':
      return open === undefined
        ? { mode: 'open', because: 'it is set', exposed: false }
        : { mode: 'open', because: `it is set, although ${open}`, exposed: true };
    case 'guests':
    case 'members':
      return { mode: wanted, because: 'it is set', exposed: false };
  }
}

function whyPublic({ addresses, hosts, behindProxy }: ReachFacts): string | undefined {
  const address = addresses.find((candidate) => !isPrivateAddress(candidate));
  if (address !== undefined) return `${address} is a public address`;
  const host = hosts.find((candidate) => !isPrivateHost(candidate));
  if (host !== undefined) return `${host} may be reached from the internet`;
  return behindProxy ? 'a proxy stands in front of it' : undefined;
}
