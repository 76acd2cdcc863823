// The example page draws the server's style with MapLibre GL JS: tiles, glyphs and pictures load, nothing complains.
import assert from 'node:assert/strict';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import test from 'node:test';
import { require, root, URL_ } from './browser.mjs';

const { chromium } = require('playwright-core');
const { PNG } = require('pngjs');

const TYPES = { '.html': 'text/html', '.mjs': 'text/javascript', '.css': 'text/css' };

/** The repository's folder over HTTP, as the page says. */
async function folder() {
  const server = createServer((request, response) => {
    const file = join(root, normalize(new URL(request.url, 'http://x').pathname));
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

test('MapLibre draws each theme without an error', { timeout: 900_000 }, async () => {
  const files = await folder();
  // WebGL without a graphics card.
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-background-networking', '--disable-component-update', '--disable-dev-shm-usage', '--no-first-run'],
  });
  try {
    for (const [style, lang, worldview] of [['light', 'ar', 'neutral'], ['dark', 'ckb', 'region'], ['print', 'en', 'federal']]) {
      const page = await browser.newPage({ viewport: { width: 640, height: 480 } });
      const errors = [];
      const glyphs = [];
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('response', (response) => {
        if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`);
        if (response.url().includes('/fonts/')) glyphs.push(response.url());
      });
      await page.goto(`${files.origin}/examples/maplibre.html?${new URLSearchParams({ server: URL_, style, lang, worldview, keep: '1' })}`);
      await page.waitForSelector('html[data-ready]', { timeout: 300_000 });
      const picture = PNG.sync.read(await page.locator('canvas').screenshot());
      const colours = new Set();
      for (let i = 0; i < picture.data.length; i += 4) colours.add(picture.data.readUInt32BE(i));
      const drawn = await page.evaluate(() => [...new Set(window.map.queryRenderedFeatures().map((feature) => feature.layer.id))]);
      assert.deepEqual(errors, [], style);
      assert.ok(colours.size > 100, `${style}: ${colours.size} colours`);
      assert.ok(glyphs.length > 0, `${style}: no glyphs were asked for`);
      for (const id of ['land', 'disputed_areas', 'security_gap', 'governorates-names']) assert.ok(drawn.includes(id), `${style}: ${id} is not among ${drawn}`);
      await page.close();
    }
  } finally {
    await browser.close();
    files.close();
  }
});
