import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError, Emitter } from '@potluck/kernel';
import { FileOffer, type FileEnd } from '@potluck/protocol';
import { FakeClock, settle, waitFor } from '@potluck/testkit';
import type { FileReport } from './api.ts';
import { FileDigest } from './digest.ts';
import { blockBytes, encodeLastWord, encodePiece, windowBytes } from './frames.ts';
import { Incoming } from './incoming.ts';
import { Outgoing, type FileSource } from './outgoing.ts';

type Frame = string | ArrayBuffer;

const bytesOf = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 9)) % 251);
const offerOf = (size: number) =>
  FileOffer.parse({ id: 'f', peerId: 'ann', displayName: 'Ann', name: 'f', size, type: 'a/b', offeredAt: 0 });

/** One sender and one receiver with a wire between them that a test can bend. */
function pair(source: FileSource, size = source.size) {
  const clock = new FakeClock();
  const wire = { lose: (_frame: Frame): boolean => false, deaf: false, open: true };
  const seen = { ends: [] as FileEnd[], reports: [] as FileReport[], sent: 0, asked: 0, mostInFlight: 0 };
  const answers = { report: async (): Promise<void> => {} };
  const failures: AppError[] = [];
  const events = new Emitter<{ opened: []; closed: []; bufferedAmountLow: []; failed: [error: AppError] }>();
  const outgoing = new Outgoing({
    source,
    digest: new FileDigest(),
    open: () => ({
      label: 'file',
      get state() {
        return wire.open ? ('open' as const) : ('opening' as const);
      },
      bufferedAmount: 0,
      maxMessageBytes: 262_144,
      events,
      send(data) {
        const frame = typeof data === 'string' ? data : new Uint8Array(data as Uint8Array).slice().buffer;
        seen.sent += typeof frame === 'string' ? 0 : frame.byteLength - 12;
        seen.mostInFlight = Math.max(seen.mostInFlight, seen.sent - (seen.reports.at(-1)?.received ?? 0));
        if (!wire.lose(frame)) queueMicrotask(() => incoming.take(frame));
      },
      close() {},
    }),
    onProgress() {},
    onFailed: (error) => failures.push(error),
  });
  const incoming: Incoming = new Incoming({
    offer: offerOf(size),
    clock,
    ask: async () => void (seen.asked += 1),
    report: async (_, report) => {
      seen.reports.push(report);
      if (!wire.deaf) queueMicrotask(() => outgoing.reported(report));
      await answers.report();
    },
    end: async (_, reason) => void seen.ends.push(reason),
  });
  return { clock, wire, seen, answers, failures, events, outgoing, incoming };
}

const begin = ({ incoming }: ReturnType<typeof pair>) => {
  incoming.begin();
  incoming.opened();
};
const exactly = async (blob: Blob, bytes: Uint8Array) =>
  assert.ok(Buffer.from(await blob.arrayBuffer()).equals(Buffer.from(bytes)), 'other bytes');
const over = ({ incoming }: ReturnType<typeof pair>) =>
  waitFor(() => !incoming.active, { what: () => `an end, is ${JSON.stringify(incoming.state)}` });

