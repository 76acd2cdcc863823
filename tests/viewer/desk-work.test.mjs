// Report B1, B5, B7, B16, C14–C17, G1, G2, G9: work in the page, several analysts, and what goes wrong.
import assert from 'node:assert/strict';
import test from 'node:test';
import { json, open, plain, still } from './browser.mjs';
import { desk, TOKEN } from './desk-server.mjs';

const own = desk(0, process.env.DESK_URL ? [] : ['--title', 'Gap Watch <b>', '--imprint', 'Example Desk, https://desk.example.org/about', '--first-layers', 'rivers:off']);
const token = TOKEN;
const at = (hash, options = {}) => open(hash, { base: own.url, ...options });
const TEXT = 'Gunmen attacked a village near Daquq. Four people were killed in Daquq, the mayor said. A delegation went to Kirkuk.';
let serial = 0;
/** A document of its own for each test. */
const make = async (text = TEXT) => (await own.add([{ text: `${text} Report ${++serial} of ${Date.now()}.`, title: `Work ${serial}`, language: 'en', published: '2026-11-20' }]))[0];
const signedIn = (page) => page.addInitScript((value) => sessionStorage.setItem('mahwar-token', value), token);
const mentionsOf = async (id) => (await json(`/documents/${id}/mentions`, own.url)).mentions;

test('B5: an analyst signs in, moves, rejects and takes back, with the keyboard alone', async () => {
  const id = await make();
  const mention = (await mentionsOf(id)).find(({ text, place }) => text === 'Daquq' && place);
  const { page, errors, close } = await at(`lang=en&document=${id}&mention=${mention.id}`);
  await page.locator('.rule').focus();
  await page.keyboard.press('Enter');
  await page.locator('input[name=token]').focus();
  await page.keyboard.type('not-a-token');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.sign-in .wrong');
  await page.locator('input[name=token]').fill(token);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.rule-form .actions');
  assert.ok(!page.url().includes(token) && (await page.context().cookies()).length === 0, 'the token is in no address and no cookie');
  await page.locator('input[name=reason]').fill('another town');
  await page.getByRole('button', { name: 'Another place' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.moving input').focus();
  await page.keyboard.type('Kirkuk');
  await page.waitForSelector('.moving [role=option]:not(.empty)');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /Move to/ }).focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.mention-card .ruled');
  const moved = (await mentionsOf(id)).find((other) => other.id === mention.id);
  assert.equal(moved.ruling.ruling, 'move');
  assert.equal(moved.ruling.reason, 'another town');
  assert.match(await page.textContent('.mention-card .sub'), /Kirkuk/);
  await page.locator('.rule').click();
  await page.getByRole('button', { name: 'Reject', exact: true }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'reason');
  assert.equal((await mentionsOf(id)).find((other) => other.id === mention.id).ruling.ruling, 'move', 'the first press asks for a reason');
  await page.getByRole('button', { name: 'Reject without a reason' }).click();
  await page.waitForFunction(() => /rejected/.test(document.querySelector('.mention-card .ruled')?.textContent ?? ''));
  await page.getByRole('button', { name: 'Take back the ruling' }).click();
  await page.waitForFunction(() => !/rejected/.test(document.querySelector('.mention-card .ruled .ruling')?.textContent ?? ''));
  // Only the token that nobody knew was refused.
  assert.deepEqual(errors.filter((error) => !/status of 4\d\d/.test(error)), []);
  await close();
});

test('B5: a ruling of somebody else is shown, not overwritten', async () => {
  const id = await make();
  const mention = (await mentionsOf(id)).find(({ place }) => place);
  const { page, close } = await at(`lang=en&document=${id}&mention=${mention.id}`, { prepare: signedIn });
  await page.locator('.rule').click();
  await page.waitForSelector('.rule-form .actions');
  const theirs = await fetch(`${own.url}/mentions/${id}-${mention.id}`, { method: 'PATCH', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ ruling: 'reject', reason: 'wrong town', author: 'second analyst' }) });
  assert.equal(theirs.status, 200);
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await page.waitForSelector('.conflict');
  assert.match(await page.textContent('.conflict'), /rejected.*wrong town/s);
  assert.equal((await mentionsOf(id)).find((other) => other.id === mention.id).ruling.ruling, 'reject');
  await page.getByRole('button', { name: 'Store mine all the same' }).click();
  await page.waitForFunction(() => /accepted/.test(document.querySelector('.mention-card .ruled .ruling')?.textContent ?? ''));
  await close();
});

