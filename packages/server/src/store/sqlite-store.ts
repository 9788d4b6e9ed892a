import { chmodSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Logger } from '@potluck/kernel';
import type { RoomId } from '@potluck/protocol';
import { RoomRecord, type RoomStore } from './room-record.ts';

/** Raised when the tables change; a store of another format is set aside, not guessed at. */
const formatVersion = 1;

export type SqliteStoreOptions = {
  readonly file: string;
  /** Older records are not taken up again, and are removed on opening. Milliseconds. */
  readonly maxAgeMs: number;
};

/** Rooms in one SQLite file (write-ahead log: a crash loses at most what was not yet written, never the file). */
export class SqliteRoomStore implements RoomStore {
  readonly #database: DatabaseSync;
  readonly #load: StatementSync;
  readonly #loadAll: StatementSync;
  readonly #save: StatementSync;
  readonly #forget: StatementSync;
  readonly #maxAgeMs: number;

  constructor(database: DatabaseSync, maxAgeMs: number) {
    this.#database = database;
    this.#maxAgeMs = maxAgeMs;
    this.#load = database.prepare('SELECT record FROM rooms WHERE id = ? AND saved_at > ?');
    this.#loadAll = database.prepare('SELECT record FROM rooms WHERE saved_at > ?');
    this.#save = database.prepare('INSERT OR REPLACE INTO rooms (id, saved_at, record) VALUES (?, ?, ?)');
    this.#forget = database.prepare('DELETE FROM rooms WHERE id = ?');
  }

  load(id: RoomId): RoomRecord | undefined {
    return recordIn(this.#load.get(id, Date.now() - this.#maxAgeMs));
  }

  reserved(): RoomRecord[] {
    const now = Date.now();
    const records = this.#loadAll.all(now - this.#maxAgeMs).map(recordIn);
    return records.filter((record) => record !== undefined).filter(({ reserved }) => (reserved?.until ?? 0) > now);
  }

  save(record: RoomRecord): void {
    // What is reserved does not grow too old before its time.
    const savedAt = Math.max(record.savedAt, (record.reserved?.until ?? 0) - this.#maxAgeMs);
    this.#save.run(record.id, savedAt, JSON.stringify(record));
  }

  forget(id: RoomId): void {
    this.#forget.run(id);
  }

  close(): void {
    this.#database.close();
  }
}

function recordIn(row: { readonly [column: string]: unknown } | undefined): RoomRecord | undefined {
  const json: unknown = typeof row?.['record'] === 'string' ? JSON.parse(row['record']) : undefined;
  return RoomRecord.safeParse(json).data;
}

/**
 * Opens the store, or a new one. What cannot be read is set aside under another name and said in the log: a broken store
 * never keeps the server from starting. Throws only when nothing can be written at all.
 */
export function openSqliteStore({ file, maxAgeMs }: SqliteStoreOptions, log: Logger): RoomStore {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = !existsSync(file);
  try {
    return new SqliteRoomStore(openDatabase(file, maxAgeMs, fresh), maxAgeMs);
  } catch (error) {
    if (fresh) throw error;
    const aside = setAside(file);
    log.warn('the store of rooms could not be read and was set aside; rooms begin anew', { aside, error });
    return new SqliteRoomStore(openDatabase(file, maxAgeMs, true), maxAgeMs);
  }
}

function openDatabase(file: string, maxAgeMs: number, fresh: boolean): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    if (fresh) chmodSync(file, 0o600);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 1000;');
    const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
    if (!fresh && version !== formatVersion) throw new Error(`format ${String(version)}, expected ${formatVersion}`);
    if (!fresh && database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] !== 'ok') throw new Error('damaged');
    database.exec(`
      PRAGMA user_version = ${formatVersion};
      CREATE TABLE IF NOT EXISTS rooms (id TEXT PRIMARY KEY, saved_at INTEGER NOT NULL, record TEXT NOT NULL) STRICT;
    `);
    database.prepare('DELETE FROM rooms WHERE saved_at <= ?').run(Date.now() - maxAgeMs);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Moves the file and its companions away; returns the new name. */
function setAside(file: string): string {
  const aside = `${file}.set-aside-${new Date().toISOString().replaceAll(':', '-')}`;
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  return aside;
}
