import assert from 'node:assert/strict';
import { silentLog } from '@potluck/kernel';
import { ConnectionQuery, Grant, type Dialect, type DtlsParameters } from '@potluck/protocol';
import {
  FakeClock,
  FakeFabric,
  fakeRtpCapabilities,
  fakeRtpParameters,
  settle,
  SignallingClient,
} from '@potluck/testkit';
import type { AccessMode } from '../room/access-mode.ts';
import { Keeper } from '../room/keeping.ts';
import { RoomRegistry } from '../room/registry.ts';
import type { RoomLimits } from '../room/room-options.ts';
import type { RoomRecord, RoomStore } from '../store/room-record.ts';
import type { SessionSettings } from './services.ts';
import { Sessions } from './sessions.ts';

/** Rooms and sessions over media in memory, for tests of sessions. */

const standardSettings: SessionSettings = {
  serverVersion: '0.0.0',
  mediasoupVersion: '3.27.1',
  iceServers: [],
  maxIncomingBitrate: 1_500_000,
  graceMs: 30_000,
  reconnectingAfterMs: 3_000,
  iceConsentTimeoutMs: 20_000,
  patience: { firstMessageMs: 30_000, joinMs: 300_000, lobbyMs: 3_600_000 },
};
const limits = {
  maxPeers: 10,
  maxTransportsPerPeer: 4,
  maxProducersPerPeer: 4,
  maxDataProducersPerPeer: 4,
  maxFileBytes: 1_000_000,
  maxFilesPerPeer: 3,
  chatHistory: 5,
  loudestSpeakers: 12,
};
const dtlsParameters: DtlsParameters = { fingerprints: [{ algorithm: 'sha-256', value: '00' }] };

export function startSessions(
  accessMode: AccessMode = 'open',
  store?: RoomStore,
  changes: Partial<SessionSettings> = {},
  limitChanges: Partial<RoomLimits> = {},
) {
  const settings = { ...standardSettings, ...changes };
  const fabric = new FakeFabric();
  const clock = new FakeClock();
  const keeper = store === undefined ? undefined : new Keeper(store, silentLog, clock);
  const registrySettings = {
    maxRooms: 10,
    maxConsumerReplicas: 4,
    accessMode,
    connectWithinMs: 120_000,
    limits: { ...limits, ...limitChanges },
  };
  const registry = new RoomRegistry(fabric, registrySettings, silentLog, keeper, clock);
  const sessions = new Sessions({ registry, services: { settings, throttle: undefined }, log: silentLog, clock });
  const open = async (peerId: string, dialect: Dialect, extra: object = {}, grant: Partial<Grant> = {}) => {
    const client = new SignallingClient(dialect);
    const wire = await enter(client, peerId, dialect, extra, grant);
    return Object.assign(client, wire);
  };
  const enter = async (
    client: SignallingClient,
    peerId: string,
    dialect: Dialect,
    extra: object = {},
    grant: Partial<Grant> = {},
  ) => {
    const mark = dialect === 'potluck' && { client: 'potluck' };
    const query = ConnectionQuery.parse({ roomId: 'r', peerId, ...mark, ...extra });
    const admission = await sessions.admit(query, Grant.parse(grant));
    const wire = client.connect();
    admission.attach(wire.socket);
    await settle();
    return { cut: wire.cut };
  };
  return { fabric, clock, registry, sessions, open, enter };
}

/** A v3 client that has joined, with both transports and a microphone. */
export async function joinV3(client: SignallingClient, displayName: string) {
  const { id: transportId } = await client.request('createWebRtcTransport', { producing: true });
  await client.request('createWebRtcTransport', { consuming: true });
  const answer = await client.request('join', { displayName, rtpCapabilities: fakeRtpCapabilities });
  await client.request('connectWebRtcTransport', { transportId, dtlsParameters });
  const { id: producerId } = await client.request('produce', {
    transportId,
    kind: 'audio',
    rtpParameters: fakeRtpParameters('audio'),
  });
  await settle();
  return { peers: answer.peers, transportId, producerId };
}

export async function enterOwn(client: SignallingClient, displayName: string, more: { firstVideos?: number } = {}) {
  const [welcome] = client.notices('welcome');
  assert.ok(welcome?.sendTransport);
  const entering = client.request('enter', {
    displayName,
    rtpCapabilities: fakeRtpCapabilities,
    sctpCapabilities: true,
    ...more,
  });
  // Pipelined, as our client does it: nothing waits for the answer of `enter`.
  const producing = client.request('produce', {
    transportId: welcome.sendTransport.id,
    kind: 'video',
    rtpParameters: fakeRtpParameters('video'),
    appData: { source: 'camera' },
  });
  const [answer, { id: producerId }] = await Promise.all([entering, producing]);
  await settle();
  return { answer, producerId, welcome };
}

/** A store in memory, which outlives a server. */
export class MemoryRoomStore implements RoomStore {
  readonly records = new Map<string, RoomRecord>();
  load = (id: string) => this.records.get(id);
  reserved = () => [...this.records.values()].filter(({ reserved }) => reserved !== undefined);
  save = (record: RoomRecord) => void this.records.set(record.id, record);
  forget = (id: string) => void this.records.delete(id);
  close = () => {};
}
