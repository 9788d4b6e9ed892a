import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findInviteOrigin } from './invite-origin.ts';

describe('findInviteOrigin', () => {
  const answers = (answer: unknown) => async () => answer;
  const local = 'http://localhost:4480';

  it('leads others to the server, not to their own machines', async () => {
    const links = ['https://192.0.2.2:4443/', 'https://[fd00::2]:4443/'];
    assert.equal(await findInviteOrigin(local, answers({ links })), 'https://192.0.2.2:4443');
    assert.equal(await findInviteOrigin('http://[::1]:4480', answers({ links })), 'https://192.0.2.2:4443');
  });

  it('asks nobody where the page has an address of its own', async () => {
    const never = () => assert.fail('was asked');
    assert.equal(await findInviteOrigin('https://meet.example.org', never), 'https://meet.example.org');
  });

  it('stays as it is without an answer that helps', async () => {
    for (const answer of [{ links: [] }, { links: 'x' }, { links: ['javascript:1'] }, null, 'x', undefined])
      assert.equal(await findInviteOrigin(local, answers(answer)), local);
    assert.equal(await findInviteOrigin(local, () => Promise.reject(new Error('away'))), local);
  });
});
