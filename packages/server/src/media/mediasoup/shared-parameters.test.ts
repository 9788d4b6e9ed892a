import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ortc } from 'mediasoup';
import type { types } from 'mediasoup';
import { fakeRtpCapabilities, fakeRtpParameters } from '@potluck/testkit';
import { readRtpCapabilities, reduceCapabilities } from './codecs.ts';
import { checkOnce, installSharedParameters, sharing } from './shared-parameters.ts';

const router = readRtpCapabilities() as types.RtpCapabilities;

function consumable(kind: 'audio' | 'video'): types.RtpParameters {
  const parameters = structuredClone(fakeRtpParameters(kind)) as types.RtpParameters;
  ortc.validateAndNormalizeRtpParameters(parameters);
  const mapping = ortc.getProducerRtpParametersMapping(parameters, router);
  return ortc.getConsumableRtpParameters(kind, parameters, router, mapping);
}

/** Without what is everybody's own. */
const common = ({ encodings, ...rest }: types.RtpParameters) => ({
  ...rest,
  encodings: encodings?.map(({ ssrc, rtx, ...encoding }) => ({ ...encoding, rtx: rtx && rtx.ssrc - (ssrc ?? 0) })),
});

describe('Parameters of consumers', () => {
  const share = sharing((ask) => ortc.getConsumerRtpParameters(ask));

  for (const kind of ['audio', 'video'] as const) {
    it(`are what mediasoup makes, each with an SSRC of its own: ${kind}`, () => {
      const consumableRtpParameters = consumable(kind);
      const reduced = reduceCapabilities(fakeRtpCapabilities, kind === 'audio' ? 'audio/opus' : 'video/vp8');
      assert.ok(reduced);
      const capabilities = checkOnce(reduced);
      const [own, next] = [1, 2].map(() =>
        share({ consumableRtpParameters, remoteRtpCapabilities: capabilities, pipe: false, enableRtx: true }),
      );
      const theirs = ortc.getConsumerRtpParameters({
        consumableRtpParameters,
        remoteRtpCapabilities: structuredClone(capabilities),
        pipe: false,
        enableRtx: true,
      });
      assert.ok(own && next);
      assert.deepEqual(common(own), common(theirs));
      assert.equal(own.codecs, next.codecs);
      assert.notEqual(own.encodings?.[0]?.ssrc, next.encodings?.[0]?.ssrc);
      own.mid = '7';
      assert.equal(next.mid, undefined);
      const without = share({
        consumableRtpParameters,
        remoteRtpCapabilities: capabilities,
        pipe: false,
        enableRtx: false,
      });
      assert.equal(without.encodings?.[0]?.rtx, undefined);
    });
  }

  it('are refused as before where capabilities are wrong, and left to mediasoup where nobody checked them', () => {
    assert.throws(
      () => checkOnce({ codecs: [{ mimeType: 'audio/opus' }] } as unknown as types.RtpCapabilities),
      TypeError,
    );
    const ask = { consumableRtpParameters: consumable('audio'), pipe: false, enableRtx: true };
    const [a, b] = [1, 2].map(() => share({ ...ask, remoteRtpCapabilities: structuredClone(fakeRtpCapabilities) }));
    assert.notEqual(a?.codecs, b?.codecs);
  });

  it('take the place of mediasoup’s own, once', () => {
    assert.deepEqual([installSharedParameters(), installSharedParameters()], [true, true]);
  });
});
