import { AppError } from '@potluck/kernel';
import type { Member } from '../../room/member.ts';
import type { Room } from '../../room/room.ts';
import type { Command } from '../command.ts';
import type { CommandDeps } from '../deps.ts';
import { duration } from '../render/units.ts';
import { done, outcomeOf } from '../result.ts';
import { allRooms, pickRoom } from './rooms.ts';

export const peers: Command = {
  name: 'peers',
  group: 'Rooms',
  params: [{ name: 'room', kind: 'room', optional: true }],
  summary: 'who is in a room, or in all of them',
  run: ({ args, deps }) => {
    const among = args[0] === undefined ? allRooms(deps) : [pickRoom(deps, args[0])];
    const data = among.flatMap((room) => [...room.members.values()].map((member) => describePeer(room, member)));
    const table = {
      columns: [
        { head: 'room', atLeast: 6 },
        { head: 'peer', atLeast: 8 },
        { head: 'name', atLeast: 6 },
        { head: 'state' },
        { head: 'role', dropAs: 3 },
        { head: 'sends', atLeast: 6, dropAs: 1 },
        { head: 'transports', align: 'right', dropAs: 3 },
        { head: 'device', atLeast: 6, dropAs: 4 },
        { head: 'here for', align: 'right', dropAs: 2 },
      ],
      rows: data.map((peer) => [
        peer.room,
        peer.id,
        peer.name ?? '',
        peer.kind === 'broadcaster' ? 'broadcaster' : peer.state,
        peer.role ?? '',
        peer.sends.map(({ source, paused }) => (paused ? `${source} (off)` : source)).join(' '),
        String(peer.transports),
        peer.device ?? '',
        peer.joinedAt === undefined ? '' : duration(Date.now() - Date.parse(peer.joinedAt)),
      ]),
      whenEmpty: 'nobody is here',
    } as const;
    return outcomeOf({ parts: [{ kind: 'table', table }], data });
  },
};

function describePeer(room: Room, member: Member) {
  const { profile } = member;
  const device = profile && [profile.device.name, profile.device.version].filter(Boolean).join(' ');
  return {
    room: room.id,
    id: member.id,
    kind: member.kind,
    name: profile?.displayName,
    role: profile?.standing.role,
    state: stateOf(room, member),
    sends: [...member.publications.values()].map(({ id, source, paused }) => ({ id, source, paused })),
    transports: member.transports.size,
    device,
    joinedAt: profile && new Date(profile.joinedAt).toISOString(),
  };
}

function stateOf(room: Room, member: Member): string {
  if (member.state.kind === 'joined') return member.state.profile.connection;
  return room.door.waiting.some(({ peerId }) => peerId === member.id) ? 'in the lobby' : 'not joined yet';
}

type Found = { readonly room: Room; readonly member: Member; readonly path: string };

/** Everybody, with what names them for certain: `room/peer`. */
export const everybody = (deps: CommandDeps): Found[] =>
  allRooms(deps).flatMap((room) =>
    [...room.members.values()].map((member) => ({ room, member, path: `${room.id}/${member.id}` })),
  );

/** By `room/peer`, by id, or by the beginning of either; the more exact wins. */
function pickMember(deps: CommandDeps, text: string): Found {
  const all = everybody(deps);
  const fitting = [
    all.filter(({ path }) => path === text),
    all.filter(({ member }) => member.id === text),
    all.filter(({ path, member }) => text !== '' && (path.startsWith(text) || member.id.startsWith(text))),
  ].find((found) => found.length > 0);
  const [found, second] = fitting ?? [];
  if (found === undefined) throw new AppError('not_found', `peer "${text}" not found`);
  if (second === undefined) return found;
  const paths = fitting?.slice(0, 5).map(({ path }) => path);
  throw new AppError('bad_request', `"${text}" fits ${fitting?.length} peers (${paths?.join(', ')}); write room/peer`);
}

export const kick: Command = {
  name: 'kick',
  group: 'Rooms',
  params: [{ name: 'peer', kind: 'peer' }],
  summary: 'put a peer out of its room for good; "room/peer" where an id is in several',
  run: ({ args, deps }) => {
    const { room, member } = pickMember(deps, args[0] ?? '');
    const name = member.profile?.displayName;
    room.log.info('peer kicked by the console', { peerId: member.id });
    room.expel(member, 'kicked', 'an operator of the server removed you');
    const who = name === undefined ? member.id : `${name} (${member.id})`;
    return done(`kicked ${who} from ${room.id}`, { kicked: member.id, room: room.id });
  },
};
