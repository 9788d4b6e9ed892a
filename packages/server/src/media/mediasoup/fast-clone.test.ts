import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clonePlain, installFastClone, share } from './fast-clone.ts';

describe('clonePlain', () => {
  it('copies deeply what mediasoup copies', () => {
    const value = {
      codecs: [{ mimeType: 'video/VP8', parameters: { a: 1, b: true } }],
      none: undefined,
      nothing: null,
    };
    const copy = clonePlain(Object.freeze(value));
    assert.deepStrictEqual(copy, value);
    assert.notEqual(copy.codecs[0], value.codecs[0]);
    assert.ok(Object.isExtensible(copy));
  });

  it('refers to what is shared, and nobody can change that', () => {
    const codecs = share([{ mimeType: 'video/VP8', parameters: { a: 1 } }]);
    const copy = clonePlain({ mid: '0', codecs });
    assert.equal(copy.codecs, codecs);
    assert.ok(Object.isFrozen(copy.codecs[0]?.parameters) && !Object.isFrozen(copy));
  });

  it('takes the place of mediasoup’s own', () => {
    assert.equal(installFastClone(), true);
  });
});
