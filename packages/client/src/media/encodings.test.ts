import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { types } from 'mediasoup-client';
import { activate, videoEncoding } from './encodings.ts';

const codec = (mimeType: string, preferredPayloadType: number): types.RtpCodecCapability => ({
  kind: 'video',
  mimeType,
  preferredPayloadType,
  clockRate: 90_000,
});
const codecs = [codec('video/VP8', 96), codec('video/rtx', 97), codec('video/VP9', 98)];
const hd = { width: 1280, height: 720 };

describe('videoEncoding', () => {
  it('sends a camera in three sizes', () => {
    const { encodings } = videoEncoding('camera', hd, {}, codecs);
    assert.deepEqual(
      encodings.map(({ scaleResolutionDownBy, maxBitrate }) => [scaleResolutionDownBy, maxBitrate]),
      [
        [4, 150_000],
        [2, 450_000],
        [1, 1_400_000],
      ],
    );
  });

  it('sends no layer that is too small to see', () => {
    assert.equal(videoEncoding('camera', { width: 320, height: 180 }, {}, codecs).encodings.length, 2);
    assert.equal(videoEncoding('camera', { width: 160, height: 90 }, {}, codecs).encodings.length, 1);
  });

  it('sends a screen in full size, with temporal layers for slow receivers', () => {
    const { encodings } = videoEncoding('screen', { width: 1920, height: 1080 }, {}, codecs);
    assert.deepEqual(encodings, [{ scaleResolutionDownBy: 1, maxBitrate: 4_200_000, scalabilityMode: 'L1T3' }]);
  });

  it('uses SVC where the codec has it', () => {
    const { codec, encodings } = videoEncoding('camera', hd, { codec: 'VP9' }, codecs);
    assert.equal(codec?.mimeType, 'video/VP9');
    assert.deepEqual(encodings, [{ maxBitrate: 1_400_000, scalabilityMode: 'L3T3_KEY' }]);
  });

  it('sends AV1 in one size: several cannot be decoded without dependency descriptors', () => {
    const { encodings } = videoEncoding('camera', hd, { codec: 'AV1' }, [...codecs, codec('video/AV1', 45)]);
    assert.deepEqual(encodings, [{ maxBitrate: 1_400_000, scalabilityMode: 'L1T3' }]);
  });

  it('refuses AV1 in several sizes by name, and says what there is', () => {
    const sent = (scalabilityMode: string) =>
      videoEncoding('camera', hd, { codec: 'AV1', scalabilityMode }, [...codecs, codec('video/AV1', 45)]).encodings;
    for (const mode of ['L3T3', 'L3T3_KEY', 'L2T1h', 'S3T3'])
      assert.throws(() => sent(mode), {
        code: 'unsupported',
        message: `AV1 in mode ${mode} could not be decoded by anybody here; it goes as L1T1, L1T2 or L1T3`,
      });
    assert.deepEqual(sent('L1T2'), [{ maxBitrate: 1_400_000, scalabilityMode: 'L1T2' }]);
  });

  it('keeps to a limit, all layers alike', () => {
    const { encodings } = videoEncoding('camera', hd, { maxBitrate: 1_000_000 }, codecs);
    const sum = encodings.reduce((sum, { maxBitrate = 0 }) => sum + maxBitrate, 0);
    assert.ok(sum <= 1_000_000 && sum > 990_000, String(sum));
  });

  it('names the codecs there are when asked for another', () => {
    assert.throws(() => videoEncoding('camera', hd, { codec: 'AV1' }, codecs), {
      code: 'unsupported',
      message: 'room and browser have no codec AV1 in common; they have: VP8, VP9',
    });
  });
});

describe('activate', () => {
  function sender(...active: (boolean | undefined)[]) {
    const encodings = active.map((one) => (one === undefined ? {} : { active: one }));
    const set: (boolean | undefined)[][] = [];
    return {
      set,
      getParameters: () => ({ encodings }) as unknown as RTCRtpSendParameters,
      setParameters: async (parameters: RTCRtpSendParameters) =>
        void set.push(parameters.encodings.map((encoding) => encoding.active)),
    };
  }

  it('encodes what somebody gets, nothing if nobody does, and leaves alone what is so already', async () => {
    const camera = sender(undefined, undefined, undefined);
    await activate(camera, 15);
    await activate(camera, 0);
    await activate(camera, undefined);
    await activate(camera, undefined);
    await activate(camera, 1);
    assert.deepEqual(camera.set, [
      [true, false, false],
      [false, false, false],
      [true, true, false],
    ]);
  });

  it('treats one encoding of several layers as a whole', async () => {
    const camera = sender(true);
    await activate(camera, 0);
    assert.deepEqual(camera.set, []);
    await activate(camera, undefined);
    assert.deepEqual(camera.set, [[false]]);
  });
});
