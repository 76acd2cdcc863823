// Work in the page beyond rulings: names in titles, described positions, claims and missed mentions, forms that are behind, feeds.
import assert from 'node:assert/strict';
import test from 'node:test';
import { json, open, plain, still } from './browser.mjs';
import { desk, TOKEN } from './desk-server.mjs';

const own = desk(0);
const at = (hash, options = {}) => open(hash, { base: own.url, ...options });
let serial = 0;
/** A document of its own for each test. */
const make = async (text, more = {}) =>
  (await own.add([{ text: `${text} Report ${++serial} of ${Date.now()}.`, title: `Edit ${serial}`, language: 'en', published: '2026-11-20', ...more }]))[0];
const signedIn = (page) => page.addInitScript((value) => sessionStorage.setItem('mahwar-token', value), TOKEN);
const write = (method, path, body) =>
  fetch(`${own.url}/${path}`, { method, headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
const claimsOf = async (id) => json(`/documents/${id}/claims`, own.url);
const openPart = (page, name) => page.locator('.document').getByRole('tab', { name: new RegExp(`^${name}`) }).click();

test('names in a title are marked in the title, and nothing else in the text', async () => {
  const id = await make('Three soldiers were killed in an attack in Daquq on Monday.', { title: 'Attack in Daquq kills three' });
  const { page, errors, close } = await at(`lang=en&document=${id}`);
  await page.waitForSelector('.document-text');
  assert.deepEqual(await page.$$eval('.document-head h2 [data-mention]', (all) => all.map((one) => one.textContent)), ['Daquq']);
  assert.equal(await page.textContent('.document-head h2'), 'Attack in Daquq kills three');
  const { mentions } = await json(`/documents/${id}/mentions`, own.url);
  const words = new Set(mentions.filter((one) => one.in !== 'title').map(({ text }) => text));
  for (const text of await page.$$eval('.document-text [data-mention]', (all) => all.map((one) => one.textContent))) assert.ok(words.has(text), text);
  const { claims } = await claimsOf(id);
  const inTitle = claims.findIndex(({ evidence }) => evidence.in === 'title');
  if (inTitle >= 0) {
    await openPart(page, 'Claims');
    await page.locator('.claim').nth(inTitle).getByRole('button', { name: 'Show in the text' }).click();
    await page.waitForSelector('.document-head h2 .m-claim.lit');
    assert.equal(await page.locator('.document-body .m-claim.lit').count(), 0);
  }
  assert.deepEqual(errors, []);
  await close();
});

test('a position described near a place is in the lists of its area, in the card of the place and in the files', async () => {
  const text = 'Four people were killed in an ambush near Khanaqin on Thursday, police said.';
  const id = await make(text, { title: 'Ambush', published: '2026-10-02' });
  const [place] = (await json(`/documents/${id}/mentions`, own.url)).mentions.map((one) => one.place?.id);
  const [hit] = await json(`/lookup?osm_ids=${place}&format=jsonv2`, own.url);
  const { page, close } = await at(`lang=en&area=around:${hit.lat},${hit.lon},15&time=2026-10-01..2026-10-03`);
  await page.waitForSelector('.summary');
  assert.match(plain(await page.textContent('.summary')), /^1 mention in 1 document, 1 place/);
  await page.waitForSelector('.document-row');
  assert.equal(await page.locator('.document-row').count(), 1);
  await page.click('#list-claims');
  await page.waitForSelector('.claim');
  assert.match(await page.textContent('.claim'), /ambush near Khanaqin/);
  await page.click('#list-places');
  assert.match(plain(await page.textContent('.mention-row')), /Khanaqin.*Described from here: 1/);
  await page.locator('.mention-row').first().click();
  await page.waitForSelector('.described .sentence');
  assert.match(await page.textContent('.described .sentence'), /near Khanaqin/);
  await page.getByRole('tab', { name: 'Take away' }).click();
  await page.waitForSelector('.made-here[data-layer=positions]');
  assert.match(plain(await page.textContent('.made-here[data-layer=positions] .layer-title')), /1$/);
  await close();
});

test('described positions on the map obey the period and the filter', async () => {
  await make('Shots were heard near Kirkuk, residents said.', { published: '2026-11-19' });
  const size = { width: 1000, height: 700 };
  const picture = async (hash) => {
    const { page, close } = await at(`lang=en&map=8/35.4/44.3&${hash}`, { size });
    await still(page);
    const taken = await page.locator('#map').screenshot();
    await close();
    return taken;
  };
  for (const hash of ['time=2019-01-01..2019-01-02', 'q=nobodyeverwrotethis']) {
    assert.ok((await picture(hash)).equals(await picture(`${hash}&layers=positions:off`)), hash);
  }
  const all = await picture('layers=mention_places:off');
  assert.ok(!all.equals(await picture('layers=mention_places:off,positions:off')), 'they are drawn where nothing is left out');
});

test('an analyst adds a missed place from selected words, with a point that is typed', async () => {
  const id = await make('The delegation rested at Qaratuk Farm before noon.');
  const { page, errors, close } = await at(`lang=en&document=${id}`, { prepare: signedIn });
  await page.waitForSelector('.document-text');
  await page.evaluate(() => {
    const walker = document.createTreeWalker(document.querySelector('.document-text'), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const from = node.data.indexOf('Qaratuk Farm');
      if (from < 0) continue;
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, from + 12);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
  });
  await page.waitForSelector('.work-bar q');
  await page.locator('.add-mention').click();
  assert.equal(await page.inputValue('.mention-form [name=quote]'), 'Qaratuk Farm');
  await page.locator('.point-picker summary').click();
  await page.fill('.mention-form [name=lat]', '35.4');
  await page.fill('.mention-form [name=lon]', '44.3');
  await page.selectOption('.mention-form [name=precision]', 'point');
  await page.locator('.mention-form button[type=submit]').click();
  await page.waitForSelector('.mention-card');
  const added = (await json(`/documents/${id}/mentions`, own.url)).mentions.find(({ text }) => text === 'Qaratuk Farm');
  assert.deepEqual(added.place.point, [44.3, 35.4]);
  assert.equal(added.precision, 'point');
  assert.match(page.url(), new RegExp(`mention=${added.id}`));
  assert.deepEqual(errors, []);
  await close();
});

test('an analyst adds, corrects, deletes and restores a claim', async () => {
  const id = await make('Residents said that families left the village of Daquq at night.');
  const { page, errors, close } = await at(`lang=en&document=${id}`, { prepare: signedIn });
  await page.waitForSelector('.document-text');
  await openPart(page, 'Claims');
  const before = (await claimsOf(id)).claims.length;
  await page.locator('.add-claim').click();
  await page.selectOption('.claim-form [name=claim-type]', 'displacement_or_return');
  await page.fill('.claim-form [name=quote]', 'families left the village of Daquq');
  await page.locator('.add-figure').click();
  await page.fill('.claim-form [name=value]', '١٢');
  await page.selectOption('.claim-form [name=unit]', 'family');
  await page.selectOption('.claim-form [name=role]', 'displaced');
  await page.selectOption('.claim-form [name=bound]', 'at_least');
  await page.fill('.claim-form [name=claim-speaker]', 'Residents');
  await page.locator('.claim-places [role=combobox]').fill('Daquq');
  await page.waitForSelector('.claim-places [role=option] b');
  await page.locator('.claim-places [role=option]').first().click();
  await page.fill('.claim-form [name=day-from]', '2026-11-18');
  await page.locator('.claim-form button[type=submit]').click();
  await page.waitForFunction((count) => document.querySelectorAll('.claims > li').length === count + 1 && !document.querySelector('.claim-form'), before);
  const body = await claimsOf(id);
  const added = body.claims.find((one) => one.id.length > 6);
  assert.equal(added.type, 'displacement_or_return');
  assert.equal(added.time.from, '2026-11-18');
  const figure = body.quantities.find((one) => added.quantities.includes(one.id));
  assert.deepEqual([figure.value, figure.unit, figure.role, figure.bound], [12, 'family', 'displaced', 'at_least']);
  const item = page.locator(`.claim[data-claim=${added.id}]`);
  assert.match(plain(await item.textContent()), /at least 12 families \(displaced\)/);
  await item.locator('.correct-claim').click();
  await item.locator('[name=claim-type]').selectOption('protest');
  await item.locator('button[type=submit]').click();
  await page.waitForFunction((id) => /^Protest/.test(document.querySelector(`.claim[data-claim=${id}] h3`)?.textContent ?? ''), added.id);
  assert.equal((await claimsOf(id)).claims.find((one) => one.id === added.id).time.from, '2026-11-18');
  await item.locator('.correct-claim').click();
  await item.locator('.delete-claim').click();
  await page.waitForSelector('.claim-form .wrong');
  await item.locator('[name=reason]').fill('no such claim');
  await item.locator('.delete-claim').click();
  await page.waitForFunction((id) => !document.querySelector(`.claim[data-claim=${id}]`), added.id);
  await page.locator('.deleted-claims summary').click();
  assert.match(await page.textContent('.deleted-claims'), /no such claim/);
  await page.locator('.deleted-claims button.link').click();
  await page.waitForSelector(`.claim[data-claim=${added.id}]`);
  assert.deepEqual(errors, []);
  await close();
});

test('an open form says when somebody else changed what it is about', async () => {
  const id = await make('Two people were killed in Daquq, police said.');
  const { mentions } = await json(`/documents/${id}/mentions`, own.url);
  const mention = mentions.find(({ place }) => place).id;
  const { claims } = await claimsOf(id);
  const ruling = await at(`lang=en&document=${id}&mention=${mention}`, { prepare: signedIn });
  await ruling.page.locator('.mention-card .rule').click();
  await ruling.page.locator('.mention-card [name=reason]').fill('mine');
  const facts = await at(`lang=en&document=${id}`, { prepare: signedIn });
  await facts.page.locator('.correct').click();
  await facts.page.fill('.document-form [name=title]', 'My title');
  const claim = await at(`lang=en&document=${id}`, { prepare: signedIn });
  await openPart(claim.page, 'Claims');
  await claim.page.locator(`.claim[data-claim=${claims[0].id}] .correct-claim`).click();
  await claim.page.waitForSelector('.claim-form');
  await still(claim.page);
  assert.ok((await write('PATCH', `mentions/${id}-${mention}`, { ruling: 'associative', reason: 'theirs' })).ok);
  assert.ok((await write('PATCH', `documents/${id}`, { publisher: 'Their Press', reason: 'theirs' })).ok);
  assert.ok((await write('PATCH', `claims/${id}-${claims[0].id}`, { type: 'clash', reason: 'theirs' })).ok);
  await ruling.page.waitForSelector('.rule-form .conflict');
  assert.match(await ruling.page.textContent('.rule-form .conflict'), /theirs/);
  assert.equal(await ruling.page.inputValue('.mention-card [name=reason]'), 'mine');
  await facts.page.waitForSelector('.document-form .conflict');
  assert.match(await facts.page.textContent('.document-form .conflict'), /Their Press/);
  await facts.page.getByRole('button', { name: 'Go on with mine' }).click();
  assert.equal(await facts.page.inputValue('.document-form [name=title]'), 'My title');
  assert.equal(await facts.page.inputValue('.document-form [name=publisher]'), 'Their Press');
  await claim.page.waitForSelector('.claim-form .conflict');
  assert.match(await claim.page.textContent('.claim-form .conflict'), /theirs/);
  for (const one of [ruling, facts, claim]) await one.close();
});

test('the language of a document is corrected in its form', async () => {
  const id = await make('Two people were killed in Daquq, police said.');
  const { page, close } = await at(`lang=en&document=${id}`, { prepare: signedIn });
  await page.locator('.correct').click();
  await page.selectOption('.document-form [name=language]', 'ckb');
  await page.locator('.document-form button[type=submit]').click();
  await page.waitForSelector('.correction');
  assert.equal((await json(`/documents/${id}`, own.url)).language, 'ckb');
  await close();
});

test('what the address says and nobody understands is named, and so is a unit that is not there', async () => {
  const { page, close } = await at('lang=en&area=around:abc&time=2026-13-99..x&type=casualties,<b>');
  await page.waitForSelector('.unread');
  assert.match(plain(await page.textContent('.unread')), /time=2026-13-99\.\.x.*area=around:abc.*type=casualties,<b>/);
  // The address that the page writes itself must not overtake the next one.
  await still(page);
  await page.evaluate(() => (location.hash = 'lang=en&area=unit:IQ99'));
  await page.waitForSelector('.refused');
  assert.match(plain(await page.textContent('.refused')), /no unit IQ99/);
  assert.equal(await page.locator('#list .button', { hasText: 'Try again' }).count(), 0);
  assert.equal(await page.locator('.unread').count(), 0);
  await close();
});

test('events stand newest first, and their tab has their number under a filter', async () => {
  for (const [day, place] of [['2026-03-05', 'Kirkuk'], ['2026-11-05', 'Sinjar'], ['2026-07-05', 'Tuz Khurmatu']])
    await make(`Two people were killed in ${place} on ${day}, police said.`, { published: day });
  const { page, close } = await at('lang=en&type=casualties');
  await page.waitForFunction(() => /\d/.test(document.querySelector('#list-events')?.textContent ?? ''));
  await page.click('#list-events');
  await page.waitForSelector('.event-row');
  const days = await page.$$eval('.event-row > small', (all) => all.map((one) => one.textContent.split(' · ')[0].split(' – ').at(-1)));
  const sorted = [...days].sort((a, b) => Date.parse(b) - Date.parse(a));
  assert.ok(days.length > 2);
  assert.deepEqual(days, sorted);
  assert.equal(Number(plain(await page.textContent('#list-events .count'))), days.length);
  await close();
});

test('the feed of the filter is linked in the page and in its head', async () => {
  const { page, close } = await at('lang=en&q=Daquq&area=unit:IQG13&time=2026-01-01..2026-12-31');
  const href = await page.getAttribute('.feed-link', 'href');
  assert.equal(await page.getAttribute('link[rel=alternate][type="application/atom+xml"]', 'href'), href);
  for (const hash of ['', '&speaker=police', '&speaker=police&type=casualties,clash&by=event', '&area=box:43,34,45,36&min_confidence=0.6']) {
    await still(page);
    await page.evaluate((next) => (location.hash = `lang=en&q=Daquq${next}`), hash);
    await page.waitForFunction((next) => location.hash.includes('q=Daquq') && (!next || document.querySelector('.conditions')), hash);
    await still(page);
    const answer = await fetch(await page.getAttribute('.feed-link', 'href'));
    assert.equal(answer.status, 200, hash);
    assert.match(await answer.text(), /<feed /);
  }
  await close();
});

test('who held the areas on two days is compared, with the sources', async () => {
  const { page, close } = await at('lang=en&tab=layers&compare=control:2014-01-01..2018-01-01');
  await page.waitForSelector('.control-changes tbody tr');
  const { features } = await json('/control/changes?from=2014-01-01&to=2018-01-01', own.url);
  assert.equal(await page.locator('.control-changes tbody tr').count(), features.length);
  assert.ok((await page.locator('.control-source').count()) > 0);
  assert.ok(await page.isVisible('.swipe'));
  await page.fill('.control-from', '2018-01-01');
  await page.waitForFunction(() => /No differences/.test(document.querySelector('.compare')?.textContent ?? ''));
  await close();
});

test('a text that is typed and not stored is not lost without a word', async () => {
  const { page, close } = await at('lang=en&tab=try');
  const asked = [];
  page.on('dialog', (dialog) => (asked.push(dialog.type()), dialog.accept()));
  await page.locator('.try textarea').fill('A text about Daquq.');
  await page.locator('.try textarea').press('End');
  await page.reload();
  assert.deepEqual(asked, ['beforeunload']);
  await close();
});

test('a text that is typed and not stored is back after a reload, and gone once it is stored or discarded', async () => {
  const { page, close } = await at('lang=en&tab=try', { prepare: signedIn });
  page.on('dialog', (dialog) => dialog.accept());
  const text = `Two people were wounded in Daquq, the police said. Draft ${Date.now()}.`;
  const reload = async () => {
    await page.reload();
    await page.waitForSelector('.try textarea');
  };
  await page.locator('.try textarea').fill(text);
  await page.click('.try button[type=submit]');
  await page.fill('.store-form [name=title]', 'A draft');
  await reload();
  assert.equal(await page.inputValue('.try textarea'), text);
  assert.match(await page.textContent('.draft-back'), /not stored/);
  await page.click('.try button[type=submit]');
  await page.waitForSelector('.store-form [name=title]');
  assert.equal(await page.inputValue('.store-form [name=title]'), 'A draft');
  await page.click('.store-form button[type=submit]');
  await page.waitForSelector('.store-form [role=status]');
  assert.ok(await page.locator('.draft-back').isHidden());
  await reload();
  assert.equal(await page.inputValue('.try textarea'), '');
  await page.locator('.try textarea').fill('Another draft');
  await reload();
  await page.locator('.draft-back button').click();
  assert.equal(await page.inputValue('.try textarea'), '');
  await reload();
  assert.equal(await page.inputValue('.try textarea'), '');
  assert.ok(await page.locator('.draft-back').isHidden());
  await close();
});
