import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { captureCamera, captureMicrophone, captureScreen } from './capture.ts';

const failing = (name: string, message = '') => Object.assign(new Error(message), { name });

/** Answers each call by the next of `outcomes`: a track's id, or what it throws. */
function fakeDevices(...outcomes: (string | Error)[]) {
  const asked: unknown[] = [];
  const next = async (constraints: object) => {
    asked.push(constraints);
    const outcome = outcomes.shift();
    if (outcome === undefined || outcome instanceof Error) throw outcome ?? new Error('asked too often');
    const kind = 'audio' in constraints ? 'audio' : 'video';
    const track = { id: outcome, kind, contentHint: '' } as MediaStreamTrack;
    return { getTracks: () => [track], getVideoTracks: () => [track], getAudioTracks: () => [] };
  };
  return { asked, devices: { getUserMedia: next, getDisplayMedia: next } as unknown as MediaDevices };
}

describe('capture', () => {
  it('gives a code for each way in which a device is refused', async () => {
    const cases = [
      ['NotAllowedError', 'denied'],
      ['NotFoundError', 'notFound'],
      ['NotReadableError', 'busy'],
      ['OverconstrainedError', 'overconstrained'],
      ['Surprise', 'unknown'],
    ] as const;
    for (const [name, code] of cases) {
      const captured = await captureCamera({}, fakeDevices(failing(name)).devices);
      assert.equal(captured.kind === 'failed' && captured.error.code, code, name);
    }
  });

  it('takes any device when the remembered one is gone', async () => {
    const { devices, asked } = fakeDevices(failing('OverconstrainedError'), 'built-in');
    const captured = await captureMicrophone({ deviceId: 'headset' }, devices);
    assert.equal(captured.kind === 'captured' && captured.track.id, 'built-in');
    assert.equal(asked.length, 2);
  });

  it('does not ask twice when the user said no', async () => {
    const { devices, asked } = fakeDevices(failing('NotAllowedError'), 'never');
    await captureMicrophone({ deviceId: 'headset' }, devices);
    assert.equal(asked.length, 1);
  });

  it('tells a closed screen picker from a forbidden one', async () => {
    const code = async (error: Error) => {
      const captured = await captureScreen({}, fakeDevices(error).devices);
      return captured.kind === 'failed' && captured.error.code;
    };
    assert.equal(await code(failing('NotAllowedError', 'Permission denied')), 'cancelled');
    assert.equal(await code(failing('NotAllowedError', 'Permission denied by system')), 'denied');
  });

  it('hints that a screen is to be sharp', async () => {
    const captured = await captureScreen({}, fakeDevices('screen').devices);
    assert.equal(captured.kind === 'captured' && captured.track.contentHint, 'detail');
  });

  it('says so where there are no devices', async () => {
    const captured = await captureScreen({}, {} as MediaDevices);
    assert.equal(captured.kind === 'failed' && captured.error.code, 'unsupported');
  });
});
