import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The development server injects inline scripts and opens a socket, which the page's policy forbids. */
const relaxPolicyWhileDeveloping: Plugin = {
  name: 'relax-policy-while-developing',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
};

/**
 * The page is loaded from a custom protocol or from the file system, hence relative addresses. The
 * `test` mode adds the fake bridge (`index.html?fake`) and goes to its own directory.
 */
export default defineConfig(({ mode }) => ({
  root: 'src-renderer',
  base: './',
  plugins: [react(), relaxPolicyWhileDeveloping],
  // A policy without `data:` fonts and scripts stays possible when nothing is inlined.
  build: {
    outDir: mode === 'test' ? '../build/renderer-test' : '../build/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  server: { host: '127.0.0.1', strictPort: true, port: 5173 },
}));
