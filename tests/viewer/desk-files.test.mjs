// Files of any format are added in the page: by the chooser, and dropped anywhere on it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { json, open } from './browser.mjs';
import { desk, TOKEN } from './desk-server.mjs';

const own = desk(0);
const at = (hash, options = {}) => open(hash, { base: own.url, ...options });
const signedIn = (page) => page.addInitScript((value) => sessionStorage.setItem('mahwar-token', value), TOKEN);

const rtf = (text) => Buffer.from(`{\\rtf1\\ansi ${text}\\par}`);

/** Drops a file on an element, as a browser does. */
const drop = async (page, target, name, content) => {
  const data = await page.evaluateHandle(([file, bytes]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], file));
    return transfer;
  }, [name, content.toString('base64')]);
  return page.evaluate(([selector, transfer]) => ['dragover', 'drop'].map((kind) => {
    const event = new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer });
    document.querySelector(selector).dispatchEvent(event);
    return event.defaultPrevented;
  }), [target, data]);
};

test('a file that is no plain text is sent after a confirmation, and its document is a press away', async () => {
  const { page, errors, close } = await at('lang=en&tab=try', { prepare: signedIn });
  assert.match(await page.textContent('.accepted-files'), /PDF.*DOCX.*XLSX/);
  const stored = async () => (await json('/documents?limit=1000', own.url)).documents.length;
  const before = await stored();
  const text = `Gunmen killed two people in Daquq, the mayor said. Report ${Date.now()}.`;
  await page.setInputFiles('#try-file', { name: 'report.rtf', mimeType: 'application/rtf', buffer: rtf(text) });
  await page.waitForSelector('.send-file');
  assert.equal(await stored(), before, 'nothing is sent before');
  await page.click('.send-file');
  await page.waitForSelector('.stored-documents li');
  assert.match(await page.textContent('.stored-documents'), /1 mention/);
  await page.click('.stored-documents button');
  await page.waitForSelector('.document-text a[data-mention]');
  assert.deepEqual(errors, []);
  await close();
});

test('a file dropped on the map opens the tab that adds texts, and a refusal says why', async () => {
  const { page, close } = await at('lang=en', { prepare: signedIn });
  const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  assert.deepEqual(await drop(page, '#map', 'picture.png', picture), [true, true]);
  await page.waitForSelector('.send-file');
  await page.click('.send-file');
  await page.waitForSelector('.file-form .wrong');
  assert.match(await page.textContent('.file-form .wrong'), /picture/);
  assert.deepEqual(await drop(page, '.panel', 'note.txt', Buffer.from('An attack near Makhmour.')), [true, true]);
  await page.waitForSelector('.try-result .document-text');
  assert.equal(await page.inputValue('.try textarea'), 'An attack near Makhmour.');
  await close();
});

test('a correct token leaves no error in the log of the browser', async () => {
  const { page, errors, close } = await at('lang=en&tab=try');
  await page.setInputFiles('#try-file', { name: 'report.rtf', mimeType: 'application/rtf', buffer: rtf('An attack in Kirkuk.') });
  await page.fill('.sign-in input[name=token]', TOKEN);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.send-file');
  assert.deepEqual(errors, []);
  await close();
});

test('F3: the address of a page is fetched and stored by the server after a confirmation, and a refusal says why', async () => {
  const { page, close } = await at('lang=en&tab=try', { prepare: signedIn });
  await page.locator('.try textarea').fill(' https://news.example.org/report-1 ');
  const sent = [];
  await page.route('**/documents', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    sent.push(route.request().postDataJSON());
    await route.fulfill({ status: 400, contentType: 'application/problem+json', json: { title: 'Bad Request', status: 400, detail: 'the host does not answer' } });
  });
  await page.getByRole('button', { name: 'Find the places' }).click();
  await page.waitForSelector('.file-form');
  assert.deepEqual(sent, [], 'nothing is sent before the reader says so');
  await page.locator('.send-file').click();
  await page.waitForSelector('.file-form .wrong');
  assert.match(await page.innerText('.file-form .wrong'), /does not answer/);
  assert.deepEqual(sent, [{ source_url: 'https://news.example.org/report-1' }]);
  await close();
});
