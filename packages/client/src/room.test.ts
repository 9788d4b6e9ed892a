import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { settle } from '@potluck/testkit';
import { FakeHandler, testFakeParameters, type types } from 'mediasoup-client';
import type { Runtime } from './api.ts';
import { openRoom } from './room.ts';

/** A browser whose engine is still starting, and whose sockets never open. */
function slowBrowser() {
  const { promise: engine, resolve: start } = Promise.withResolvers<void>();
  const asked: string[] = [];
  const handlerFactory: types.HandlerFactory = {
    ...FakeHandler.createFactory(testFakeParameters),
    getNativeRtpCapabilities: () => engine.then(() => ({})),
  };
  const mediaDevices = {
    getUserMedia: (constraints: MediaStreamConstraints) => {
      asked.push(Object.keys(constraints).join(' and '));
      return new Promise<MediaStream>(() => {});
    },
  } as unknown as MediaDevices;
  class WebSocket {
    readyState = 0;
    close() {}
  }
  const runtime = { handlerFactory, mediaDevices, WebSocket } as unknown as Runtime;
  return { runtime, asked, start };
}

describe('openRoom', () => {
  it('opens devices together when the engine has started, and says meanwhile that they start', async () => {
    const { runtime, asked, start } = slowBrowser();
    const options = { roomId: 'r', displayName: 'Ann', microphone: true, camera: true, runtime };
    const room = openRoom('ws://localhost', options);
    await settle();
    const { microphone, camera } = room.state.me;
    assert.deepEqual([microphone.kind, camera.kind, asked], ['starting', 'starting', []]);
    start();
    await settle();
    assert.deepEqual(asked, ['audio and video']);
    await room.leave();
  });
});
