// Try it: a text of one's own, its places at once, nothing stored, the result as a file.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { json, open } from './browser.mjs';

test('a pasted text shows its places, and the result can be taken away', async () => {
  const before = (await json('/documents')).documents.length;
  const { page, errors, close } = await open('lang=ar&tab=try');
  const text = 'وصل الوفد إلى السليمانية قادماً من كركوك.\nثم عاد إلى بغداد.';
  await page.fill('.try textarea', text);
  await page.click('.try form button');
  await page.waitForSelector('.try-result .document-text');
  assert.equal(await page.$eval('.try-result .document-text', (element) => element.textContent), text);
  assert.ok((await page.locator('.try-result a.m-mention').count()) >= 2);
  await page.locator('.try-result a.m-mention').first().click();
  await page.waitForSelector('.try-result .mention-card');
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.try-result > .button').click()]);
  const result = JSON.parse(readFileSync(await download.path(), 'utf8'));
  assert.equal(result.type, 'FeatureCollection');
  assert.ok(result.features.length >= 2);
  assert.equal((await json('/documents')).documents.length, before, 'nothing was stored');
  assert.deepEqual(errors, []);
  await close();
});

test('markup in a text stays text', async () => {
  const { page, close } = await open('lang=en&tab=try');
  const text = 'Near Kirkuk <img src=x onerror="document.title=\'bad\'"> & <b>Mosul</b>.';
  await page.fill('.try textarea', text);
  await page.click('.try form button');
  await page.waitForSelector('.try-result .document-text');
  assert.equal(await page.$eval('.try-result .document-text', (element) => element.textContent), text);
  assert.equal(await page.locator('.try-result img, .try-result .document-text b').count(), 0);
  assert.notEqual(await page.title(), 'bad');
  await close();
});

test('an empty text is said to be empty', async () => {
  const { page, close } = await open('lang=ckb&tab=try');
  await page.click('.try form button');
  assert.equal(await page.textContent('.try-result .empty'), 'دەقەکە بەتاڵە.');
  await close();
});
