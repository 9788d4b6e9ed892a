import { AppError, newId } from '@potluck/kernel';
import { RoomId, type PeerId } from '@potluck/protocol';
import type { Access } from '../../access/access.ts';
import { tokenLink } from '../../access/link.ts';
import { isJoined, type Member } from '../../room/member.ts';
import type { MediaFabric } from '../../media/fabric.ts';
import { banMember, liftBan } from '../../room/moderation.ts';
import type { RoomRegistry } from '../../room/registry.ts';
import { changeRules, type Reservations } from '../../room/reserving.ts';
import type { Room } from '../../room/room.ts';
import type { Links } from '../links.ts';
import type { AdminInput, AdminOutput, AdminRouteName } from './routes.ts';

export type AdminDeps = {
  readonly registry: RoomRegistry;
  readonly reservations: Reservations;
  readonly access: Access;
  /** Known once the listeners are. */
  readonly links: () => Links;
  readonly setDraining: (draining: boolean) => void;
  readonly fabric: Pick<MediaFabric, 'workers' | 'drainWorker' | 'undrainWorker'>;
};

export type AdminHandlers = {
  readonly [N in AdminRouteName]: (input: AdminInput<N>) => AdminOutput<N> | Promise<AdminOutput<N>>;
};

export function adminHandlers(deps: AdminDeps): AdminHandlers {
  const { registry, reservations, access, links, setDraining, fabric } = deps;
  const find = (roomId: RoomId): Room => {
    const room = registry.get(roomId);
    if (room === undefined) throw new AppError('not_found', `there is no room "${roomId}"`);
    return room;
  };
  const summary = (room: Room) => summaryOf(room, reservations.until(room.id));

  return {
    listRooms: () => ({ rooms: [...registry.rooms.values()].map(summary) }),

    async openRoom({ body: { roomId = RoomId.parse(newId()), keepSeconds, ...wishes } }) {
      const room = await reservations.open(roomId, wishes, keepSeconds * 1_000);
      return { room: summary(room), link: roomLink(links(), roomId) };
    },

    readRoom: ({ params }) => summary(find(params.roomId)),

    changeRoom({ params, body }) {
      const room = find(params.roomId);
      changeRules(room, body);
      return summary(room);
    },

    closeRoom({ params }) {
      find(params.roomId).close('the meeting was ended');
    },

    listPeers: ({ params }) => ({ peers: Array.from(find(params.roomId).members.values(), peerOf) }),

    kickPeer({ params }) {
      const room = find(params.roomId);
      room.expel(memberOf(room, params.peerId), 'kicked', 'you were put out');
    },

    banPeer({ params }) {
      const room = find(params.roomId);
      banMember(room, memberOf(room, params.peerId), 'you were put out for good');
    },

    listBans: ({ params }) => ({ banned: find(params.roomId).door.bans.list }),

    liftBan({ params }) {
      liftBan(find(params.roomId), params.peerId);
    },

    async makeToken({ body: { seconds, room, ...wish } }) {
      if (seconds > access.maxLifetimeSeconds) {
        throw new AppError('bad_request', `seconds: at most ${access.maxLifetimeSeconds} (access.maxTokenHours)`);
      }
      const { token, expiresAt } = await access.issue({ ...wish, room, lifetimeSeconds: seconds });
      const link = tokenLink(links(), token, room === '*' ? undefined : room);
      return { token, expiresAt: expiresAt.getTime(), link };
    },

    setDraining({ body: { draining } }) {
      setDraining(draining);
      return { draining, rooms: registry.rooms.size };
    },

    listWorkers: () => ({ workers: fabric.workers().map((worker) => ({ ...worker, pid: worker.pid ?? null })) }),

    async drainWorker({ params: { worker }, body: { draining } }) {
      if (draining) return { draining, ...(await fabric.drainWorker(worker)) };
      fabric.undrainWorker(worker);
      return { draining, moved: 0, ended: 0 };
    },
  };
}

function memberOf(room: Room, peerId: PeerId): Member {
  const member = room.members.get(peerId);
  if (member === undefined) throw new AppError('not_found', `nobody with the id ${peerId} is in the room`);
  return member;
}

const summaryOf = (room: Room, keptUntil: number | undefined) => ({
  id: room.id,
  startedAt: room.startedAt,
  peers: room.peerCount,
  broadcasters: room.broadcasterCount,
  waiting: room.door.waiting.length,
  ...room.door.rules,
  maxPeers: room.limits.maxPeers,
  keptUntil: keptUntil ?? null,
});

const peerOf = (member: Member) => {
  const profile = isJoined(member) ? member.state.profile : undefined;
  return {
    id: member.id,
    kind: member.kind,
    displayName: profile?.displayName ?? '',
    role: profile?.standing.role ?? null,
    joinedAt: profile?.joinedAt ?? null,
    address: member.address ?? null,
    producers: member.publications.size,
  };
};

const roomLink = ({ local, others }: Links, roomId: string): string =>
  new URL(`/r/${encodeURIComponent(roomId)}`, others[0] ?? local).href;
