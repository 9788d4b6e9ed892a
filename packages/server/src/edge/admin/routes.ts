import { Banned, PeerId, Permission, Role, RoomId } from '@potluck/protocol';
import { z } from 'zod';
import { RoomClaim } from '../../access/claims.ts';

/** The HTTP interface for operators and integrators. Every route asks for the key of the API. */

const RoomPath = z.object({ roomId: RoomId });
const PeerPath = z.object({ roomId: RoomId, peerId: PeerId });
const Nothing = z.object({});
const Empty = z.strictObject({});

/** Milliseconds since the epoch. */
const Time = z.number();
const password = z.string().min(1).max(200);
const maxPeers = z.int().min(1).max(10_000);

const RoomSummary = z.object({
  id: RoomId,
  startedAt: Time,
  /** Connections, joined or not; broadcasters do not count. */
  peers: z.int(),
  broadcasters: z.int(),
  waiting: z.int(),
  locked: z.boolean(),
  passwordSet: z.boolean(),
  maxPeers: z.int(),
  keptUntil: Time.nullable().describe(
    'It is kept open until then although nobody is in it; null: it ends with the last.',
  ),
});

const PeerSummary = z.object({
  id: PeerId,
  kind: z.enum(['peer', 'broadcaster']),
  displayName: z.string(),
  role: Role.nullable().describe('null: connected, not yet joined.'),
  joinedAt: Time.nullable(),
  address: z.string().nullable(),
  producers: z.int(),
});

const NewRoom = z.strictObject({
  roomId: RoomId.optional().describe('Absent: an unguessable one is chosen.'),
  password: password.optional(),
  locked: z.boolean().default(false).describe('Only who has a token gets in.'),
  maxPeers: maxPeers.optional().describe('At most what holds for every room of this server.'),
  keepSeconds: z.int().min(10).max(604_800).default(3_600).describe('How long it stays open while nobody is in it.'),
});

const RoomChange = z.strictObject({
  password: password.nullable().optional().describe('null takes it away.'),
  locked: z.boolean().optional(),
  maxPeers: maxPeers.optional(),
});

const rights = z.array(Permission).max(64).default([]);
const NewToken = z.strictObject({
  room: RoomClaim.describe('`*` for every room.'),
  role: Role.default('speaker'),
  name: z.string().min(1).max(64).optional(),
  subject: z.string().min(1).max(200).optional().describe('Who it is for, in your words (`sub`).'),
  seconds: z.int().min(10).max(31_536_000).default(7_200),
  allow: rights.describe('Rights beside those of the role.'),
  deny: rights.describe('Rights taken from the role.'),
});

const WorkerPath = z.object({ worker: z.coerce.number<string>().int().min(0).max(1023) });
const WorkerSummary = z.object({
  index: z.int(),
  state: z.enum(['starting', 'running', 'dead']),
  draining: z.boolean().describe('It gets nothing new.'),
  pid: z.int().nullable(),
  routers: z.int(),
  transports: z.int(),
  standbys: z.int().describe('Of the transports, those that clients hold in reserve and that carry nothing.'),
  producers: z.int(),
  consumers: z.int(),
  cpu: z.number().describe('Share of one core, 0 to 1.'),
  memory: z.number().describe('Bytes.'),
});

const json = <S extends z.ZodType>(schema: S) => ({ as: 'json', schema }) as const;
const empty = { as: 'empty' } as const;

