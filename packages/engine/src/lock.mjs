import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Stopped } from './errors.mjs';

const pollMs = 300;

/**
 * Does `work` while no other process holds the same lock file; waits for one that does, and takes over from one that
 * has died. Two processes in different containers may not see each other; so whatever the lock guards must be safe
 * without it, only wasteful.
 * @template T
 * @param {string} file
 * @param {{ signal?: AbortSignal | undefined, onWait?: (pid: number) => void }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, { signal, onWait }, work) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let told = false;
  while (!take(file)) {
    if (signal?.aborted) throw new Stopped();
    const holder = holderOf(file);
    if (holder !== undefined && !isRunning(holder)) {
      removeStale(file, holder);
      continue;
    }
    if (holder !== undefined && !told) onWait?.(pidOf(holder));
    told = true;
    await delay(pollMs, undefined, { signal }).catch(() => {});
  }
  const release = () => rmSync(file, { force: true });
  process.on('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} file */
function take(file) {
  // Written beside it and linked, so that nobody ever reads a lock file that is still empty.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, identityOf(process.pid) ?? `${process.pid} `);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

/**
 * Several may find the same stale lock: only who moves it away while it is still the stale one removes it, and a fresh
 * lock that got moved by mistake is put back.
 * @param {string} file
 * @param {string} stale
 */
function removeStale(file, stale) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
    if (holderOf(aside) !== stale) linkSync(aside, file);
  } catch {
    // Another process was faster.
  }
  rmSync(aside, { force: true });
}

/** @param {string} file */
function holderOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** @param {string} holder */
function pidOf(holder) {
  return Number.parseInt(holder, 10);
}

/** @param {string} holder */
function isRunning(holder) {
  const pid = pidOf(holder);
  if (!(pid > 0)) return false;
  const identity = identityOf(pid);
  if (identity !== undefined) return identity === holder;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * A process id with the time when it started, because ids are used again; undefined where /proc does not tell.
 * @param {number} pid
 */
function identityOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): the start time is field 22; fields are counted after the name, which may hold spaces.
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return undefined;
  }
}
