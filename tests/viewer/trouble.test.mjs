// Point 20: no WebGL, a server that went away, an empty answer: a plain message in the page's language, never a blank map.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open, ORIGIN, require, still } from './browser.mjs';

const { PNG } = require('pngjs');

const colours = async (page) => {
  const { data } = PNG.sync.read(await page.locator('#map').screenshot());
  const seen = new Set();
  for (let i = 0; i < data.length; i += 16) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  return seen.size;
};

const AWAY = { ar: /تعذّر الوصول إلى الخادم/, ckb: /پەیوەندی بە سێرڤەرەوە نییە/, en: /server cannot be reached/ };

test('without WebGL the map is drawn all the same', async () => {
  const { page, errors, close } = await open('lang=ar', {
    init: () => {
      const get = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        return /webgl|webgpu/.test(kind) ? null : get.call(this, kind, ...rest);
      };
    },
  });
  await still(page);
  assert.ok((await colours(page)) > 40);
  assert.deepEqual(errors, []);
  await close();
});

for (const language of ['ar', 'ckb', 'en']) {
  test(`a server that goes away is said so in ${language}; the map stays; retrying works`, async () => {
    const { page, context, close } = await open(`lang=${language}&map=7/35.2/44.4`);
    await still(page);
    const before = await colours(page);
    await context.setOffline(true);
    await page.evaluate(() => (document.querySelector('#tab-corridor').click(), document.querySelector('.map-buttons button').click()));
    await page.waitForSelector('.notice:not([hidden])', { timeout: 300_000 });
    assert.match(await page.textContent('.notice'), AWAY[language]);
    assert.ok((await colours(page)) > before / 4, 'the map is not blank');
    await context.setOffline(false);
    await page.click('.notice .button');
    await page.waitForSelector('.notice', { state: 'hidden', timeout: 300_000 });
    await page.waitForSelector('.versus');
    await close();
  });
}

test('a server without answers from the start is said so, on a page that is not blank', async () => {
  const { page, close } = await open('lang=ar', {
    ready: false,
    prepare: (page) => page.route(/\/(collections|worldviews|documents|xyz)/, (route) => route.fulfill({ status: 503, body: '' })),
  });
  await page.waitForSelector('.notice:not([hidden])', { timeout: 300_000 });
  assert.match(await page.textContent('.notice'), AWAY.ar);
  assert.ok(await page.locator('.notice .button').first().isVisible());
  await page.unroute(/\/(collections|worldviews|documents|xyz)/);
  await close();
});

test('one broken tile or layer leaves the rest', async () => {
  const { page, close } = await open('lang=en', {
    prepare: (page) => page.route(/collections\/(region_line|mention_places)\/items/, (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify({ title: 'broken', status: 500, detail: 'the layer broke' }) })),
  });
  await page.waitForSelector('.notice:not([hidden])');
  assert.match(await page.textContent('.notice'), /the layer broke/);
  assert.ok((await colours(page)) > 40);
  await close();
});

test('tiles that do not come are said so, the rest of the map stays, and retrying brings them', async () => {
  const { page, close } = await open('lang=ckb&map=7/35.2/44.4', {
    prepare: (page) => page.route(/\/xyz\//, (route) => route.fulfill({ status: 500, body: '' })),
  });
  await page.waitForSelector('.notice:not([hidden])');
  assert.match(await page.textContent('.notice'), AWAY.ckb);
  await still(page);
  const without = await colours(page);
  assert.ok(without > 40, 'evidence and territory are drawn');
  await page.unroute(/\/xyz\//);
  const tile = page.waitForResponse((response) => /\/xyz\//.test(response.url()) && response.ok());
  await page.click('.notice .button');
  await tile;
  await page.waitForSelector('.notice', { state: 'hidden' });
  await close();
});

test('empty answers are said to be empty', async () => {
  const empty = { type: 'FeatureCollection', features: [], numberMatched: 0, numberReturned: 0 };
  const { page, errors, close } = await open('lang=ar', {
    prepare: async (page) => {
      await page.route(/\/collections\/\w+\/items/, (route) => route.fulfill({ json: empty }));
      await page.route(new RegExp(`^${ORIGIN}/documents(\\?|$)`), (route) => route.fulfill({ json: { documents: [] } }));
      await page.route(/\/search/, (route) => route.fulfill({ json: [] }));
    },
  });
  await still(page);
  assert.match(await page.textContent('#panel-evidence'), /لا وثائق بعد/);
  await page.click('#list-places');
  assert.match(await page.textContent('#panel-evidence'), /لا أماكن مذكورة/);
  await page.click('#tab-layers');
  await page.locator('.layers li[data-layer=disputed_areas] .icon-button').click();
  await page.waitForFunction(() => /لا شيء هنا/.test(document.querySelector('.table-dialog')?.textContent ?? ''));
  assert.deepEqual(errors, []);
  await close();
});
