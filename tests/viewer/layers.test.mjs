// Point 6: switches and opacity change the drawing; the legend shows what is drawn, with the map's own symbols.
import assert from 'node:assert/strict';
import test from 'node:test';
import { json, open, require, still } from './browser.mjs';

const { PNG } = require('pngjs');

const mapPicture = async (page) => PNG.sync.read(await page.locator('#map').screenshot());

const changed = (a, b) => {
  let count = 0;
  for (let i = 0; i < a.data.length; i += 4) if (Math.abs(a.data[i] - b.data[i]) + Math.abs(a.data[i + 1] - b.data[i + 1]) + Math.abs(a.data[i + 2] - b.data[i + 2]) > 24) count++;
  return count;
};

const legend = (page) => page.$$eval('.legend li', (rows) => [...new Set(rows.map((row) => row.dataset.layer))].sort());
const switchedOn = (page) => page.$$eval('.layers li[data-layer]', (rows) => rows.filter((row) => row.querySelector('[role=switch]').checked && !row.querySelector('.zoom-note')).map((row) => row.dataset.layer).sort());

test('each switch changes the drawing and the legend', async () => {
  const { page, close } = await open('lang=en&tab=layers&map=7.2/35.2/44.4');
  await still(page);
  for (const id of ['disputed_areas', 'security_gap', 'region_line', 'mention_places', 'governorates', 'districts', 'rivers', 'places', 'security_gap_area', 'coordination_axes']) {
    const box = page.locator(`.layers li[data-layer=${id}] [role=switch]`);
    const before = await mapPicture(page);
    const was = await box.isChecked();
    await box.click();
    await still(page, 300);
    const after = await mapPicture(page);
    assert.ok(changed(before, after) > 60, `${id}: ${changed(before, after)} pixels changed`);
    assert.equal((await legend(page)).includes(id), !was, `${id} in the legend`);
    await box.click();
    await still(page, 200);
  }
  await close();
});

test('the legend lists exactly the layers that are on', async () => {
  const { page, close } = await open('lang=en&tab=layers&map=8.5/35.2/44.4&layers=rivers:off,security_gap_area:100,claims:100');
  await still(page);
  const on = await switchedOn(page);
  const rows = await legend(page);
  // Land and sea are the ground, which no legend explains.
  const { metadata } = await json('/styles/light.json?lang=en');
  const explained = new Set(metadata['mahwar:legend'].map(({ layer }) => layer));
  assert.deepEqual(on.filter((id) => !rows.includes(id) && explained.has(id)), []);
  assert.ok(!rows.includes('rivers'));
  assert.ok(rows.includes('security_gap_area') && rows.includes('claims'));
  await close();
});

/** How many pixels of a canvas have a colour, over all canvases of a selector. */
const pixelsOf = (page, selector, colour) =>
  page.$$eval(selector, (all, [r, g, b]) => all.reduce((sum, canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255) count++;
    return sum + count;
  }, 0), [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));

test('map and legend are drawn by the style that the server gives to every client', async () => {
  const served = await json('/styles/light.json?lang=en');
  const own = served.metadata['mahwar:colours'].gap;
  const other = '#00c040';
  for (const [there, absent, change] of [[own, other, false], [other, own, true]]) {
    const { page, close } = await open('lang=en&map=9/35.2/44.4', {
      prepare: (page) => page.route(/\/styles\/light\.json/, async (route) => {
        const response = await route.fetch();
        const text = await response.text();
        await route.fulfill({ response, body: change ? text.replaceAll(own, other) : text });
      }),
    });
    await still(page);
    for (const canvas of ['.ol-layers canvas', '.legend li[data-layer=security_gap] canvas']) {
      assert.ok((await pixelsOf(page, canvas, there)) > 20, `${there} on ${canvas}`);
      assert.equal(await pixelsOf(page, canvas, absent), 0, `${absent} on ${canvas}`);
    }
    await close();
  }
});

test('the legend has the rows and the words of the style', async () => {
  const { metadata, layers: styled } = await json('/styles/light.json?lang=ckb');
  // Zooms of the style count tiles of 512 pixels, those of the page 256.
  const drawn = ({ id, shown }) => shown && (styled.find((layer) => layer.id === id)?.minzoom ?? -1) + 1 <= 8;
  const shown = new Set(metadata['mahwar:groups'].flatMap(({ layers }) => layers.filter(drawn).map(({ id }) => id)));
  const { page, close } = await open('lang=ckb&map=8/35.2/44.4');
  await still(page);
  const rows = await page.$$eval('.legend li', (all) => all.map((row) => [row.dataset.layer, row.textContent]));
  assert.deepEqual(rows, metadata['mahwar:legend'].filter(({ layer }) => shown.has(layer)).map(({ layer, title }) => [layer, title]));
  const ink = await page.$$eval('.legend li canvas', (all) => all.map((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.filter((value, index) => index % 4 === 3 && value > 0).length));
  assert.ok(ink.every((count) => count > 10), `every sample is drawn: ${ink}`);
  await page.click('#tab-layers');
  await page.waitForSelector('.layers li[data-layer]');
  const without = await page.$$eval('.layers li[data-layer]', (all) => all.filter((row) => !row.querySelector('canvas')?.getContext('2d').getImageData(0, 0, 34, 20).data.some((value) => value > 0)).map((row) => row.dataset.layer));
  const explained = new Set(metadata['mahwar:legend'].map(({ layer }) => layer));
  assert.deepEqual(without.filter((id) => explained.has(id)), [], 'every switch has its sample');
  await close();
});

test('opacity fades a layer and is kept in the address', async () => {
  const { page, close } = await open('lang=en&tab=layers');
  await still(page);
  const before = await mapPicture(page);
  await page.locator('.layers li[data-layer=disputed_areas] input[type=range]').fill('20');
  await still(page, 300);
  assert.ok(changed(before, await mapPicture(page)) > 500);
  assert.match(page.url(), /disputed_areas:20/);
  await close();
});
