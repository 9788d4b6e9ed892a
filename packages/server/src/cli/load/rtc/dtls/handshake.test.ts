import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Assembler, encodeHandshake } from './handshake.ts';
import { prf } from './prf.ts';
import { contentType, openRecord, readRecords, RecordWriter } from './record.ts';

/** One message in two pieces, as a server with a long certificate sends it. */
function pieces(message: Buffer, at: number): Buffer[] {
  return [message.subarray(12, 12 + at), message.subarray(12 + at)].map((body, index) => {
    const header = Buffer.from(message.subarray(0, 12));
    header.writeUIntBE(index === 0 ? 0 : at, 6, 3);
    header.writeUIntBE(body.length, 9, 3);
    return Buffer.concat([header, body]);
  });
}

describe('Assembler', () => {
  const [first, second] = [encodeHandshake(11, 0, Buffer.from('certificate')), encodeHandshake(14, 1, Buffer.alloc(0))];

  it('puts pieces together in whatever order they come, and gives each message once', () => {
    const assembler = new Assembler();
    const [a, b] = pieces(first, 4);
    assert.deepEqual(assembler.take(second), []);
    assert.deepEqual(assembler.take(b!), []);
    assert.deepEqual(assembler.take(b!), []);
    const messages = assembler.take(a!);
    assert.deepEqual(
      messages.map(({ type, whole }) => [type, whole]),
      [
        [11, first],
        [14, second],
      ],
    );
    assert.deepEqual(assembler.take(first), []);
  });

  it('refuses lengths that cannot be', () => {
    const [piece] = pieces(first, 4);
    piece!.writeUIntBE(3, 1, 3);
    assert.throws(() => new Assembler().take(piece!), /length/u);
  });
});

describe('records', () => {
  it('are numbered, sealed in epoch 1, and several fit a datagram', () => {
    const key = { key: Buffer.alloc(16, 1), salt: Buffer.alloc(4, 2) };
    const writer = new RecordWriter();
    writer.protectWith(key);
    const clear = writer.write(contentType.handshake, 0, Buffer.from('hello'));
    const sealed = writer.write(contentType.handshake, 1, Buffer.from('finished'));
    const [one, two, ...rest] = readRecords(Buffer.concat([clear, sealed, sealed.subarray(0, 20)]));
    assert.equal(one?.body.toString(), 'hello');
    assert.equal(openRecord(key, two!).toString(), 'finished');
    assert.equal(rest.length, 0);
    assert.throws(() => openRecord({ ...key, salt: Buffer.alloc(4, 3) }, two!));
  });
});

describe('prf', () => {
  it('agrees with the published test vector of TLS 1.2 with SHA-256', () => {
    const secret = Buffer.from('9bbe436ba940f017b17652849a71db35', 'hex');
    const seed = Buffer.from('a0ba9f936cda311827a6f796ffd5198c', 'hex');
    assert.equal(prf(secret, 'test label', seed, 20).toString('hex'), 'e3f229ba727be17b8d122620557cd453c2aab21d');
  });
});
