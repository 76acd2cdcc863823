// Point 12: the claim beside the measurement, with method, definition and the other figures; and the ruler.
import assert from 'node:assert/strict';
import test from 'node:test';
import { json, open, still } from './browser.mjs';

/** Text without the marks that isolate its parts. */
const plain = async (page, selector) => (await page.textContent(selector)).replace(/[\u2066-\u2069]/g, '');

test('the claimed length stands beside the measured one with its method', async () => {
  const { definitions, published } = await json('/corridor/definitions');
  const main = definitions.find((definition) => definition.default);
  const { page, close } = await open('lang=en&tab=corridor');
  await page.waitForSelector('.versus');
  assert.match(await plain(page, '.versus .claimed'), /about 560/);
  assert.ok((await plain(page, '.versus .measured')).includes(main.length_km.toFixed(1)));
  const words = await page.textContent('.panel-body.corridor');
  assert.match(words, /geodesic on WGS 84/);
  assert.ok(words.includes(main.title.en));
  assert.equal(await page.locator('.figures li').count(), published.length);
  assert.equal(await page.locator('.bars li').count(), definitions.length - 1);
  await close();
});

test('the numbers are in Arabic digits on an Arabic page, number before unit', async () => {
  const { page, close } = await open('lang=ar&tab=corridor');
  await page.waitForSelector('.versus');
  assert.match(await plain(page, '.versus .claimed'), /نحو ٥٦٠ كم/);
  assert.match(await plain(page, '.versus .measured'), /٥٦١٫٤ كم/);
  await close();
});

test('a kilometre is shown on the map and told with its units', async () => {
  const at = await json('/corridor/at?km=214');
  const { page, close } = await open('lang=en&tab=corridor');
  await page.fill('.km-form input', '214');
  await page.click('.km-form button');
  await page.waitForSelector('.located p');
  assert.match(await plain(page, '.located p'), /^km 214, .+ \| .+/);
  await page.waitForFunction(() => /km=214/.test(location.hash));
  assert.ok(at.properties.left && at.properties.right);
  await close();
});

test('pointing beside the line tells kilometre, distance and direction', async () => {
  const { page, close } = await open('lang=en&tab=corridor&map=8/34.9/44.3');
  await still(page);
  await page.click('.ruler button[aria-pressed]');
  const box = await page.locator('#map').boundingBox();
  await page.mouse.click(box.x + box.width / 2 - 60, box.y + box.height / 2 + 60);
  await page.waitForSelector('.located p');
  assert.match(await plain(page, '.located p'), /^km [\d.,]+, [\d.,]+ km (north|south|east|west|north-east|north-west|south-east|south-west) of the line, /);
  await close();
});

test('a kilometre beyond the end is refused in words', async () => {
  const { page, errors, close } = await open('lang=en&tab=corridor');
  await page.fill('.km-form input', '1900');
  await page.click('.km-form button');
  await page.waitForSelector('.located p');
  assert.ok((await page.textContent('.located p')).length > 5);
  assert.equal(errors.filter((text) => !/400|404/.test(text)).length, 0);
  await close();
});
