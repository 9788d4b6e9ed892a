import { accessSync, constants, mkdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { watchPeerConnections, type InboundTrack, type OutboundLayer } from './browser-stats.ts';
import { waitFor } from './wait.ts';

/** One Chromium with a fake camera (a moving picture) and a fake microphone (a beep every second). */
export type TestBrowser = AsyncDisposable & {
  /** A page of its own user: nothing is shared with other pages. */
  open(url: string, options?: PageOptions): Promise<TestPage>;
  /** What every page shows now, as pictures named after the test: for the one who reads a failure. */
  keepPictures(name: string): Promise<string[]>;
  /** Errors and warnings that pages wrote to their consoles. */
  readonly complaints: readonly string[];
};

export type TestPage = {
  readonly page: Page;
  /** Everything this page receives, of all its RTCPeerConnections. */
  inbound(): Promise<InboundTrack[]>;
  /** Every encoding of the pictures that it sends. */
  outbound(): Promise<OutboundLayer[]>;
  /** The protocols of its media paths: `udp`, `tcp`. */
  paths(): Promise<string[]>;
  close(): Promise<void>;
};

export type PageOptions = { name?: string; width?: number; height?: number; language?: string };

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // More than one camera: one can be changed for the other.
  // (Chromium's second one sends depths, and no picture to look at.)
  '--use-fake-device-for-media-stream=device-count=3',
  '--use-fake-ui-for-media-stream',
  '--auto-select-desktop-capture-source=Entire screen',
  '--autoplay-policy=no-user-gesture-required',
  '--ignore-certificate-errors',
  // A page that a test makes up comes from no address, and Chromium would keep it from loopback. The others are hidden pages of
  // each new page's address bar, which take 0.7 s of a processor to load.
  '--disable-features=LocalNetworkAccessChecks,WebUIOmniboxPopup,WebUIOmniboxAimPopup',
  // Background pages must decode and paint like the one in front.
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
];

/** Where pictures of failures go; ignored by git. */
const pictureFolder = resolve(import.meta.dirname, '../../../.scratch/e2e');

/** `executablePath`: another Chromium than the one of this machine. */
export async function openBrowser({ executablePath = findChromium() } = {}): Promise<TestBrowser> {
  // Chromium's sandbox does not start for root.
  const asRoot = process.getuid?.() === 0;
  const browser: Browser = await chromium.launch({ executablePath, args: asRoot ? [...flags, '--no-sandbox'] : flags });
  const pages = new Map<Page, string>();
  const complaints: string[] = [];

  async function open(
    url: string,
    { name = `page ${pages.size + 1}`, width = 1000, height = 700, language = 'en' }: PageOptions = {},
  ): Promise<TestPage> {
    const context: BrowserContext = await browser.newContext({
      viewport: { width, height },
      locale: language,
      ignoreHTTPSErrors: true,
      permissions: ['camera', 'microphone'],
    });
    await context.addInitScript(watchPeerConnections);
    const page = await context.newPage();
    page.setDefaultTimeout(45_000);
    pages.set(page, name);
    page.on('close', () => pages.delete(page));
    page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${name}: ${message.text()}`);
    });
    await page.goto(url);
    return {
      page,
      inbound: () => page.evaluate(() => globalThis.__potluckInbound()),
      outbound: () => page.evaluate(() => globalThis.__potluckOutbound()),
      paths: () => page.evaluate(() => globalThis.__potluckPaths()),
      close: () => context.close(),
    };
  }

  async function keepPictures(name: string): Promise<string[]> {
    mkdirSync(pictureFolder, { recursive: true });
    return Promise.all(
      [...pages].map(async ([page, who]) => {
        const path = join(pictureFolder, `${name} - ${who}.png`.replaceAll(/[^\w .-]+/g, '_'));
        await page.screenshot({ path });
        return path;
      }),
    );
  }

  return { open, keepPictures, complaints, [Symbol.asyncDispose]: () => browser.close() };
}

/** Resolves when the page decodes this many moving pictures with a size, and as many sounds with energy. */
export async function waitForMedia(
  { inbound }: TestPage,
  wanted: { video: number; audio: number },
  timeoutMs = 40_000,
): Promise<void> {
  const first = new Map((await inbound()).map((track) => [track.id, track]));
  let last: InboundTrack[] = [];
  const flowing = (track: InboundTrack): boolean => {
    const before = first.get(track.id);
    return track.kind === 'video'
      ? track.width > 0 && track.framesDecoded > (before?.framesDecoded ?? 0) + 3
      : track.energy > (before?.energy ?? 0);
  };
  await waitFor(
    async () => {
      last = await inbound();
      const count = (kind: string) => last.filter((track) => track.kind === kind && flowing(track)).length;
      return count('video') >= wanted.video && count('audio') >= wanted.audio;
    },
    {
      what: () => `${wanted.video} pictures and ${wanted.audio} sounds; there is ${JSON.stringify(last)}`,
      timeoutMs,
      everyMs: 100,
    },
  );
}

/** The Chromium of this machine: `CHROMIUM_BIN`, or the first in `PATH`. */
export function findChromium(): string {
  const named = process.env['CHROMIUM_BIN'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (isExecutable(path)) return path;
    }
  }
  throw new Error('there is no Chromium in PATH; install the package chromium or set CHROMIUM_BIN');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