describe('a file transfer', () => {
  for (const size of [0, 1, blockBytes, blockBytes + 1, 5 * blockBytes - 1]) {
    it(`brings ${size} bytes as they are, and proves it`, async () => {
      const bytes = bytesOf(size);
      const both = pair(new Blob([bytes]));
      begin(both);
      await exactly(await both.incoming.done, bytes);
      assert.deepEqual([both.seen.ends, both.incoming.state.kind], [['received'], 'done']);
      assert.equal(both.incoming.state.kind === 'done' && both.incoming.state.verified, true);
    });
  }

  it('goes on when begun anew, though a report of the time before is refused only then', async () => {
    const bytes = bytesOf(3 * blockBytes);
    const both = pair(new Blob([bytes]));
    const refusal = Promise.withResolvers<void>();
    both.wire.deaf = true;
    both.answers.report = () => refusal.promise;
    begin(both);
    both.incoming.ended('cancelled');
    both.wire.deaf = false;
    both.answers.report = async () => {};
    both.incoming.begin();
    refusal.reject(new AppError('not_found', 'no such transfer'));
    await settle();
    both.incoming.opened();
    await exactly(await both.incoming.done, bytes);
  });

  it('never has more under way than the window', async () => {
    const both = pair(new Blob([bytesOf(12 * blockBytes)]));
    begin(both);
    await both.incoming.done;
    assert.ok(both.seen.mostInFlight <= windowBytes, `${both.seen.mostInFlight} bytes`);
  });

  it('asks again for what was lost on the way, from the last whole block', async () => {
    const bytes = bytesOf(6 * blockBytes);
    const both = pair(new Blob([bytes]));
    let count = 0;
    both.wire.lose = () => ++count === 7;
    begin(both);
    await exactly(await both.incoming.done, bytes);
    assert.ok(both.seen.reports.some(({ epoch, received }) => epoch === 2 && received === blockBytes));
  });

  it('goes on, on a new channel, where it was', async () => {
    const bytes = bytesOf(8 * blockBytes);
    const both = pair(new Blob([bytes]));
    let cut = false;
    both.wire.lose = () => (cut ||= both.seen.sent > 3 * blockBytes);
    begin(both);
    await settle();
    await waitFor(() => cut, { what: 'the cut' });
    both.wire.lose = () => false;
    both.incoming.opened();
    await exactly(await both.incoming.done, bytes);
    assert.ok(both.seen.sent <= 8 * blockBytes + windowBytes, `${both.seen.sent} bytes sent in all`);
  });

  it('tries again after silence, and gives up in the end', async () => {
    const both = pair(new Blob([bytesOf(2 * blockBytes)]));
    both.wire.deaf = true;
    begin(both);
    for (let stall = 0; stall <= 6; stall++) {
      both.clock.advance(10_000);
      await settle();
    }
    assert.deepEqual(both.incoming.state, { kind: 'failed', why: 'stalled', retry: true });
    assert.deepEqual(both.seen.ends, ['failed']);
    both.wire.deaf = false;
    begin(both);
    assert.equal((await both.incoming.done).size, 2 * blockBytes);
  });

  it('takes no more than was offered', async () => {
    const both = pair(new Blob([bytesOf(3)]), 3);
    both.incoming.begin();
    both.wire.deaf = true;
    both.incoming.opened();
    const { buffer } = encodePiece({ epoch: 1, offset: 0, bytes: bytesOf(4) });
    both.incoming.take(buffer);
    assert.deepEqual(both.incoming.state, { kind: 'failed', why: 'tooLarge', retry: false });
    await assert.rejects(both.incoming.done, { code: 'too_large' });
  });

  it('does not take other bytes for the file', async () => {
    const both = pair(new Blob([bytesOf(3)]), 3);
    both.wire.deaf = true;
    begin(both);
    both.incoming.take(encodePiece({ epoch: 1, offset: 0, bytes: bytesOf(3) }).buffer);
    both.incoming.take(encodeLastWord({ epoch: 1, digest: '00' }));
    await over(both);
    assert.deepEqual(both.incoming.state, { kind: 'failed', why: 'corrupt', retry: true });
  });

  it('lets junk and what is of an earlier attempt fall', async () => {
    const bytes = bytesOf(blockBytes + 5);
    const both = pair(new Blob([bytes]));
    both.wire.deaf = true;
    begin(both);
    for (const junk of ['', '{', 'null', '{"epoch":9}', new ArrayBuffer(0), new ArrayBuffer(12)])
      both.incoming.take(junk);
    both.incoming.take(encodePiece({ epoch: 0, offset: 0, bytes: bytesOf(3) }).buffer);
    assert.equal(both.incoming.state.kind, 'waiting');
    both.wire.deaf = false;
    both.incoming.opened();
    await exactly(await both.incoming.done, bytes);
  });

  it('fails in words when the file changes while it is sent', async () => {
    const bytes = bytesOf(2 * blockBytes);
    const both = pair({ size: bytes.length, type: '', slice: () => new Blob(['short']) });
    begin(both);
    await waitFor(() => both.failures.length > 0, { what: 'the failure' });
    assert.match(both.failures[0]?.message ?? '', /changed/u);
  });
});
