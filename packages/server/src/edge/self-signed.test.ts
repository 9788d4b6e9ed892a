import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { connect, createServer } from 'node:tls';
import { makeSelfSigned } from './self-signed.ts';

const subject = {
  commonName: 'Potluck, ä test',
  validFrom: new Date('2026-01-02T03:04:05Z'),
  validTo: new Date('2051-12-31T23:59:59Z'),
  names: ['localhost', '127.0.0.1', '::1', '::', '2001:db8::7:0:9', 'fe80::', '::ffff:192.0.2.7', 'host.example'],
};

describe('makeSelfSigned', () => {
  it('says its subject, its time on both sides of 2050, and every name and address', () => {
    const { cert, key } = makeSelfSigned(subject);
    const certificate = new X509Certificate(cert);
    assert.equal(certificate.subject, 'CN=Potluck, ä test'.replace(',', String.raw`\,`));
    assert.equal(certificate.issuer, certificate.subject);
    assert.deepEqual(
      [certificate.validFromDate.getTime(), certificate.validToDate.getTime()],
      [subject.validFrom.getTime(), subject.validTo.getTime()],
    );
    for (const name of ['localhost', 'host.example'])
      assert.equal(certificate.checkHost(name, { subject: 'never' }), name);
    for (const ip of ['127.0.0.1', '::1', '::', '2001:db8::7:0:9', 'fe80::', '::ffff:192.0.2.7'])
      assert.ok(certificate.checkIP(ip), ip);
    assert.equal(certificate.checkIP('2001:db8:0:0:7::9'), undefined);
    assert.ok(certificate.checkPrivateKey(createPrivateKey(key)));
    assert.ok(certificate.verify(certificate.publicKey));
    assert.equal(certificate.ca, false);
    assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  });

  it('has a positive serial number of twenty octets, another one each time', () => {
    const serials = Array.from({ length: 50 }, () => new X509Certificate(makeSelfSigned(subject).cert).serialNumber);
    for (const serial of serials) assert.match(serial, /^[4-7][\dA-F]{39}$/u);
    assert.equal(new Set(serials).size, serials.length);
  });

  it('holds hundreds of names, and none', () => {
    const names = Array.from({ length: 4_000 }, (_, n) => `host-${n}.example`);
    assert.ok(new X509Certificate(makeSelfSigned({ ...subject, names }).cert).checkHost('host-3999.example'));
    assert.equal(new X509Certificate(makeSelfSigned({ ...subject, names: [] }).cert).subjectAltName, undefined);
  });

  it('carries a TLS connection whose client checks it', async () => {
    const { cert, key } = makeSelfSigned(subject);
    const server = createServer({ cert, key }, (socket) => socket.end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const socket = connect({ host: '127.0.0.1', port: address.port, ca: cert, servername: 'localhost' });
    try {
      const [data] = (await once(socket, 'data')) as [Buffer];
      assert.equal(data.toString(), 'hello');
      assert.ok(socket.authorized);
    } finally {
      socket.destroy();
      server.close();
      await once(server, 'close');
    }
  });
});
