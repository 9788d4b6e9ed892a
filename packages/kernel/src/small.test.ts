import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { backoffDelay } from './backoff.ts';
import { AppError, closeCodes, errorTable, isErrorCode, isGone, toProblem, toProtoo, unlessGone } from './errors.ts';
import { newId, readableId } from './ids.ts';
import { assertNever, invariant } from './invariant.ts';
import { Logger, silentLog, type LogLevel, type LogRecord } from './log.ts';

describe('backoffDelay', () => {
  it('lies between half and the whole of a capped exponential', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, random) => {
        const full = Math.min(8000, 500 * 2 ** attempt);
        const delay = backoffDelay(attempt, { firstMs: 500, maxMs: 8000, random: () => random });
        assert.ok(delay >= full / 2 && delay <= full, `${delay}`);
      }),
    );
  });
});

describe('AppError', () => {
  it('passes through from() unchanged; everything else becomes internal and keeps its cause', () => {
    const error = new AppError('conflict', 'already joined');
    assert.equal(AppError.from(error), error);
    for (const thrown of [new Error('secret'), 'text', undefined, null, { code: 'forbidden' }]) {
      const wrapped = AppError.from(thrown);
      assert.deepEqual([wrapped.code, wrapped.message, wrapped.cause], ['internal', 'Internal error', thrown]);
    }
  });

  it('says the same to HTTP and to protoo', () => {
    for (const code of Object.keys(errorTable).filter(isErrorCode)) {
      const error = new AppError(code, 'why');
      assert.equal(toProblem(error, '/x').status, toProtoo(error).errorCode);
      assert.equal(toProblem(error, '/x').type, `/problems/${code}`);
      assert.deepEqual(toProtoo(error).error, { code });
    }
  });

  it('tells what is gone from what fails', async () => {
    assert.deepEqual(
      [new AppError('not_found', ''), new AppError('unavailable', ''), new AppError('conflict', ''), new Error()].map(
        isGone,
      ),
      [true, true, false, false],
    );
    await unlessGone(Promise.reject(new AppError('not_found', 'it is gone')));
    await assert.rejects(unlessGone(Promise.reject(new AppError('conflict', 'not now'))), { code: 'conflict' });
  });

  it('knows its codes and no others', () => {
    for (const code of ['constructor', '__proto__', 'toString', '', undefined, 404])
      assert.equal(isErrorCode(code), false);
    assert.equal(isErrorCode('not_found'), true);
  });
});

describe('closeCodes', () => {
  it('may be sent by a server (RFC 6455 §7.4), and 4000 stands alone for «do not come back»', () => {
    const codes = Object.values(closeCodes);
    for (const code of codes)
      assert.ok((code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || code >= 4000);
    assert.equal(new Set<number>(codes).size, codes.length);
    assert.equal(closeCodes.ended, 4000);
  });
});

describe('ids', () => {
  it('are version 4 UUIDs, all different, also where randomUUID is missing', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    const made = Array.from({ length: 1000 }, newId);
    const original = Object.getOwnPropertyDescriptor(crypto, 'randomUUID');
    Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
    try {
      made.push(...Array.from({ length: 1000 }, newId));
    } finally {
      if (original) Object.defineProperty(crypto, 'randomUUID', original);
      else Reflect.deleteProperty(crypto, 'randomUUID');
    }
    for (const id of made) assert.match(id, uuid);
    assert.equal(new Set(made).size, 2000);
  });

  it('that people read have no look-alikes, and every character is as likely', () => {
    const text = readableId(32_000);
    assert.match(text, /^[a-km-np-z2-9]+$/);
    const counts = new Map<string, number>();
    for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
    assert.equal(counts.size, 32);
    for (const [character, count] of counts) assert.ok(count > 750 && count < 1250, `${character}: ${count}`);
  });
});

describe('invariant', () => {
  it('throws for a broken promise of the code', () => {
    assert.throws(() => invariant(0, 'zero'), { message: 'invariant broken: zero' });
    invariant(1, 'one');
    assert.throws(() => assertNever('left over' as never), { message: /left over/ });
  });
});

describe('Logger', () => {
  const open = (level: LogLevel | 'none') => {
    const records: LogRecord[] = [];
    const sink = {
      enabled: (asked: LogLevel) => asked === level,
      write: (record: LogRecord) => void records.push(record),
    };
    return { records, log: new Logger(sink, 'session') };
  };

  it('joins namespaces and facts; the nearest fact wins', () => {
    const { records, log } = open('warn');
    log.child('resume', { roomId: 'r', peerId: 'old' }).warn('came back', { peerId: 'new' });
    assert.deepEqual(records, [
      { level: 'warn', namespace: 'session:resume', message: 'came back', facts: { roomId: 'r', peerId: 'new' } },
    ]);
  });

  it('asks before it writes', () => {
    const { records, log } = open('error');
    log.info('x');
    log.debug('x');
    log.warn('x');
    log.error('y');
    assert.equal(records.length, 1);
    silentLog.child('part').error('nobody hears this');
  });
});
