// Points 16 and 17: downloads hold what is visible, as other programs count it; QGIS gets its layer file.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { json, open, URL_ } from './browser.mjs';

const has = (program) => {
  try {
    execFileSync('which', [program]);
    return true;
  } catch {
    return false;
  }
};

test('each layer offers exactly the formats that the server advertises', async () => {
  const { collections } = await json('/collections?f=json');
  const { page, close } = await open('lang=en&tab=share');
  await page.locator('.share .check input').first().uncheck();
  await page.waitForFunction((count) => document.querySelectorAll('.downloads li').length === count, collections.length);
  for (const { id, links } of collections) {
    const advertised = links.filter((link) => link.rel === 'enclosure' || /qgis|\.qlr/.test(`${link.type} ${link.href}`)).map((link) => link.href.replace(/\?.*/, '').split('/').at(-1));
    const offered = await page.$$eval(`.downloads li[data-layer=${id}] a`, (all) => all.map((link) => new URL(link.href).pathname.split('/').at(-1)));
    assert.deepEqual(offered.sort(), advertised.sort(), id);
    assert.ok(advertised.length > 0, id);
  }
  await close();
});

test('a download holds what is visible, and GDAL counts the same', async (t) => {
  const { page, close } = await open('lang=en&tab=share&map=9.4/35.4/44.4');
  const href = await page.$eval('.downloads li[data-layer=disputed_areas] a[href*=".geojson"]', (link) => link.href);
  const query = new URL(href).searchParams;
  const items = await json(`/collections/disputed_areas/items?limit=1000&bbox=${query.get('bbox')}`);
  assert.ok(items.features.length > 0 && items.features.length < 15, `${items.features.length} of 15 in view`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.downloads li[data-layer=disputed_areas] a[href*=".geojson"]')]);
  const file = await download.path();
  const folder = mkdtempSync(join(tmpdir(), 'mahwar-'));
  const copy = join(folder, 'visible.geojson');
  await download.saveAs(copy);
  assert.ok(file);
  const ids = JSON.parse(execFileSync('cat', [copy])).features.map((feature) => feature.id);
  assert.deepEqual(ids.sort(), items.features.map((feature) => feature.id).sort());
  if (has('ogrinfo')) assert.match(execFileSync('ogrinfo', ['-so', '-al', copy]).toString(), new RegExp(`Feature Count: ${ids.length}\\b`));
  else t.diagnostic('ogrinfo is not installed: counted the file only');
  await close();
});

test('the time shown limits a download of evidence to what is dated within it', async () => {
  const { page, close } = await open('lang=en&tab=share&map=6/35.4/44.4&layers=mentions:100&time=2022-08-01..2022-12-31');
  const href = await page.$eval('.downloads li[data-layer=mentions] a[href*=".geojson"]', (link) => link.href);
  const { features } = await (await fetch(href)).json();
  const all = (await json('/collections/mentions/items?limit=1000')).features;
  const wanted = all.filter(({ properties }) => properties.published >= '2022-08-01' && properties.published <= '2022-12-31');
  assert.ok(wanted.length > 0 && wanted.length < all.length);
  assert.deepEqual(features.map(({ id }) => id).sort(), wanted.map(({ id }) => id).sort());
  await close();
});

test('the layer file for QGIS names this server', async () => {
  const { page, close } = await open('lang=en&tab=share');
  const href = await page.$eval('.downloads li[data-layer=disputed_areas] a[href*=".qlr"]', (link) => link.href);
  const response = await fetch(href);
  assert.equal(response.status, 200);
  const text = await response.text();
  assert.match(text, /<qlr>|<!DOCTYPE qgis-layer-definition>/);
  assert.ok(text.includes(new URL(URL_).host));
  writeFileSync(join(mkdtempSync(join(tmpdir(), 'mahwar-')), 'layer.qlr'), text);
  await close();
});

test('addresses for other programs are those of this server, with templates intact', async () => {
  const { page, close } = await open('lang=en&tab=share');
  const all = await page.$$eval('.addresses input', (inputs) => inputs.map((input) => input.value));
  assert.ok(all.every((url) => url.startsWith(URL_)));
  assert.ok(all.some((url) => url.endsWith('/{z}/{x}/{y}.mvt')));
  const { links } = await json('/?f=json');
  for (const path of ['styles', 'wmts', 'reconcile']) {
    const advertised = links.some((link) => new URL(link.href).pathname.endsWith(`/${path}`));
    assert.equal(all.some((url) => url.endsWith(`/${path}`)), advertised, path);
  }
  for (const url of all.filter((address) => /\.json$|\/api$|\/styles$|\/wmts$|\/reconcile$/.test(address))) {
    assert.ok((await fetch(/wmts$/.test(url) ? `${url}?service=WMTS&request=GetCapabilities` : url)).ok, url);
  }
  await close();
});
