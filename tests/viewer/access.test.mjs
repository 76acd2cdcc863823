// For everyone: axe finds nothing, in three languages, in each part of the page, light and dark, wide and narrow.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { DESKTOP, open, PHONE, require, seed } from './browser.mjs';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return found.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 110)} ${node.any[0]?.message ?? ''}`).join(' | ')}`);
}

for (const [language, scheme, size] of [['ar', 'light', DESKTOP], ['ckb', 'dark', DESKTOP], ['en', 'light', DESKTOP], ['ar', 'dark', PHONE], ['ckb', 'light', PHONE], ['en', 'dark', PHONE]]) {
  test(`axe finds nothing in ${language}, ${scheme}, ${size.width} pixels`, async () => {
    const { id, mentions } = await seed();
    const mention = mentions.find((other) => other.place);
    const { page, close } = await open(`lang=${language}&document=${id}`, { scheme, size });
    await page.waitForSelector('.document-text');
    assert.deepEqual(await violations(page), [], 'document');
    await page.evaluate((wanted) => document.querySelector(`.document-text a[data-mention="${wanted}"]`).click(), mention.id);
    await page.waitForSelector('.mention-card');
    assert.deepEqual(await violations(page), [], 'mention');
    for (const part of ['mentions', 'claims']) {
      await page.click(`#part-${part}`);
      assert.deepEqual(await violations(page), [], part);
    }
    for (const tab of ['layers', 'corridor', 'try', 'share']) {
      await page.click(`#tab-${tab}`);
      await page.waitForFunction(() => !document.querySelector('.tab-panel[aria-busy]'));
      await page.waitForTimeout(300);
      assert.deepEqual(await violations(page), [], tab);
    }
    await page.click('#tab-layers');
    await page.locator('.layers li[data-layer=disputed_areas] .icon-button').click();
    await page.waitForSelector('.table-dialog tbody tr');
    assert.deepEqual(await violations(page), [], 'table');
    await page.keyboard.press('Escape');
    await page.click('.imprint summary');
    await page.locator('.search input').fill({ ar: 'كركوك', ckb: 'کەرکووک', en: 'Kirkuk' }[language]);
    await page.waitForSelector('[role=option]:not(.empty)');
    assert.deepEqual(await violations(page), [], 'suggestions and sources');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.place h2');
    assert.deepEqual(await violations(page), [], 'place');
    // On a phone the sources lie over the buttons of the map.
    await page.click('.imprint summary');
    await page.context().setOffline(true);
    await page.click('.map-buttons button');
    await page.evaluate(() => (location.hash = location.hash.replace(/lang=\w+/, (now) => `${now}&worldview=region`)));
    await page.waitForSelector('.notice:not([hidden])');
    assert.deepEqual(await violations(page), [], 'notice');
    await close();
  });
}

test('with motion reduced nothing glides', async () => {
  const { page, close } = await open('lang=en&map=7/35/44', { motion: 'reduce' });
  await page.click('.map-buttons button');
  await page.waitForFunction(() => /map=8\//.test(location.hash));
  const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((element) => getComputedStyle(element).transitionDuration.split(',').some((time) => parseFloat(time) > 0)).length);
  assert.equal(moving, 0);
  await close();
});

test('B11: on paper there are the map, the legend, the convention and the text, and no buttons', async () => {
  const { id } = await seed();
  const { page, close } = await open(`lang=ar&document=${id}`);
  await page.waitForSelector('.document-text');
  await page.emulateMedia({ media: 'print' });
  for (const shown of ['#map', '.legend', '.convention', '.disclaimer', '.document-text']) assert.ok(await page.locator(shown).first().isVisible(), shown);
  for (const hidden of ['.map-buttons', '.tabs', '.search']) assert.ok(!(await page.locator(hidden).first().isVisible()), hidden);
  await close();
});
