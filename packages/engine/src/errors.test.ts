import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explain, reasonInOutput, SetupError, Stopped } from './errors.mjs';
import { requireBuildTools } from './requirements.mjs';

describe('explain', () => {
  function fromSystem(code: string, path?: string) {
    return Object.assign(new Error(`${code}: something internal`), { code, path });
  }

  it('tells of a full disk in words', () => {
    const error = explain(fromSystem('ENOSPC', '/cache/x'), 'build the mediasoup worker');
    assert.equal(error.message, 'Could not build the mediasoup worker (/cache/x): The disk is full.');
  });

  it('tells of missing permission in words', () => {
    assert.match(explain(fromSystem('EACCES'), 'do it').message, /^Could not do it: This user may not write there\.$/);
  });

  it('leaves sentences and stops as they are', () => {
    for (const error of [new SetupError('A sentence.'), new Stopped()]) assert.equal(explain(error, 'do it'), error);
  });

  it('takes anything that was thrown', () => assert.equal(explain('odd', 'do it').message, 'Could not do it: odd'));
});

describe('reasonInOutput', () => {
  const outputs: [string, RegExp | undefined][] = [
    ['fatal error: error writing to /tmp/cc.s: No space left on device', /disk is full/],
    ['npm error code ENOSPC', /disk is full/],
    ['c++: fatal error: Killed signal terminated program cc1plus', /memory/],
    ['npm error code EACCES', /may not write/],
    ["error: 'srtp_create' was not declared in this scope", undefined],
  ];
  for (const [line, reason] of outputs) {
    it(`finds ${reason ?? 'nothing'} in "${line}"`, () => {
      const found = reasonInOutput(['some line', line, 'another line']);
      if (reason) assert.match(found ?? '', reason);
      else assert.equal(found, undefined);
    });
  }
});

describe('requireBuildTools', () => {
  it('names what is missing and what to type', () => {
    assert.throws(
      () => requireBuildTools({ PATH: '/nowhere' }),
      (error: SetupError) =>
        /c\+\+, cmake, .* and flatc cannot be found/.test(error.message) && /g\+\+/.test(error.remedy ?? ''),
    );
  });
});
