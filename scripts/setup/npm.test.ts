import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainInstall, explainScript } from './npm.mjs';

describe('explainInstall', () => {
  const sentences: [string, string[], RegExp][] = [
    [
      'no network',
      ['npm error code ECONNREFUSED', 'npm error FetchError: request failed'],
      /^The npm registry cannot be reached\.$/,
    ],
    ['no name service', ['npm error code EAI_AGAIN'], /cannot be reached/],
    [
      'a full disk that npm takes for a success',
      ['npm warn tar TAR_ENTRY_ERROR ENOSPC: no space'],
      /^The disk is full\.$/,
    ],
    [
      'a lock file that does not fit',
      ['npm error code EUSAGE', 'npm error Missing: a@1 from lock file'],
      /does not fit/,
    ],
    ['a changed package', ['npm error code EINTEGRITY'], /not the one that package-lock\.json demands/],
    ['a missing version', ['npm error code ETARGET'], /does not have all packages/],
    ['no permission', ['npm error code EACCES'], /may not write there/],
    ['anything else', ['npm error something new'], /^"npm ci" failed\.$/],
  ];
  for (const [what, lines, sentence] of sentences) {
    it(`tells of ${what}`, () => assert.match(explainInstall(['ci'], lines).message, sentence));
  }

  it('shows what npm said when it knows no better', () => {
    const lines = ['added 3 packages', 'npm error something new', 'npm error A complete log of this run can be found'];
    assert.deepEqual(explainInstall(['ci'], lines).tail, ['npm error something new']);
  });
});

describe('explainScript', () => {
  it('shows the script’s own first error, without stack and without npm', () => {
    const lines = ['building', 'error during build:', 'Cannot resolve x', '    at y (z.js:1:1)', 'npm error code 1'];
    const error = explainScript('build of packages/web', lines);
    assert.equal(error.message, 'The script build of packages/web failed.');
    assert.deepEqual(error.tail, ['error during build:', 'Cannot resolve x']);
  });
});
