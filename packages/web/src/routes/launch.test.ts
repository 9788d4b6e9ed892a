import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ownRoomPath, parseLaunch, roomIdOf, roomLink, withKeyInFragment } from './launch.ts';

const launch = (path: string) => parseLaunch(new URL(path, 'https://meet.test'));

describe('parseLaunch', () => {
  it('shows the home page without a room', () => {
    assert.deepEqual(launch('/'), { kind: 'home', token: undefined });
    assert.deepEqual(launch('/?roomId='), { kind: 'home', token: undefined });
    assert.deepEqual(launch('/r/'), { kind: 'home', token: undefined });
    assert.deepEqual(launch('/?token=abc'), { kind: 'home', token: 'abc' });
    assert.deepEqual(launch('/#token=abc'), { kind: 'home', token: 'abc' });
    assert.equal(ownRoomPath('soup night', 'a.b'), '/r/soup%20night#token=a.b');
  });

  it('reads the room from the path or from the query', () => {
    for (const path of ['/r/caf%C3%A9%20x', '/?roomId=caf%C3%A9%20x']) {
      const result = launch(path);
      assert.equal(result.kind === 'room' && result.roomId, 'café x');
    }
  });

  it('survives a path that is not valid percent-encoding', () => {
    const result = launch('/r/100%');
    assert.equal(result.kind === 'room' && result.roomId, '100%');
  });

  it('joins at once only with a display name', () => {
    const without = launch('/?roomId=a&displayName=%20');
    assert.equal(without.kind === 'room' && without.displayName, undefined);
    const named = launch('/?roomId=a&displayName=Ana');
    assert.equal(named.kind === 'room' && named.displayName, 'Ana');
  });

  it("reads the demo app's parameters as it does", () => {
    const result = launch(
      '/?roomId=a&produce=false&consume=false&datachannel=false&forceTcp=true&forceVP9=true&numSimulcastStreams=2&consumerReplicas=3&info=true&webcamScalabilityMode=L3T3&enableSharingLayers=false',
    );
    assert.deepEqual(result, {
      kind: 'room',
      roomId: 'a',
      displayName: undefined,
      options: {
        produce: false,
        consume: false,
        dataChannels: false,
        forceTcp: true,
        webcamLayers: true,
        sharingLayers: false,
        externalVideo: false,
        faceDetection: false,
        info: true,
        debug: false,
        consumerReplicas: 3,
        codec: 'vp9',
        webcamScalabilityMode: 'L3T3',
        numSimulcastStreams: 2,
      },
    });
  });

  it('ignores values that make no sense', () => {
    const result = launch('/?roomId=a&numSimulcastStreams=lots&consumerReplicas=undefined&produce=banana');
    assert.ok(result.kind === 'room');
    assert.equal(result.options.numSimulcastStreams, undefined);
    assert.equal(result.options.consumerReplicas, undefined);
    assert.equal(result.options.produce, true);
  });
});

describe('roomIdOf', () => {
  it('takes a name, an own link and a link of the old form', () => {
    assert.equal(roomIdOf('  standup '), 'standup');
    assert.equal(roomIdOf('https://x.test/r/stand%20up'), 'stand up');
    assert.equal(roomIdOf('https://x.test:4443/?roomId=abc&info=true'), 'abc');
  });

  it('takes nothing from a link without a room', () => {
    assert.equal(roomIdOf('https://x.test/'), undefined);
    assert.equal(roomIdOf('   '), undefined);
  });
});

describe('the key of a call', () => {
  const keyOf = (path: string) => {
    const result = launch(path);
    return result.kind === 'room' ? result.options.e2eKey : undefined;
  };

  it('is read from the fragment, and from the query as the demo has it', () => {
    assert.equal(keyOf('/r/a#e2eKey=soup+%26%20bread'), 'soup & bread');
    assert.equal(keyOf('/?roomId=a&e2eKey=soup'), 'soup');
    assert.equal(keyOf('/r/a?e2eKey=query#e2eKey=fragment'), 'fragment');
    assert.equal(keyOf('/r/a#e2eKey='), undefined);
  });

  it('is moved to where no server sees it, and goes along with invitations', () => {
    assert.equal(
      withKeyInFragment('https://x.test/r/a?e2eKey=soup%20x&info=true'),
      'https://x.test/r/a?info=true#e2eKey=soup+x',
    );
    assert.equal(withKeyInFragment('https://x.test/r/a?info=true#x'), 'https://x.test/r/a?info=true#x');
    const link = roomLink('a', 'https://x.test', 'soup & 汤');
    assert.equal(new URL(link).search, '');
    assert.equal(keyOf(link.slice('https://x.test'.length)), 'soup & 汤');
  });
});

describe('roomLink', () => {
  it('leads back to the same room', () => {
    const link = roomLink('a/b ü?', 'https://meet.test');
    const result = parseLaunch(new URL(link));
    assert.equal(result.kind === 'room' && result.roomId, 'a/b ü?');
  });
});
