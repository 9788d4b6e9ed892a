import type { DataProducerId, Device, PeerId, ProducerId, TransportId } from '@potluck/protocol';
import type { DownlinkEstimate } from '../media/fabric.ts';
import type { Standing } from './policy.ts';
import type { DataPublication, Publication } from './publication.ts';
import { Quota } from './quota.ts';
import type { Reception } from './reception.ts';

/** What others see of somebody who has joined. */
export type Profile = {
  displayName: string | undefined;
  device: Device;
  /** Milliseconds since the epoch. */
  joinedAt: number;
  connection: 'connected' | 'reconnecting';
  handRaisedAt: number | undefined;
  standing: Standing;
};

export type MemberState =
  | { readonly kind: 'connected' }
  | { readonly kind: 'joined'; readonly profile: Profile }
  | { readonly kind: 'closed'; readonly reason: string };

export type OwnTransport = { readonly producing: boolean; readonly consuming: boolean };
export type HeldTransport = OwnTransport & {
  /** `standby`: idle, to take over from an active one. `leaving`: taken over from, until all flows elsewhere. */
  role: 'active' | 'standby' | 'leaving';
  /** ICE and DTLS are up. */
  connected: boolean;
};

/** What was lost with its transport, and is expected to go on elsewhere. */
export type MovingPublication = { readonly publication: Publication; readonly giveUp: () => void };

/** Someone in a room: a peer with signalling, or a broadcaster driven over HTTP. Holds what it owns; decides nothing. */
export class Member {
  readonly id: PeerId;
  readonly kind: 'peer' | 'broadcaster';
  /** How a peer receives; broadcasters consume by explicit request only. */
  readonly reception: Reception | undefined;
  /** Where it connects from; unknown for broadcasters. */
  readonly address: string | undefined;
  readonly transports = new Map<TransportId, HeldTransport>();
  readonly publications = new Map<ProducerId, Publication>();
  readonly moving = new Map<ProducerId, MovingPublication>();
  readonly dataPublications = new Map<DataProducerId, DataPublication>();
  /** Of what it may have so many. */
  readonly quotas = {
    transports: new Quota('transports for one peer'),
    producers: new Quota('producers for one peer'),
    dataProducers: new Quota('data producers for one peer'),
  };
  /** As last found out by the transport that it receives over. */
  downlink: DownlinkEstimate | undefined;
  state: MemberState = { kind: 'connected' };
  /** SHA-256 of the token with which it can come back. */
  resumeTokenHash: string | undefined;

  constructor(id: PeerId, kind: 'peer' | 'broadcaster', reception?: Reception, address?: string) {
    this.id = id;
    this.kind = kind;
    this.reception = reception;
    this.address = address;
  }

  get profile(): Profile | undefined {
    return this.state.kind === 'joined' ? this.state.profile : undefined;
  }

  get closed(): boolean {
    return this.state.kind === 'closed';
  }

  /** The first transport made for receiving: all consumers go there. */
  get receiveTransport(): TransportId | undefined {
    return this.transportFor({ producing: false, consuming: true });
  }

  /** Its first transport of this role that does what is asked. */
  transportFor(does: OwnTransport, role: HeldTransport['role'] = 'active'): TransportId | undefined {
    for (const [id, held] of this.transports) {
      const fits = (held.producing || !does.producing) && (held.consuming || !does.consuming);
      if (held.role === role && fits) return id;
    }
    return undefined;
  }
}

/** A member that has joined: what is shown to others. */
export type JoinedMember = Member & { readonly state: { readonly kind: 'joined'; readonly profile: Profile } };
export const isJoined = (member: Member): member is JoinedMember => member.state.kind === 'joined';
