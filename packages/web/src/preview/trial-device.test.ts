import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Captured } from '@potluck/client';
import { TrialDevice } from './trial-device.ts';

class FakeTrack extends EventTarget {
  stopped = false;
  stop() {
    this.stopped = true;
  }
  getSettings() {
    return { deviceId: 'cam' };
  }
}
const captured = (track: FakeTrack): Captured => ({ kind: 'captured', track: track as unknown as MediaStreamTrack });

describe('TrialDevice', () => {
  it('frees what arrives after it was turned off', async () => {
    const track = new FakeTrack();
    const arriving = Promise.withResolvers<Captured>();
    const device = new TrialDevice(() => arriving.promise);
    const turning = device.turnOn();
    assert.equal(device.get().kind, 'starting');
    device.turnOff();
    arriving.resolve(captured(track));
    await turning;
    assert.equal(track.stopped, true);
    assert.equal(device.get().kind, 'off');
  });

  it('keeps only the last of two wishes', async () => {
    const tracks = [new FakeTrack(), new FakeTrack()];
    const device = new TrialDevice(({ deviceId }) => Promise.resolve(captured(tracks[deviceId === 'a' ? 0 : 1]!)));
    await Promise.all([device.turnOn('a'), device.turnOn('b')]);
    assert.deepEqual(
      tracks.map(({ stopped }) => stopped),
      [true, false],
    );
  });

  it('is off when the device is unplugged', async () => {
    const track = new FakeTrack();
    const device = new TrialDevice(() => Promise.resolve(captured(track)));
    await device.turnOn();
    track.dispatchEvent(new Event('ended'));
    assert.equal(device.get().kind, 'off');
  });

  it('shows what a processor makes of the device, and frees both', async () => {
    const [raw, made] = [new FakeTrack(), new FakeTrack()];
    let closed = 0;
    const device = new TrialDevice(
      () => Promise.resolve(captured(raw)),
      async () => ({ track: made as unknown as MediaStreamTrack, close: () => void (closed += 1) }),
    );
    await device.turnOn();
    const state = device.get();
    assert.ok(state.kind === 'on');
    assert.deepEqual([state.track, state.deviceId], [made, 'cam']);
    device.turnOff();
    device.turnOff();
    assert.deepEqual([closed, raw.stopped], [1, true]);
  });

  it('shows nothing when the processor fails: what was to be hidden stays hidden', async () => {
    const raw = new FakeTrack();
    const device = new TrialDevice(
      () => Promise.resolve(captured(raw)),
      () => Promise.reject(new Error('no model')),
    );
    await device.turnOn();
    assert.deepEqual([device.get().kind, raw.stopped], ['failed', true]);
  });

  it('says why it failed', async () => {
    const device = new TrialDevice(() => Promise.resolve({ kind: 'failed', error: { code: 'denied', message: '' } }));
    await device.turnOn();
    const state = device.get();
    assert.equal(state.kind === 'failed' && state.error.code, 'denied');
  });
});
