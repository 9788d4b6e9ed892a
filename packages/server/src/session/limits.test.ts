import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '@potluck/kernel';
import { ConnectionQuery } from '@potluck/protocol';
import { fakeRtpParameters } from '@potluck/testkit';
import { enterOwn, startSessions } from './testing.ts';

/** The limits that testing.ts sets: 4 of each a peer, 10 peers a room, 10 rooms, 5 messages of chat. */
const codeOf = (asking: Promise<unknown>) =>
  asking.then(
    () => 'done',
    (error: unknown) => AppError.from(error).code,
  );

describe('limits of a session', () => {
  async function joined() {
    const started = startSessions();
    const ann = await started.open('ann', 'potluck');
    const { welcome } = await enterOwn(ann, 'Ann');
    return { ...started, ann, transportId: welcome.sendTransport?.id ?? '' };
  }

  it('hold for transports', async () => {
    const { ann } = await joined();
    const codes: string[] = [];
    for (let n = 0; n < 4; n += 1) codes.push(await codeOf(ann.request('createWebRtcTransport', {})));
    assert.deepEqual(codes, ['done', 'done', 'rate_limited', 'rate_limited']);
  });

  it('hold for producers and data producers', async () => {
    const { ann, transportId } = await joined();
    const produce = () =>
      codeOf(
        ann.request('produce', { transportId, kind: 'video', rtpParameters: fakeRtpParameters('video') } as never),
      );
    const produceData = (streamId: number) =>
      codeOf(ann.request('produceData', { transportId, sctpStreamParameters: { streamId }, label: 'x' }));
    const codes: string[] = [];
    const dataCodes: string[] = [];
    for (let n = 0; n < 4; n += 1) codes.push(await produce());
    for (let n = 1; n < 6; n += 1) dataCodes.push(await produceData(n));
    assert.deepEqual(codes, ['done', 'done', 'done', 'rate_limited']);
    assert.deepEqual(dataCodes, ['done', 'done', 'done', 'done', 'rate_limited']);
  });

  it('hold for requests at once, before the first is answered', async () => {
    const { ann, transportId } = await joined();
    const askings = Array.from({ length: 6 }, (_, streamId) => [
      codeOf(ann.request('createWebRtcTransport', {})),
      codeOf(
        ann.request('produce', { transportId, kind: 'video', rtpParameters: fakeRtpParameters('video') } as never),
      ),
      codeOf(ann.request('produceData', { transportId, sctpStreamParameters: { streamId }, label: 'x' })),
    ]);
    const done = [0, 0, 0];
    for (const asking of askings) {
      for (const [kind, code] of (await Promise.all(asking)).entries()) {
        if (code === 'done') done[kind]! += 1;
        else assert.equal(code, 'rate_limited');
      }
    }
    assert.deepEqual(done, [2, 3, 4], 'two transports and a track are there already');
  });

  it('hold for what goes on elsewhere again and again', async () => {
    const { ann, transportId } = await joined();
    const produce = (replaces?: string) =>
      ann.request('produce', {
        ...{ transportId, kind: 'video', rtpParameters: fakeRtpParameters('video'), appData: { source: 'camera' } },
        ...(replaces !== undefined && { replaces }),
      } as never) as Promise<{ id: string }>;
    let { id } = await produce();
    const codes: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      const asking = produce(id);
      codes.push(await codeOf(asking));
      if (codes.at(-1) === 'done') ({ id } = await asking);
    }
    assert.deepEqual([codes.indexOf('rate_limited'), codes.at(-1)], [6, 'rate_limited'], 'eight in all');
  });

  it('hold for chat that is kept', async () => {
    const { ann, open } = await joined();
    for (let n = 0; n < 8; n += 1) await ann.request('sendChat', { id: String(n), text: String(n) });
    const bob = await open('bob', 'potluck');
    const { answer } = await enterOwn(bob, 'Bob');
    assert.deepEqual(
      answer.chat.map(({ text }) => text),
      ['3', '4', '5', '6', '7'],
    );
  });

  it('hold for peers of a room and for rooms', async () => {
    const { sessions, open } = await joined();
    for (let n = 0; n < 9; n += 1) await open(`p${n}`, 'v3');
    const late = await open('late', 'v3');
    assert.match(late.socket.ended?.reason ?? '', /full: at most 10/u);
    const room = (n: number) => sessions.admit(ConnectionQuery.parse({ roomId: `room-${n}`, peerId: 'p' }));
    for (let n = 0; n < 9; n += 1) await room(n);
    assert.equal(await codeOf(room(9)), 'unavailable');
  });

  it('hold for people in the lobby', async () => {
    const { registry, open } = startSessions('guests');
    const host = await open('host', 'potluck', {}, { role: 'host', invited: true });
    await enterOwn(host, 'Host');
    const [room] = registry.rooms.values();
    const wait = (n: number) => {
      const peerId = ConnectionQuery.parse({ roomId: 'r', peerId: `guest-${n}` }).peerId;
      const grant = { allow: [], deny: [], invited: false };
      room?.door.pass({ peerId, displayName: '', address: 'a', grant, password: undefined });
    };
    for (let n = 0; n < 200; n += 1) assert.throws(() => wait(n), { code: 'waiting' });
    assert.throws(() => wait(200), { code: 'unavailable' });
  });
});
