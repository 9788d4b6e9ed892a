import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { bindingRequestOf, readStunAnswer } from './stun.ts';

describe('a connectivity check', () => {
  it('names both sides, nominates, and is signed over all before the signature', () => {
    const request = bindingRequestOf({ usernameFragment: 'server', password: 'secret' }, 'me', Buffer.alloc(8, 1));
    assert.equal(request.readUInt16BE(0), 1);
    assert.equal(request.readUInt16BE(2), request.length - 20);
    assert.ok(request.includes('server:me'));
    const signed = Buffer.from(request.subarray(0, request.length - 32));
    signed.writeUInt16BE(signed.length - 20 + 24, 2);
    const integrity = createHmac('sha1', 'secret').update(signed).digest();
    assert.deepEqual(request.subarray(request.length - 28, request.length - 8), integrity);
  });

  it('is answered by success or an error, and by nothing else', () => {
    const head = (type: string) => `${type}00002112a442${'00'.repeat(12)}`;
    assert.deepEqual(readStunAnswer(Buffer.from(head('0101'), 'hex')), { kind: 'success' });
    assert.deepEqual(readStunAnswer(Buffer.from(`${head('0111')}0009000400000401`, 'hex')), {
      kind: 'error',
      code: 401,
    });
    assert.equal(readStunAnswer(Buffer.from('0101', 'hex')), undefined);
  });
});
