import { after, afterEach, before, type TestContext } from 'node:test';
import type { Locator } from 'playwright-core';
import { waitFor } from '@potluck/testkit';
import { openBrowser, type PageOptions, type TestBrowser, type TestPage } from '@potluck/testkit/browser';
import { startServer, type TestServer } from '@potluck/testkit/server';
import { freshWebApp } from '../../scripts/setup/web.mjs';

type Settings = NonNullable<Parameters<typeof startServer>[0]>;

/** What all stages of a file share: one browser, and one server where nothing is changed. Both take a second to start. */
const shared: { browser?: Promise<TestBrowser>; server?: Promise<TestServer>; rooms: number } = { rooms: 0 };
const twoWorkers = { media: { workers: 2 } } as const;
after(async () => {
  await (await shared.browser)?.[Symbol.asyncDispose]();
  await (await shared.server)?.[Symbol.asyncDispose]();
});

/** A server and a browser for the tests of a suite; pages of a test are closed after it. */
export function stage(changes?: Settings) {
  let server: TestServer | undefined;
  let browser: TestBrowser | undefined;
  let complained = 0;
  const pages: TestPage[] = [];
  before(async () => {
    await freshWebApp();
    const starting = changes ? startServer({ ...twoWorkers, ...changes }) : (shared.server ??= startServer(twoWorkers));
    [server, browser] = await Promise.all([starting, (shared.browser ??= openBrowser())]);
    complained = browser.complaints.length;
  });
  afterEach(async (t) => {
    const { passed, name } = t as TestContext & { readonly passed: boolean };
    if (!passed) await browser?.keepPictures(name);
    await Promise.all(pages.splice(0).map((page) => page.close()));
  });
  after(async () => {
    if (changes) await server?.[Symbol.asyncDispose]();
  });
  const running = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the stage is not set');
    return part;
  };
  return {
    get server() {
      return running(server);
    },
    get complaints() {
      return running(browser).complaints.slice(complained);
    },
    /** With `POTLUCK_PICTURES` set, what every page shows now is kept as a picture: to be looked at. */
    async picture(name: string): Promise<void> {
      if (process.env['POTLUCK_PICTURES']) await running(browser).keepPictures(name);
    },
    /** A room name that no other test uses. */
    room: () => `Table ${(shared.rooms += 1)}`,
    async open(path: string, name: string, base = running(server).http, options: PageOptions = {}): Promise<TestPage> {
      const page = await running(browser).open(`${base}${path}`, { ...options, name });
      pages.push(page);
      return page;
    },
    /** Somebody who has asked to come in. */
    async knock(roomId: string, displayName: string, query = '', base?: string): Promise<Guest> {
      return guestOf(await this.open(pathOf(roomId, displayName, query), displayName, base), displayName);
    },
    /** Somebody in the call whose page ran a script of the test before its own. */
    async prepared(roomId: string, displayName: string, script: () => void): Promise<Guest> {
      const guest = guestOf(await this.open('/icon.svg', displayName), displayName);
      await guest.page.addInitScript(script);
      await guest.page.goto(running(server).http + pathOf(roomId, displayName));
      await guest.page.getByTestId('bar').waitFor();
      return guest;
    },
    /** Somebody who is in the call. */
    async join(roomId: string, displayName: string, query = ''): Promise<Guest> {
      const guest = await this.knock(roomId, displayName, query);
      await guest.page.getByTestId('bar').waitFor();
      return guest;
    },
  };
}

export const pathOf = (roomId: string, displayName: string, query = ''): string =>
  `/?roomId=${encodeURIComponent(roomId)}&displayName=${encodeURIComponent(displayName)}${query}`;

/** What a person at the page can do and see. Everything is found by what assistive technology finds it by. */
export type Guest = TestPage & {
  readonly name: string;
  press(button: string | RegExp): Promise<void>;
  /** Resolves when the page shows a tile of that name whose picture moves. */
  sees(name: string): Promise<void>;
  /** The names on all tiles, own one included. */
  tiles(): Promise<string[]>;
  waitForTiles(names: readonly string[]): Promise<void>;
  /** The tile of that name. */
  tile(name: string): Locator;
  /** Chooses an entry of the menu of the call, by its id. */
  choose(entry: string): Promise<void>;
  write(text: string): Promise<void>;
  reads(text: string): Promise<void>;
};

export function guestOf(test: TestPage, name: string): Guest {
  const { page } = test;
  const tile = (label: string) => page.getByRole('listitem', { name: label, exact: true });
  // A window over the page hides it from assistive technology, not from the eye.
  const picture = (label: string) =>
    page.getByRole('listitem', { name: label, exact: true, includeHidden: true }).locator('video');
  const framesOf = async (label: string) =>
    picture(label).evaluate((video: HTMLVideoElement) =>
      video.videoWidth > 0 ? video.getVideoPlaybackQuality().totalVideoFrames : 0,
    );
  const tiles = async () =>
    page.getByTestId('tile').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
  const openChat = async () => {
    if (!(await page.getByTestId('chat-panel').isVisible())) await page.getByRole('button', { name: /^Chat/ }).click();
  };
  return {
    ...test,
    name,
    tiles,
    tile,
    async choose(entry) {
      await page.getByTestId('more').last().click();
      await page.getByTestId(`menu-${entry}`).click();
    },
    async press(button) {
      await page.getByRole('button', { name: button }).click();
    },
    async sees(label) {
      await picture(label).waitFor();
      const first = await framesOf(label);
      await waitFor(async () => (await framesOf(label)) > first + 3, {
        what: `${name} to see ${label} move`,
        timeoutMs: 40_000,
        everyMs: 100,
      });
    },
    async waitForTiles(names) {
      let last: string[] = [];
      await waitFor(
        async () => {
          last = await tiles();
          return last.length === names.length && names.every((one) => last.includes(one));
        },
        {
          what: () => `${name} to have the tiles ${names.join(', ')}; there are ${last.join(', ')}`,
          timeoutMs: 40_000,
          everyMs: 50,
        },
      );
    },
    async write(text) {
      await openChat();
      await page.getByPlaceholder('Write a message').fill(text);
      await page.keyboard.press('Enter');
    },
    async reads(text) {
      await openChat();
      await page.getByTestId('chat-message').filter({ hasText: text }).waitFor();
    },
  };
}

/** A host sets the password of the room, and leaves the dialog open. */
export async function setPassword(host: Guest, password: string): Promise<void> {
  await host.choose('door');
  await host.page.getByTestId('room-password').fill(password);
  await host.press('Set password');
  await host.page.getByText('A password is set.').waitFor();
}

export async function openPeople({ page }: Guest): Promise<void> {
  if (!(await page.getByTestId('people-panel').isVisible())) await page.getByTestId('people').click();
}

/** Chooses an entry of the menu of somebody in the list of people. */
export async function chooseFor(guest: Guest, person: string, entry: string): Promise<void> {
  await openPeople(guest);
  await guest.page.getByRole('button', { name: `Options for ${person}` }).click();
  await guest.page.getByRole('menuitem', { name: entry }).click();
}