test('B5: a pasted text is checked first, then stored with its description', async () => {
  const { page, close } = await at('lang=en&tab=try', { prepare: signedIn });
  const text = `Two people were wounded in Khanaqin, the police said. Pasted at ${Date.now()}.`;
  await page.fill('.try textarea', text);
  await page.click('.try button[type=submit]');
  await page.waitForSelector('.try-result .document-text');
  assert.match(await page.textContent('.try-result'), /Mentions: 1/);
  await page.fill('.store-form input[name=title]', 'Khanaqin report');
  await page.fill('.store-form input[name=publisher]', 'Desk');
  await page.fill('.store-form input[name=published]', '2026-11-21');
  await page.fill('.store-form input[name=source_url]', 'http://[');
  await page.click('.store-form button[type=submit]');
  await page.waitForSelector('.store-form .wrong');
  assert.match(await page.textContent('.store-form .wrong'), /source_url/);
  await page.fill('.store-form input[name=source_url]', 'https://desk.example.org/1');
  await page.click('.store-form button[type=submit]');
  await page.waitForSelector('.store-form [role=status]');
  await page.click('.store-form [role=status] button');
  await page.waitForSelector('.document-text');
  assert.equal(await page.textContent('.document-text'), text);
  assert.match(await page.textContent('.document-head'), /Khanaqin report.*Desk.*21 November 2026/s);
  await close();
});

test('B5: a dropped table is stored row by row, and each refused row says why', async () => {
  const { page, close } = await at('lang=en&tab=try', { prepare: signedIn });
  const stamp = Date.now();
  await page.setInputFiles('#try-file', { name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(`title,text,date\nOne,"Attack in Daquq, ${stamp}",2026-11-22\nTwo,"Attack in Kirkuk ${stamp}",someday\n`) });
  await page.waitForSelector('.preview li');
  assert.equal(await page.locator('.preview li').count(), 2);
  await page.locator('.store-form button').first().click();
  await page.waitForSelector('.store-form [role=status]');
  assert.match(await page.textContent('.store-form [role=status]'), /Stored: 1, refused: 1/);
  assert.match(await page.textContent('.store-form ul.wrong'), /published/);
  await close();
});

test('B7: an open document shows its places, and the map goes to them', async () => {
  await make('Nothing but Khanaqin is named here, and Khanaqin again.');
  const id = await make('A patrol was near Makhmour today.');
  const { page, close } = await at(`lang=en&map=9/33.3/44.4`);
  await page.waitForSelector('.document-row');
  await page.locator('.document-row', { hasText: `Work ${serial}` }).first().click();
  await page.waitForSelector('.document-text');
  await page.waitForFunction(() => !/map=9\/33\.3\/44\.4/.test(location.hash));
  await still(page);
  const [, , lat, lon] = /map=([\d.]+)\/([\d.]+)\/([\d.]+)/.exec(page.url());
  assert.ok(Math.abs(lat - 35.77) < 0.6 && Math.abs(lon - 43.58) < 0.6, page.url());
  assert.ok(id);
  await close();
});

test('B16: documents that come are told without reloading, and one press shows them', async () => {
  const { page, close } = await at('lang=en', { init: () => (window.setInterval = ((real) => (work, time) => real(work, time === 30_000 ? 1500 : time))(window.setInterval)) });
  await page.waitForSelector('.document-row, .empty');
  await still(page);
  await make();
  await page.waitForSelector('.fresh');
  await page.click('.fresh');
  await page.waitForFunction((title) => [...document.querySelectorAll('.document-row')].some((row) => row.textContent.includes(title)), `Work ${serial}`);
  await close();
});

test('G1: a rejected mention reads as rejected, by whom and when', async () => {
  const id = await make();
  const mention = (await mentionsOf(id)).find(({ place }) => place);
  await fetch(`${own.url}/mentions/${id}-${mention.id}`, { method: 'PATCH', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ ruling: 'reject' }) });
  const { page, close } = await at(`lang=en&document=${id}`);
  await page.click('#part-mentions');
  const words = await page.textContent(`.mention-row[data-mention="${mention.id}"] small`);
  assert.match(words, /^rejected · .* · \d+ \w+ \d{4}$/);
  assert.doesNotMatch(words, /ambiguous|unknown/);
  await close();
});

test('G2: a mention that has no place cannot be accepted, and the page does not offer it', async () => {
  const [id] = await own.add([{ text: `هجوم في قرية الصالحية أمس. ${Date.now()}`, title: 'G2', language: 'ar', published: '2026-11-20' }]);
  const mention = (await mentionsOf(id)).find(({ place }) => !place);
  assert.ok(mention, 'the name is ambiguous');
  const refused = await fetch(`${own.url}/mentions/${id}-${mention.id}`, { method: 'PATCH', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ ruling: 'accept' }) });
  assert.equal(refused.status, 400);
  assert.match((await refused.json()).detail, /no place.*move/);
  const { page, close } = await at(`lang=en&document=${id}&mention=${mention.id}`, { prepare: signedIn });
  await page.locator('.rule').click();
  await page.waitForSelector('.rule-form .actions');
  assert.equal(await page.getByRole('button', { name: 'Accept', exact: true }).count(), 0);
  await close();
});

