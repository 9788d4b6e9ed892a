import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errors, ortc } from 'mediasoup';
import { AppError } from '@potluck/kernel';
import { asking, submitting, toFault, toRefusal } from './faults.ts';

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

  it('are the caller’s fault only where the engine refuses data of the caller', async () => {
    const junk = async () => ortc.generateRouterRtpCapabilities([{ kind: 'audio', mimeType: 'x' }] as never);
    await assert.rejects(submitting('produce', junk), (error) => codeOf(error) === 'bad_request');
    await assert.rejects(asking('open room', junk), TypeError);
    assert.equal(codeOf(toRefusal(new Error("invalid IP 'soup'"), 'connect plain transport')), 'bad_request');
  });

  it('stay bugs where they are ours', () => {
    const ours = [new TypeError('Cannot read properties of undefined'), new Error('something else'), 'not an error'];
    for (const error of ours) assert.equal(toRefusal(error, 'produce'), error);
  });

  it('do not say the engine’s methods', () => {
    const fault = toFault(new Error('connect() already called [method:webRtcTransport.connect]'), 'connect transport');
    assert.ok(fault instanceof AppError);
    assert.equal(fault.message, 'connect transport: connect() already called');
  });
});
