// Point 18: everything by keyboard alone; each layer as a table; focus is seen.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open, seed, still } from './browser.mjs';

test('a mention is reached and opened with the keyboard alone', async () => {
  const { id } = await seed();
  const { page, close } = await open(`lang=ar&document=${id}`);
  await page.waitForSelector('.document-text');
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement?.dataset.mention !== undefined)) break;
  }
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, 'none', 'focus is seen');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.mention-card');
  await close();
});

test('tabs follow the arrows, in the direction of reading', async () => {
  const { page, close } = await open('lang=ar');
  await page.focus('#tab-evidence');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-layers');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-evidence');
  await close();
});

test('every element that takes focus shows it', async () => {
  const { page, close } = await open('lang=en&tab=layers');
  const blind = [];
  for (let i = 0; i < 50; i++) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return 'body';
      const visible = (of) => of && (getComputedStyle(of).outlineStyle !== 'none' || getComputedStyle(of).borderTopColor === getComputedStyle(document.body).getPropertyValue('--accent'));
      return visible(element) || visible(element.nextElementSibling) || element.closest('.search') ? '' : element.outerHTML.slice(0, 90);
    });
    if (seen === 'body') break;
    if (seen) blind.push(seen);
  }
  assert.deepEqual(blind, []);
  await close();
});

test('the map moves and zooms by keys', async () => {
  const { page, close } = await open('lang=en&map=7/35/44');
  await page.focus('#map');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('+');
  await page.waitForFunction(() => !/map=7\/35\/44/.test(location.hash));
  await close();
});

test('a layer is a table whose rows lead to the map', async () => {
  const { page, close } = await open('lang=en&tab=layers');
  await page.locator('.layers li[data-layer=disputed_areas] .icon-button').focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.table-dialog tbody tr');
  assert.equal(await page.locator('.table-dialog tbody tr').count(), 15);
  await page.locator('.table-dialog tbody tr button').first().focus();
  const name = await page.locator('.table-dialog tbody tr button').first().textContent();
  await page.keyboard.press('Enter');
  await still(page);
  assert.equal(await page.locator('.table-dialog[open]').count(), 0);
  assert.equal(await page.locator('.place h2').textContent(), name);
  await close();
});

test('the table has every layer that the server has', async () => {
  const { page, close } = await open('lang=ckb&tab=layers');
  await page.locator('.layers li[data-layer=mention_places] .icon-button').click();
  await page.waitForFunction(() => document.querySelectorAll('.table-dialog select option').length >= 15);
  const options = await page.$$eval('.table-dialog select option', (all) => all.map((option) => option.value));
  for (const id of options) {
    await page.selectOption('.table-dialog select', id);
    await page.waitForFunction(() => document.querySelector('.table-dialog tbody tr, .table-dialog .empty:not([aria-busy])'));
  }
  await close();
});
