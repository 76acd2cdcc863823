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

/** A phone on its side. */
const SIDE = { width: 740, height: 360 };
const onSide = (hash, more = {}) => open(hash, { size: SIDE, context: { hasTouch: true, isMobile: true }, ...more });

for (const [name, size] of [['upright', PHONE], ['on its side', SIDE]]) {
  test(`C12: ${name}: the card of a mention is in sight, and every word of its document can be reached`, async () => {
    const { id, mentions } = await seed();
    const { id: mention } = mentions.find((one) => one.place && one.in !== 'title');
    const { page, close } = await open(`lang=ar&document=${id}&mention=${mention}`, { size, context: { hasTouch: true, isMobile: true } });
    await page.waitForSelector('.mention-card');
    await page.waitForFunction(() => {
      const [card, panel] = ['.mention-card', '.panel'].map((one) => document.querySelector(one).getBoundingClientRect());
      return card.top >= panel.top && card.top < panel.bottom - 90;
    });
    // The card has the sentence: the text is further down.
    assert.ok((await page.locator('.mention-card [data-mention], .mention-card .m-mention').count()) > 0);
    await page.locator('.document-text .line').last().scrollIntoViewIfNeeded();
    const { line, panel } = await page.evaluate(() => ({ line: [...document.querySelectorAll('.document-text .line')].at(-1).getBoundingClientRect().toJSON(), panel: document.querySelector('.panel').getBoundingClientRect().toJSON() }));
    assert.ok(line.bottom <= panel.bottom + 1 && line.top >= panel.top, `${line.top}–${line.bottom} in ${panel.top}–${panel.bottom}`);
    assert.ok((await page.evaluate(() => document.scrollingElement.scrollHeight)) <= size.height, 'the page itself does not scroll');
    await close();
  });
}

test('C9: on its side the map keeps most of the screen, with a period too, and nothing is smaller than 44 pixels', async () => {
  const { id } = await seed();
  for (const hash of ['lang=ar', 'lang=en&time=2021-01-01..2026-11-30', `lang=ckb&document=${id}`]) {
    const { page, close } = await onSide(hash);
    await still(page);
    const { '#map': map } = await boxes(page);
    assert.ok(map.width > SIDE.width * 0.55 && map.height > SIDE.height * 0.7, `${hash}: ${map.width}×${map.height}`);
    for (const tab of ['evidence', 'layers', 'corridor', 'try', 'share']) {
      await page.click(`#tab-${tab}`);
      await calm(page);
      const small = await page.$$eval('button, select, summary, input[type=text], input[type=number], input[type=search], .choice, .switch, .check, a.format', (all) =>
        all
          .filter((element) => element.checkVisibility() && !element.closest('.sr-only, .skip'))
          .map((element) => ({ element, box: (element.matches('input[type=search]') ? element.parentElement : element).getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
          .map(({ element, box }) => `${element.tagName}.${element.className} ${Math.round(box.width)}×${Math.round(box.height)}`));
      assert.deepEqual(small, [], `${hash} ${tab}`);
      const cut = await page.$$eval('.tabs [role=tab] > span', (all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent));
      assert.deepEqual(cut, [], `${hash}: names of tabs are whole`);
    }
    await close();
  }
});
