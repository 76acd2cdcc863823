// Report A: every number on the page is the number that it says it is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { json, open, plain, still } from './browser.mjs';
import { desk } from './desk-server.mjs';

const own = desk(1150);
const at = (hash, options = {}) => open(hash, { base: own.url, ...options });
const MAKHMOUR = 'wof-421195195';
const period = 'time=2026-10-30..2026-11-28';
const texts = (page, selector) => page.$$eval(selector, (all) => all.map((one) => one.textContent));
const places = async () => (await json('/collections/mention_places/items?limit=1000&properties=count,documents,by_day', own.url)).features;
const inPeriod = (place, from, to) => Object.entries(place.properties.by_day).reduce((sum, [day, count]) => (day >= from && day <= to ? sum + count : sum), 0);

test('A1: the card of a place says the true count, shows the newest first and goes on to the end, with one request a page', async () => {
  const place = (await places()).find(({ id }) => id === MAKHMOUR);
  const { count, documents } = place.properties;
  assert.ok(count > 100, `${count} sentences`);
  const { page, requests, close } = await at(`lang=en&feature=mention_places/${MAKHMOUR}`);
  await page.waitForSelector('.sentence');
  assert.match(plain(await page.textContent('.totals')), new RegExp(`^${count} mentions in ${documents} documents`));
  // Sentences that describe a position name the outlet of their document, which comes with it.
  const described = await page.$$eval('.sentence', (all) => all.filter((one) => !/confidence/i.test(one.textContent)).map((one) => one.dataset.document));
  const asked = requests.map((url) => /\/documents\/([0-9a-f]{16})/.exec(url)?.[1]).filter((id) => id && !described.includes(id));
  assert.deepEqual(asked, [], 'no document is read for the mentions of the list');
  // Mentions come newest first, and so do the positions described from the place behind them.
  const rows = await texts(page, '.sentence > .sub');
  const dayOf = (text) => Date.parse(/· (\d+ \w+ \d{4}) ·/.exec(text)?.[1] ?? '1 January 1900');
  for (const of of [rows.filter((text) => /Confidence/.test(text)), rows.filter((text) => !/Confidence/.test(text))]) {
    const days = of.map(dayOf);
    assert.deepEqual(days, [...days].sort((a, b) => b - a));
  }
  const first = rows;
  const more = page.locator('.more-rows button');
  for (let listed = first.length; ; listed = await page.locator('.sentence').count()) {
    const offered = await more.count();
    if (!offered && listed >= count) break;
    if (offered) await more.first().click();
    // While a page comes there is no button.
    await page.waitForFunction(([was, had]) => document.querySelectorAll('.sentence').length > was || (!had && document.querySelector('.more-rows button')), [listed, offered]);
  }
  // Sentences that describe a position from the place stand among the mentions of it.
  assert.ok((await page.locator('.sentence').count()) >= count);
  assert.equal(await page.locator('.more-rows').count(), 0);
  await close();
});

test('A2: killed and wounded are named in every figure', async () => {
  const [id] = await own.add([{ text: 'قال الناطق إن ثلاثة جنود قتلوا وأصيب خمسة آخرون في داقوق.', title: 'A2', language: 'ar', published: '2020-01-01' }]);
  const { page, close } = await at(`lang=ar&document=${id}`);
  await page.click('#part-claims');
  const words = plain((await texts(page, '.claim .number')).join(' '));
  assert.match(words, /3 قتلى/);
  assert.match(words, /5 جرحى/);
  await close();
  const english = await at(`lang=en&document=${id}`);
  await english.page.click('#part-claims');
  assert.match(plain((await texts(english.page, '.claim .number')).join(' ')), /3 killed 5 wounded/);
  await english.close();
});

test('A3: a lower bound is at least, not about', async () => {
  const [id] = await own.add([{ text: 'At least five soldiers were killed in Daquq, the police said.', title: 'A3', language: 'en', published: '2020-01-02' }]);
  const { page, close } = await at(`lang=en&document=${id}`);
  await page.click('#part-claims');
  const words = plain((await texts(page, '.claim .number')).join(' '));
  assert.match(words, /at least 5 killed/);
  assert.doesNotMatch(words, /about/);
  await close();
});

test('A4: a file of the places holds the counts of the period, as the map draws them', async () => {
  const { page, close } = await at(`lang=en&map=6/35.4/44.2&${period}&tab=share`);
  await still(page);
  await page.waitForSelector('.downloads li[data-layer=mention_places].made-here');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.downloads li[data-layer=mention_places] button:has-text("geojson")')]);
  const { features } = JSON.parse(readFileSync(await download.path(), 'utf8'));
  const wanted = (await places()).map((place) => [place.id, inPeriod(place, '2026-10-30', '2026-11-28')]).filter(([, count]) => count > 0);
  assert.ok(wanted.length > 3);
  assert.deepEqual(Object.fromEntries(features.map(({ id, properties }) => [id, properties.count])), Object.fromEntries(wanted));
  await close();
});

