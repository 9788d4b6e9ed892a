import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ConnectionQuery } from './connection.ts';
import { PeerId, RoomId, TransportId } from './ids.ts';
import { Device, DeviceOrUnknown, DisplayName, displayNameMax, unknownDevice } from './peer.ts';
import { chosenId, cleanLine, dropNulls } from './text.ts';

const invisible = [
  '\u0000',
  '\n',
  '\u001b',
  '\u007f',
  '\u009f',
  '\u200b',
  '\u200e',
  '\u202e',
  '\u2066',
  '\u2069',
  '\ufeff',
];

describe('cleanLine', () => {
  it('makes one line with single spaces', () => {
    assert.equal(cleanLine('  Ada \t\r\n Lovelace\u00a0 ', 80), 'Ada Lovelace');
  });

  it('removes what makes a name pose as another', () => {
    for (const character of invisible)
      assert.equal(cleanLine(`a${character}b`, 80).replace(' ', ''), 'ab', JSON.stringify(character));
  });

  it('joins what looks the same into the same text (NFC)', () => {
    assert.equal(cleanLine('Ame\u0301lie', 80), 'Am\u00e9lie');
  });

  it('keeps names of every script, and emoji with their joiners', () => {
    for (const name of ['李小龍', 'Сергей', 'नमस्ते', 'مرحبا', '👩\u200d🚀', 'Zoë', 'می\u200cخواهم'])
      assert.equal(cleanLine(name, 80), name);
  });

  it('cuts between code points, never inside one', () => {
    assert.equal(cleanLine('😀😀😀', 2), '😀😀');
  });

  it('gives at most so many code points, clean, and is done after one pass', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (text, max) => {
        const line = cleanLine(text, max);
        assert.ok(Array.from(line).length <= max);
        for (const character of invisible) assert.ok(!line.includes(character));
        assert.equal(cleanLine(line, max), line);
      }),
    );
  });
});

describe('DisplayName', () => {
  it('is cut, not refused, when it is long', () => {
    assert.equal(DisplayName.parse('x'.repeat(5000)).length, displayNameMax);
  });

  it('is refused when it is absurd or no text', () => {
    for (const name of ['x'.repeat(10_001), 5, null, {}, ['a']])
      assert.equal(DisplayName.safeParse(name).success, false);
  });
});

describe('Device', () => {
  it('is unknown when absent or odd: nobody is refused for it', () => {
    for (const device of [undefined, null, 'chrome', 5, [], {}, { flag: 'x' }, { flag: 1, name: 'x' }]) {
      assert.deepEqual(DeviceOrUnknown.parse(device), unknownDevice);
    }
  });

  it('keeps flag, name and version, and a version that is a number', () => {
    assert.deepEqual(Device.parse({ flag: 'android', name: 'Pixel', version: 14, extra: true }), {
      flag: 'android',
      name: 'Pixel',
      version: '14',
    });
  });
});

describe('ids', () => {
  it('are any visible text of 1 to 128 characters, kept as it is', () => {
    for (const id of ['a', ' a ', 'Zoë & Bob?', '李', 'x'.repeat(128), '__proto__', 'constructor', 'null', '0']) {
      assert.equal(RoomId.parse(id), id);
      assert.equal(PeerId.parse(id), id);
    }
  });

  it('are refused in words when empty, too long or invisible', () => {
    const why = (id: unknown) => chosenId('roomId').safeParse(id).error?.issues[0]?.message;
    assert.equal(why(''), 'roomId must not be empty');
    assert.equal(why('x'.repeat(129)), 'roomId must be at most 128 characters');
    for (const character of invisible) {
      assert.equal(why(`a${character}`), 'roomId must not contain control or invisible characters');
    }
  });

  it('of the engine may be any text: what is not held is «not found», not malformed', () => {
    assert.equal(TransportId.safeParse('literally wrong').success, true);
    for (const id of ['', 'x'.repeat(129), 5, null, {}]) assert.equal(TransportId.safeParse(id).success, false);
  });
});

describe('dropNulls', () => {
  it('removes null members however deep, and leaves arrays their length', () => {
    assert.deepEqual(dropNulls({ a: null, b: [null, { c: null, d: 0 }], e: '' }), { b: [null, { d: 0 }], e: '' });
  });

  it('does not set a prototype', () => {
    const value = dropNulls(JSON.parse('{"__proto__":{"polluted":true},"a":1}')) as object;
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  it('refuses in words what is nested absurdly, instead of exhausting the stack', () => {
    const nested = (depth: number): unknown => JSON.parse(`${'{"a":['.repeat(depth)}${']}'.repeat(depth)}`);
    assert.deepEqual(dropNulls(nested(30)), nested(30));
    for (const depth of [40, 150_000])
      assert.throws(() => dropNulls(nested(depth)), { code: 'bad_request', message: /deeper than 64/ });
  });
});

describe('ConnectionQuery', () => {
  const parse = (query: object) => ConnectionQuery.parse({ roomId: 'r', peerId: 'p', ...query });

  it('needs a room and a peer', () => {
    for (const query of [
      {},
      { roomId: 'r' },
      { peerId: 'p' },
      { roomId: '', peerId: 'p' },
      { roomId: 'r', peerId: '' },
    ]) {
      assert.equal(ConnectionQuery.safeParse(query).success, false);
    }
  });

  it('reads consumerReplicas, and 0 for everything that is no whole number', () => {
    const cases: [string | undefined, number][] = [
      ['2', 2],
      ['undefined', 0],
      ['-1', 0],
      ['1.5', 0],
      ['NaN', 0],
      ['Infinity', 0],
      ['1e9', 0],
      ['99999999999999999999', 0],
      ['', 0],
      [undefined, 0],
    ];
    for (const [text, replicas] of cases)
      assert.equal(parse({ consumerReplicas: text }).consumerReplicas, replicas, text);
  });

  it('prepares media unless told not to', () => {
    assert.deepEqual(
      [parse({}).produce, parse({}).consume, parse({}).datachannel, parse({}).forceTcp],
      [true, true, true, false],
    );
    const off = parse({ produce: 'false', consume: '0', datachannel: 'false', forceTcp: 'true' });
    assert.deepEqual([off.produce, off.consume, off.datachannel, off.forceTcp], [false, false, false, true]);
  });

  it('ignores what old clients add', () => {
    assert.equal('forceH264' in parse({ forceH264: 'true', forceVP9: 'true', mode: 'x' }), false);
  });
});
