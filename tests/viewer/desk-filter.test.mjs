// Report B2–B4, B13, B14: one filter and one period for everything, kept in the address.
import assert from 'node:assert/strict';
import test from 'node:test';
import { json, open, plain, still } from './browser.mjs';
import { desk } from './desk-server.mjs';

const own = desk(240);
const at = (hash, options = {}) => open(hash, { base: own.url, ...options });
const numberIn = async (page, selector) => Number(plain(await page.textContent(selector)).replace(/\D/g, ''));
const ready = (page) => page.waitForFunction(() => document.querySelector('#list:not([aria-busy])') && !document.querySelector('#list .empty[aria-busy]'));
const mentions = async () => (await json('/collections/mentions/items?limit=10000', own.url)).features;
/** Kilometres between two positions, for the tests' own count. */
const far = ([a, b], [c, d]) => {
  const rad = Math.PI / 180;
  const h = Math.sin(((d - b) * rad) / 2) ** 2 + Math.cos(b * rad) * Math.cos(d * rad) * Math.sin(((c - a) * rad) / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.sqrt(h));
};

test('B2: around Makhmour in the last month: documents, places, claims and the map say the same', async () => {
  const { page, close } = await at('lang=en&area=around:35.7778,43.5814,30&time=2026-10-30..2026-11-28');
  await page.waitForSelector('.summary');
  const inside = (await mentions()).filter(({ geometry, properties }) => properties.published >= '2026-10-30' && properties.published <= '2026-11-28' && !['governorate', 'region', 'country'].includes(properties.level) && far(geometry.coordinates, [43.5814, 35.7778]) <= 30);
  const documents = new Set(inside.map(({ properties }) => properties.document));
  assert.ok(inside.length > 5);
  const words = plain(await page.textContent('.summary'));
  // Positions that are described from a place of the area count beside the mentions that are drawn in it.
  const [, shown, papers] = /^(\d+) mentions? in (\d+) documents?/.exec(words) ?? [];
  assert.ok(Number(shown) >= inside.length, words);
  assert.equal(Number(papers), documents.size, words);
  assert.equal(await numberIn(page, '#list-documents .count'), documents.size);
  await ready(page);
  const rows = await page.$$eval('.document-row small', (all) => all.map((one) => one.textContent));
  assert.equal(rows.length, Math.min(30, documents.size));
  for (const row of rows) assert.match(row, /(30|31) October 2026|November 2026/);
  await page.click('#list-places');
  const counts = await page.$$eval('.mention-row .count', (all) => all.map((one) => Number(one.textContent.replace(/\D/g, ''))));
  assert.equal(counts.reduce((sum, count) => sum + count, 0), inside.length);
  await page.locator('.mention-row').first().click();
  await page.waitForSelector('.sentence');
  assert.equal(await numberIn(page, '.totals'), Number(`${counts[0]}${(/\(of (\d+)/.exec(plain(await page.textContent('.totals'))) ?? ['', ''])[1]}`));
  await close();
});

test('B2: a unit with everything inside leaves out what is coarser than it', async () => {
  const { page, close } = await at('lang=en&area=unit:IQG11Q04');
  await page.waitForSelector('.summary');
  await page.click('#list-places');
  const levels = await page.$$eval('.mention-row small', (all) => all.map((one) => one.textContent));
  assert.ok(levels.length > 0 && levels.every((level) => !/governorate|region|country/.test(level)), levels.join());
  await close();
});

test('B2: along the corridor from kilometre to kilometre', async () => {
  const { page, close } = await at('lang=en&area=corridor:400-560,30');
  await page.waitForSelector('.summary');
  await page.click('#list-places');
  const names = await page.$$eval('.mention-row b', (all) => all.map((one) => one.textContent));
  assert.ok(names.includes('Makhmour'), names.join());
  assert.ok(!names.includes('Khanaqin'), names.join());
  await close();
});

test('B3: the time has an axis, dates, presets and a calendar, and its track does not move', async () => {
  const { page, close } = await at('lang=en');
  await page.waitForSelector('.timeline');
  assert.ok((await page.locator('.axis .tick').count()) >= 2);
  assert.ok((await page.locator('.timeline rect title').count()) > 3);
  const width = () => page.$eval('.range', (track) => track.getBoundingClientRect().width);
  const whole = await width();
  await page.selectOption('.presets', 'newest');
  await page.waitForFunction(() => /time=2026-10-30\.\.2026-11-28/.test(location.hash));
  assert.equal(await width(), whole);
  assert.match(await page.textContent('.time-text'), /30 October 2026 – 28 November 2026/);
  await page.click('.calendar summary');
  await page.fill('.day-from', '2026-11-01');
  await page.waitForFunction(() => /time=2026-11-01\.\.2026-11-28/.test(location.hash));
  assert.equal(await width(), whole);
  await page.click('.all-time');
  await page.waitForFunction(() => !/time=/.test(location.hash));
  await close();
});

