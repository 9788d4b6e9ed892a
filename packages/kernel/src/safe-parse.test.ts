import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { safeParse } from './safe-parse.ts';

describe('safeParse', () => {
  const schema = z.object({ id: z.string().min(1).max(8) });

  it('refuses what zod itself stumbles over', () => {
    const value: unknown = JSON.parse('{"id":{"length":{"toString":0,"valueOf":0}}}');
    assert.throws(() => schema.safeParse(value), TypeError);
    assert.equal(safeParse(schema, value).success, false);
  });

  it('is safeParse otherwise', () => {
    assert.deepEqual(safeParse(schema, { id: 'a' }).data, { id: 'a' });
    assert.deepEqual(safeParse(schema, { id: '' }).error?.issues[0]?.path, ['id']);
  });
});
