import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '@potluck/kernel';
import { settle } from '@potluck/testkit';
import type { types } from 'mediasoup-client';
import type { Call } from '../signal/api.ts';
import { DataPublication } from './publishing-data.ts';

const noCall: Call = () => Promise.reject(new AppError('internal', 'nothing is asked here'));

/** A transport on which nothing can be sent. */
const refusing = (id: string, error: AppError) =>
  ({ id, produceData: () => Promise.reject(error) }) as unknown as types.Transport;

describe('DataPublication', () => {
  it('waits for the next transport when the server does not know this one any more', async () => {
    const data = new DataPublication(noCall, { label: 'file', options: {} });
    const failures: AppError[] = [];
    data.events.on('failed', (error) => failures.push(error));
    data.attach(refusing('t1', new AppError('not_found', 'not found', { missing: 'transport' })));
    await settle();
    assert.deepEqual([data.state, failures], ['opening', []]);
    data.close();
  });

  it('ends when those to whom it goes are not there', async () => {
    const data = new DataPublication(noCall, { label: 'file', options: {} });
    const failures: AppError[] = [];
    data.events.on('failed', (error) => failures.push(error));
    data.attach(refusing('t1', new AppError('not_found', 'nobody else with the id t1 is in the room')));
    await settle();
    assert.deepEqual([data.state, failures.map(({ code }) => code)], ['closed', ['not_found']]);
  });
});
