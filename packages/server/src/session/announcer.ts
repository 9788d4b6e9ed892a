import { closeCodes } from '@potluck/kernel';
import type { Dialect, NoticeData, NoticeName, PeerId } from '@potluck/protocol';
import { may, permissionsOf } from '../room/policy.ts';
import type { Room } from '../room/room.ts';
import { participant, peerInfo, producerInfo } from './describe.ts';
import { encodeNotice, type Session } from './session.ts';

/** Tells the sessions of one room what happened in it. Each fact is encoded once a dialect, whoever many hear it. */
export class Announcer {
  readonly #sessions = new Map<PeerId, Session>();
  /** When a crowd joins, everyone is told of everyone: no session is asked what it does not speak. */
  readonly #byDialect: { readonly [D in Dialect]: Set<Session> } = { v3: new Set(), potluck: new Set() };
  #silent = false;

  constructor(room: Room) {
    const { events } = room;
    const forget = [
      events.on('memberJoined', (member) => {
        this.#tell('v3', 'newPeer', peerInfo(member), member.id);
        this.#tell('potluck', 'participantJoined', participant(member), member.id);
      }),
      events.on('memberLeft', (peerId) => this.#tellAll('peerClosed', { peerId }, peerId)),
      events.on('memberRenamed', ({ id, state }, oldDisplayName) => {
        const { displayName = '' } = state.profile;
        const old = oldDisplayName !== undefined && { oldDisplayName };
        this.#tellAll('peerDisplayNameChanged', { peerId: id, displayName, ...old }, id);
      }),
      events.on('connectionChanged', ({ id, state }) =>
        this.#tell('potluck', 'participantConnectionChanged', { peerId: id, connection: state.profile.connection }, id),
      ),
      events.on('handChanged', ({ id, state }) =>
        this.#tell('potluck', 'handRaised', { peerId: id, raisedAt: state.profile.handRaisedAt ?? null }),
      ),
      events.on('standingChanged', ({ id, state }) => {
        const { standing } = state.profile;
        this.#tell('potluck', 'roleChanged', { peerId: id, role: standing.role });
        this.#tellOne(id, 'permissionsChanged', { permissions: permissionsOf(standing) });
        if (may(standing, 'admit')) this.#tellOne(id, 'lobbyChanged', { waiting: room.door.waiting });
      }),
      events.on('mutedByModerator', ({ id }, by, source) => this.#tellOne(id, 'mutedByModerator', { by, source })),
      events.on('unmuteAsked', ({ id }, by, source) => this.#tellOne(id, 'unmuteAsked', { by, source })),
      events.on('rulesChanged', () => this.#tell('potluck', 'roomChanged', room.door.rules)),
      events.on('lobbyChanged', () => {
        for (const { id, state } of room.joined()) {
          if (may(state.profile.standing, 'admit')) this.#tellOne(id, 'lobbyChanged', { waiting: room.door.waiting });
        }
      }),
      events.on('lobbyDecided', (peerId, admitted) => this.#tellOne(peerId, 'lobbyDecided', { admitted })),
      events.on('reactionShown', ({ id }, emoji) => this.#tell('potluck', 'reaction', { peerId: id, emoji })),
      events.on('chatPosted', (message) => this.#tell('potluck', 'chatMessage', message)),
      room.files.events.on('offered', (offer) => this.#tell('potluck', 'fileOffered', offer)),
      room.files.events.on('withdrawn', (fileId) => this.#tell('potluck', 'fileWithdrawn', { fileId })),
      room.files.events.on('wanted', ({ owner, id: transferId, fileId, by }) =>
        this.#tellOne(owner, 'fileWanted', { transferId, fileId, by }),
      ),
      room.files.events.on('reported', ({ owner, id: transferId }, report) =>
        this.#tellOne(owner, 'fileReported', { transferId, ...report }),
      ),
      room.files.events.on('ended', (peerId, transferId, reason) =>
        this.#tellOne(peerId, 'fileEnded', { transferId, reason }),
      ),
      events.on('dataUnaddressed', ({ id: dataProducerId, peerId }) => {
        const reason = 'those to whom it went have left';
        if (peerId !== undefined) this.#tellOne(peerId, 'dataProducerClosed', { dataProducerId, reason });
      }),
      events.on('published', (publication) => {
        const { peerId } = publication;
        this.#tell('potluck', 'producerOpened', { peerId, producer: producerInfo(publication) }, peerId);
      }),
      events.on('unpublished', ({ peerId, id }) =>
        this.#tell('potluck', 'producerClosed', { peerId, producerId: id }, peerId),
      ),
      events.on('publicationMoving', ({ peerId, id }) =>
        this.#tell('potluck', 'producerMoving', { peerId, producerId: id }, peerId),
      ),
      events.on('republished', (publication, before) => {
        const { peerId } = publication;
        const producer = producerInfo(publication);
        this.#tell('potluck', 'producerReplaced', { peerId, producerId: before, producer }, peerId);
      }),
      events.on('publicationReleased', ({ peerId, id }) =>
        this.#tellOne(peerId, 'producerReleased', { producerId: id }),
      ),
      events.on('publicationPaused', ({ peerId, id }) =>
        this.#tell('potluck', 'producerPaused', { peerId, producerId: id }, peerId),
      ),
      events.on('publicationResumed', ({ peerId, id }) =>
        this.#tell('potluck', 'producerResumed', { peerId, producerId: id }, peerId),
      ),
      events.on('publicationScored', ({ peerId, id }, score) =>
        this.#sessions.get(peerId)?.notify('producerScore', { producerId: id, score }),
      ),
      room.floor.events.on('heard', ({ peerId, id }, heard) =>
        this.#tellOne(peerId, 'microphoneHeard', { producerId: id, heard }),
      ),
      room.demand.events.on('demandChanged', ({ peerId, id }, demand) =>
        this.#tellOne(peerId, 'producerDemand', { producerId: id, spatialLayer: demand < 0 ? null : demand }),
      ),
      events.on('downlinkEstimated', ({ id }, estimate) => this.#sessions.get(id)?.notify('downlinkBwe', estimate)),
      events.on('speakersChanged', (speakers) => {
        const [loudest] = speakers;
        this.#tell('v3', 'activeSpeaker', loudest ?? { peerId: null });
        this.#tell('potluck', 'speakingPeers', { peers: speakers });
      }),
      events.on('dominantSpeakerChanged', (peerId) => this.#tell('potluck', 'activeSpeaker', { peerId })),
      events.on('transportReplaced', ({ id }, transportId, by, lost) =>
        this.#sessions.get(id)?.notify('transportReplaced', { transportId, by, lost }),
      ),
      events.on('transportFailed', ({ id }, transportId, reason, lost) => {
        const session = this.#sessions.get(id);
        if (session?.dialect === 'potluck') session.notify('transportFailed', { transportId, reason, lost });
        // v3 clients know one way back: reconnect and join again.
        else session?.end(closeCodes.mediaLost, 'internal', `media path lost: ${reason}`);
      }),
      events.on('memberExpelled', (member, why, message) => {
        const session = this.#sessions.get(member.id);
        if (session?.member === member) session.end(closeCodes.ended, why, message);
      }),
    ];
    room.scope.add(() => forget.forEach((off) => off()));
  }

  /** The server stops: that others end at the same time is no news to anybody. */
  silence(): void {
    this.#silent = true;
  }

  add(session: Session): void {
    const { dialect } = session;
    const { id } = session.member;
    this.#sessions.set(id, session);
    this.#byDialect[dialect].add(session);
    session.onClose(() => {
      if (this.#sessions.get(id) === session) this.#sessions.delete(id);
      this.#byDialect[dialect].delete(session);
    });
  }

  #tellAll<N extends NoticeName>(name: N, data: NoticeData<N>, except?: PeerId): void {
    this.#send(['v3', 'potluck'], name, data, except);
  }

  #tell<N extends NoticeName>(dialect: Dialect, name: N, data: NoticeData<N>, except?: PeerId): void {
    this.#send([dialect], name, data, except);
  }

  /** Our own clients only, joined or not. */
  #tellOne<N extends NoticeName>(peerId: PeerId, name: N, data: NoticeData<N>): void {
    const session = this.#sessions.get(peerId);
    if (session?.dialect === 'potluck') session.notify(name, data);
  }

  #send<N extends NoticeName>(to: readonly Dialect[], name: N, data: NoticeData<N>, except?: PeerId): void {
    if (this.#silent) return;
    let frame: string | undefined;
    for (const dialect of to) {
      for (const session of this.#byDialect[dialect]) {
        if (session.member.id === except || !session.joined) continue;
        frame ??= encodeNotice(name, data);
        session.notifyEncoded(frame);
      }
    }
  }
}
