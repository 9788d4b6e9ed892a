import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Logger, type LogRecord } from '@potluck/kernel';
import { RoomRecord } from './room-record.ts';
import { openSqliteStore } from './sqlite-store.ts';

const record = (id: string, savedAt = Date.now()): RoomRecord =>
  RoomRecord.parse({
    id,
    startedAt: 1,
    savedAt,
    locked: true,
    chat: [{ id: 'm', peerId: 'ann', displayName: 'Ann', text: 'hello', sentAt: 2 }],
    members: [{ peerId: 'ann', displayName: 'Ann', role: 'host', tokenHash: 'abc' }],
  });

describe('SqliteRoomStore', () => {
  let folder = '';
  let warnings: LogRecord[] = [];
  const log = new Logger({ enabled: () => true, write: (line) => warnings.push(line) }, 'store');
  const open = (maxAgeMs = 60_000) => openSqliteStore({ file: join(folder, 'kept', 'rooms.db'), maxAgeMs }, log);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'potluck-store-'));
    warnings = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives back what was saved, also after it was closed, and forgets', () => {
    const first = open();
    first.save(record('r'));
    first.close();
    const second = open();
    assert.deepEqual(second.load(record('r').id)?.chat[0]?.text, 'hello');
    second.forget(record('r').id);
    assert.equal(second.load(record('r').id), undefined);
    second.close();
    assert.equal(statSync(join(folder, 'kept', 'rooms.db')).mode & 0o777, 0o600);
  });

  it('does not take up what is too old', () => {
    const store = open(1000);
    store.save(record('old', Date.now() - 2000));
    assert.equal(store.load(record('old').id), undefined);
    store.close();
  });

  it('keeps what is reserved until its time, however old', () => {
    const store = open(1000);
    const old = { ...record('old', Date.now() - 5000), reserved: { until: Date.now() + 60_000, maxPeers: 3 } };
    store.save(old);
    store.save({ ...record('over'), reserved: { until: Date.now() - 1, maxPeers: 3 } });
    store.close();
    const again = open(1000);
    assert.deepEqual(
      again.reserved().map(({ id }) => id),
      ['old'],
    );
    assert.equal(again.load(old.id)?.reserved?.maxPeers, 3);
    again.close();
  });

  for (const [what, spoil] of [
    [
      'a damaged file',
      (file: string) => writeFileSync(file, 'this is no database, and longer than its header would be'.repeat(40)),
    ],
    [
      'another format',
      (file: string) => {
        const database = new DatabaseSync(file);
        database.exec('PRAGMA user_version = 99');
        database.close();
      },
    ],
  ] as const) {
    it(`sets ${what} aside, says so, and begins anew`, () => {
      open().close();
      spoil(join(folder, 'kept', 'rooms.db'));
      const store = open();
      assert.match(warnings[0]?.message ?? '', /set aside/);
      assert.ok(readdirSync(join(folder, 'kept')).some((name) => name.includes('set-aside')));
      store.save(record('r'));
      assert.ok(store.load(record('r').id));
      store.close();
    });
  }
});
