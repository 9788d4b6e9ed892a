/** The chat beside the call: what is unread, links, emoji, and words that did not go out. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stage } from './support.ts';

describe('the chat', () => {
  const at = stage();

  it('counts what was not read, opens links elsewhere, and takes emoji', async () => {
    const room = at.room();
    const [ada, bob] = await Promise.all([at.join(room, 'Ada'), at.join(room, 'Bob')]);
    await ada.waitForTiles(['Ada (you)', 'Bob']);
    await bob.write('The menu: https://example.org/menu (please choose)');
    await ada.page.getByTestId('notices').getByText('Bob: The menu').waitFor();
    await bob.write('By Friday');
    const button = ada.page.getByRole('button', { name: 'Chat, 2 unread messages' });
    await button.waitFor();
    assert.equal(await button.locator('.badge').textContent(), '2');
    await button.click();
    const link = ada.page.getByTestId('chat-messages').getByRole('link', { name: 'https://example.org/menu' });
    assert.equal(await link.getAttribute('href'), 'https://example.org/menu');
    assert.equal(await link.getAttribute('target'), '_blank');
    assert.match((await link.getAttribute('rel')) ?? '', /noopener/);
    await ada.page.getByRole('button', { name: 'Chat', exact: true }).waitFor();

    await ada.page.getByTestId('chat-input').fill('Soup ');
    await ada.page.getByTestId('emoji').click();
    await ada.page.getByRole('dialog', { name: 'Insert emoji' }).getByRole('button', { name: '👍' }).click();
    await ada.page.getByTestId('chat-send').click();
    await bob.reads('Soup 👍');
    // What is written beside the open chat is read: nothing is counted.
    await bob.write('Fine');
    await ada.reads('Fine');
    await ada.page.getByTestId('close-panel').click();
    await ada.page.getByRole('button', { name: 'Chat', exact: true }).waitFor();
  });

  it('takes nothing from the scripts of others: what they write is text', async () => {
    const room = at.room();
    const [ada, bob] = await Promise.all([at.join(room, 'Ada'), at.join(room, 'Bob')]);
    await bob.write('<img src=x onerror="document.title=1"> javascript:alert(1) [x](javascript:1)');
    await ada.reads('<img src=x onerror=');
    assert.equal(await ada.page.getByTestId('chat-messages').locator('a, img').count(), 0);
    assert.notEqual(await ada.page.title(), '1');
  });
});
