import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connectionAddress } from './url.ts';

const options = { roomId: 'a room/&', displayName: 'Anna' };

describe('connectionAddress', () => {
  it('names room, peer and client, whatever characters they have', () => {
    const url = new URL(connectionAddress('https://host:4443/x?y=1#z', 'a b', options).url);
    assert.equal(`${url.protocol}//${url.host}${url.pathname}${url.hash}`, 'wss://host:4443/x');
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      y: '1',
      roomId: 'a room/&',
      peerId: 'a b',
      client: 'potluck',
    });
  });

  it('says what is not wanted, and where to resume', () => {
    const wanted = { ...options, produce: false, dataChannels: false, forceTcp: true, token: 't' };
    const { url } = connectionAddress('ws://host', 'a', wanted, { token: 'secret', ack: 7 });
    const query = new URL(url).searchParams;
    assert.deepEqual(
      ['produce', 'consume', 'datachannel', 'forceTcp', 'ack'].map((name) => query.get(name)),
      ['false', null, 'false', 'true', '7'],
    );
  });

  it('puts secrets among the sub-protocols, never into the URL, whatever they hold', () => {
    const wanted = { ...options, token: 'a.b-c_d' };
    const { url, protocols } = connectionAddress('ws://host', 'a', wanted, { token: 'secret', ack: 7 });
    assert.deepEqual(protocols, ['protoo', 'potluck.token.a.b-c_d', 'potluck.resume.secret']);
    assert.doesNotMatch(url, /a\.b-c_d|secret|token|resume/u);
    assert.deepEqual(connectionAddress('ws://host', 'a', { ...options, token: 'a b,ü\n' }).protocols, [
      'protoo',
      'potluck.token.a~b~~~',
    ]);
    assert.deepEqual(connectionAddress('ws://host', 'a', { ...options, token: '' }).protocols, ['protoo']);
  });

  it('refuses what is no server', () => {
    for (const base of ['kitchen', 'ftp://host'])
      assert.throws(() => connectionAddress(base, 'a', options), { code: 'bad_request' });
  });
});
