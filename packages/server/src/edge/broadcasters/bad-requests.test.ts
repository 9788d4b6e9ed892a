import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { settle } from '@potluck/testkit';
import { at, create, newcomer, plainTransport, scriptAudio, start, type Call } from './testing.ts';

describe('bad requests', () => {
  const transport = `${at}/b/transports/TRANSPORT`;
  const big = JSON.stringify({ ...newcomer, displayName: 'x'.repeat(110_000) });
  const cases: [what: string, path: string, call: Call, status: number, problem: number, reason: RegExp][] = [
    ['a body that is not JSON', at, { raw: '{"id":' }, 400, 400, /JSON/],
    ['null as body', at, { raw: 'null' }, 400, 400, /JSON|null/],
    ['a list as body', at, { body: [] }, 400, 400, /object/],
    ['a body above 100 kB', at, { raw: big }, 413, 413, /too large/],
    ['no body', at, {}, 400, 400, /id is missing/],
    ['an empty id', at, { body: { ...newcomer, id: '' } }, 400, 400, /must not be empty/],
    ['a long id', at, { body: { ...newcomer, id: 'x'.repeat(129) } }, 400, 400, /at most 128/],
    ['an id that is a number', at, { body: { ...newcomer, id: 7 } }, 400, 400, /id: .*string/],
    ['no name', at, { body: { id: 'z', device: newcomer.device } }, 400, 400, /displayName is missing/],
    ['an empty name', at, { body: { ...newcomer, displayName: '' } }, 400, 400, /displayName/],
    ['no device', at, { body: { ...newcomer, device: null } }, 400, 400, /device is missing/],
    ['a device without name', at, { body: { ...newcomer, device: {} } }, 400, 400, /device\.name is missing/],
    ['bad capabilities', at, { body: { ...newcomer, rtpCapabilities: 'all' } }, 400, 400, /rtpCapabilities/],
    ['no type of transport', `${at}/b/transports`, { body: {} }, 400, 400, /type/],
    ['an unknown type', `${at}/b/transports`, { body: { type: 'carrier pigeon' } }, 400, 400, /type/],
    ['rtcpMux as text', `${at}/b/transports`, { body: { type: 'plain', rtcpMux: 'yes' } }, 400, 400, /rtcpMux/],
    ['an unknown broadcaster', `${at}/nobody/transports`, { body: { type: 'plain' } }, 500, 404, /nobody/],
    ['an unknown room', '/rooms/x/broadcasters/b/transports', { body: { type: 'plain' } }, 500, 404, /room "x"/],
    [
      'an unknown transport',
      `${at}/b/transports/t/producers`,
      { body: { kind: 'audio', rtpParameters: scriptAudio } },
      500,
      404,
      /transport t/,
    ],
    [
      'connect of a plain transport',
      `${transport}/connect`,
      { body: { dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: '00' }] } } },
      500,
      409,
      /not a WebRTC transport/,
    ],
    ['connect without parameters', `${transport}/connect`, { body: {} }, 400, 400, /dtlsParameters is missing/],
    [
      'connect with bad parameters',
      `${transport}/connect`,
      { body: { dtlsParameters: { fingerprints: [] } } },
      400,
      400,
      /fingerprints/,
    ],
    [
      'connect of comedia by address',
      `${transport}/connect`,
      { body: { ip: '127.0.0.1', port: 5 } },
      500,
      409,
      /without comedia/,
    ],
    ['produce without a kind', `${transport}/producers`, { body: { rtpParameters: scriptAudio } }, 400, 400, /kind/],
    [
      'produce without parameters',
      `${transport}/producers`,
      { body: { kind: 'audio' } },
      400,
      400,
      /rtpParameters is missing/,
    ],
    [
      'produce with a bad ssrc',
      `${transport}/producers`,
      { body: { kind: 'audio', rtpParameters: { ...scriptAudio, encodings: [{ ssrc: -1 }] } } },
      400,
      400,
      /ssrc/,
    ],
    [
      'produce what the room has not',
      `${transport}/producers`,
      {
        body: {
          kind: 'audio',
          rtpParameters: { codecs: [{ mimeType: 'audio/speex', payloadType: 99, clockRate: 8000 }] },
        },
      },
      500,
      415,
      /speex/,
    ],
    [
      'consume without a producer',
      `${transport}/consume`,
      { body: { producerId: 'p' } },
      400,
      400,
      /producerId is missing/,
    ],
    ['consume without capabilities', `${transport}/consume?producerId=p`, {}, 500, 409, /rtpCapabilities/],
    [
      'data without stream',
      `${transport}/produce/data`,
      { body: { label: 'x' } },
      400,
      400,
      /sctpStreamParameters is missing/,
    ],
    [
      'data with a bad stream',
      `${transport}/produce/data`,
      { body: { sctpStreamParameters: { streamId: 70_000 } } },
      400,
      400,
      /streamId/,
    ],
    ['consuming data without id', `${transport}/consume/data`, { body: {} }, 400, 400, /dataProducerId is missing/],
    [
      'consuming data without capabilities',
      `${transport}/consume/data`,
      { body: { dataProducerId: 'd' } },
      500,
      409,
      /rtpCapabilities/,
    ],
    ['an undecodable path', '/rooms/%E0%A4%A/broadcasters', { body: newcomer }, 400, 400, /decode|URI/],
    ['a room id that nobody can see', '/rooms/%00/broadcasters', { body: newcomer }, 400, 400, /roomId/],
    [
      'a bad Authorization header',
      `${at}/b/transports`,
      { body: { type: 'plain' }, headers: { authorization: 'Basic eDp5' } },
      400,
      400,
      /Bearer/,
    ],
  ];
  for (const [what, path, request, status, problem, reason] of cases) {
    it(`${what}: ${status}, or ${problem} as a problem document; nothing is made`, async () => {
      await using server = await start();
      await create(server);
      const { id } = await plainTransport(server);
      const media = server.fabric.room('r');
      const before = JSON.stringify([media.summary(), server.broadcasting.size, server.fabric.openRooms.length]);
      const url = path.replace('TRANSPORT', id);

      const old = await server.call('POST', url, request);
      assert.equal(old.status, status, old.text);
      assert.match(old.text, /^\w+: /);
      assert.match(old.text.replaceAll('&quot;', '"'), reason);
      assert.equal(old.type, 'text/html; charset=utf-8');
      assert.match(old.reason, /^[\u0020-\u007e]+$/);

      const headers = { ...request.headers, accept: 'application/problem+json' };
      const document = await server.call('POST', url, { ...request, headers });
      assert.equal(document.status, problem, document.text);
      assert.equal(document.type, 'application/problem+json; charset=utf-8');
      const { status: told, detail } = document.json();
      assert.equal(told, problem);
      assert.match(String(detail), reason);

      const after = JSON.stringify([media.summary(), server.broadcasting.size, server.fabric.openRooms.length]);
      assert.equal(after, before);
    });
  }

  it('cannot put anything of theirs on the status line or into the page', async () => {
    await using server = await start();
    const id = encodeURIComponent('<script>alert(1)</script>');
    const answer = await server.call('DELETE', `${at}/${id}`);
    assert.equal(answer.status, 500);
    assert.equal(answer.text.includes('<script>'), false);
    const lines = await server.call('DELETE', `${at}/${encodeURIComponent('ü€ n')}`);
    assert.match(lines.reason, /^[\u0020-\u007e]+$/);
  });

  it('on an unknown path are none of these routes', async () => {
    await using server = await start();
    assert.equal((await server.call('POST', `${at}/b/nonsense`, { body: {} })).status, 404);
    assert.equal((await server.call('PUT', '/rooms/r')).status, 404);
  });

  it('leave nothing behind when the engine fails in between', async () => {
    await using server = await start();
    await create(server);
    const media = server.fabric.room('r');
    media.calls.failNext('openPlainTransport', new Error('out of ports at 10.1.2.3'));
    const answer = await server.call('POST', `${at}/b/transports`, { body: { type: 'plain' } });
    assert.equal(answer.status, 500);
    assert.equal(answer.text, 'Error: Internal error');
    assert.equal(media.transports.size, 0);
  });

  it('that end while a broadcaster is deleted give back what was on its way', async () => {
    await using server = await start();
    await server.join('ann');
    await create(server);
    const media = server.fabric.room('r');
    const before = media.transports.size;
    const release = media.calls.hold('openPlainTransport');
    const making = server.call('POST', `${at}/b/transports`, { body: { type: 'plain' } });
    while (media.calls.count('openPlainTransport') === 0) await settle();
    await server.call('DELETE', `${at}/b`);
    release();
    assert.equal((await making).status, 503);
    assert.equal(media.transports.size, before);
  });
});
