import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';
import { root } from '../check/run.ts';

/** `scenes.html` of the web app, built as the app itself is, on loopback. */
export async function serveScenes(): Promise<AsyncDisposable & { readonly base: string }> {
  const outDir = await mkdtemp(join(tmpdir(), 'potluck-scenes-'));
  const web = { root: join(root, 'packages/web'), logLevel: 'error' } as const;
  await build({ ...web, build: { outDir, rolldownOptions: { input: join(web.root, 'scenes.html') } } });
  const site = await preview({ ...web, build: { outDir }, preview: { host: 'localhost', port: 0, strictPort: false } });
  return {
    base: `${site.resolvedUrls?.local[0]}scenes.html`,
    async [Symbol.asyncDispose]() {
      await site.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
