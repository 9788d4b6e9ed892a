import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Nothing is inlined: the app runs under a content security policy that allows only its own files.
export default defineConfig({
  plugins: [react()],
  build: {
    target: ['chrome111', 'firefox115', 'safari16.4'],
    assetsInlineLimit: 0,
    // One style sheet, so that the order of its layers does not depend on which chunk arrives first.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