test('A4: files of mentions and documents of a period hold what the lists show', async () => {
  const { page, close } = await at(`lang=en&map=6/35.4/44.2&${period}&tab=share`);
  await still(page);
  const href = await page.$eval('.downloads li[data-layer=documents] a[href*=".geojson"]', (link) => link.href);
  const { features } = await (await fetch(href)).json();
  assert.ok(features.length > 50 && features.every(({ properties: { published } }) => published >= '2026-10-30' && published <= '2026-11-28'));
  await page.click('#tab-evidence');
  await page.waitForSelector('.document-row');
  const shown = plain(await page.textContent('.more-rows span'));
  assert.match(shown, new RegExp(`of ${features.length}$`));
  await close();
});

test('A5: the table of claims has all of them, page by page', async () => {
  const { page, close } = await at('lang=en&tab=layers');
  await page.locator('.layers li[data-layer=claims] .icon-button').click();
  await page.waitForSelector('.table-dialog tbody tr');
  const [, to, total] = /–(\d+) of ([\d,]+)/.exec(plain(await page.textContent('.table-dialog footer')));
  assert.equal(to, '50');
  assert.ok(Number(total.replace(',', '')) > 1000, total);
  assert.ok(await page.locator('.table-dialog footer button').last().isEnabled());
  await page.locator('.table-dialog footer button').last().click();
  await page.waitForFunction(() => /51/.test(document.querySelector('.table-dialog footer').textContent));
  await close();
});

test('A5: every claim of the layer is on the map, not a first thousand', async () => {
  const { page, close } = await at('lang=en&map=6/35.4/44.2&layers=claims:100');
  await still(page);
  // Page by page, so that a slow machine answers each in time.
  let total = 0;
  for (let path = '/collections/claims/items?limit=250'; path; ) {
    const { features, links } = await json(path, own.url);
    total += features.length;
    const next = links.find(({ rel }) => rel === 'next');
    path = next && new URL(next.href).pathname + new URL(next.href).search;
  }
  assert.ok(total > 1000);
  await page.click('#tab-layers');
  // The layer's own requests, answered: together they hold all features.
  const answered = await page.evaluate(async () => {
    const pages = performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /collections\/claims\/items/.test(name) && !/properties=/.test(name));
    const sizes = await Promise.all(pages.map(async (name) => (await (await fetch(name)).json()).features.length));
    return sizes.reduce((sum, size) => sum + size, 0);
  });
  assert.ok(answered >= total, `${answered} of ${total}`);
  await close();
});

test('A6: the list of documents begins with the newest and goes on to the oldest', async () => {
  const { total } = await json('/documents?limit=1', own.url);
  assert.ok(total > 1000);
  const { page, close } = await at('lang=en');
  await page.waitForSelector('.document-row');
  assert.match(await page.locator('.document-row').first().textContent(), /28 November 2026/);
  assert.match(plain(await page.textContent('.more-rows span')), new RegExp(`30 of ${total.toLocaleString('en')}`));
  assert.ok((await page.locator('.document-row').count()) <= 30, 'rows that nobody asked for are not in the page');
  await page.click('.more-rows button');
  await page.waitForFunction(() => document.querySelectorAll('.document-row').length === 60);
  await page.click('#list-places');
  await page.waitForSelector('.mention-row');
  assert.ok(await page.locator('.mention-row').first().isVisible(), 'places are within reach');
  await close();
});

test('a document that corrects another shows the words that changed, and the version before', async () => {
  const text = (toll) => `Police said ${toll} farmers were killed in Daquq on Monday.`;
  const [earlier] = await own.add([{ text: text('three'), title: 'Attack', language: 'en', published: '2020-02-03' }]);
  const [later] = await own.add([{ text: text('five'), title: 'Attack', language: 'en', published: '2020-02-03', revision_of: earlier }]);
  const { page, close } = await at(`lang=en&document=${later}`);
  await page.click('.revision summary');
  assert.equal(plain(await page.textContent('.revision li')), 'three five');
  assert.equal(await page.locator('.revision del').textContent(), 'three');
  assert.match(await page.getAttribute('.revision a', 'href'), new RegExp(`documents/${earlier}$`));
  await close();
});

test('the page says how many documents an earlier version of the program read', async () => {
  const answer = { status: 'ready', layers: 1, documents: 3, outdated_documents: 3 };
  const { page, close } = await at('lang=en', { prepare: (page) => page.route('**/readyz', (route) => route.fulfill({ json: answer })) });
  await page.waitForSelector('.news .outdated');
  assert.match(plain(await page.textContent('.news .outdated')), /earlier version of the program .*: 3$/);
  await close();
  const now = await at('lang=en');
  await now.page.waitForSelector('.document-row');
  assert.equal(await now.page.locator('.news .outdated').count(), 0);
  await now.close();
});
