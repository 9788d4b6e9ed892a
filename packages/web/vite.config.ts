import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { builtFrom, sourcesHash } from './sources.mjs';

const layers = '@layer reset,tokens,base,ui,screens;';

/** Every style sheet says the order of layers first: chunks may arrive in any order. */
function layersFirst(): Plugin {
  return {
    name: 'layers-first',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && file.fileName.endsWith('.css')) file.source = layers + String(file.source);
      }
    },
  };
}

/** What was built says of which sources it is. */
function saySources(): Plugin {
  // Taken before: what changes while it is built must lead to another build.
  let source = '';
  return {
    name: 'say-sources',
    apply: 'build',
    buildStart() {
      source = sourcesHash();
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: builtFrom, source });
    },
  };
}

// Nothing is inlined: the app runs under a content security policy that allows only its own files.
export default defineConfig({
  plugins: [react(), layersFirst(), saySources()],
  build: {
    target: ['chrome111', 'firefox115', 'safari16.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rolldownOptions: {
      input: { index: 'index.html', embed: 'src/embed/element.ts' },
      // Other sites name this file: it has no hash.
      output: { entryFileNames: ({ name }) => (name === 'embed' ? 'embed.js' : 'assets/[name]-[hash].js') },
    },
  },
});