test('B3: on a phone the dates are seen and all time is a touch away', async () => {
  const { page, close } = await at('lang=ar&time=2026-11-01..2026-11-28', { size: { width: 360, height: 740 } });
  await page.waitForSelector('.timeline');
  assert.match(plain(await page.textContent('.time-text')), /1 تشرين الثاني 2026/);
  assert.ok(await page.locator('.time-text').isVisible());
  await page.locator('.all-time').tap();
  await page.waitForFunction(() => !/time=/.test(location.hash));
  await close();
});

test('B2: a period means the day of publication, or the day of the event that the text states', async () => {
  const [id] = await own.add([{ text: `Gunmen attacked a checkpoint in Jalawla on 3 January 2020. Two guards were killed in Jalawla on 3 January 2020. ${Date.now()}`, title: 'Long ago', language: 'en', published: '2026-11-25' }]);
  const known = (await json(`/collections/mentions/items?limit=10&document=${id}`, own.url)).features.some(({ properties }) => properties.time_from === '2020-01-03');
  assert.ok(known, 'the server knows the day of the event');
  for (const [by, found] of [['&by=event', true], ['', false]]) {
    const { page, close } = await at(`lang=en&time=2020-01-01..2020-01-31&q=Jalawla${by}`);
    await page.waitForSelector('.summary');
    await page.waitForFunction(() => !document.querySelector('#list[aria-busy]'));
    assert.equal(/^0 mentions/.test(plain(await page.textContent('.summary'))), !found, by);
    await close();
  }
});

test('B4: words, speaker, publisher, kind and language narrow everything and are kept in the address', async () => {
  const { page, close } = await at('lang=en');
  await page.click('.filter-toggle');
  await page.selectOption('select[name=publisher]', 'Example Wire');
  await page.waitForFunction(() => /publisher=Example\+Wire/.test(location.hash));
  await page.waitForSelector('.summary');
  await ready(page);
  const rows = await page.$$eval('.document-row small', (all) => all.map((one) => one.textContent));
  assert.ok(rows.length > 0 && rows.every((row) => row.includes('Example Wire')), rows[0]);
  await page.fill('input[name=speaker]', 'security media');
  await page.press('input[name=speaker]', 'Tab');
  await page.waitForFunction(() => /speaker=security\+media/.test(location.hash));
  await page.check('input[name=type][value=casualties]');
  await page.waitForFunction(() => /type=casualties/.test(location.hash));
  await page.waitForSelector('[data-condition=speaker]');
  const { hash } = new URL(page.url());
  await page.waitForFunction(() => !document.querySelector('#list[aria-busy]'));
  const summary = await page.textContent('.summary');
  await close();
  const again = await at(hash.slice(1));
  await again.page.waitForSelector('.summary');
  assert.equal(await again.page.textContent('.summary'), summary);
  await again.page.click('[data-condition=publisher]');
  await again.page.waitForFunction(() => !/publisher=/.test(location.hash));
  await again.close();
});

test('B4: words are found in Arabic and Sorani spellings alike', async () => {
  for (const [words, title] of [['الحويجه', /الحويجة/], ['كەركووك', /کەرکووک/]]) {
    const { page, close } = await at(`lang=ar&q=${encodeURIComponent(words)}`);
    await page.waitForSelector('.summary');
    await ready(page);
    const rows = await page.$$eval('.document-row b', (all) => all.map((one) => one.textContent));
    assert.ok(rows.length > 0 && rows.some((row) => title.test(row)), rows.join());
    await close();
  }
});

test('B4: a speaker leads to everything they said', async () => {
  const { page, close } = await at('lang=en');
  await page.click('#list-claims');
  await page.locator('.speaker-link', { hasText: 'the Security Media Cell' }).first().click();
  await page.waitForSelector('.speaker .totals');
  const claims = (await json("/collections/claims/items?limit=10000&filter=speaker='the%20Security%20Media%20Cell'", own.url)).features.length;
  assert.match(plain(await page.textContent('.speaker .totals')), new RegExp(`^${claims} claims`));
  assert.match(page.url(), /person=the\+Security/);
  await close();
});

test('B13: a copied link opens what is seen, not the tab that it was copied in', async () => {
  const { page, close } = await at('lang=en&feature=mention_places/wof-421195195&tab=share&speaker=media');
  await page.waitForSelector('.share .actions button');
  await page.locator('.share .actions button').first().click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.doesNotMatch(link, /tab=share/);
  assert.match(link, /feature=mention_places\/wof-421195195/);
  assert.match(link, /speaker=media/);
  await close();
});

test('B14: Back goes a step back in the page, and the title follows', async () => {
  const { page, close } = await at('lang=en');
  await page.waitForSelector('.document-row');
  const home = await page.title();
  await page.locator('.document-row').first().click();
  await page.waitForSelector('.document-text');
  await page.waitForFunction(() => /document=/.test(location.hash));
  assert.notEqual(await page.title(), home);
  await page.goBack();
  await page.waitForSelector('.document-row');
  assert.equal(await page.title(), home);
  await page.goForward();
  await page.waitForSelector('.document-text');
  await close();
});

