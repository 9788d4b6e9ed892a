import { AppError } from '@potluck/kernel';
import type { Room } from '../../room/room.ts';
import type { Command } from '../command.ts';
import type { CommandDeps } from '../deps.ts';
import { pickId } from '../ids.ts';
import { duration } from '../render/units.ts';
import { done, outcomeOf } from '../result.ts';

export const allRooms = ({ registry }: CommandDeps): Room[] => [...registry.rooms.values()];

export function pickRoom(deps: CommandDeps, text: string): Room {
  const id = pickId([...deps.registry.rooms.keys()], text, 'room');
  const room = deps.registry.rooms.get(id);
  if (room === undefined) throw new AppError('not_found', `room "${id}" not found`);
  return room;
}

export const rooms: Command = {
  name: 'rooms',
  group: 'Rooms',
  params: [],
  summary: 'all open rooms',
  run: ({ deps }) => {
    const data = allRooms(deps).map((room) => ({
      id: room.id,
      peers: room.peerCount,
      broadcasters: room.broadcasterCount,
      ...room.media.summary(),
      ...room.door.rules,
      startedAt: new Date(room.startedAt).toISOString(),
    }));
    const table = {
      columns: [
        { head: 'room', atLeast: 8 },
        { head: 'peers', align: 'right' },
        { head: 'broadcasters', align: 'right', dropAs: 2 },
        { head: 'transports', align: 'right', dropAs: 3 },
        { head: 'producers', align: 'right' },
        { head: 'consumers', align: 'right' },
        { head: 'data', align: 'right', dropAs: 4 },
        { head: 'routers', align: 'right', dropAs: 5 },
        { head: 'open for', align: 'right', dropAs: 1 },
        { head: 'door', dropAs: 6 },
      ],
      rows: data.map((room) => [
        room.id,
        ...[room.peers, room.broadcasters, room.transports, room.producers, room.consumers].map(String),
        `${room.dataProducers}/${room.dataConsumers}`,
        String(room.routers),
        duration(Date.now() - Date.parse(room.startedAt)),
        [room.locked && 'locked', room.passwordSet && 'password'].filter(Boolean).join(', '),
      ]),
      whenEmpty: 'no room is open',
    } as const;
    return outcomeOf({ parts: [{ kind: 'table', table }], data });
  },
};

export const close: Command = {
  name: 'close',
  group: 'Rooms',
  params: [{ name: 'room', kind: 'room' }],
  summary: 'end a room for everybody in it',
  run: ({ args, deps }) => {
    const room = pickRoom(deps, args[0] ?? '');
    const count = room.members.size;
    room.close('an operator of the server closed the room');
    return done(`closed ${room.id}, ${count} put out`, { closed: room.id, putOut: count });
  },
};
