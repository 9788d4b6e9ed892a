import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import express from 'express';
import { linksApi } from './links-api.ts';
import { linksOf, reachableAt } from './links.ts';

describe('linksApi', () => {
  it('tells pages of this machine where others find it, and nobody else', async (test) => {
    const links = linksOf({ httpsPort: 4443, httpPort: 4480, domain: undefined, addresses: ['192.0.2.2'] });
    const server = createServer(express().use(linksApi(() => links))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    test.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const ask = async (host: string) => {
      const request = get({ host: '127.0.0.1', port, path: '/api/links', headers: { host } });
      const [response] = await once(request, 'response');
      let text = '';
      for await (const part of response) text += String(part);
      return { status: response.statusCode, text };
    };
    for (const host of [`localhost:${port}`, '127.0.0.1', `[::1]:${port}`])
      assert.deepEqual(JSON.parse((await ask(host)).text), { links: ['https://192.0.2.2:4443/'] });
    assert.equal((await ask('meet.example.org')).status, 404);
  });
});

describe('reachableAt', () => {
  it('is every address, one, or none, as the server listens', () => {
    const all = ['192.0.2.2', 'fd00::2'];
    for (const ip of ['::', '0.0.0.0']) assert.deepEqual(reachableAt(ip, all), all);
    assert.deepEqual(reachableAt('192.0.2.2', all), ['192.0.2.2']);
    for (const ip of ['127.0.0.1', '127.0.1.7', '::1']) assert.deepEqual(reachableAt(ip, all), []);
  });
});