test('B15: the table sorts by its headings, finds rows, chooses columns and is saved as it is seen', async () => {
  const { page, close } = await at('lang=en&tab=layers');
  await page.locator('.layers li[data-layer=mention_places] .icon-button').click();
  await page.waitForSelector('.table-dialog tbody tr');
  await page.click('.table-dialog .sort[data-column=count]');
  const column = async () => page.$$eval('.table-dialog tbody tr', (rows) => rows.map((row) => Number(row.querySelectorAll('td')[2].textContent.replace(/\D/g, ''))));
  const up = await column();
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  await page.click('.table-dialog .sort[data-column=count]');
  assert.deepEqual(await column(), [...up].reverse());
  await page.fill('.table-words', 'makhm');
  await page.waitForFunction(() => document.querySelectorAll('.table-dialog tbody tr').length === 1);
  await page.click('.table-dialog .columns summary');
  await page.uncheck('.table-dialog .columns input[data-column=last]');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.table-dialog .csv')]);
  const { readFileSync } = await import('node:fs');
  const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
  assert.equal(lines.length, 2);
  assert.match(lines[0], /Count/);
  assert.doesNotMatch(lines[0], /Last/);
  assert.match(lines[1], /Makhmour/);
  await close();
});

test('B15: places have names in the table, not ids', async () => {
  const { page, close } = await at('lang=en&tab=layers');
  await page.locator('.layers li[data-layer=claims] .icon-button').click();
  await page.waitForSelector('.table-dialog tbody tr');
  await page.waitForFunction(() => !/\b(wof-\d+|IQG\d+Q\d+)\b/.test(document.querySelector('.table-dialog tbody').textContent));
  const first = await page.textContent('.table-dialog tbody tr th');
  assert.match(plain(first), /Casualties: at least \d+ killed/);
  await close();
});

test('B8: no mark covers another, and the sum of the marks is the sum of the places', async () => {
  const { page, close } = await at('lang=en&map=5.5/35.2/44.3');
  await still(page);
  const place = page.locator('#map');
  const box = await place.boundingBox();
  // A joined mark asks which place is meant.
  let asked = false;
  for (let x = 0.3; x < 0.8 && !asked; x += 0.02) {
    for (let y = 0.2; y < 0.8 && !asked; y += 0.04) {
      await page.mouse.click(box.x + box.width * x, box.y + box.height * y);
      await page.waitForTimeout(320);
      asked = (await page.locator('.chooser button').count()) > 1;
    }
  }
  assert.ok(asked, 'a list of places was offered');
  const names = await page.$$eval('.chooser bdi', (all) => all.map((one) => one.textContent));
  assert.equal(new Set(names).size, names.length, names.join());
  await page.keyboard.press('Enter');
  await page.waitForSelector('.place h2');
  assert.equal(await page.textContent('.place h2'), names[0]);
  await close();
});

test('the first and last day of a place in the table are those of the period', async () => {
  const [time, condition] = ['2026-11-01..2026-11-10', "published >= DATE('2026-11-01') AND published < DATE('2026-11-11')"];
  const { page, close } = await at(`lang=en&tab=layers&time=${time}`);
  await page.locator('.layers li[data-layer=mention_places] button').last().click();
  await page.waitForSelector('.table-dialog tbody tr');
  const columns = await page.$$eval('.table-dialog thead th button', (all) => all.map((one) => one.dataset.column));
  const rows = await page.$$eval('.table-dialog tbody tr', (all) => all.map((row) => ({ id: row.dataset.id, cells: [...row.cells].slice(1).map((cell) => cell.textContent) })));
  const { features } = await json(`/collections/mentions/items?limit=5000&filter-lang=cql2-text&filter=${encodeURIComponent(condition)}`, own.url);
  assert.ok(rows.length > 0);
  const day = (text) => new Date(`${text} UTC`).toISOString().slice(0, 10);
  for (const { id, cells } of rows) {
    const days = features.filter(({ properties }) => properties.place === id).map(({ properties }) => properties.published.slice(0, 10)).sort();
    assert.deepEqual([day(cells[columns.indexOf('first')]), day(cells[columns.indexOf('last')])], [days[0], days.at(-1)], id);
  }
  await close();
});

test('the title of the feed in the head of the page says which statements it has', async () => {
  const { page, close } = await at('lang=en&q=Kirkuk&time=2026-11-01..2026-11-10');
  const title = () => page.getAttribute('link[rel=alternate][type="application/atom+xml"]', 'title');
  assert.match(plain(await title()), /^.+ · 1 November 2026 – 10 November 2026 · “Kirkuk”$/);
  await page.evaluate(() => (location.hash = 'lang=en'));
  await page.waitForFunction(() => !document.querySelector('link[rel=alternate][type="application/atom+xml"]').title.includes('Kirkuk'));
  assert.equal(await page.locator('link[rel=alternate][type="application/atom+xml"]').count(), 1);
  await close();
});
