// Forms that are behind: each says at once that somebody else changed its subject, with the values before and after, keeps typed input, and stores nothing over the change.
import assert from 'node:assert/strict';
import test from 'node:test';
import { json, open, plain, still } from './browser.mjs';
import { desk, TOKEN } from './desk-server.mjs';

const own = desk(0);
const signedIn = (page) => page.addInitScript((value) => sessionStorage.setItem('mahwar-token', value), TOKEN);
/** A page that hears nothing of changes: its forms must find out by themselves. */
const deaf = async (page) => {
  await signedIn(page);
  await page.route('**/changes', (route) => route.abort());
};
const at = (hash, options = {}) => open(hash, { base: own.url, prepare: signedIn, ...options });
let serial = 0;
const make = async (text, more = {}) =>
  (await own.add([{ text: `${text} Report ${++serial} of ${Date.now()}.`, title: `Behind ${serial}`, language: 'en', published: '2026-11-20', ...more }]))[0];
const write = async (method, path, body) => {
  const response = await fetch(`${own.url}/${path}`, { method, headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.json();
};
const mentionsOf = async (id) => (await json(`/documents/${id}/mentions`, own.url)).mentions;
const claimsOf = async (id) => json(`/documents/${id}/claims`, own.url);
const conflict = (page, form) => page.waitForSelector(`${form} .conflict`);
const words = async (page, selector) => plain(await page.textContent(selector));

test('a ruling form that is opened on an old page says so before anything is pressed, and keeps the reason', async () => {
  const id = await make('Two people were killed in Daquq, police said.');
  const mention = (await mentionsOf(id)).find(({ place }) => place);
  const { page, close } = await at(`lang=en&document=${id}&mention=${mention.id}`, { prepare: deaf });
  await page.waitForSelector('.mention-card .rule');
  const [kirkuk] = await json('/search?q=Kirkuk&format=jsonv2&limit=1', own.url);
  await write('PATCH', `mentions/${id}-${mention.id}`, { ruling: 'move', place: kirkuk.mahwar?.id ?? String(kirkuk.osm_id), reason: 'theirs' });
  await page.locator('.mention-card .rule').click();
  await page.fill('.mention-card [name=reason]', 'mine');
  await conflict(page, '.rule-form');
  assert.match(await words(page, '.rule-form .conflict'), /theirs.*Place: was .*Daquq.*is now .*Kirkuk/s);
  await page.getByRole('button', { name: 'Go on with mine' }).click();
  assert.equal(await page.inputValue('.mention-card [name=reason]'), 'mine');
  assert.equal(await page.locator('.rule-form .conflict').count(), 0);
  await page.getByRole('button', { name: 'Reject', exact: true }).click();
  await page.waitForFunction(() => /rejected/.test(document.querySelector('.mention-card .ruled .ruling')?.textContent ?? ''));
  assert.equal((await mentionsOf(id)).find((one) => one.id === mention.id).ruling.reason, 'mine');
  await close();
});

test('a ruling is stored over the one that was shown, not over a third one', async () => {
  const id = await make('Two people were killed in Daquq, police said.');
  const mention = (await mentionsOf(id)).find(({ place }) => place).id;
  const { page, close } = await at(`lang=en&document=${id}&mention=${mention}`, { prepare: deaf });
  await page.locator('.mention-card .rule').click();
  await page.waitForSelector('.rule-form .actions');
  await still(page);
  await write('PATCH', `mentions/${id}-${mention}`, { ruling: 'reject', reason: 'second' });
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await conflict(page, '.rule-form');
  await write('PATCH', `mentions/${id}-${mention}`, { ruling: 'associative', reason: 'third' });
  await page.getByRole('button', { name: 'Store mine all the same' }).click();
  await page.waitForFunction(() => /third/.test(document.querySelector('.rule-form .conflict')?.textContent ?? ''));
  assert.equal((await mentionsOf(id)).find((one) => one.id === mention).ruling.reason, 'third');
  await close();
});

test('a document form names the fields that changed, and is not behind where nothing in it changed', async () => {
  const id = await make('Two people were killed in Daquq, police said.', { publisher: 'Press' });
  const { page, close } = await at(`lang=en&document=${id}`);
  await page.locator('.correct').click();
  await page.fill('.document-form [name=title]', 'My title');
  const mention = (await mentionsOf(id)).find(({ place }) => place).id;
  await write('PATCH', `mentions/${id}-${mention}`, { ruling: 'accept' });
  await write('PATCH', `documents/${id}`, { publisher: 'Wrong' });
  await write('PATCH', `documents/${id}`, { ruling: 'undo' });
  await still(page, 2500);
  assert.equal(await page.locator('.document-form .conflict').count(), 0);
  await write('PATCH', `documents/${id}`, { publisher: 'Their Press', published: '2026-11-18', reason: 'as printed' });
  await conflict(page, '.document-form');
  const said = await words(page, '.document-form .conflict');
  assert.match(said, /as printed/);
  assert.match(said, /Publisher: was Press, is now Their Press/);
  assert.match(said, /Published: was 20 November 2026, is now 18 November 2026/);
  assert.doesNotMatch(said, /Title: was/);
  await page.locator('.document-form [type=submit]').click();
  await still(page);
  assert.equal((await json(`/documents/${id}`, own.url)).title, `Behind ${serial}`, 'nothing is stored before the reader chose');
  await page.getByRole('button', { name: 'Go on with mine' }).click();
  await page.locator('.document-form [type=submit]').click();
  await page.waitForFunction(() => document.querySelector('.document-head h2')?.textContent === 'My title');
  const { title, publisher, published } = await json(`/documents/${id}`, own.url);
  assert.deepEqual([title, publisher, published], ['My title', 'Their Press', '2026-11-18']);
  await close();
});

test('a claim form takes the fields of the other edit and keeps its own; a deleted claim is not brought back by a save', async () => {
  const id = await make('Two people were killed in Daquq, police said.');
  const claim = (await claimsOf(id)).claims[0].id;
  const { page, close } = await at(`lang=en&document=${id}`);
  await page.locator('.document').getByRole('tab', { name: /^Claims/ }).click();
  const item = page.locator(`.claim[data-claim=${claim}]`);
  await item.locator('.correct-claim').click();
  await page.waitForSelector('.claim-form');
  await still(page);
  await page.fill('.claim-form [name=day-from]', '2026-11-19');
  await write('PATCH', `claims/${id}-${claim}`, { type: 'clash', reason: 'theirs' });
  await conflict(page, '.claim-form');
  assert.match(await words(page, '.claim-form .conflict'), /theirs.*Type: was .*, is now /s);
  await page.getByRole('button', { name: 'Go on with mine' }).click();
  assert.equal(await page.inputValue('.claim-form [name=claim-type]'), 'clash');
  assert.equal(await page.inputValue('.claim-form [name=day-from]'), '2026-11-19');
  await page.locator('.claim-form button[type=submit]').click();
  await page.waitForFunction(() => !document.querySelector('.claim-form'));
  const stored = (await claimsOf(id)).claims.find((one) => one.id === claim);
  assert.deepEqual([stored.type, stored.time.from], ['clash', '2026-11-19']);
  // The list of claims is read again after a save.
  await still(page);
  await item.locator('.correct-claim').click();
  await page.waitForSelector('.claim-form');
  await still(page);
  await fetch(`${own.url}/claims/${id}-${claim}?reason=twice`, { method: 'DELETE', headers: { Authorization: `Bearer ${TOKEN}` } });
  await conflict(page, '.claim-form');
  assert.match(await words(page, '.claim-form .conflict'), /deleted.*twice/s);
  await page.fill('.claim-form [name=day-from]', '2026-11-17');
  await page.locator('.claim-form button[type=submit]').click();
  await still(page);
  assert.equal((await claimsOf(id)).claims.some((one) => one.id === claim), false);
  await page.locator('.claim-form .conflict').getByRole('button', { name: 'Show it' }).click();
  await page.waitForSelector('.deleted-claims');
  await close();
});

test('a missed place that somebody else added meanwhile is named before it is added twice', async () => {
  const id = await make('The delegation rested at Qaratuk Farm before noon.');
  const { page, close } = await at(`lang=en&document=${id}`, { prepare: deaf });
  await page.locator('.add-mention').click();
  await page.fill('.mention-form [name=quote]', 'Qaratuk Farm');
  await page.locator('.point-picker summary').click();
  await page.fill('.mention-form [name=lat]', '35.4');
  await page.fill('.mention-form [name=lon]', '44.3');
  const start = 'The delegation rested at '.length;
  await write('POST', `documents/${id}/mentions`, { quote: { utf16: [start, start + 12], text: 'Qaratuk Farm' }, point: [44.2, 35.5], precision: 'point' });
  const before = (await mentionsOf(id)).length;
  await page.locator('.mention-form button[type=submit]').click();
  await conflict(page, '.mention-form');
  assert.match(await words(page, '.mention-form .conflict'), /Qaratuk Farm/);
  assert.equal((await mentionsOf(id)).length, before);
  await page.locator('.mention-form .conflict').getByRole('button', { name: 'Show it' }).click();
  await page.waitForFunction(() => !document.querySelector('.mention-form') && [...document.querySelectorAll('.document-text [data-mention]')].some((one) => one.textContent === 'Qaratuk Farm'));
  await close();
});

test('a form that is closed shows what others changed while it was open', async () => {
  const id = await make('Two people were killed in Daquq, police said.');
  const { page, close } = await at(`lang=en&document=${id}`);
  await page.locator('.add-claim').click();
  await page.waitForSelector('.claim-form');
  await write('PATCH', `documents/${id}`, { publisher: 'Their Press', reason: 'as printed' });
  await still(page, 2500);
  assert.equal(await page.locator('.correction').count(), 0);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.waitForSelector('.correction');
  assert.match(await page.textContent('.correction'), /as printed/);
  await close();
});

/** Accounts of one attack on a day of its own. */
async function attack(day, from = 0, to = 3) {
  const texts = [['Three', 'the police'], ['Seven', 'a doctor'], ['Nine', 'the mayor']].slice(from, to).map(([number, speaker]) => `${number} soldiers were killed in an attack in Khanaqin on ${day} October 2026, ${speaker} said.`);
  return own.add(texts.map((text, index) => ({ text, title: `Attack ${index} of ${day}`, publisher: `Outlet ${from + index}`, language: 'en', published: `2026-10-${day}` })));
}

test('an event that changed while an account is taken out says how, and keeps the reason', async () => {
  const [id] = await attack(12);
  const { accounts } = await json(`/events/${id}-c1`, own.url);
  assert.equal(accounts.length, 3);
  const { page, close } = await at(`lang=en&event=${id}-c1`);
  await page.locator('.account .split').nth(1).click();
  await page.fill('.event-form input[type=text]', 'mine');
  await still(page);
  await write('PATCH', `events/${id}-c1`, { ruling: 'split', claims: accounts.find(({ claim }) => claim !== `${id}-c1` && claim !== accounts[1].claim)?.claims ?? accounts[2].claims });
  await conflict(page, '.event-form');
  assert.match(await words(page, '.event-form .conflict'), /was 3 accounts, is now 2 accounts/);
  assert.equal(await page.locator('.account').count(), 3, 'the state that the form was opened on stays');
  await page.getByRole('button', { name: 'Take it out' }).click();
  await still(page);
  assert.equal((await json(`/events/${id}-c1`, own.url)).accounts.length, 2);
  await page.getByRole('button', { name: 'Go on with the event as it is now' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.account').length === 2);
  assert.equal(await page.inputValue('.event-form input[type=text]'), 'mine');
  await close();
});

test('an analyst joins two events and takes it back', async () => {
  const [id] = await attack(22, 0, 1);
  const [other] = await attack(25, 1, 2);
  const both = async () => (await json(`/events/${id}-c1`, own.url)).accounts.length;
  assert.equal(await both(), 1);
  const { page, errors, close } = await at(`lang=en&event=${id}-c1`);
  await page.locator('.join').click();
  await page.waitForSelector('[name=other-event]');
  assert.ok(await page.getByRole('button', { name: 'Join them' }).isDisabled());
  const { id: theirs } = await json(`/events/${other}-c1`, own.url);
  await page.selectOption('[name=other-event]', theirs);
  await page.fill('.event-form input[type=text]', 'one attack, two dates');
  await page.getByRole('button', { name: 'Join them' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.account').length === 2);
  assert.equal(await both(), 2);
  await page.locator('.join').click();
  await page.locator('.event-form').getByRole('button', { name: 'Take back the ruling' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.account').length === 1);
  assert.equal(await both(), 1);
  assert.deepEqual(errors, []);
  await close();
});

test('a ruling that comes between the question and the answer is shown, not overwritten', async () => {
  const id = await make('Two people were killed in Daquq, police said.');
  const mention = (await mentionsOf(id)).find(({ place }) => place).id;
  const { page, close } = await at(`lang=en&document=${id}&mention=${mention}`, { prepare: deaf });
  let between = true;
  await page.route(`**/mentions/${id}-${mention}`, async (route) => {
    if (route.request().method() === 'PATCH' && between) {
      between = false;
      await write('PATCH', `mentions/${id}-${mention}`, { ruling: 'reject', reason: 'theirs' });
    }
    await route.continue();
  });
  await page.locator('.mention-card .rule').click();
  await page.waitForSelector('.rule-form .actions');
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await conflict(page, '.rule-form');
  assert.match(await words(page, '.rule-form .conflict'), /theirs/);
  assert.equal((await mentionsOf(id)).find((one) => one.id === mention).ruling.reason, 'theirs');
  await close();
});

test('a form that is opened while another is stored stays, and the list is drawn anew when it is closed', async () => {
  const id = await make('Two people were killed in Daquq, police said. The army said that four soldiers were wounded in Kalar.');
  const [first, second] = (await claimsOf(id)).claims.map((claim) => claim.id);
  assert.ok(second, 'two claims');
  const { page, close } = await at(`lang=en&document=${id}`, { prepare: deaf });
  await page.locator('.document').getByRole('tab', { name: /^Claims/ }).click();
  const item = (claim) => page.locator(`.claim[data-claim=${claim}]`);
  await item(first).locator('.correct-claim').click();
  await page.waitForSelector('.claim-form');
  await still(page);
  await page.fill('.claim-form [name=day-from]', '2026-11-19');
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route(`**/documents/${id}/claims`, async (route) => {
    await held;
    await route.continue();
  });
  await item(first).locator('.claim-form button[type=submit]').click();
  await page.waitForResponse((response) => response.request().method() === 'PATCH' && response.ok());
  await item(second).locator('.correct-claim').click();
  await item(second).locator('.claim-form [name=reason]').fill('typed meanwhile');
  release();
  await page.waitForFunction((claim) => !document.querySelector(`.claim[data-claim=${claim}] .claim-form`), first);
  await still(page);
  assert.equal(await item(second).locator('.claim-form [name=reason]').inputValue(), 'typed meanwhile');
  await item(second).locator('.claim-form').getByRole('button', { name: 'Cancel' }).click();
  await page.waitForFunction((claim) => /19 November 2026/.test(document.querySelector(`.claim[data-claim=${claim}] .claim-day`)?.textContent ?? ''), first);
  await close();
});