test('G9: title, imprint and first layers of the operator are on the page, and markup in them is text', async (t) => {
  if (process.env.DESK_URL) return t.skip('a server of its own');
  const { page, close } = await at('lang=en');
  await still(page);
  assert.match(await page.title(), /Gap Watch <b>/);
  assert.equal(await page.textContent('.brand h1'), 'Gap Watch <b>');
  assert.match(await page.textContent('.imprint'), /Example Desk/);
  assert.equal(await page.getAttribute('.imprint a[href^="https://desk.example.org"]', 'href'), 'https://desk.example.org/about');
  await page.click('#tab-layers');
  const rivers = page.locator('.layers li[data-layer=rivers] [role=switch]');
  assert.equal(await rivers.isChecked(), false);
  // A layer that is switched back on stays on in the address, although it is in its initial state then.
  await rivers.click();
  await page.waitForFunction(() => /layers=(&|$)/.test(location.hash));
  await page.reload();
  await page.waitForSelector('.layers li[data-layer=rivers]');
  assert.equal(await rivers.isChecked(), true);
  const landing = await json('/?f=json', own.url);
  assert.equal(landing.title, 'Gap Watch <b>');
  await close();
});

test('C14: a place that could not be read says so and can be asked again', async () => {
  await make();
  const [{ id }] = (await json('/collections/mention_places/items?limit=1', own.url)).features;
  const { page, close } = await at(`lang=en&feature=mention_places/${id}`, { prepare: (page) => page.route(/collections\/mentions\/items/, (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"detail":"broken"}' })) });
  await page.waitForSelector('.place-body .empty button');
  await page.unroute(/collections\/mentions\/items/);
  await page.click('.place-body .empty button');
  await page.waitForSelector('.sentence, .totals');
  await close();
});

test('C15: a link to a thing that does not exist says so; a failing server is not called a refusal', async () => {
  const { page, close } = await at('lang=en&feature=security_gap_posts/p-99999');
  await page.waitForFunction(() => /no such thing/.test(document.querySelector('.place')?.textContent ?? ''));
  await close();
  const failing = await at('lang=en&document=0123456789abcdef', { ready: false, prepare: (page) => page.route(/\/documents\/0123456789abcdef/, (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"detail":"the disk is on fire"}' })) });
  await failing.page.waitForSelector('.notice:not([hidden])');
  assert.match(await failing.page.textContent('.notice'), /server failed.*disk is on fire/s);
  await failing.close();
});

test('C17: an empty store says how to begin', async () => {
  const { page, close } = await at('lang=ar', { prepare: async (page) => {
    await page.route(/\/documents\?limit/, (route) => route.fulfill({ json: { documents: [], total: 0 } }));
    await page.route(/collections\/documents\/items/, (route) => route.fulfill({ json: { type: 'FeatureCollection', features: [], numberMatched: 0, links: [] } }));
  } });
  await page.locator('#list button', { hasText: 'أضف نصاً' }).click();
  await page.waitForSelector('.try textarea');
  await close();
});

test('C1: nouns agree with their numbers', async () => {
  const id = await make('Three people, 11 people, 100 people and one attack were reported: 3 people were killed in Daquq. 11 people were killed in Kirkuk.');
  const { page, close } = await at(`lang=ar&document=${id}`);
  await page.click('#part-claims');
  const words = plain(await page.textContent('.claims'));
  assert.match(words, /3 قتلى/);
  assert.match(words, /11 قتيلاً/);
  await close();
});

test('B16: another analyst rules and corrects, and the open page shows it without reloading', async () => {
  const id = await make('A patrol was near Makhmour and in Daquq today.');
  const { page, close } = await at(`lang=en&document=${id}`);
  await page.waitForSelector('.document-text');
  const write = (method, path, body) => fetch(`${own.url}/${path}`, { method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal((await write('PATCH', `documents/${id}`, { publisher: 'Corrected Agency', reason: 'the page says so' })).status, 200);
  await page.waitForSelector('.correction');
  assert.match(await page.textContent('.correction'), /the page says so/);
  await page.click('.back, .document-head .link');
  await close();
});

test('G10: a document is corrected in the page, and a correction that comes too late is shown, not stored', async () => {
  const id = await make('A patrol was near Makhmour and in Kifri today.');
  const { page, close } = await at(`lang=en&document=${id}`, { prepare: signedIn });
  await page.click('.link.correct');
  await page.fill('.document-form [name=publisher]', 'First Agency');
  await page.fill('.document-form [name=reason]', 'known');
  await page.click('.document-form [type=submit]');
  await page.waitForSelector('.correction');
  const stored = await (await fetch(`${own.url}/documents/${id}`)).json();
  assert.equal(stored.publisher, 'First Agency');
  await page.click('.link.correct');
  await fetch(`${own.url}/documents/${id}`, { method: 'PATCH', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ publisher: 'Theirs' }) });
  await page.fill('.document-form [name=publisher]', 'Mine');
  await page.click('.document-form [type=submit]');
  await page.waitForSelector('.document-form .conflict');
  assert.equal((await (await fetch(`${own.url}/documents/${id}`)).json()).publisher, 'Theirs');
  await close();
});
