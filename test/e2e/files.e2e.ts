/** Files in the chat, between pages in Chromium: offered by button, drop and paste, fetched, saved, stopped. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { stage, type Guest } from './support.ts';

const openChat = async ({ page }: Guest) => page.getByRole('button', { name: /^Chat/ }).click();
const card = ({ page }: Guest, name: string) => page.getByTestId('file-card').filter({ hasText: name });

async function offer(guest: Guest, name: string, buffer: Buffer, mimeType = 'application/octet-stream'): Promise<void> {
  await guest.page.getByTestId('attach-input').setInputFiles({ name, mimeType, buffer });
  await card(guest, name).waitFor();
}

/** A large file of zeros, made in the page. */
async function drop(guest: Guest, name: string, size: number): Promise<void> {
  await guest.page.evaluate(
    ([fileName, bytes]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], fileName, { type: 'application/octet-stream' }));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    [name, size] as const,
  );
  await card(guest, name).waitFor();
}

describe('files in the chat', () => {
  const at = stage();
  const two = async () => {
    const room = at.room();
    const guests = await Promise.all([at.join(room, 'Ada'), at.join(room, 'Bob')]);
    await guests[0].waitForTiles(['Ada (you)', 'Bob']);
    await Promise.all(guests.map(openChat));
    return [...guests, room] as const;
  };

  it('arrive byte for byte, with progress on both sides, also for who comes later', async () => {
    const [ada, bob, room] = await two();
    const bytes = randomBytes(12_345_678);
    await offer(ada, 'numbers of November.bin', bytes);
    const bobs = card(bob, 'numbers of November.bin');
    await bobs.getByRole('button', { name: 'Get numbers of November.bin' }).click();
    await bobs.getByRole('progressbar').waitFor();
    await card(ada, 'numbers').getByText('To Bob').waitFor();
    const saving = bob.page.waitForEvent('download');
    await bobs.getByRole('button', { name: 'Save numbers of November.bin' }).click({ timeout: 60_000 });
    const saved = await saving;
    assert.equal(saved.suggestedFilename(), 'numbers of November.bin');
    assert.ok((await readFile(await saved.path())).equals(bytes), 'other bytes were saved');
    await bobs.getByText('complete, checked').waitFor();
    await card(ada, 'numbers').getByText('fetched by 1').waitFor();
    const carol = await at.join(room, 'Carol');
    await openChat(carol);
    await card(carol, 'numbers').getByRole('button', { name: /^Get/ }).waitFor();
  });

  it('are stopped by either, and say so when their sender leaves', async () => {
    const [ada, bob] = await two();
    await drop(ada, 'film.bin', 150_000_000);
    const bobs = card(bob, 'film.bin');
    await bobs.getByTestId('file-get').click();
    await bobs.getByRole('progressbar').waitFor();
    await bobs.getByRole('button', { name: 'Cancel: film.bin' }).click();
    await card(ada, 'film.bin').getByTestId('file-sending').waitFor({ state: 'detached' });
    await bobs.getByRole('button', { name: 'Get film.bin again' }).click();
    await card(ada, 'film.bin').getByRole('button', { name: 'Stop sending to Bob' }).click();
    await bobs.getByText('the sender stopped it').waitFor();
    await bobs.getByTestId('file-get').click();
    await bobs.getByRole('progressbar').waitFor();
    await ada.press('Leave');
    await bobs.getByText('the sender has left').waitFor();
    assert.equal(await bobs.getByRole('button').count(), 0);
  });

  it('come by drop and by paste, pictures are shown, scripts are not', async () => {
    const [ada, bob] = await two();
    await ada.page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['<script>document.title="run"</script>'], 'evil.svg', { type: 'image/svg+xml' }));
      for (const type of ['dragover', 'drop']) {
        window.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      }
    });
    await ada.page.evaluate(async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 8, height: 8 });
      canvas.getContext('2d')?.fillRect(0, 0, 8, 8);
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
      const data = new DataTransfer();
      data.items.add(new File([blob!], 'dot.png', { type: 'image/png' }));
      const paste = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
      document.querySelector('[data-testid="chat-input"]')?.dispatchEvent(paste);
    });
    for (const name of ['evil.svg', 'dot.png']) {
      await card(bob, name).getByTestId('file-get').click();
      await card(bob, name).getByTestId('file-save').waitFor();
    }
    await card(bob, 'dot.png').getByRole('img', { name: 'dot.png' }).waitFor();
    assert.equal(await card(bob, 'evil.svg').locator('img').count(), 0);
    assert.deepEqual(at.complaints, []);
  });

  it('may be fetched, but not offered, by who may send no data', async () => {
    const [ada, bob] = await two();
    await offer(ada, 'soup.txt', Buffer.from('soup'));
    await bob.page.getByTestId('attach').waitFor();
    const room = at.room();
    const listener = await at.join(room, 'Lea', '&produce=false');
    await openChat(listener);
    assert.equal(await listener.page.getByTestId('attach').count(), 0);
  });
});
