// Leaflet shows the raster tiles: XYZ and WMTS by address, in plain and dense pixels.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import test from 'node:test';
import { require, root, URL_ } from './browser.mjs';

const { chromium } = require('playwright-core');
const { PNG } = require('pngjs');

const dist = `${root}static/node_modules/leaflet/dist/`;
const page = (template) => `<!doctype html><title>Leaflet</title><link rel="stylesheet" href="/leaflet.css"><link rel="icon" href="data:,">
<style>html,body,#map{margin:0;height:100%}</style><div id="map"></div><script src="/leaflet.js"></script><script>
const map = L.map('map', { zoomAnimation: false, fadeAnimation: false }).setView([35.4, 44.3], 8);
L.tileLayer(${JSON.stringify(template)}, { maxZoom: 19, detectRetina: false }).on('load', () => (document.documentElement.dataset.ready = 'yes')).addTo(map);
</script>`;

test('Leaflet draws the raster tiles', { timeout: 900_000 }, async () => {
  let template = '';
  const files = createServer((request, response) => {
    const name = new URL(request.url, 'http://x').pathname;
    if (name === '/') return response.writeHead(200, { 'Content-Type': 'text/html' }).end(page(template));
    if (!['/leaflet.js', '/leaflet.css'].includes(name)) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': name.endsWith('.js') ? 'text/javascript' : 'text/css' }).end(readFileSync(dist + name.slice(1)));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => files.once('listening', resolve));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'] });
  try {
    for (const [address, corridor] of [
      ['/maps/light/{z}/{x}/{y}.png?lang=ar', [0x8e, 0x0b, 0x21]],
      ['/maps/dark/{z}/{x}/{y}@2x.webp?lang=ckb', [0xf6, 0x55, 0x7e]],
      ['/wmts/map_region/print/WebMercatorQuad/{z}/{y}/{x}.png?lang=en', [0x7a, 0x00, 0x18]],
    ]) {
      template = URL_ + address;
      const tab = await browser.newPage({ viewport: { width: 640, height: 480 } });
      const errors = [];
      tab.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      tab.on('pageerror', (error) => errors.push(String(error)));
      await tab.goto(`http://127.0.0.1:${files.address().port}/`);
      await tab.waitForSelector('html[data-ready]', { timeout: 300_000 });
      const { data } = PNG.sync.read(await tab.locator('#map').screenshot());
      let [hits, colours] = [0, new Set()];
      for (let i = 0; i < data.length; i += 4) {
        colours.add(data.readUInt32BE(i));
        if (corridor.every((value, channel) => Math.abs(value - data[i + channel]) < 14)) hits++;
      }
      assert.deepEqual(errors, [], address);
      assert.ok(colours.size > 60, `${address}: ${colours.size} colours`);
      assert.ok(hits > 300, `${address}: ${hits} pixels of the corridor`);
      await tab.close();
    }
  } finally {
    await browser.close();
    files.close();
  }
});
