// Report F1: an event with its accounts side by side, who says which figure, when, in which words.
import assert from 'node:assert/strict';
import test from 'node:test';
import { json, open, plain } from './browser.mjs';
import { desk, TOKEN } from './desk-server.mjs';

const own = desk(0);
const at = (hash, options = {}) => open(hash, { base: own.url, ...options });
const linked = async () => (await json('/collections?f=json', own.url)).collections.some(({ id }) => id === 'events');

/** Three accounts of one attack, on a day of their own for each call. */
async function attack(day) {
  const texts = [
    `Gunmen attacked Daquq on ${day} November 2026. Three soldiers were killed in Daquq, the Security Media Cell said.`,
    `Gunmen attacked Daquq on ${day} November 2026. Seven soldiers were killed in Daquq, the Peshmerga ministry said.`,
    `At least five soldiers were killed in Daquq on ${day} November 2026, a doctor said.`,
  ];
  return own.add(texts.map((text, index) => ({ text, title: `Account ${index} of ${day}`, publisher: `Outlet ${index}`, language: 'en', published: `2026-11-${day}`, source_url: `https://outlet${index}.example.org/${day}` })));
}

test('F1: an event shows every account with its figure, speaker, outlet and words, and adds nothing up', async (t) => {
  if (!(await linked())) return t.skip('this server links no events');
  const [id] = await attack(12);
  const { accounts } = await json(`/events/${id}-c1`, own.url);
  assert.ok(accounts.length >= 2);
  const { page, close } = await at(`lang=en&event=${id}-c1`);
  await page.waitForSelector('.account');
  assert.equal(await page.locator('.account').count(), accounts.length);
  for (const { claim, quote, speaker, publisher } of accounts) {
    const words = await page.textContent(`.account[data-claim="${claim}"]`);
    for (const part of [quote, speaker, publisher]) assert.ok(words.includes(part), part);
  }
  assert.match(plain(await page.textContent('.event .place-body > .numbers')), /3.*7 killed/);
  assert.match(plain(await page.textContent('.totals')), new RegExp(`^${accounts.length} accounts`));
  await close();
});

test('F1: the list of events is newest first and follows the period; an account that is of another event is taken out', async (t) => {
  if (!(await linked())) return t.skip('this server links no events');
  await attack(14);
  const [id] = await attack(17);
  const { page, close } = await at('lang=en&time=2026-11-13..2026-11-18', { prepare: (page) => page.addInitScript((value) => sessionStorage.setItem('mahwar-token', value), TOKEN) });
  await page.click('#list-events');
  await page.waitForSelector('.event-row');
  const days = await page.$$eval('.event-row > small', (all) => all.map((one) => one.textContent));
  assert.match(days[0], /17 November 2026/);
  assert.ok(days.every((day) => /1[3-8] November 2026/.test(day)), days.join());
  await page.locator('.event-row').first().click();
  await page.waitForSelector('.account .split');
  const before = await page.locator('.account').count();
  await page.locator('.split').last().click();
  await page.locator('.account .rule-form input').fill('another attack on the same day');
  await page.getByRole('button', { name: 'Take it out' }).click();
  await page.waitForFunction((was) => document.querySelectorAll('.account').length < was, before);
  const { rulings } = await json(`/events/${id}-c1/rulings`, own.url);
  assert.equal(rulings.at(-1).reason, 'another attack on the same day');
  await close();
});
