// Points 10 and 11: three worldviews change lines and names, and say so; disputed lines are dashed.
import assert from 'node:assert/strict';
import test from 'node:test';
import { json, open, plain, require, still } from './browser.mjs';

const { PNG } = require('pngjs');
const VIEWS = ['neutral', 'federal', 'region'];

test('each worldview draws another map and prints its own convention', async () => {
  const { worldviews, disclaimer } = await json('/worldviews');
  const pictures = [];
  const { page, close } = await open('lang=en&tab=layers&map=6.6/35/44.2&layers=places:off,mention_places:off');
  for (const id of VIEWS) {
    await page.check(`input[name=worldview][value=${id}]`, { force: true });
    await still(page);
    const view = worldviews.find((known) => known.id === id);
    assert.equal(plain(await page.textContent('.imprint .convention')), plain(view.convention.en));
    assert.equal(plain(await page.textContent('.imprint .disclaimer')), plain(disclaimer.en));
    pictures.push(PNG.sync.read(await page.locator('#map').screenshot()));
  }
  const differing = (a, b) => a.data.reduce((sum, value, index) => sum + (Math.abs(value - b.data[index]) > 30 ? 1 : 0), 0);
  assert.ok(differing(pictures[0], pictures[1]) > 300, 'neutral and federal');
  assert.ok(differing(pictures[0], pictures[2]) > 300, 'neutral and region');
  assert.ok(differing(pictures[1], pictures[2]) > 300, 'federal and region');
  await close();
});

test('names follow the worldview where it has others', async () => {
  const names = await Promise.all(VIEWS.map(async (view) => {
    const { features } = await json(`/collections/disputed_areas/items?limit=100&worldview=${view}`);
    return JSON.stringify(features.map((area) => [area.id, area.properties]));
  }));
  assert.equal(new Set(names).size, 3);
});

test('outlines of disputed areas and the Region line are dashed', async () => {
  const dashes = await (async () => {
    const { page, close } = await open('lang=en&map=9/35.2/44.4', {
      init: () => {
        window.dashes = new Set();
        const stroke = CanvasRenderingContext2D.prototype.stroke;
        CanvasRenderingContext2D.prototype.stroke = function (...rest) {
          window.dashes.add(`${this.strokeStyle} ${this.getLineDash().length}`);
          return stroke.apply(this, rest);
        };
      },
    });
    await still(page);
    const all = await page.evaluate(() => [...window.dashes]);
    await close();
    return all;
  })();
  assert.ok(dashes.includes('#a8690f 2'), `outer disputed outline: ${dashes}`);
  assert.ok(!dashes.includes('#a8690f 0'), 'never solid');
  assert.ok(dashes.includes('#0f5751 4'), 'Region line is dash-dot');
});

test('convention and disclaimer are there in each language', async () => {
  const { worldviews, disclaimer } = await json('/worldviews');
  for (const language of ['ar', 'ckb', 'en']) {
    const { page, close } = await open(`lang=${language}&worldview=region`);
    const region = worldviews.find((view) => view.id === 'region');
    await page.waitForFunction(() => (document.querySelector('.convention')?.textContent ?? '').length > 10);
    assert.equal(plain(await page.textContent('.imprint .convention')), plain(region.convention[language]));
    assert.equal(plain(await page.textContent('.imprint .disclaimer')), plain(disclaimer[language]));
    if (language !== 'en') assert.doesNotMatch(await page.textContent('.imprint .convention'), /[0-9]/);
    await close();
  }
});
