// Point 12: the claim beside the measurement, with method, definition and the other figures; and the ruler.
import assert from 'node:assert/strict';
import test from 'node:test';
import { json, open, still } from './browser.mjs';

/** Text without the marks that isolate its parts. */
const bare = async (page, selector) => (await page.textContent(selector)).replace(/[\u2066-\u2069]/g, '');

test('the claimed length stands beside the measured one with its method', async () => {
  const { definitions, published } = await json('/corridor/definitions');
  const main = definitions.find((definition) => definition.default);
  const { page, close } = await open('lang=en&tab=corridor');
  await page.waitForSelector('.versus');
  assert.match(await bare(page, '.versus .claimed'), /about 560/);
  assert.ok((await bare(page, '.versus .measured')).includes(main.length_km.toFixed(1)));
  const words = await page.textContent('.panel-body.corridor');
  assert.match(words, /geodesic on WGS 84/);
  assert.ok(words.includes(main.title.en));
  assert.ok(words.includes('560 km are'), 'how they differ');
  assert.equal(await page.locator('.figures li').count(), published.length);
  assert.equal(await page.locator('.bars li').count(), definitions.length - 1);
  await close();
});

test('the numbers are in Arabic digits on an Arabic page, number before unit', async () => {
  const { page, close } = await open('lang=ar&tab=corridor');
  await page.waitForSelector('.versus');
  assert.match(await bare(page, '.versus .claimed'), /نحو ٥٦٠ كم/);
  assert.match(await bare(page, '.versus .measured'), /٥٦١٫٤ كم/);
  await close();
});

test('a kilometre is shown on the map and told with its units', async () => {
  const at = await json('/corridor/at?km=214');
  const { page, close } = await open('lang=en&tab=corridor');
  await page.fill('.km-form input', '214');
  await page.click('.km-form button');
  await page.waitForSelector('.located p');
  assert.match(await bare(page, '.located p'), /^km 214, .+ \| .+/);
  await page.waitForFunction(() => /km=214/.test(location.hash));
  assert.ok(at.properties.left && at.properties.right);
  await close();
});

test('another definition is drawn when it is chosen', async () => {
  const { page, close } = await open('lang=en&tab=corridor');
  await page.waitForSelector('.bars li');
  await page.locator('.bars li button').first().click();
  await page.waitForFunction(() => /feature=security_gap\//.test(location.hash));
  await still(page);
  assert.equal(await page.locator('.notice:not([hidden])').count(), 0);
  await close();
});

test('the profile runs from one end to the other', async () => {
  const { stretches, length_km } = await json('/corridor/profile?by=governorate');
  assert.ok(Math.abs(stretches.reduce((sum, stretch) => sum + stretch.km, 0) - length_km) < 0.1);
  const { page, close } = await open('lang=ckb&tab=corridor');
  await page.waitForFunction((count) => document.querySelectorAll('.stretches li').length === count, stretches.length);
  await page.waitForFunction(() => !/IQG/.test(document.querySelector('.stretches')?.textContent ?? 'IQG'));
  await close();
});

test('pointing beside the line tells kilometre, distance and direction', async () => {
  const { page, close } = await open('lang=en&tab=corridor&map=8/34.9/44.3');
  await still(page);
  await page.click('.ruler button[aria-pressed]');
  const box = await page.locator('#map').boundingBox();
  await page.mouse.click(box.x + box.width / 2 - 60, box.y + box.height / 2 + 60);
  await page.waitForSelector('.located p');
  assert.match(await bare(page, '.located p'), /^km [\d.,]+, [\d.,]+ km (north|south|east|west|north-east|north-west|south-east|south-west) of the line, /);
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
