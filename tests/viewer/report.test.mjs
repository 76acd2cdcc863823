// Points of the users' report that no other file has: each with its letter.
import assert from 'node:assert/strict';
import test from 'node:test';
import { json, open, plain, still, URL_ } from './browser.mjs';
import { desk } from './desk-server.mjs';

const own = desk(6);
const at = (hash, options = {}) => open(hash, { base: own.url, ...options });

test('B9: the corridor line opens its definition and its length, and no data of a program', async () => {
  for (const language of ['ar', 'en']) {
    const { page, close } = await at(`lang=${language}&feature=security_gap/eastern-outer-edge`);
    await page.waitForSelector('.place h2');
    await still(page);
    const text = plain(await page.innerText('.place'));
    assert.doesNotMatch(text, /[{}]|\["|":|_/, text);
    assert.match(text, /561/, 'the measured length');
    await close();
  }
});

test('B12: in an embed of 480 pixels a dot opens its sentences, over the map and inside it', async () => {
  const places = await json('/collections/mention_places/items?limit=1000', own.url);
  const place = places.features.sort((a, b) => b.properties.count - a.properties.count)[0];
  const [lon, lat] = place.geometry.coordinates;
  const { page, close } = await at(`ui=legend&lang=en&map=12/${lat}/${lon}`, { path: '/embed', size: { width: 480, height: 320 } });
  await still(page);
  const box = await page.locator('#map').boundingBox();
  await page.locator('#map').click({ position: { x: box.width / 2, y: box.height / 2 } });
  // Several things may lie on each other: then a choice is offered first.
  await page.waitForSelector('.floating-card:not([hidden]), .chooser');
  if (await page.locator('.chooser').count()) await page.locator('.chooser button').first().click();
  await page.waitForSelector('.floating-card .sentence');
  const card = await page.locator('.floating-card').boundingBox();
  assert.ok(card.x >= 0 && card.x + card.width <= 480.5 && card.y >= 0 && card.y + card.height <= 320.5, JSON.stringify(card));
  await page.locator('.floating-card .close').click();
  assert.ok(await page.locator('.floating-card').isHidden());
  await close();
});

test('C2: a plain is not called by the word for a surface', async () => {
  const surface = { ar: 'المساحة', ckb: 'ڕووبەر', en: 'Area' };
  const [plainPlace] = await json('/search?q=%D8%B3%D9%87%D9%84%20%D9%85%D8%AE%D9%85%D9%88%D8%B1&limit=1&lang=ar&format=jsonv2', own.url);
  for (const language of ['ar', 'ckb']) {
    const { page, close } = await at(`lang=${language}&feature=places/${plainPlace.osm_id ?? plainPlace.place_id}`);
    await page.waitForSelector('.place header, .place .empty');
    const head = await page.innerText('.place header');
    assert.ok(!head.split(/[\s·]+/).includes(surface[language]), head);
    await close();
  }
});

test('C5: the convention and the map call units by one name', async () => {
  const { worldviews } = await json('/worldviews', own.url);
  const { page, close } = await at('lang=en');
  const names = async (layer) => (await json(`/collections/${layer}/items?limit=500&f=json&properties=name:en`, own.url)).features.map(({ properties }) => properties['name:en']);
  const drawn = new Set([...(await names('governorates')), ...(await names('districts'))]);
  const others = { Ninewa: 'Nineveh', Aqra: 'Akre', 'Al-Shikhan': 'Sheikhan', 'Al-Sulaymaniyah': 'Sulaymaniyah' };
  for (const { id, convention } of worldviews) {
    for (const [other, name] of Object.entries(others)) {
      if (drawn.has(name) && !drawn.has(other)) assert.ok(!convention.en.includes(other), `${id}: ${other} is ${name} on the map`);
    }
  }
  await close();
});

test('C8: on a laptop and a tablet the legend is closed at first', async () => {
  for (const size of [{ width: 1280, height: 720 }, { width: 820, height: 1100 }]) {
    const { page, close } = await at('lang=en', { size });
    assert.equal(await page.$eval('.legend', (legend) => legend.open), false, JSON.stringify(size));
    await close();
  }
});

test('C11, G5: files of mentions, claims and documents are offered at first, with the numbers of the view', async () => {
  const { page, close } = await at('lang=en&tab=share');
  await page.waitForSelector('.downloads li');
  assert.equal(await page.locator('.share input[type=checkbox]').first().isChecked(), true);
  for (const layer of ['mentions', 'claims', 'documents']) {
    const row = page.locator(`.downloads li[data-layer=${layer}]`);
    assert.equal(await row.count(), 1, layer);
    assert.ok((await row.locator('.format').count()) >= 2, layer);
  }
  // Rare formats are under a button.
  const shown = await page.$$eval('.downloads li[data-layer=mentions] .format', (all) => all.filter((link) => link.checkVisibility()).length);
  assert.ok(shown <= 4, `${shown} formats at once`);
  await close();
});

test('C13: links for programs are behind a heading that says so', async () => {
  const { documents } = await json('/documents?limit=1', own.url);
  const { page, close } = await at(`lang=en&document=${documents[0].id}`);
  await page.waitForSelector('.document-text');
  assert.equal(await page.locator('.programs').getAttribute('open'), null);
  assert.equal(await page.locator('.programs a').first().isVisible(), false);
  await close();
});

test('C18: an embed has a heading, and no link that leads nowhere', async () => {
  const { page, close } = await at('ui=legend&lang=en', { path: '/embed' });
  assert.equal(await page.locator('h1').count(), 1);
  const dead = await page.$$eval('a[href^="#"]', (links) => links.map((link) => link.getAttribute('href')).filter((href) => href.length > 1 && !href.includes('=') && !document.querySelector(href)));
  assert.deepEqual(dead, []);
  await close();
});

test('G3: the map says that a number counts mentions, and an event adds nothing up', async () => {
  const { page, close } = await at('lang=en');
  await page.locator('.legend summary').click();
  assert.match(await page.innerText('.legend [data-note=counts]'), /mentions, not incidents/);
  await close();
});

test('G4: the boldest line is called derived, by its definition', async () => {
  const { page, close } = await at('lang=en');
  await page.locator('.legend summary').click();
  const rows = await page.$$eval('.legend li[data-layer=security_gap]', (all) => all.map((row) => row.textContent));
  assert.ok(rows.some((row) => /derived/i.test(row)), JSON.stringify(rows));
  await close();
});

test('G6: the map, the list and the file of a day have the same documents, and the page says what is undated', async () => {
  const day = '2026-11-28';
  await own.add([{ text: 'An attack took place in Kalar.', title: 'Undated', language: 'en' }]);
  const { page, close } = await at(`lang=en&time=${day}..${day}`);
  await page.waitForSelector('.documents .document-row');
  await still(page);
  const titles = await page.$$eval('.documents .document-row b', (all) => all.map((title) => title.textContent));
  const { features } = await json(`/collections/documents/items?f=json&limit=1000&datetime=${day}`, own.url);
  const dated = features.filter(({ properties }) => properties.published);
  assert.deepEqual(titles.toSorted(), dated.map(({ properties }) => properties.title).toSorted());
  assert.ok(!titles.includes('Undated'));
  assert.match(await page.innerText('.time-text'), /undated|without/i);
  await page.click('#tab-share');
  await page.waitForSelector('.downloads li');
  const href = new URL(await page.locator('.downloads li[data-layer=documents] a.format').first().getAttribute('href'), `${own.url}/`);
  const file = await (await fetch(href)).text();
  assert.ok(!file.includes('Undated'), 'the file of the page leaves undated documents out');
  await close();
});

test('an answer that a later question overtook is not shown', async () => {
  const { facets } = await json('/facets?facets=speaker', own.url);
  const name = facets.speaker.values[0].value;
  let held = null;
  const prepare = (page) =>
    page.route(/collections\/claims\/items.*speaker/, async (route) => {
      if (!held) held = route;
      else await route.continue();
    });
  const { page, close } = await at(`lang=en&time=2020-01-01..2020-01-02&person=${encodeURIComponent(name)}`, { prepare });
  for (let asked = 0; !held && asked < 600; asked++) await page.waitForTimeout(100);
  await page.locator('.all-time').click();
  await page.waitForFunction(() => /[1-9]/.test(document.querySelector('.speaker .totals')?.textContent ?? ''));
  const before = await page.innerText('.speaker .totals');
  const late = page.waitForResponse((response) => response.request() === held.request());
  await held.continue();
  await (await late).finished();
  await still(page);
  assert.equal(await page.innerText('.speaker .totals'), before);
  await close();
});

test('much evidence begins with its last ninety days, and all time is a press and an address away', async () => {
  const days = Array.from({ length: 400 }, (_, n) => ({ start: new Date(Date.parse('2026-11-28') - n * 86_400_000).toISOString().slice(0, 10), count: 20 }));
  const prepare = (page) => page.route(/\/histogram\?/, (route) => route.fulfill({ json: { layer: 'mentions', by: 'day', bins: days.toReversed(), total: 8000, undated: 0, first: days.at(-1).start, last: days[0].start } }));
  const { page, close } = await at('lang=en', { prepare });
  await page.waitForFunction(() => location.hash.includes('time=2026-08-31..2026-11-28'));
  await page.locator('.all-time').click();
  await page.waitForFunction(() => location.hash.includes('time=all'));
  const hash = await page.evaluate(() => location.hash.slice(1));
  await close();
  const again = await at(hash, { prepare });
  await still(again.page);
  assert.match(await again.page.evaluate(() => location.hash), /time=all/);
  assert.equal(await again.page.locator('.unread').count(), 0, 'the address is understood');
  await again.close();
  // A link that names a subject is left alone.
  const link = await at('lang=en&q=Makhmour', { prepare });
  await still(link.page);
  assert.doesNotMatch(await link.page.evaluate(() => location.hash), /time=2026/);
  await link.close();
  void URL_;
});
