// Point 19: a 360-pixel phone: the sheet beside the map, never over it; targets of 44 pixels.
import assert from 'node:assert/strict';
import test from 'node:test';
import { calm, open, PHONE, seed, still } from './browser.mjs';

const boxes = (page) => page.evaluate(() => Object.fromEntries(['#map', '.panel', '.imprint'].map((name) => [name, document.querySelector(name).getBoundingClientRect().toJSON()])));

test('the sheet leaves the map free at each of its heights', async () => {
  const { page, close } = await open('lang=ar', { size: PHONE });
  await still(page);
  for (let i = 0; i < 3; i++) {
    const { '#map': map, '.panel': panel } = await boxes(page);
    assert.ok(map.bottom <= panel.top + 1, `${map.bottom} <= ${panel.top}`);
    assert.ok(map.height > 60, `the map has ${map.height} pixels`);
    await page.click('.handle');
    await calm(page);
  }
  const { '#map': map } = await boxes(page);
  assert.ok(map.height > 740 * 0.35, `${map.height} pixels at first`);
  await close();
});

test('nothing is wider than the screen, in any tab', async () => {
  const { id } = await seed();
  for (const language of ['ar', 'en']) {
    const { page, close } = await open(`lang=${language}&document=${id}`, { size: PHONE });
    for (const tab of ['evidence', 'layers', 'corridor', 'try', 'share']) {
      await page.click(`#tab-${tab}`);
      await calm(page);
      const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
      assert.ok(wide <= 360, `${tab}: ${wide}`);
      const inner = await page.$eval(`#panel-${tab}`, (panel) => [...panel.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > 362 || element.getBoundingClientRect().left < -2).map((element) => element.className).slice(0, 3));
      assert.deepEqual(inner, [], tab);
    }
    await close();
  }
});

test('what can be touched is at least 44 pixels', async () => {
  const { id } = await seed();
  const { page, close } = await open(`lang=ar&document=${id}`, { size: PHONE });
  for (const tab of ['evidence', 'layers', 'corridor', 'try', 'share']) {
    await page.click(`#tab-${tab}`);
    await calm(page);
    const small = await page.$$eval('button, select, summary, input[type=text], input[type=number], input[type=search], .choice, .switch, .check, a.format', (all) =>
      all
        .filter((element) => element.checkVisibility() && !element.closest('.sr-only, .skip'))
        .map((element) => ({ element, box: (element.matches('input[type=search]') ? element.parentElement : element).getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
        .map(({ element, box }) => `${element.tagName}.${element.className} ${Math.round(box.width)}×${Math.round(box.height)}`));
    assert.deepEqual(small, [], tab);
  }
  await close();
});

test('touching a place on the map shows its words in the sheet', async () => {
  const { id } = await seed();
  const { page, close } = await open(`lang=ar&document=${id}`, { size: PHONE });
  await page.waitForSelector('.document-text a');
  await page.locator('.document-text a.placed').first().tap();
  await page.waitForSelector('.mention-card');
  const { '#map': map, '.panel': panel } = await boxes(page);
  assert.ok(map.bottom <= panel.top + 1);
  await close();
});
