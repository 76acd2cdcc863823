import { loadEnv } from 'vite';
import { defineConfig } from 'vitest/config';

/** Every address in the built page is relative, so that it works below any path of a proxy. */
export default defineConfig({
  base: './',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // A data: URL for a font or an image would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  test: { include: ['src/**/*.test.ts'] },
  server: {
    proxy: {
      '^/(collections|xyz|documents|corridor|worldviews|search|geoparse|downloads|healthz|readyz|styles|sprites|maps|mentions|events|histogram|lookup|qgis|oembed|claims|positions|changes|control|facets|reverse|api|status|wmts|reconcile|layers)': {
        target: loadEnv('development', '..', 'MAHWAR_').MAHWAR_URL ?? 'http://127.0.0.1:8080',
      },
    },
  },
});
