import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { isNotice, notices, ownNotices, v3Notices } from './notices.ts';
import { unknownDevice } from './peer.ts';
import { ownRequests } from './own-requests.ts';
import { isMethod, methodAliases, requests } from './requests.ts';
import { v3Requests } from './v3-requests.ts';
import { serverRequests } from './server-requests.ts';

const objectNames = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', ''];

/** JSON with the member names that hurt. */
const hostileJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(null, true, 0, -1, 1e308, '', '__proto__', '\u0000', 'x'.repeat(20_000)),
    fc.string(),
    fc.array(tie('value'), { maxLength: 5 }),
    fc
      .array(
        fc.tuple(
          fc.constantFrom('transportId', 'producerId', 'kind', 'rtpParameters', 'codecs', 'appData', ...objectNames),
          tie('value'),
        ),
        { maxLength: 6 },
      )
      .map(
        (members) =>
          JSON.parse(
            `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
          ) as unknown,
      ),
  ),
})).value;

describe('requests', () => {
  it('are those of mediasoup-demo v3, all of them', () => {
    assert.deepEqual(Object.keys(v3Requests).toSorted(), [
      'applyNetworkThrottle', 'changeDisplayName', 'closeProducer', 'connectWebRtcTransport', 'createWebRtcTransport',
      'getConsumerStats', 'getDataConsumerStats', 'getDataProducerStats', 'getProducerStats', 'getRouterRtpCapabilities',
      'getTransportStats', 'join', 'pauseConsumer', 'pauseProducer', 'produce', 'produceData', 'requestConsumerKeyFrame',
      'resetNetworkThrottle', 'restartIce', 'resumeConsumer', 'resumeProducer', 'setConsumerPreferredLayers',
      'setConsumerPriority',
    ]); // prettier-ignore
  });

  it('do not share a name between dialects', () => {
    assert.deepEqual(
      Object.keys(ownRequests).filter((name) => name in v3Requests),
      [],
    );
    assert.deepEqual(
      Object.keys(ownNotices).filter((name) => name in v3Notices),
      [],
    );
  });

  it('have no method but their own', () => {
    for (const name of objectNames) assert.equal(isMethod(name), false, name);
    assert.equal(isMethod('join'), true);
  });

  it('know the spelling of very old clients', () => {
    assert.equal(methodAliases['setConsumerPreferedLayers'], 'setConsumerPreferredLayers');
  });

  for (const [name, { input, summary }] of Object.entries(requests)) {
    it(`${name} never throws, whatever comes, and pollutes nothing`, () => {
      fc.assert(
        fc.property(hostileJson, (data) => {
          input.safeParse(data);
          assert.equal(({} as { polluted?: unknown }).polluted, undefined);
        }),
        { numRuns: 60 },
      );
    });

    it(`${name} is described, and its schema can be written down`, () => {
      assert.match(summary, /^[A-Z].*\.$/s);
      z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
    });
  }
});

describe('join', () => {
  it('succeeds with no data at all', () => {
    assert.deepEqual(v3Requests.join.input.parse({}), { device: unknownDevice });
  });

  it('takes sctpCapabilities in every spelling', () => {
    assert.equal(v3Requests.join.input.parse({ sctpCapabilities: '' }).sctpCapabilities, false);
    assert.equal(v3Requests.join.input.parse({ sctpCapabilities: '{"numStreams":{}}' }).sctpCapabilities, true);
  });

  it('strips what it does not know', () => {
    assert.equal('multiSource' in v3Requests.join.input.parse({ multiSource: true }), false);
  });
});

describe('createWebRtcTransport', () => {
  it('works with nothing, and reads flags by truthiness', () => {
    assert.deepEqual(v3Requests.createWebRtcTransport.input.parse({}), {});
    const { forceTcp, producing, consuming } = v3Requests.createWebRtcTransport.input.parse({
      forceTcp: 1,
      producing: 'yes',
      consuming: 0,
    });
    assert.deepEqual([forceTcp, producing, consuming], [true, true, false]);
  });
});

describe('produce', () => {
  const rtpParameters = {
    codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000 }],
    encodings: [{ ssrc: 1 }],
  };

  it('takes appData as object, as JSON text, as null, or not at all', () => {
    for (const [appData, wanted] of [
      [{ share: true }, { share: true }],
      ['{"share":true}', { share: true }],
      [null, {}],
      [undefined, {}],
    ]) {
      const parsed = v3Requests.produce.input.parse({ transportId: 't', kind: 'audio', rtpParameters, appData });
      assert.deepEqual(parsed.appData, wanted);
    }
  });

  it('refuses a kind that is neither audio nor video', () => {
    for (const kind of ['AUDIO', 'data', '', undefined, null]) {
      assert.equal(v3Requests.produce.input.safeParse({ transportId: 't', kind, rtpParameters }).success, false);
    }
  });
});

describe('produceData', () => {
  const input = (more: object) =>
    v3Requests.produceData.input.safeParse({ transportId: 't', sctpStreamParameters: { streamId: 1 }, ...more });

  it('takes appData as an object or not at all; a text is an error', () => {
    assert.equal(input({}).success, true);
    assert.equal(input({ appData: { info: 'x' } }).success, true);
    assert.equal(input({ appData: '{"info":"x"}' }).success, false);
    assert.equal(input({ appData: { text: 'x'.repeat(5000) } }).success, false);
  });
});

describe('layers and priority', () => {
  const layers = (data: object) => v3Requests.setConsumerPreferredLayers.input.safeParse({ consumerId: 'c', ...data });
  const priority = (value: unknown) =>
    v3Requests.setConsumerPriority.input.safeParse({ consumerId: 'c', priority: value });

  it('need a spatial layer that is a number; the temporal one may miss', () => {
    assert.equal(layers({ spatialLayer: 2 }).success, true);
    assert.equal(layers({ spatialLayer: 2, temporalLayer: 1 }).success, true);
    for (const bad of [{}, { spatialLayer: '2' }, { spatialLayer: -1 }, { spatialLayer: 1e9 }, { spatialLayer: null }])
      assert.equal(layers(bad).success, false);
  });

  it('keep the priority between 1 and 255', () => {
    assert.equal(priority(0).data?.priority, 1);
    assert.equal(priority(7.9).data?.priority, 7);
    for (const bad of [-1, 256, '1', null, undefined]) assert.equal(priority(bad).success, false);
  });
});

describe('network throttle', () => {
  it('takes a missing or odd secret as an empty one: the server refuses it', () => {
    for (const data of [{}, { secret: 5 }, { secret: null }])
      assert.equal(v3Requests.resetNetworkThrottle.input.parse(data).secret, '');
  });
});

describe('notices', () => {
  it('are those of mediasoup-demo v3, all of them', () => {
    assert.deepEqual(Object.keys(v3Notices).toSorted(), [
      'activeSpeaker', 'consumerClosed', 'consumerLayersChanged', 'consumerPaused', 'consumerResumed', 'consumerScore',
      'dataConsumerClosed', 'downlinkBwe', 'mediasoup-version', 'newPeer', 'peerClosed', 'peerDisplayNameChanged',
      'producerScore',
    ]); // prettier-ignore
  });

  it('have no name but their own', () => {
    for (const name of objectNames) assert.equal(isNotice(name), false, name);
  });

  for (const [name, { data, summary }] of Object.entries(notices)) {
    it(`${name} never throws, whatever comes, and is described`, () => {
      fc.assert(
        fc.property(hostileJson, (value) => void data.safeParse(value)),
        { numRuns: 40 },
      );
      assert.match(summary, /^[A-Z].*\.$/s);
      z.toJSONSchema(data, { unrepresentable: 'any' });
    });
  }

  it('say silence with an explicit null', () => {
    assert.deepEqual(notices.activeSpeaker.data.parse({ peerId: null }), { peerId: null });
    assert.equal(notices.activeSpeaker.data.safeParse({}).success, false);
    assert.deepEqual(
      notices.consumerLayersChanged.data.parse({ consumerId: 'c', spatialLayer: null, temporalLayer: null }),
      { consumerId: 'c', spatialLayer: null, temporalLayer: null },
    );
    assert.equal(notices.consumerLayersChanged.data.safeParse({ consumerId: 'c' }).success, false);
  });
});

describe('requests of the server', () => {
  it('are the two of mediasoup-demo v3: browsers never answer others', () => {
    assert.deepEqual(Object.keys(serverRequests), ['newConsumer', 'newDataConsumer']);
  });
});

describe('a chat message', () => {
  it('has reactions of one line that can be seen', () => {
    const takes = (emoji: string) => requests.sendReaction.input.safeParse({ emoji }).success;
    for (const emoji of ['👍', '❤️', '👩‍👩‍👧‍👦', '🇪🇺', '+1']) assert.ok(takes(emoji), emoji);
    for (const emoji of ['', ' ', 'two\nlines', '\u202etxt', '👍'.repeat(17)]) assert.ok(!takes(emoji), emoji);
  });

  it('has one to 4,000 characters', () => {
    const takes = (text: string) => requests.sendChat.input.safeParse({ id: 'm', text }).success;
    assert.deepEqual(
      [takes('x'), takes('x'.repeat(4_000)), takes('x'.repeat(4_001)), takes(' \n')],
      [true, true, false, false],
    );
  });
});
