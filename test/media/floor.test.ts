/** More microphones than are forwarded, through a real worker: who begins to speak is heard from the first word on. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentLog } from '@potluck/kernel';
import { noGrant, PeerId, type TransportId } from '@potluck/protocol';
import { FakeClock, waitFor } from '@potluck/testkit';
import { isJoined, type Member } from '../../packages/server/src/room/member.ts';
import { standingOf } from '../../packages/server/src/room/policy.ts';
import { RoomRegistry } from '../../packages/server/src/room/registry.ts';
import type { Room } from '../../packages/server/src/room/room.ts';
import { publish } from '../../packages/server/src/room/sending.ts';
import { openPlainTransport } from '../../packages/server/src/room/transports.ts';
import { decodeRtp, encodeRtp, openUdp, opusOver } from './rtp.ts';
import { roomId, testFabric } from './support.ts';

const places = 12;
const device = { flag: 'test', name: 'test' };
const limits = {
  maxPeers: 100,
  maxTransportsPerPeer: 4,
  maxProducersPerPeer: 4,
  maxDataProducersPerPeer: 4,
  maxFileBytes: 0,
  maxFilesPerPeer: 0,
  chatHistory: 5,
  loudestSpeakers: places,
};

/** A client of our own, over plain RTP: the floor is the same, and a test can read the packets. */
async function enter(room: Room, name: string, ownDialect = true) {
  const member = room.admit(PeerId.parse(name), { chatByNotice: ownDialect });
  room.join(member, {
    displayName: name,
    device,
    rtpCapabilities: room.media.rtpCapabilities,
    sctp: false,
    standing: standingOf('speaker', noGrant),
  });
  return member;
}

async function talker(room: Room, name: string, ssrc: number) {
  const member = await enter(room, name);
  const { id, port } = await openPlainTransport(room, member, { rtcpMux: true, comedia: true });
  const producerId = await publishOn(room, member, id, ssrc);
  return { name, ssrc, port, producerId };
}

function publishOn(room: Room, member: Member, transportId: TransportId, ssrc: number) {
  assert.ok(isJoined(member));
  const rtpParameters = opusOver(ssrc, { levels: true });
  return publish(room, member, transportId, { kind: 'audio', rtpParameters, paused: false, appData: {} });
}

/** Hears everything, and writes down when each talker was heard first. */
async function listener(room: Room, name: string, ownDialect: boolean) {
  const udp = await openUdp();
  const firstHeard = new Map<string, { at: number; sequence: number }>();
  const member = await enter(room, name, ownDialect);
  udp.socket.on('message', (data) => {
    const packet = decodeRtp(data);
    if (packet === undefined || firstHeard.has(packet.payload)) return;
    firstHeard.set(packet.payload, { at: performance.now(), sequence: packet.sequence });
  });
  const { id } = await openPlainTransport(room, member, { rtcpMux: true, comedia: false });
  await room.media.connectPlainTransport(id, { ip: '127.0.0.1', port: udp.port });
  return { media: member.reception.media, firstHeard, [Symbol.dispose]: () => udp[Symbol.dispose]() };
}

describe('The floor of a room with more microphones than are forwarded', () => {
  it('bounds what each peer holds, and lets a new voice be heard from its first word on', async (t) => {
    await using fabric = await testFabric();
    const clock = new FakeClock();
    const settings = { maxRooms: 1, maxConsumerReplicas: 0, accessMode: 'open', limits } as const;
    const registry = new RoomRegistry(fabric, settings, silentLog, undefined, clock);
    const { room } = await registry.enter(roomId, { consumerReplicas: 0 });
    using own = await listener(room, 'own', true);
    using v3 = await listener(room, 'v3', false);
    using udp = await openUdp();
    const talkers = await Promise.all(Array.from({ length: 15 }, (_, n) => talker(room, `talker-${n}`, 1000 + n)));
    await waitFor(() => own.media.size === places && v3.media.size === 15, {
      what: () => `${places} consumers and all 15, they have ${own.media.size} and ${v3.media.size}`,
    });
    // Everybody listens; whoever has the floor does not hear herself. Without it they would be 15 * 14 + 15 + 15.
    const consumers = places * (places - 1) + 3 * places + places + 15;
    await waitFor(() => room.media.summary().consumers === consumers, {
      what: () => `${consumers} consumers, there are ${room.media.summary().consumers}`,
    });

    clock.advance(60_000);
    const outside = talkers.filter(({ producerId }) => !room.floor.holders.has(producerId));
    const [claiming, measured] = outside;
    assert.ok(claiming && measured && outside.length === 3);

    /** 20 ms of speech each, as opus sends it, until it is heard; how long that took and what was missed. */
    const speak = async ({ ssrc, port, name }: (typeof talkers)[number], onPacket: (n: number) => void) => {
      const began = performance.now();
      let sequence = 0;
      const speaking = setInterval(() => {
        udp.socket.send(encodeRtp({ payloadType: 111, ssrc, sequence, level: 20, payload: name }), port, '127.0.0.1');
        onPacket(++sequence);
      }, 20);
      try {
        const first = await waitFor(() => own.firstHeard.get(name), { what: `${name} to be heard`, everyMs: 5 });
        return { ms: first.at - began, packets: sequence };
      } finally {
        clearInterval(speaking);
      }
    };

    // Our client says it after two looks at the level, 40 ms.
    const asked = await speak(claiming, (n) => n === 2 && room.floor.claim(claiming.producerId));
    // Others are measured by the engine alone.
    const heard = await speak(measured, () => {});
    t.diagnostic(`heard after ${Math.round(asked.ms)} ms by claim, ${Math.round(heard.ms)} ms by the engine's levels`);
    assert.ok(asked.ms < 200, `a syllable takes some 200 ms; heard after ${asked.ms} ms`);
    assert.ok(heard.ms < 2000, `heard after ${heard.ms} ms`);
    assert.ok(v3.firstHeard.has(claiming.name) && v3.firstHeard.has(measured.name));
    await waitFor(() => room.media.summary().consumers === consumers, {
      what: () => `${consumers} consumers again, there are ${room.media.summary().consumers}`,
    });
    assert.deepEqual([room.floor.holders.size, own.media.size, v3.media.size], [places, places, 15]);
    room.close('done');
  });
});