export const adminRoutes = {
  listRooms: {
    method: 'get',
    path: '/api/v1/rooms',
    summary: 'All open rooms.',
    params: Nothing,
    query: Nothing,
    body: undefined,
    answer: json(z.object({ rooms: z.array(RoomSummary) })),
  },
  openRoom: {
    method: 'post',
    path: '/api/v1/rooms',
    summary: 'Opens a room with rules of its own, before anybody comes.',
    params: Nothing,
    query: Nothing,
    body: NewRoom,
    answer: json(z.object({ room: RoomSummary, link: z.string() })),
  },
  readRoom: {
    method: 'get',
    path: '/api/v1/rooms/:roomId',
    summary: 'One room.',
    params: RoomPath,
    query: Nothing,
    body: undefined,
    answer: json(RoomSummary),
  },
  changeRoom: {
    method: 'patch',
    path: '/api/v1/rooms/:roomId',
    summary: 'Changes its rules.',
    params: RoomPath,
    query: Nothing,
    body: RoomChange,
    answer: json(RoomSummary),
  },
  closeRoom: {
    method: 'delete',
    path: '/api/v1/rooms/:roomId',
    summary: 'Ends the meeting for everyone.',
    params: RoomPath,
    query: Nothing,
    body: undefined,
    answer: empty,
  },
  listPeers: {
    method: 'get',
    path: '/api/v1/rooms/:roomId/peers',
    summary: 'Who is in a room.',
    params: RoomPath,
    query: Nothing,
    body: undefined,
    answer: json(z.object({ peers: z.array(PeerSummary) })),
  },
  kickPeer: {
    method: 'delete',
    path: '/api/v1/rooms/:roomId/peers/:peerId',
    summary: 'Puts somebody out. They may come back.',
    params: PeerPath,
    query: Nothing,
    body: undefined,
    answer: empty,
  },
  banPeer: {
    method: 'post',
    path: '/api/v1/rooms/:roomId/peers/:peerId/ban',
    summary: 'Puts somebody out for as long as the room lasts.',
    params: PeerPath,
    query: Nothing,
    body: Empty,
    answer: empty,
  },
  listBans: {
    method: 'get',
    path: '/api/v1/rooms/:roomId/bans',
    summary: 'Who was put out for as long as the room lasts.',
    params: RoomPath,
    query: Nothing,
    body: undefined,
    answer: json(z.object({ banned: z.array(Banned) })),
  },
  liftBan: {
    method: 'delete',
    path: '/api/v1/rooms/:roomId/bans/:peerId',
    summary: 'Somebody who was put out may come again.',
    params: PeerPath,
    query: Nothing,
    body: undefined,
    answer: empty,
  },
  makeToken: {
    method: 'post',
    path: '/api/v1/tokens',
    summary: 'Makes a token with which somebody enters without waiting.',
    params: Nothing,
    query: Nothing,
    body: NewToken,
    answer: json(z.object({ token: z.string(), expiresAt: Time, link: z.string() })),
  },
  setDraining: {
    method: 'put',
    path: '/api/v1/draining',
    summary: 'Draining, the server opens no new rooms and says so at /health; calls that are there go on.',
    params: Nothing,
    query: Nothing,
    body: z.strictObject({ draining: z.boolean() }),
    answer: json(z.object({ draining: z.boolean(), rooms: z.int() })),
  },
  listWorkers: {
    method: 'get',
    path: '/api/v1/workers',
    summary: 'The media workers and what is on them.',
    params: Nothing,
    query: Nothing,
    body: undefined,
    answer: json(z.object({ workers: z.array(WorkerSummary) })),
  },
  drainWorker: {
    method: 'put',
    path: '/api/v1/workers/:worker/draining',
    summary:
      'Draining, a worker gets nothing new, and all media on it moves to the others, the new path before the old one goes. Answers when it is empty; what cannot move within 15 s is ended as if the worker had died.',
    params: WorkerPath,
    query: Nothing,
    body: z.strictObject({ draining: z.boolean() }),
    answer: json(
      z.object({
        draining: z.boolean(),
        moved: z.int().describe('Transports that left in time.'),
        ended: z.int().describe('Transports that had to be ended.'),
      }),
    ),
  },
} as const;

export type AdminRoutes = typeof adminRoutes;
export type AdminRouteName = keyof AdminRoutes;
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
export type AdminInput<N extends AdminRouteName> = {
  readonly params: Parsed<AdminRoutes[N]['params']>;
  readonly body: Parsed<AdminRoutes[N]['body']>;
};
export type AdminOutput<N extends AdminRouteName> = AdminRoutes[N]['answer'] extends {
  schema: infer S extends z.ZodType;
}
  ? z.input<S>
  : void;
