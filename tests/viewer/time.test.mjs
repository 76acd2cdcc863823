// The time slider: a histogram of what is dated, a range that filters the map, play, the permalink.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open, require, still } from './browser.mjs';

const { PNG } = require('pngjs');

test('the range filters the map and is kept in the address', async () => {
  const { page, close } = await open('lang=en&map=7/35.4/44.6');
  await still(page);
  await page.waitForSelector('.timeline:not([hidden])');
  assert.ok((await page.locator('.timeline rect.in').count()) > 0);
  const before = PNG.sync.read(await page.locator('#map').screenshot());
  const from = page.locator('.timeline input.from');
  const [min, max] = [Number(await from.getAttribute('min')), Number(await from.getAttribute('max'))];
  await from.fill(String(Math.round(min + (max - min) * 0.8)));
  await still(page, 300);
  assert.match(page.url(), /time=\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2}/);
  const after = PNG.sync.read(await page.locator('#map').screenshot());
  assert.notDeepEqual(before.data, after.data);
  assert.ok((await page.locator('.timeline rect:not(.in)').count()) > 0);
  const { hash } = new URL(page.url());
  await close();
  const again = await open(hash.slice(1));
  await still(again.page);
  assert.equal(new URL(again.page.url()).hash, hash);
  await again.close();
});

test('play moves the range and stops at the end', async () => {
  const { page, close } = await open('lang=ar');
  await page.waitForSelector('.timeline:not([hidden])');
  await page.click('.timeline .play');
  await page.waitForFunction(() => /time=/.test(location.hash));
  const first = await page.inputValue('.timeline input.to');
  await page.waitForFunction((was) => (document.querySelector('.timeline input.to')?.value ?? was) !== was, first);
  await page.click('.timeline .play');
  await page.click('.timeline .all-time');
  await page.waitForFunction(() => !/time=/.test(location.hash));
  await close();
});
