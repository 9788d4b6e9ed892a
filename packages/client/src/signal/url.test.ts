import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connectionUrl } from './url.ts';

const options = { roomId: 'a room/&', displayName: 'Anna' };

describe('connectionUrl', () => {
  it('names room, peer and client, whatever characters they have', () => {
    const url = new URL(connectionUrl('https://host:4443/x?y=1#z', 'a b', options));
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
    const query = new URL(connectionUrl('ws://host', 'a', wanted, { token: 'secret', ack: 7 })).searchParams;
    assert.deepEqual(
      ['produce', 'consume', 'datachannel', 'forceTcp', 'token', 'resume', 'ack'].map((name) => query.get(name)),
      ['false', null, 'false', 'true', 't', 'secret', '7'],
    );
  });

  it('refuses what is no server', () => {
    for (const base of ['kitchen', 'ftp://host'])
      assert.throws(() => connectionUrl(base, 'a', options), { code: 'bad_request' });
  });
});
