import type { BroadcasterCreated, BroadcasterStatus, RtpCapabilities } from '@potluck/protocol';
import { countTransports } from '../../room/broadcast-idle.ts';
import type { Broadcaster } from '../../room/broadcaster.ts';
import { peerInfo, producerInfo } from '../../session/describe.ts';

/** What there is to consume, as v3 tells it: peers only, and of what they send only what fits. */
export function peersFor(
  { room }: Broadcaster,
  capabilities: RtpCapabilities | undefined,
): BroadcasterCreated['peers'] {
  if (capabilities === undefined) return [];
  const fitting = new Set(capabilities.codecs?.map(({ mimeType }) => mimeType.toLowerCase()));
  const peers = room.joined().filter(({ kind }) => kind === 'peer');
  return peers.map((peer) => ({
    ...peerInfo(peer),
    producers: [...peer.publications.values()]
      .filter(({ mimeType }) => fitting.has(mimeType))
      .map(({ id, kind }) => ({ id, kind })),
  }));
}

export async function statusOf({ room, member, consumers }: Broadcaster): Promise<BroadcasterStatus> {
  const others = room.joined().filter((other) => other !== member);
  return {
    id: member.id,
    displayName: member.state.profile.displayName ?? '',
    participants: others.map((other) => ({
      ...peerInfo(other),
      kind: other.kind,
      producers: Array.from(other.publications.values(), producerInfo),
    })),
    transports: (await countTransports(room, member)).flatMap(({ id, ...counts }) =>
      [...member.transports.keys()].filter((own) => own === id).map((own) => ({ id: own, ...counts })),
    ),
    producers: Array.from(member.publications.values(), ({ id, kind }) => ({ id, kind })),
    consumers: Array.from(consumers, ([id, { producerId }]) => ({ id, producerId })),
  };
}
