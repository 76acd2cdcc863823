// Pictures and comparisons: the server's pictures have the filter or the page names the missing part, the saved picture has all of it, both sides of a comparison are named.
import assert from 'node:assert/strict';
import test from 'node:test';
import { json, open, plain, recordCanvasText, still } from './browser.mjs';
import { desk } from './desk-server.mjs';

const own = desk(0);
const at = (hash, options = {}) => open(hash, { base: own.url, ...options });
let serial = 0;
const make = async (text, more = {}) =>
  (await own.add([{ text: `${text} Report ${++serial} of ${Date.now()}.`, title: `Picture ${serial}`, language: 'en', published: '2026-11-20', ...more }]))[0];
/** The address of a picture as the page gives it when it is pressed. */
async function address(page, selector) {
  const link = page.locator(`.pictures ${selector}`).first();
  await link.focus();
  return new URL(await link.getAttribute('href'));
}

test('pictures of the server have exactly the statements of the filter, and a title that says so', async () => {
  const stamp = `Press ${Date.now()}`;
  const id = await make('Two people were killed in Daquq, police said.', { publisher: stamp });
  await make('A meeting was held in Kirkuk.');
  const { page, close } = await at(`lang=en&tab=share&q="killed in Daquq"&publisher=${encodeURIComponent(stamp)}`);
  await page.waitForSelector('.pictures .dotted');
  await still(page);
  for (const selector of ['.pdf', '.size a']) {
    const url = await address(page, selector);
    assert.match(url.searchParams.get('filter'), new RegExp(id), selector);
    assert.match(url.searchParams.get('title'), /killed in Daquq.*Press/, selector);
    const layers = url.searchParams.get('layers').split(',');
    assert.ok(layers.includes('mentions') && !layers.includes('mention_places'), selector);
    const answer = await fetch(url);
    assert.equal(answer.status, 200, await answer.text());
  }
  assert.equal(await page.locator('.pictures .left-out').count(), 0);
  await page.evaluate(() => (location.hash = 'lang=en&tab=share'));
  await page.waitForFunction(() => !document.querySelector('.pictures .dotted'));
  const url = await address(page, '.size a');
  assert.ok(url.searchParams.get('layers').split(',').includes('mention_places') && !url.searchParams.has('filter') && !url.searchParams.has('title'));
  await close();
});

test('B11: a picture of a period has the numbers of the period, and none that counts all time', async () => {
  await own.add([2, 3, 4, 5, 6, 7].map((day) => ({ text: `An attack took place in Kalar on day ${day}, and then in Kalar again.`, title: `Kalar ${day}`, language: 'en', published: day < 4 ? `2026-11-0${day}` : `2024-11-0${day}` })));
  const { page, close } = await at('lang=en&tab=share&time=2026-11-01..2026-11-30&map=10/34.6/45.3');
  await page.waitForSelector('.pictures .size a');
  await still(page);
  assert.equal(await page.locator('.pictures .dotted').count(), 0);
  const url = await address(page, '.size a:nth-of-type(2)');
  assert.equal(url.searchParams.get('datetime'), '2026-11-01/2026-11-30');
  assert.ok(url.searchParams.get('layers').split(',').includes('mention_places'));
  const countOf = async (query) => (await json(`/collections/mention_places/items?limit=1000${query}`, own.url)).features.find(({ properties }) => properties['name:en'] === 'Kalar').properties.count;
  const [inPeriod, ever] = [await countOf('&datetime=2026-11-01/2026-11-30'), await countOf('')];
  assert.ok(ever > inPeriod);
  const numbers = async (address_) => [...(await (await fetch(address_)).text()).matchAll(/<text[^>]*>(.*?)<\/text>/gs)].map(([, inner]) => Number(inner.replace(/<[^>]+>/g, '').trim()));
  const drawn = await numbers(url);
  assert.ok(drawn.includes(inPeriod) && !drawn.includes(ever), `${drawn} for ${inPeriod} of ${ever}`);
  await close();
});

test('what the pictures of the server leave out is named beside the button', async () => {
  const { page, close } = await at('lang=en&tab=share&compare=control:2014-01-01..2018-01-01');
  await page.waitForSelector('.pictures .left-out');
  assert.match(await page.textContent('.pictures .left-out'), /the comparison/);
  await close();
});

test('B11: a saved picture says its filter, both sides, the day and the address, and the legend covers no land', async () => {
  const { page, close } = await at('lang=en&tab=share&q=Daquq&compare=control:2014-01-01..2018-01-01', { init: recordCanvasText });
  await still(page);
  const map = await page.locator('#map').boundingBox();
  await page.evaluate(() => {
    window.drawnAt = [];
    const draw = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      window.drawnAt.push({ text, y });
      return draw.call(this, text, x, y);
    };
  });
  const row = await page.locator('.legend li').first().textContent();
  await Promise.all([page.waitForEvent('download'), page.locator('.pictures button').first().click()]);
  const drawn = await page.evaluate(() => window.drawnAt);
  const all = plain(drawn.map(({ text }) => text).join(' '));
  for (const words of ['Daquq', '1 January 2014', '1 January 2018', 'Made on', 'q=Daquq', 'compare=control:2014-01-01..2018-01-01']) assert.ok(all.includes(words), words);
  const legend = drawn.filter(({ text }) => text === row).at(-1);
  assert.ok(legend.y > map.height, `${legend.y} is below the map`);
  await close();
});

test('B6: both sides of a comparison are named on the map and in the table, and stay in the address', async () => {
  const { page, close } = await at('lang=en&tab=layers&compare=control:2014-01-01..2018-01-01');
  await page.waitForSelector('.control-changes tbody tr');
  const sides = async () => plain(`${await page.textContent('.swipe-left')} | ${await page.textContent('.swipe-right')}`);
  assert.equal(await sides(), '1 January 2014 | 1 January 2018');
  assert.match(await page.getAttribute('.swipe input', 'aria-label'), /1 January 2014.*1 January 2018/);
  await page.fill('.control-from', '2015-06-01');
  await page.waitForFunction(() => /compare=control:2015-06-01\.\.2018-01-01/.test(location.hash));
  assert.equal(await sides(), '1 June 2015 | 1 January 2018');
  await page.reload();
  await page.waitForSelector('.control-changes tbody tr, .compare .empty');
  assert.equal(await sides(), '1 June 2015 | 1 January 2018');
  // Each side has its own tiles.
  const rows = await page.$$eval('.legend li[data-layer=control]', (all) => all.map((one) => one.textContent));
  assert.ok(rows.length > 0 && rows.every((words) => !/: (federal|region|islamic-state|divided)$/.test(words)), rows.join());
  await page.evaluate(() => (location.hash = 'lang=en&time=2026-11-01..2026-11-30&compare=2026-10-01..2026-10-31'));
  await page.waitForFunction(() => /October/.test(document.querySelector('.swipe-right')?.textContent ?? ''));
  assert.equal(await sides(), '1 November 2026 – 30 November 2026 | 1 October 2026 – 31 October 2026');
  const { worldviews } = await json('/worldviews', own.url);
  await page.evaluate((id) => (location.hash = `lang=en&compare=${id}`), worldviews.at(-1).id);
  await page.waitForFunction((title) => document.querySelector('.swipe-right')?.textContent === title, worldviews.at(-1).title.en);
  await close();
});
