import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AppError } from '@potluck/kernel';
import { jsonError, jsonResult, showError, showResult } from './render.ts';
import { layTable, type Table } from './table.ts';
import { clean, fit, widthOf } from './text.ts';
import { bitrate, bytes, duration, sparkline } from './units.ts';

describe('text', () => {
  it('knows how wide a terminal draws it', () => {
    assert.equal(widthOf('kitchen'), 7);
    assert.equal(widthOf('厨房'), 4);
    assert.equal(widthOf('👩‍🍳 é'), 4);
  });

  it('is cut to the width, never through a character', () => {
    assert.equal(fit('kitchen', 7), 'kitchen');
    assert.equal(fit('kitchen', 4), 'kit…');
    assert.equal(fit('kitchen', 4, 'end'), '…hen');
    assert.equal(fit('厨房厨房', 4), '厨…');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, width) => widthOf(fit(text, width)) <= width),
    );
  });

  it('loses what could draw on the terminal', () => {
    assert.equal(clean('a\u001b[31mb\u009bc\u202ed\n'), 'a\ufffd[31mb\ufffdc\ufffdd\ufffd');
  });
});

const table: Table = {
  columns: [
    { head: 'room', atLeast: 6 },
    { head: 'peers', align: 'right' },
    { head: 'device', dropAs: 1 },
  ],
  rows: [
    ['a-room-with-a-very-long-name', '2', 'Chrome 156'],
    ['厨房', '12', '\u001b]0;evil\u0007'],
  ],
  whenEmpty: 'no room is open',
};

describe('layTable', () => {
  it('aligns heads and cells', () => {
    assert.deepEqual(layTable(table, Infinity), [
      'room                          peers  device',
      'a-room-with-a-very-long-name      2  Chrome 156',
      '厨房                             12  \ufffd]0;evil\ufffd',
    ]);
  });

  it('cuts what may be cut before it leaves a column out', () => {
    assert.deepEqual(layTable(table, 30), [
      'room         peers  device',
      'a-room-wit…      2  Chrome 156',
      '厨房            12  \ufffd]0;evil\ufffd',
    ]);
    assert.deepEqual(layTable(table, 16), ['room       peers', 'a-room-w…      2', '厨房          12']);
  });

  it('never is wider than the terminal', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string(), fc.string(), fc.string())),
        fc.integer({ min: 1, max: 60 }),
        (rows, width) => layTable({ ...table, rows }, width).every((line) => widthOf(line) <= width),
      ),
    );
  });

  it('says so when there is nothing', () => {
    assert.deepEqual(layTable({ ...table, rows: [] }, 80), ['no room is open']);
  });
});

describe('units', () => {
  it('are short', () => {
    assert.deepEqual([0, 999, 1_000, 1_234_567, 123_456_789].map(bitrate), [
      '0 b/s',
      '999 b/s',
      '1 kb/s',
      '1.23 Mb/s',
      '123 Mb/s',
    ]);
    assert.equal(bytes(10_571_776), '10.6 MB');
    assert.deepEqual([0, 59_000, 61_000, 3_600_000, 90_061_000].map(duration), [
      '0 s',
      '59 s',
      '1 min 1 s',
      '1 h',
      '1 d 1 h',
    ]);
  });

  it('draw a line of blocks up to the largest', () => {
    assert.equal(sparkline([undefined, 0, 1, 4, 8]), ' ▁▁▄█');
    assert.equal(sparkline([0, 0]), '▁▁');
  });
});

describe('results', () => {
  const view = { columns: 20, colors: false };

  it('are shown as a line and JSON, in colour only where wanted', () => {
    const result = {
      parts: [
        { kind: 'title', text: 'router.dump():' },
        { kind: 'json', value: { id: 'r1' } },
      ] as const,
      data: { id: 'r1' },
    };
    assert.equal(showResult(result, view), 'router.dump():\n{\n  "id": "r1"\n}\n');
    assert.equal(jsonResult(result), '{\n  "id": "r1"\n}\n');
    assert.match(showResult(result, { ...view, colors: true }), /\u001b\[32m/);
  });

  it('escape what JSON leaves as it is', () => {
    assert.equal(jsonResult({ parts: [], data: '\u009b\u202e' }), '"\\u009b\\u202e"\n');
  });

  it('tell errors by a word, within the width', () => {
    const error = new AppError('not_found', 'router "abc" not found');
    assert.equal(showError(error, view), 'ERROR: router "abc"\nnot found\n');
    assert.deepEqual(JSON.parse(jsonError(error)), { error: { code: 'not_found', message: 'router "abc" not found' } });
  });
});
