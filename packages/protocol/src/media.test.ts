import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { z } from 'zod';
import { AppData } from './appdata.ts';
import { RtpCapabilities, RtpParameters } from './rtp.ts';
import { DtlsParameters, SctpCapabilities, SctpStreamParameters } from './transport.ts';

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

const opus = { mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 };
const parameters = (more: object = {}) => ({ codecs: [opus], encodings: [{ ssrc: 1111 }], ...more });
const withEncoding = (encoding: object) => parameters({ encodings: [encoding] });
const withCodec = (codec: object) => parameters({ codecs: [{ ...opus, ...codec }] });

describe('SctpCapabilities', () => {
  const cases: [string, unknown, boolean][] = [
    ['an object', { numStreams: { OS: 1024, MIS: 1024 } }, true],
    ['an empty object', {}, true],
    ['the JSON text of an object (Android, channels on)', '{"numStreams":{"OS":1024,"MIS":1024}}', true],
    ['an empty text (Android, channels off)', '', false],
    ['false', false, false],
  ];
  for (const [name, value, wanted] of cases) {
    it(`reads ${name} as ${wanted ? 'on' : 'off'}`, () => assert.equal(SctpCapabilities.parse(value), wanted));
  }
});

describe('AppData', () => {
  const cases: [string, unknown, object][] = [
    ['an object', { share: true }, { share: true }],
    ['the JSON text of an object (Android)', '{"share":true}', { share: true }],
    ['nothing (iOS)', undefined, {}],
    ['null', null, {}],
    ['a text that is no JSON', 'hello', {}],
    ['the JSON text of an array', '[1]', {}],
    ['an array', [1, 2], {}],
    ['a number', 5, {}],
  ];
  for (const [name, value, wanted] of cases) {
    it(`reads ${name}`, () => assert.deepEqual(AppData.parse(value), wanted));
  }

  it('refuses what is too large for everyone', () => {
    assert.equal(accepts(AppData, { text: 'x'.repeat(5000) }), false);
    assert.equal(accepts(AppData, JSON.stringify({ text: 'x'.repeat(5000) })), false);
  });

  it('does not let __proto__ reach a prototype', () => {
    for (const text of ['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}']) {
      for (const value of [text, JSON.parse(text)]) {
        const data = AppData.parse(value);
        assert.equal(Object.getPrototypeOf(data), Object.prototype);
        assert.equal((data as { admin?: boolean }).admin, undefined);
      }
    }
    assert.equal(({} as { admin?: boolean }).admin, undefined);
  });
});

describe('RtpParameters', () => {
  it('accepts what browsers, Android, iOS and ffmpeg scripts send', () => {
    const all = [
      parameters(),
      parameters({ mid: '0', rtcp: { cname: 'x', reducedSize: true }, headerExtensions: [] }),
      withCodec({
        parameters: { useinbandfec: 1, 'sprop-stereo': '1', usedtx: true },
        rtcpFeedback: [{ type: 'nack', parameter: '' }],
      }),
      withEncoding({ rid: 'r0', maxBitrate: 500_000, scalabilityMode: 'L1T3', dtx: false, rtx: { ssrc: 5 } }),
      { codecs: [{ mimeType: 'video/vp8', payloadType: 101, clockRate: 90_000 }], encodings: [{ ssrc: 2222 }] },
    ];
    for (const one of all) assert.deepEqual(RtpParameters.safeParse(one).error, undefined);
  });

  const refused: [string, unknown][] = [
    ['a negative ssrc', withEncoding({ ssrc: -1 })],
    ['an ssrc over 32 bits', withEncoding({ ssrc: 2 ** 32 })],
    ['a fractional ssrc', withEncoding({ ssrc: 1.5 })],
    ['a thousand encodings', parameters({ encodings: Array.from({ length: 1000 }, () => ({ ssrc: 1 })) })],
    ['no codec', parameters({ codecs: [] })],
    ['a hundred codecs', parameters({ codecs: Array.from({ length: 100 }, () => opus) })],
    ['a payload type over 7 bits', withCodec({ payloadType: 128 })],
    ['a cname of half a megabyte', parameters({ rtcp: { cname: 'x'.repeat(500_000) } })],
    ['a mime type that is neither audio nor video', withCodec({ mimeType: 'application/json' })],
    ['a codec parameter that is an object', withCodec({ parameters: { a: {} } })],
    [
      '65 codec parameters',
      withCodec({ parameters: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`p${n}`, 1])) }),
    ],
    ['codecs that are an object', parameters({ codecs: {} })],
    ['a text', 'v=0'],
    ['null', null],
  ];
  for (const [name, value] of refused) it(`refuses ${name}`, () => assert.equal(accepts(RtpParameters, value), false));

  it('leaves out header extensions that nobody can negotiate', () => {
    const mid = { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 1 };
    const parsed = RtpParameters.parse(
      parameters({ headerExtensions: [{ uri: 'urn:example:own', id: 2 }, { ...mid, id: 0 }, mid] }),
    );
    assert.deepEqual(parsed.headerExtensions, [mid]);
  });
});

describe('RtpCapabilities', () => {
  it('may be empty: nothing can be received then', () => {
    assert.deepEqual(RtpCapabilities.parse({}), {});
  });

  it('is bounded', () => {
    const codec = { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, preferredPayloadType: 100 };
    assert.equal(accepts(RtpCapabilities, { codecs: Array.from({ length: 128 }, () => codec) }), true);
    assert.equal(accepts(RtpCapabilities, { codecs: Array.from({ length: 129 }, () => codec) }), false);
    for (const junk of [null, 'all', [], { codecs: {} }, { codecs: [null] }]) {
      assert.equal(accepts(RtpCapabilities, junk), false, JSON.stringify(junk));
    }
  });
});

describe('DtlsParameters', () => {
  const fingerprint = { algorithm: 'sha-256', value: 'AA:BB' };

  it('needs a fingerprint of a known hash', () => {
    assert.equal(accepts(DtlsParameters, { role: 'client', fingerprints: [fingerprint] }), true);
    assert.equal(accepts(DtlsParameters, { fingerprints: [fingerprint] }), true);
    for (const bad of [
      {},
      { fingerprints: [] },
      { fingerprints: [{ algorithm: 'md5', value: 'AA' }] },
      { role: 'x', fingerprints: [fingerprint] },
    ]) {
      assert.equal(accepts(DtlsParameters, bad), false, JSON.stringify(bad));
    }
  });
});

describe('SctpStreamParameters', () => {
  it('stays inside 16 bits', () => {
    assert.equal(accepts(SctpStreamParameters, { streamId: 65_534, ordered: false, maxRetransmits: 1 }), true);
    for (const bad of [
      {},
      { streamId: -1 },
      { streamId: 70_000 },
      { streamId: '1' },
      { streamId: 1, maxPacketLifeTime: 70_000 },
    ]) {
      assert.equal(accepts(SctpStreamParameters, bad), false, JSON.stringify(bad));
    }
  });
});
