import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { en } from './en.ts';
import { preferredLanguage } from './languages.ts';
import { zh } from './zh.ts';

describe('languages', () => {
  it('follows the order of the browser', () => {
    assert.equal(preferredLanguage(['fr-FR', 'zh-TW', 'en']), 'zh');
    assert.equal(preferredLanguage(['en-GB', 'zh']), 'en');
    assert.equal(preferredLanguage(['sw']), 'en');
    assert.equal(preferredLanguage([]), 'en');
  });

  it('leaves no text empty', () => {
    const check = (value: unknown, path: string): void => {
      if (typeof value === 'string') assert.notEqual(value.trim(), '', path);
      if (typeof value === 'object' && value !== null)
        for (const [key, member] of Object.entries(value)) check(member, `${path}.${key}`);
    };
    check(en, 'en');
    check(zh, 'zh');
  });

  it('says who joined in both languages', () => {
    assert.equal(en.notices.joined(['Ana', 'Bo'], 0), 'Ana and Bo joined');
    assert.equal(en.notices.joined(['Ana', 'Bo'], 3), 'Ana, Bo and 3 others joined');
    assert.equal(zh.notices.joined(['Ana', 'Bo'], 3), 'Ana、Bo等 5 人加入了');
  });
});
