// Point 13: one town by its four spellings, by keyboard.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open } from './browser.mjs';

for (const [language, query] of [['ar', 'اربيل'], ['ar', 'أربيل'], ['ckb', 'هەولێر'], ['en', 'Erbil'], ['en', 'هەولێر'], ['ckb', 'erbil']]) {
  test(`${query} finds Erbil on a page in ${language}`, async () => {
    const { page, close } = await open(`lang=${language}`);
    const input = page.locator('input[role=combobox]');
    await input.fill(query);
    await page.waitForSelector('[role=option]:not(.empty)');
    const name = { ar: /[أا]ربيل/, ckb: /هەولێر/, en: /Erbil/ }[language];
    assert.match(await page.locator('[role=option]').first().textContent(), name);
    await input.press('ArrowDown');
    assert.equal(await page.locator('[role=option][aria-selected=true]').count(), 1);
    await input.press('Enter');
    await page.waitForFunction(() => /feature=places\//.test(location.hash));
    assert.match(await page.locator('.place h2').textContent(), name);
    await close();
  });
}

test('a name that is nowhere is said not to be found', async () => {
  const { page, close } = await open('lang=ar');
  await page.locator('input[role=combobox]').fill('qqzzxxyy');
  await page.waitForSelector('.suggestions .empty');
  assert.equal(await page.textContent('.suggestions .empty'), 'لا نتائج');
  await close();
});
