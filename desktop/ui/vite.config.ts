import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { fileURLToPath } from 'node:url';
import { svelteTesting } from '@testing-library/svelte/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the server sends with the page; the preview of the fake build sends it too, so that
 * the screens are tested under it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A production build that holds the tests' fake is none. */
const withoutFake = (): Plugin => ({
  name: 'without-fake',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      const fake = Object.keys(chunk.modules).find((id) => id.includes('/api/fake/'));
      if (fake) this.error(`${fake} is part of a production build`);
    }
  },
});

export default defineConfig(({ mode }) => ({
  plugins: [tailwindcss(), svelte(), svelteTesting(), ...(mode === 'production' ? [withoutFake()] : [])],
  // `--mode fake` builds the tests' page: the transport is chosen when it is built, so that a
  // production build holds no trace of the fake.
  define: { __FAKE__: JSON.stringify(mode === 'fake' || mode === 'test') },
  resolve: { alias: { $lib: here('./src/lib'), $views: here('./src/views') } },
  base: './',
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 900,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: { proxy: { '/console': 'http://127.0.0.1:8025' } },
  preview: { headers: { 'Content-Security-Policy': POLICY } },
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    // A whole page of components is loaded first, on machines that do other things too.
    testTimeout: 60_000,
  },
}));
