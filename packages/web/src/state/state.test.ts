import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultPreferences, readPreferences } from './preferences.ts';
import { readRecent, withRoom } from './recent.ts';

describe('readPreferences', () => {
  it('starts with the defaults', () => {
    assert.deepEqual(readPreferences(null), defaultPreferences);
  });

  it('forgets what does not fit', () => {
    const stored = JSON.stringify({
      displayName: 7,
      theme: 'pink',
      cameraOn: 'no',
      language: 'tlh',
      microphoneOn: false,
    });
    assert.deepEqual(readPreferences(stored), { ...defaultPreferences, microphoneOn: false });
    assert.deepEqual(readPreferences('{broken'), defaultPreferences);
    assert.deepEqual(readPreferences('null'), defaultPreferences);
  });
});

describe('recent rooms', () => {
  it('keeps the latest first, each once, six at most', () => {
    let rooms = readRecent(null);
    for (const roomId of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'c']) rooms = withRoom(rooms, { roomId, at: 1 });
    assert.deepEqual(
      rooms.map(({ roomId }) => roomId),
      ['c', 'g', 'f', 'e', 'd', 'b'],
    );
  });

  it('survives junk', () => {
    assert.deepEqual(readRecent('{"a":1}'), []);
    assert.deepEqual(readRecent('[1,null,{"roomId":"a","at":1}]'), [{ roomId: 'a', at: 1 }]);
  });
});
