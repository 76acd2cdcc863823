// Point 6: switches and opacity change the drawing; the legend shows what is drawn, with the map's own symbols.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open, require, still } from './browser.mjs';

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
  assert.deepEqual(on.filter((id) => !rows.includes(id)), []);
  assert.ok(!rows.includes('rivers'));
  assert.ok(rows.includes('security_gap_area') && rows.includes('claims'));
  await close();
});

test('a legend sample has the colour of the map', async () => {
  const { page, close } = await open('lang=en&map=9/35.2/44.4&layers=security_gap:100');
  await still(page);
  const strongest = (selector) => page.$eval(selector, (canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const counts = new Map();
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) counts.set(`${data[i]},${data[i + 1]},${data[i + 2]}`, (counts.get(`${data[i]},${data[i + 1]},${data[i + 2]}`) ?? 0) + 1);
    return [...counts].filter(([colour]) => colour !== '255,253,248').sort((a, b) => b[1] - a[1])[0][0];
  });
  const colour = await strongest('.legend li[data-layer=security_gap] canvas');
  const onMap = await page.evaluate((wanted) => {
    for (const canvas of document.querySelectorAll('.ol-layers canvas')) {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if (`${data[i]},${data[i + 1]},${data[i + 2]}` === wanted) count++;
      if (count > 50) return true;
    }
    return false;
  }, colour);
  assert.ok(onMap, `${colour} is on the map`);
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
