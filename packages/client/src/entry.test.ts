import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError, Tasks } from '@potluck/kernel';
import type { Answer, NoticeData } from '@potluck/protocol';
import { FakeClock, settle } from '@potluck/testkit';
import { Entry, type EntryDeps } from './entry.ts';
import type { JoinOptions } from './api.ts';
import type { MediaDevice } from './media/device.ts';
import { ReceiveFirst } from './media/receive-first.ts';

const media = { rtpCapabilities: {} } as unknown as MediaDevice;
const welcome = {} as unknown as NoticeData<'welcome'>;
const answerWith = (tracks: number) =>
  ({ participants: [{ producers: Array.from({ length: tracks }) }], now: 0 }) as unknown as Answer<'enter'>;

/** The way in, over paths that note what is asked of them. `answers`: to each `enter`, in order. */
function build(answers: (Answer<'enter'> | AppError)[], options: Partial<JoinOptions> = {}) {
  const clock = new FakeClock();
  const first = new ReceiveFirst(clock);
  const asked: string[] = [];
  const call = (method: string) => {
    asked.push(method);
    const answer = answers.shift();
    return answer instanceof AppError ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const deps: EntryDeps = {
    call: call as unknown as EntryDeps['call'],
    sending: { suspend: () => asked.push('suspend'), resume: () => asked.push('resume') },
    paths: {
      prepare: () => Promise.resolve(media),
      use: () => asked.push('use'),
      expectOthers: () => first.expect(),
      expectNobody: () => first.release(),
      othersBegun: () => new Promise((resolve) => void first.after(resolve, 250)),
    },
    wishes: { displayName: 'Ann', handRaised: false, view: undefined },
    tasks: new Tasks(() => {}),
    clock,
    onLobby: () => asked.push('lobby'),
  };
  const entry = new Entry(deps, {
    roomId: 'r',
    displayName: 'Ann',
    device: { name: 'Test' },
    ...options,
  } as JoinOptions);
  let done = false;
  const entered = entry
    .enter(welcome, () => true)
    .then((result) => {
      done = true;
      return result;
    });
  return { clock, first, asked, entry, entered, isDone: () => done };
}

describe('Entry', () => {
  it('is in an empty room with the answer', async () => {
    const { entered, asked, clock } = build([answerWith(0)]);
    assert.ok(await entered);
    assert.deepEqual([asked, clock.waiting], [['enter', 'use'], 0]);
  });

  it('shows a room once what others send has been asked for', async () => {
    const { entered, first, clock, isDone } = build([answerWith(2)]);
    await settle();
    assert.equal(isDone(), false);
    first.release();
    assert.ok(await entered);
    assert.equal(clock.waiting, 0);
  });

  it('shows it without, when nothing is offered within a quarter of a second', async () => {
    const { entered, clock, isDone } = build([answerWith(2)]);
    await settle();
    clock.advance(249);
    await settle();
    assert.equal(isDone(), false);
    clock.advance(1);
    assert.ok(await entered);
  });

  it('waits for nothing when it does not receive', async () => {
    const { entered, clock } = build([answerWith(2)], { consume: false });
    assert.ok(await entered);
    assert.equal(clock.waiting, 0);
  });

  it('lets what others send go first after the lobby, too', async () => {
    const { entered, entry, asked, first, isDone } = build([new AppError('waiting', 'wait'), answerWith(1)]);
    await settle();
    entry.decided(true);
    await settle();
    assert.deepEqual([asked, isDone()], [['enter', 'use', 'suspend', 'lobby', 'enter', 'resume'], false]);
    first.release();
    assert.ok(await entered);
  });
});
