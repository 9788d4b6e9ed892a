import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Emitter, type AppError } from '@potluck/kernel';
import { ProducerId } from '@potluck/protocol';
import type { CameraOptions, LocalTrackState } from '../api.ts';
import type { Captured } from './capture.ts';
import { LocalDevice } from './local-device.ts';
import type { Publication, PublicationSpec } from './publication.ts';

class FakeTrack extends EventTarget {
  readonly deviceId: string;
  enabled = true;
  readyState: 'live' | 'ended' = 'live';

  constructor(deviceId: string) {
    super();
    this.deviceId = deviceId;
  }

  getSettings() {
    return { deviceId: this.deviceId };
  }

  stop(): void {
    this.readyState = 'ended';
  }

  unplug(): void {
    this.stop();
    this.dispatchEvent(new Event('ended'));
  }
}

class FakePublication {
  readonly events = new Emitter<{ changed: []; failed: [error: AppError]; warned: [error: AppError] }>();
  readonly producerId = ProducerId.parse('p1');
  readonly tracks: unknown[];
  paused: boolean;
  closed = false;

  constructor(spec: PublicationSpec) {
    this.paused = spec.paused;
    this.tracks = [spec.track];
  }

  setPaused(paused: boolean): void {
    this.paused = paused;
  }

  async setTrack(track: unknown): Promise<void> {
    this.tracks.push(track);
  }

  close(): void {
    this.closed = true;
  }
}

const failed = (code: 'denied' | 'busy'): Captured => ({ kind: 'failed', error: { code, message: code } });

/** Devices answer in turn: a device id, a failure, or nothing until `open` is called. */
function build(source: 'microphone' | 'camera', ...answers: (string | Captured)[]) {
  const tracks: FakeTrack[] = [];
  const publications: FakePublication[] = [];
  const asked: CameraOptions[] = [];
  const kinds: string[] = [];
  let gate = Promise.resolve();
  const device = new LocalDevice<CameraOptions>(
    source,
    {},
    {
      capture: async (options) => {
        asked.push(options);
        await gate;
        const answer = answers.shift() ?? 'default';
        if (typeof answer !== 'string') return answer;
        const track = new FakeTrack(answer);
        tracks.push(track);
        return { kind: 'captured', track: track as unknown as MediaStreamTrack };
      },
      publish: (spec) => {
        const publication = new FakePublication(spec);
        publications.push(publication);
        return publication as unknown as Publication;
      },
      encoding: () => ({}),
      codecOptions: () => undefined,
      onChanged: ({ kind }) => kinds.push(kind),
      onWarned: () => {},
    },
  );
  const holdDevices = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return resolve;
  };
  return { device, tracks, publications, asked, kinds, holdDevices };
}

const describeState = (state: LocalTrackState) =>
  state.kind === 'on' ? [state.deviceId, state.muted] : state.kind === 'failed' ? state.error.code : state.kind;

describe('LocalDevice', () => {
  it('keeps the microphone open while muted', async () => {
    const { device, tracks, publications } = build('microphone');
    await device.start();
    assert.deepEqual(describeState(await device.mute()), ['default', true]);
    assert.deepEqual([publications[0]!.paused, tracks[0]!.readyState, tracks.length], [true, 'live', 1]);
    assert.deepEqual(describeState(await device.unmute()), ['default', false]);
    assert.deepEqual([publications[0]!.paused, tracks.length], [false, 1]);
  });

  it('frees the camera while muted and opens it again under the same publication', async () => {
    const { device, tracks, publications } = build('camera');
    await device.start();
    await device.mute();
    assert.deepEqual([tracks[0]!.readyState, publications[0]!.tracks.at(-1)], ['ended', undefined]);
    await device.unmute();
    assert.deepEqual([tracks.length, publications.length, publications[0]!.paused], [2, 1, false]);
    assert.equal(publications[0]!.tracks.at(-1), tracks[1]);
  });

  it('never stops a track of the caller', async () => {
    const { device } = build('camera');
    const track = new FakeTrack('canvas');
    await device.start({ track: track as unknown as MediaStreamTrack });
    await device.mute();
    await device.stop();
    assert.equal(track.readyState, 'live');
  });

  it('gives a refusal as a state', async () => {
    const { device, kinds } = build('camera', failed('denied'));
    assert.equal(describeState(await device.start()), 'denied');
    assert.deepEqual(kinds, ['starting', 'failed']);
  });

  it('lets go of a device that opens after it was stopped', async () => {
    const { device, tracks, publications, holdDevices } = build('camera');
    const open = holdDevices();
    const starting = device.start();
    await device.stop();
    open();
    assert.equal(describeState(await starting), 'off');
    assert.deepEqual([tracks[0]?.readyState ?? 'never opened', publications.length], ['never opened', 0]);
  });

  it('goes over to the default microphone when it is unplugged, and never chooses a camera', async () => {
    const microphone = build('microphone', 'headset', 'built-in');
    await microphone.device.start({ deviceId: 'headset' });
    microphone.tracks[0]!.unplug();
    assert.deepEqual(describeState(await microphone.device.unmute()), ['built-in', false]);
    assert.equal(microphone.asked[1]?.deviceId, undefined);
    assert.equal(microphone.publications[0]!.tracks.at(-1), microphone.tracks[1]);

    const camera = build('camera', 'webcam');
    await camera.device.start();
    camera.tracks[0]!.unplug();
    assert.equal(describeState(await camera.device.unmute()), 'notFound');
    assert.ok(camera.publications[0]!.closed);
  });

  it('switches devices under the same publication, and keeps the old one when the new one fails', async () => {
    const { device, tracks, publications } = build('camera', 'one', 'two', failed('denied'));
    await device.start();
    assert.deepEqual(describeState(await device.setDevice('two')), ['two', false]);
    assert.deepEqual([tracks[0]!.readyState, publications.length], ['ended', 1]);
    assert.deepEqual(describeState(await device.setDevice('three')), ['two', false]);
    assert.equal(tracks[1]!.readyState, 'live');
  });
});
