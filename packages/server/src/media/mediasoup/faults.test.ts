import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errors, ortc } from 'mediasoup';
import { AppError } from '@potluck/kernel';
import { asking, toFault } from './faults.ts';

const codeOf = (error: unknown) => (error instanceof AppError ? error.code : error);

describe('Faults of the media engine', () => {
  it('become errors that a caller may see', () => {
    const cases: [Error, string][] = [
      [new errors.UnsupportedError('no codec'), 'unsupported'],
      [new errors.NotFoundError('Transport not found [method:transport.produce]'), 'not_found'],
      [new errors.WorkerClosedError('Channel closed'), 'unavailable'],
      [new Error('connect() already called [method:webRtcTransport.connect]'), 'conflict'],
      [new Error('ssrc already exists in RTP listener [ssrc:7]'), 'conflict'],
      [new Error('SCTP not enabled and not a direct Transport'), 'conflict'],
      [new Error('no more available ports [protocol:udp]'), 'unavailable'],
      [new Error('request too big [method:TRANSPORT_PRODUCE]'), 'too_large'],
    ];
    for (const [error, code] of cases) assert.equal(codeOf(toFault(error, 'produce')), code, error.message);
  });

  it('are the caller’s fault only where the engine itself refused', async () => {
    const refused = asking('produce', async () =>
      ortc.generateRouterRtpCapabilities([{ kind: 'audio', mimeType: 'x' }] as never),
    );
    await assert.rejects(refused, (error) => codeOf(error) === 'bad_request');
    const bug = new TypeError('Cannot read properties of undefined');
    assert.equal(toFault(bug, 'produce'), bug);
    const other = new Error('something else');
    assert.equal(toFault(other, 'produce'), other);
  });

  it('do not say the engine’s methods', () => {
    const fault = toFault(new Error('connect() already called [method:webRtcTransport.connect]'), 'connect transport');
    assert.ok(fault instanceof AppError);
    assert.equal(fault.message, 'connect transport: connect() already called');
  });
});
