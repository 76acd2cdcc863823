// The map goes where the panel is: events, mentions, links; and both sides of a comparison.
import assert from 'node:assert/strict';
import test from 'node:test';
import { json, open, plain, still } from './browser.mjs';
import { desk } from './desk-server.mjs';

const own = desk(40);
const at = (hash, options = {}) => open(hash, { base: own.url, ...options });

const viewOf = (page) => page.evaluate(() => (/map=([^&]+)/.exec(location.hash)?.[1] ?? '').split('/').map(Number));
const settled = async (page) => (await still(page), await page.waitForTimeout(400), viewOf(page));

test('a marked place is a link to this view with its document', async () => {
  const { documents } = await json('/documents?limit=1', own.url);
  const { page, close } = await at(`lang=en&document=${documents[0].id}&layers=rivers:off`);
  const link = page.locator('.document-text a[data-mention]').first();
  await settled(page);
  await link.focus();
  const href = await link.getAttribute('href');
  for (const part of [`document=${documents[0].id}`, 'mention=', 'map=', 'layers=rivers:off']) assert.ok(href.includes(part), `${part} in ${href}`);
  const before = page.url();
  await link.click({ modifiers: ['Control'] });
  assert.equal(page.url(), before, 'this page stays where it is');
  await close();
});

test('the map goes to the place of an event, and to a feature of an address without a view', async () => {
  const { events } = await json('/events?limit=1', own.url);
  const { position: { point } } = events[0];
  const near = ([zoom, lat, lon], [x, y]) => zoom >= 6.4 && Math.abs(lat - y) < 3 && Math.abs(lon - x) < 4;
  const event = await at(`lang=en&event=${events[0].id}`);
  await event.page.waitForSelector('.account-list');
  const [zoom, lat, lon] = await settled(event.page);
  assert.ok(near([zoom, lat, lon], point), `${zoom}/${lat}/${lon} at ${point}`);
  await event.close();
  const feature = await at('lang=en&feature=mention_places/IQG13Q02');
  const [there] = await settled(feature.page);
  assert.ok(there >= 7.4, `zoom ${there}`);
  await feature.close();
  // A view that the address gives is kept.
  const given = await at(`lang=en&event=${events[0].id}&map=6/33/44`);
  await given.page.waitForSelector('.account-list');
  assert.equal((await settled(given.page))[0], 6);
  await given.close();
});

test('both sides of two worldviews have the layers of the view, and the legend explains each', async () => {
  const { page, requests, close } = await at('lang=en&tab=layers&map=7/35.4/44.2&layers=positions:off&compare=region');
  await settled(page);
  assert.deepEqual(requests.filter((url) => /\/maps\//.test(url)), [], 'no picture of the server with layers of its own');
  const rows = (await page.$$eval('.legend li[data-layer=disputed_areas]', (all) => all.map((row) => row.textContent))).map(plain);
  assert.equal(rows.length, 2);
  assert.match(rows.join('|'), /Neutral\|.*Region/);
  await page.waitForSelector('.differences tbody tr');
  assert.doesNotMatch(await page.textContent('.differences'), /\((en|ar|ckb)\)/);
  await page.selectOption('select[name=compare]', 'control');
  await page.waitForFunction(() => /control:100/.test(location.hash));
  await page.selectOption('select[name=compare]', '');
  await page.waitForFunction(() => !/control:100/.test(location.hash));
  await page.selectOption('select[name=compare]', 'time');
  await page.waitForFunction(() => /compare=\d/.test(location.hash));
  const { bins } = await json('/histogram?by=day&layer=mentions', own.url);
  const first = bins.map(({ start }) => start).sort()[0];
  assert.ok(/compare=(\d{4}-\d\d-\d\d)/.exec(page.url())[1] >= first, page.url());
  await close();
});

test('the thumbs of a short period are apart', async () => {
  const { page, close } = await at('lang=en&time=2026-11-20..2026-11-22');
  const [min, max, from, to] = await page.$eval('.range', (range) => ['.from', '.to'].flatMap((name) => [...(name === '.from' ? [range.querySelector(name).min, range.querySelector(name).max] : []), range.querySelector(name).value]).map(Number));
  assert.ok((to - from) / (max - min) > 0.15, `${from}–${to} in ${min}–${max}`);
  await close();
});

test('C9: on a phone the map has half of the screen, and the whole convention can be read', async () => {
  const { page, close } = await at('lang=ar', { size: { width: 375, height: 667 } });
  await still(page);
  assert.ok((await page.$eval('#map', (map) => map.getBoundingClientRect().height)) >= 667 / 2);
  assert.equal(await page.$eval('.legend', (legend) => legend.open), false);
  await page.click('.imprint summary');
  assert.ok(await page.$eval('.imprint .convention', (words) => words.scrollHeight <= words.clientHeight + 1 || getComputedStyle(words).display === 'inline'));
  await page.click('.imprint summary');
  await page.click('.filter-toggle');
  await page.click('.show-results');
  await page.waitForSelector('#filter-fields[hidden]', { state: 'attached' });
  await close();
});
