import { AppError, closeCodes, newId, type Clock, type Logger } from '@potluck/kernel';
import {
  noGrant,
  ownClientMark,
  type ConnectionQuery,
  type DoorKind,
  type Grant,
  type NoticeData,
} from '@potluck/protocol';
import { hashOfToken } from '../room/keeping.ts';
import type { Room } from '../room/room.ts';
import type { RoomRegistry } from '../room/registry.ts';
import { openTransport } from '../room/transports.ts';
import { Announcer } from './announcer.ts';
import { assertFree, lookAtDoor, type DoorQuestion } from './look.ts';
import { endIdlers } from './patience.ts';
import type { SessionServices } from './services.ts';
import { Session } from './session.ts';
import { Standby } from './standby.ts';
import type { Admission, FrameSocket, SessionDoor } from './socket.ts';
import { LinkedWire, PlainWire } from './wire.ts';

export type SessionsDeps = {
  readonly registry: RoomRegistry;
  readonly services: SessionServices;
  readonly log: Logger;
  readonly clock?: Clock;
};

type Identity = Pick<ConnectionQuery, 'roomId' | 'peerId' | 'resume'>;
type Resumable = { readonly session: Session; readonly wire: LinkedWire };

/** All sessions: lets sockets in, as new peers or as the return of known ones, and says goodbye to all. */
export class Sessions implements SessionDoor {
  readonly #deps: SessionsDeps;
  readonly #sessions = new Set<Session>();
  readonly #resumable = new Map<string, Resumable>();
  readonly #announcers = new WeakMap<Room, Announcer>();
  #draining: string | undefined;

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
    deps.registry.events.on('roomOpened', (room) => this.#announcers.set(room, new Announcer(room)));
  }

  /** Sessions with or without a socket at this moment. */
  get size(): number {
    return this.#sessions.size;
  }

  resumes(query: Identity): boolean {
    return this.#known(query) !== undefined;
  }

  async admit(query: ConnectionQuery, grant: Grant = noGrant, address?: string): Promise<Admission> {
    if (this.#draining !== undefined) throw new AppError('unavailable', this.#draining);
    const known = this.#known(query);
    if (known !== undefined) {
      return { attach: (socket) => this.#resume(known, socket, query), cancel: () => {} };
    }
    const { consumerReplicas } = query;
    const { room, release } = await this.#deps.registry.enter(query.roomId, { consumerReplicas });
    try {
      assertFree(room, query, { grant, address });
    } catch (error) {
      release();
      throw error;
    }
    return {
      attach: (socket) => {
        try {
          this.#open(room, socket, query, grant);
        } catch (error) {
          const { message } = AppError.from(error);
          socket.close(closeCodes.tryLater, message);
        } finally {
          release();
        }
      },
      cancel: release,
    };
  }

  look(question: DoorQuestion, grant: Grant, address: string): DoorKind {
    if (this.#draining !== undefined) throw new AppError('unavailable', this.#draining);
    // Who is connected and not yet in meets the door like everybody else.
    if (this.#known(question)?.session.joined === true) return 'open';
    return lookAtDoor(this.#deps.registry, question, { grant, address });
  }

  /** Tells everyone that the server stops, with a code on which they come back, and takes nobody in any more. */
  close(message: string): void {
    this.#draining = message;
    this.#deps.registry.seal();
    for (const { room } of this.#sessions) this.#announcers.get(room)?.silence();
    for (const session of [...this.#sessions]) session.end(closeCodes.restart, 'serverStopping', message);
  }

  #known({ resume, peerId, roomId }: Identity): Resumable | undefined {
    const known = resume === undefined ? undefined : this.#resumable.get(resume);
    return known?.session.member.id === peerId && known.session.room.id === roomId ? known : undefined;
  }

  #resume({ session, wire }: Resumable, socket: FrameSocket, query: ConnectionQuery): void {
    // It may have ended between the question and the 101; the client then begins anew.
    if (session.closed) socket.close(closeCodes.tryLater, 'the session has just ended');
    else wire.resume(socket, query.ack);
  }

  #open(room: Room, socket: FrameSocket, query: ConnectionQuery, grant: Grant): void {
    const { services, clock } = this.#deps;
    const dialect = query.client === ownClientMark ? 'potluck' : 'v3';
    const address = socket.remoteAddress;
    assertFree(room, query, { grant, address });
    const member = room.admit(query.peerId, { chatByNotice: dialect === 'potluck', address });
    const linked = dialect === 'potluck' ? new LinkedWire(socket, clock) : undefined;
    const wire = linked ?? new PlainWire(socket);
    const given = clock !== undefined && { clock };
    // Its stream of before a restart is gone, but who holds its token is who it was.
    const kept = query.resume === undefined ? undefined : room.reclaim(query.peerId, query.resume);
    const session = new Session({ room, member, wire, services, dialect, grant, address, kept, ...given });
    this.#sessions.add(session);
    session.onClose(() => this.#sessions.delete(session));
    this.#announcers.get(room)?.add(session);
    const { patience } = services.settings;
    if (patience !== undefined) endIdlers(session, wire, patience, clock);
    session.notify('mediasoup-version', { version: services.settings.mediasoupVersion });
    if (linked !== undefined) room.tasks.spawn('welcome', this.#welcome(session, linked, query));
  }

  /** Pushes everything a client of ours begins with, so that it need not ask. */
  async #welcome(session: Session, wire: LinkedWire, query: ConnectionQuery): Promise<void> {
    const { room, member } = session;
    const { settings } = this.#deps.services;
    const options = {
      forceTcp: query.forceTcp,
      sctp: query.datachannel,
      maxIncomingBitrate: settings.maxIncomingBitrate,
      reportDownlink: true,
      iceConsentTimeoutMs: settings.iceConsentTimeoutMs,
    };
    try {
      // One after the other: the second goes where the first is.
      const sendTransport = query.produce
        ? await openTransport(room, member, { producing: true, consuming: false }, options)
        : undefined;
      const receiveTransport = query.consume
        ? await openTransport(room, member, { producing: false, consuming: true }, options)
        : undefined;
      if (session.closed) return;
      const resumeToken = newId();
      member.resumeTokenHash = hashOfToken(resumeToken);
      // Until it has joined it may be lost again, and come with this token or with the one before.
      const missing = session.returning ? room.missing.get(member.id) : undefined;
      if (missing !== undefined) room.missing.set(member.id, { ...missing, newerTokenHash: member.resumeTokenHash });
      this.#resumable.set(resumeToken, { session, wire });
      session.onClose(() => this.#resumable.delete(resumeToken));
      if (settings.standbyAfterMs !== undefined) {
        const tell = (pair: NoticeData<'standbyOpened'>) => session.notify('standbyOpened', pair);
        const { clock } = this.#deps;
        const given = clock !== undefined && { clock };
        const standby = new Standby({ room, member, options, afterMs: settings.standbyAfterMs, tell, ...given });
        session.onClose(() => standby.close());
      }
      session.notify('welcome', {
        peerId: member.id,
        resumeToken,
        graceMs: settings.graceMs,
        serverVersion: settings.serverVersion,
        mediasoupVersion: settings.mediasoupVersion,
        routerRtpCapabilities: room.media.rtpCapabilities,
        iceServers: [...settings.iceServers],
        ...(sendTransport !== undefined && { sendTransport }),
        ...(receiveTransport !== undefined && { receiveTransport }),
      });
    } catch (error) {
      // Gone before it was welcome: that is no failure.
      if (session.closed) return;
      session.end(closeCodes.tryLater, 'internal', AppError.from(error).message);
      throw error;
    }
  }
}
