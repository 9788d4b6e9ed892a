import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deriveRoomKey, FrameSealer } from './sealing.ts';
import { serveFrameTransforms, type FrameReport, type TransformScope } from './worker.ts';

const seal = async (secret: string, count: number): Promise<Uint8Array<ArrayBuffer>[]> => {
  const sealer = new FrameSealer(await deriveRoomKey(secret, 'kitchen'), 'video');
  const frames: Uint8Array<ArrayBuffer>[] = [];
  for (let n = 0; n < count; n++) frames.push(await sealer.seal(Uint8Array.from({ length: 40 }, () => n)));
  return frames;
};

/** Everything comes on one receiving stream; what was passed on, and what was reported. */
async function receive(
  frames: readonly Uint8Array<ArrayBuffer>[],
): Promise<{ passed: number; reports: FrameReport[] }> {
  const roomKey = await deriveRoomKey('soup', 'kitchen');
  const reports: FrameReport[] = [];
  const scope: TransformScope = { onrtctransform: null, postMessage: (report) => void reports.push(report) };
  serveFrameTransforms(scope);
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let passed = 0;
  scope.onrtctransform?.({
    transformer: {
      readable: new ReadableStream({
        start(controller) {
          for (const frame of frames) controller.enqueue({ data: frame.slice().buffer });
          controller.close();
        },
      }),
      writable: new WritableStream({ write: () => void (passed += 1), close: resolve }),
      options: { operation: 'open', kind: 'video', id: 'cam', roomKey },
    },
  });
  await ended;
  return { passed, reports };
}

const opened = { id: 'cam', opened: true };
const locked = { id: 'cam', opened: false };

describe('the worker that opens frames', () => {
  it('reports a stream that it can open, once', async () => {
    assert.deepEqual(await receive(await seal('soup', 50)), { passed: 50, reports: [opened] });
  });

  it('reports a stream of another key, once it is sure', async () => {
    const frames = await seal('soap', 40);
    assert.deepEqual(await receive(frames.slice(0, 29)), { passed: 0, reports: [] });
    assert.deepEqual(await receive(frames), { passed: 0, reports: [locked] });
  });

  it('does not call locked what comes a second time, however much of it', async () => {
    const frames = await seal('soup', 100);
    assert.deepEqual(await receive([...frames, ...frames]), { passed: 100, reports: [opened] });
  });

  it('reports that it can open again what it could not', async () => {
    const frames = [...(await seal('soap', 40)), ...(await seal('soup', 1))];
    assert.deepEqual(await receive(frames), { passed: 1, reports: [locked, opened] });
  });
});
