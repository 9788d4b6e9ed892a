import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { invitations } from './invitation.ts';
import { parseLaunch } from './launch.ts';

function build() {
  const kept = new Map<string, string>();
  const hidden = invitations({
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
  });
  const show = (path: string) => hidden.hide(new URL(path, 'https://meet.test'));
  const tokenAt = (shown: URL) => {
    const launch = parseLaunch(hidden.recall(shown));
    return launch.kind === 'room' ? launch.options.token : launch.token;
  };
  return { show, tokenAt };
}

describe('an invitation', () => {
  for (const link of [
    '/r/soup%20night#token=a.b-c_d',
    '/r/soup%20night?token=a.b-c_d',
    '/?token=a.b-c_d&roomId=soup night',
  ])
    it(`leaves the address bar and is still known after a reload: ${link}`, () => {
      const { show, tokenAt } = build();
      const shown = show(link);
      assert.doesNotMatch(shown.href, /token|a\.b/u);
      assert.equal(tokenAt(shown), 'a.b-c_d');
      assert.equal(tokenAt(show('/r/soup%20night')), 'a.b-c_d');
    });

  it('is for the room it came with, and a newer one replaces it', () => {
    const { show, tokenAt } = build();
    show('/r/a#token=one');
    assert.equal(tokenAt(show('/r/b')), undefined);
    assert.equal(tokenAt(show('/')), undefined);
    assert.equal(tokenAt(show('/r/a?displayName=Ann#token=two')), 'two');
    assert.equal(tokenAt(show('/r/a')), 'two');
  });

  it('leaves every other parameter and fragment alone', () => {
    const { show } = build();
    assert.equal(show('/?roomId=a&forceVP9=true&token=x').search, '?roomId=a&forceVP9=true');
    assert.equal(show('/r/a#key=1').hash, '#key=1');
    assert.equal(show('/r/a#key=1&token=x').hash, '#key=1');
  });
});
