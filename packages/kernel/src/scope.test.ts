import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adopt, Scope } from './scope.ts';

describe('Scope', () => {
  it('closes what it owns last-in first-out, once', () => {
    const scope = new Scope();
    const order: number[] = [];
    for (const n of [1, 2, 3]) scope.add(() => order.push(n));
    scope.close('over');
    scope.close('again');
    assert.deepEqual(order, [3, 2, 1]);
    assert.equal(scope.reason, 'over');
  });

  it('closes at once what comes after its end', () => {
    const scope = new Scope();
    scope.close('over');
    let closed = false;
    scope.add(() => (closed = true));
    assert.equal(closed, true);
  });

  it('forgets what is taken back', () => {
    const scope = new Scope();
    let closed = false;
    scope.add(() => (closed = true))();
    scope.close('over');
    assert.equal(closed, false);
  });

  it('closes everything even if something fails, and then tells all failures', () => {
    const scope = new Scope();
    const order: string[] = [];
    const failing = (name: string) => () => {
      order.push(name);
      throw new Error(name);
    };
    scope.add(() => order.push('good'));
    scope.add(failing('a'));
    scope.add(failing('b'));
    assert.throws(
      () => scope.close('over'),
      (error: AggregateError) => error.errors.length === 2 && error.message.includes('over'),
    );
    assert.deepEqual(order, ['b', 'a', 'good']);
    assert.equal(scope.closed, true);
  });

  it('is closed already while it closes: a disposer that adds is run, one that closes changes nothing', () => {
    const scope = new Scope();
    const order: string[] = [];
    scope.add(() => {
      scope.close('from inside');
      scope.add(() => order.push('added while closing'));
    });
    scope.close('over');
    assert.deepEqual(order, ['added while closing']);
    assert.equal(scope.reason, 'over');
  });

  it('ends with its block', () => {
    let closed = false;
    {
      using scope = new Scope();
      scope.add(() => (closed = true));
    }
    assert.equal(closed, true);
  });
});

describe('adopt', () => {
  const resource = () => {
    const closed: string[] = [];
    return { closed, close: (reason: string) => void closed.push(reason) };
  };

  it('ties what is made to the scope', async () => {
    const scope = new Scope();
    const made = await adopt(scope, Promise.resolve(resource()));
    assert.deepEqual(made.closed, []);
    scope.close('room over');
    assert.deepEqual(made.closed, ['room over']);
  });

  it('closes what arrives after the scope has closed, and says so', async () => {
    const scope = new Scope();
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof resource>>();
    const adopted = adopt(scope, promise);
    scope.close('peer left');
    const late = resource();
    resolve(late);
    await assert.rejects(adopted, { code: 'unavailable', message: 'closed while waiting: peer left' });
    assert.deepEqual(late.closed, ['peer left']);
  });

  it('gives through the failure of the making', async () => {
    await assert.rejects(adopt(new Scope(), Promise.reject(new Error('no worker'))), { message: 'no worker' });
  });
});
