import { join } from 'node:path';
import { build } from 'vite';

/** A page that does nothing but run this file. */
export async function pageOf(file: 'own-page.ts' | 'v3-page.ts'): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: join(import.meta.dirname, file), formats: ['es'] },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const chunk = outputs.flatMap((one) => ('output' in one ? one.output : [])).find(({ type }) => type === 'chunk');
  if (chunk?.type !== 'chunk') throw new Error(`${file} could not be built`);
  return `<!doctype html><meta charset="utf-8"><title>page</title><body><script type="module">${chunk.code.replaceAll('</script', '<\\/script')}</script>`;
}
