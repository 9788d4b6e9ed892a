import { join } from 'node:path';
import { build } from 'vite';

/** The page of `v3-page.ts`, complete. */
export async function v3Page(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: join(import.meta.dirname, 'v3-page.ts'), formats: ['iife'], name: 'v3' },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const chunk = outputs.flatMap((one) => ('output' in one ? one.output : [])).find(({ type }) => type === 'chunk');
  if (chunk?.type !== 'chunk') throw new Error('the page of the v3 way could not be built');
  return `<!doctype html><meta charset="utf-8"><title>v3</title><body><script>${chunk.code.replaceAll('</script', '<\\/script')}</script>`;
}
