import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProducerId } from '@potluck/protocol';
import { FakeClock } from '@potluck/testkit';
import type { Call } from '../signal/api.ts';
import { FloorClaims } from './claims.ts';

const id = ProducerId.parse('mic');

function speaker() {
  const clock = new FakeClock();
  const asked: string[] = [];
  const call = (async (method: string, data: object) => {
    asked.push(`${method} ${JSON.stringify(data)}`);
    return {};
  }) as Call;
  const track = { enabled: true } as MediaStreamTrack;
  const room = { level: -62, meters: 0, track: track as MediaStreamTrack | undefined };
  const openMeter = () => {
    room.meters += 1;
    return { level: () => room.level, close: () => void (room.meters -= 1) };
  };
  const publications = () => [{ producerId: id, track: room.track }];
  const claims = new FloorClaims({ call, publications, clock, openMeter });
  return { clock, asked, room, track, claims };
}

describe('FloorClaims', () => {
  it('listens to nothing while everything is heard', () => {
    const { clock, room, claims } = speaker();
    claims.heard(id, true);
    assert.deepEqual([room.meters, clock.waiting], [0, 0]);
  });

  it('claims the floor within 40 ms of the first sound, twice a second while it goes on', () => {
    const { clock, asked, room, claims } = speaker();
    claims.heard(id, false);
    clock.advance(2000);
    assert.deepEqual(asked, []);
    room.level = -30;
    clock.advance(40);
    assert.deepEqual(asked, ['claimFloor {"producerId":"mic"}']);
    clock.advance(1000);
    assert.equal(asked.length, 3);
    claims.heard(id, true);
    assert.deepEqual([room.meters, clock.waiting], [0, 0]);
  });

  it('takes neither a click nor a noise that stays for a voice', () => {
    const { clock, asked, room, claims } = speaker();
    claims.heard(id, false);
    room.level = -20;
    clock.advance(20);
    room.level = -62;
    clock.advance(1000);
    assert.deepEqual(asked, []);
    for (room.level = -60; room.level < -38; room.level += 1) clock.advance(500);
    clock.advance(5000);
    assert.deepEqual(asked, []);
  });

  it('is silent while muted, and goes on with another microphone', () => {
    const { clock, asked, room, track, claims } = speaker();
    claims.heard(id, false);
    track.enabled = false;
    room.level = -20;
    clock.advance(1000);
    assert.deepEqual(asked, []);
    room.track = { enabled: true } as MediaStreamTrack;
    clock.advance(60);
    assert.deepEqual([asked.length, room.meters], [1, 1]);
    claims.clear();
    assert.deepEqual([room.meters, clock.waiting], [0, 0]);
  });
});
