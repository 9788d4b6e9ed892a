import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressGroup, clientAddressBehind, isLoopback, isLoopbackHost } from './address.ts';

describe('clientAddressBehind', () => {
  const behind = clientAddressBehind(['10.0.0.0/8', '::1']);

  it('takes the peer when it is no trusted proxy, whatever the header says', () => {
    assert.equal(behind('203.0.113.5', '198.51.100.1'), '203.0.113.5');
    assert.equal(clientAddressBehind([])('10.0.0.1', '198.51.100.1'), '10.0.0.1');
  });

  it('takes the last address that no trusted proxy wrote', () => {
    assert.equal(behind('10.1.1.1', '1.1.1.1, 198.51.100.1, 10.2.2.2'), '198.51.100.1');
    assert.equal(behind('::ffff:10.1.1.1', '198.51.100.1'), '198.51.100.1');
    assert.equal(behind('::1', ['9.9.9.9', '198.51.100.1']), '198.51.100.1');
  });

  it('stays with the proxy when the header is missing or junk', () => {
    assert.equal(behind('10.1.1.1', undefined), '10.1.1.1');
    assert.equal(behind('10.1.1.1', ''), '10.1.1.1');
    assert.equal(behind('10.1.1.1', '198.51.100.1, <script>'), '10.1.1.1');
    assert.equal(behind(undefined, '198.51.100.1'), 'unknown');
  });
});

describe('addressGroup', () => {
  it('keeps IPv4 and shortens IPv6 to its /64', () => {
    assert.equal(addressGroup('203.0.113.5'), '203.0.113.5');
    assert.equal(addressGroup('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
    assert.equal(addressGroup('2001:0db8:1:2::9'), '2001:db8:1:2::/64');
    assert.equal(addressGroup('::1'), '0:0:0:0::/64');
    assert.equal(addressGroup('fe80::1%eth0'), 'fe80:0:0:0::/64');
    assert.equal(addressGroup('unknown'), 'unknown');
  });
});

describe('isLoopback', () => {
  it('knows every form of this machine, and nothing that only looks like it', () => {
    for (const here of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      assert.equal(isLoopback(here), true, here);
    for (const other of ['128.0.0.1', '127.example', '::1abc', '::', '0.0.0.0', 'unknown', '']) {
      assert.equal(isLoopback(other), false, other);
    }
  });
});

describe('isLoopbackHost', () => {
  it('takes names and addresses as they stand in a URL', () => {
    for (const here of ['http://localhost:1', 'http://LOCALHOST', 'http://127.1', 'https://[::1]:4443']) {
      assert.equal(isLoopbackHost(new URL(here).hostname), true, here);
    }
    for (const other of ['http://localhost.example', 'http://128.0.0.1', 'http://[::2]', 'http://127.0.0.1.example']) {
      assert.equal(isLoopbackHost(new URL(other).hostname), false, other);
    }
  });
});
