import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linkify } from './linkify.ts';

const links = (text: string) => linkify(text).flatMap((part) => (part.kind === 'link' ? [part.href] : []));

describe('linkify', () => {
  it('finds addresses and leaves the rest alone', () => {
    assert.deepEqual(linkify('see https://a.test/b?c=1#d, ok'), [
      { kind: 'text', text: 'see ' },
      { kind: 'link', text: 'https://a.test/b?c=1#d', href: 'https://a.test/b?c=1#d' },
      { kind: 'text', text: ', ok' },
    ]);
  });

  it('leaves brackets and full stops of the sentence outside', () => {
    assert.deepEqual(links('(at https://a.test/x).'), ['https://a.test/x']);
    assert.deepEqual(links('https://a.test/x_(y)'), ['https://a.test/x_(y)']);
    assert.deepEqual(links('看 https://a.test/x。'), ['https://a.test/x']);
  });

  it('adds the scheme to www', () => {
    assert.deepEqual(links('www.a.test'), ['https://www.a.test']);
  });

  it('makes no link of other schemes', () => {
    assert.deepEqual(links('javascript:alert(1) data:text/html,x ftp://a.test'), []);
  });

  it('gives every character back', () => {
    for (const text of ['', 'plain', 'https://', 'a https://b.test https://c.test.', '<b>https://x.test"></b>']) {
      assert.equal(
        linkify(text)
          .map((part) => part.text)
          .join(''),
        text,
      );
    }
  });
});
