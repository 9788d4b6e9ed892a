import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '@potluck/kernel';
import { ProducerId } from '@potluck/protocol';
import { settle } from '@potluck/testkit';
import type { types } from 'mediasoup-client';
import type { Call } from '../signal/api.ts';
import { Publication } from './publication.ts';

/** A microphone that is sent, and a server that answers the end of it with this. */
async function published(onClose: () => Promise<void>) {
  const asked: string[] = [];
  const warned: string[] = [];
  const call = (async (method: string) => {
    asked.push(method);
    await onClose();
  }) as unknown as Call;
  const producer = { id: 'local', kind: 'audio', closed: false, close: () => {} };
  const transport = { closed: false, produce: async () => producer } as unknown as types.Transport;
  const track = { kind: 'audio', readyState: 'live', enabled: true } as MediaStreamTrack;
  const publication = new Publication(
    { call, answerOf: async () => ProducerId.parse('p') },
    { track, source: 'microphone', paused: false, encoding: {} },
  );
  publication.events.on('warned', ({ code }) => warned.push(code));
  publication.attach({ transport, codecs: [] });
  await settle();
  assert.equal(publication.producerId, 'p');
  publication.close();
  await settle();
  return { asked, warned };
}

describe('Publication', () => {
  it('warns of nothing when the server has ended it before', async () => {
    const ended = async () => {
      throw new AppError('not_found', 'producer p not found');
    };
    assert.deepEqual(await published(ended), { asked: ['closeProducer'], warned: [] });
  });

  it('warns when its end could not be told', async () => {
    const failing = async () => {
      throw new AppError('timeout', 'no answer');
    };
    assert.deepEqual((await published(failing)).warned, ['timeout']);
  });
});
