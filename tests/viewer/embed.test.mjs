// Points 11 and 15: the iframe works, its switches count, the page around it keeps its scroll, the disclaimer stays.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import test from 'node:test';
import { json, open, plain, URL_ } from './browser.mjs';

/** Another site with the embed in a long page. */
async function site(code) {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><meta charset=utf-8><title>site</title><body style="height:3000px;margin:0">${code}`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

async function code(hash, parts = []) {
  const { page, close } = await open(`${hash}&tab=share`);
  await page.waitForSelector('.embed');
  for (const part of ['panel', 'legend', 'search', 'time', 'layers']) {
    await page.locator(`.embed input[data-part=${part}]`).setChecked(parts.includes(part));
  }
  const text = await page.inputValue('.embed .code');
  await close();
  return text;
}

test('the builder’s code shows the same view in another site, with the parts that were chosen', async () => {
  const html = await code('lang=ckb&worldview=region&map=7.5/35.3/44.2&layers=rivers:off', ['legend', 'search']);
  const other = await site(html);
  const { page, context, close } = await open('lang=en', { ready: false });
  await page.goto(other.url);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  await frame.waitForSelector('html[data-ready]', { timeout: 300_000 });
  assert.equal(await frame.getAttribute('html', 'lang'), 'ckb');
  assert.equal(await frame.locator('.legend').count(), 1);
  assert.equal(await frame.locator('[role=combobox]').count(), 1);
  assert.equal(await frame.locator('.panel').count(), 0);
  assert.equal(await frame.locator('.timeline').count(), 0);
  const { worldviews, disclaimer } = await json('/worldviews');
  await frame.waitForFunction(() => document.querySelector('.disclaimer')?.textContent.length > 10);
  assert.equal(plain(await frame.textContent('.disclaimer')), plain(disclaimer.ckb));
  assert.equal(plain(await frame.textContent('.convention')), plain(worldviews.find((view) => view.id === 'region').convention.ckb));
  assert.ok(await frame.locator('.disclaimer').isVisible());
  assert.match(frame.url(), /layers=rivers:off/);
  void context;
  other.close();
  await close();
});

test('every part can be switched off but the convention and the disclaimer', async () => {
  const { page, close } = await open('ui=&lang=en', { path: '/embed' });
  assert.equal(await page.locator('.legend, .panel, .timeline, [role=combobox]').count(), 0);
  await page.waitForFunction(() => document.querySelector('.disclaimer')?.textContent.length > 10);
  assert.ok(await page.locator('.disclaimer').isVisible());
  assert.ok(await page.locator('.convention').isVisible());
  await close();
});

test('the wheel over the embed scrolls the page around it and does not zoom the map', async () => {
  const other = await site(`<iframe src="${URL_}/embed#lang=en&map=7/35/44" width=700 height=480></iframe>`);
  const { page, close } = await open('', { ready: false });
  await page.goto(other.url);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  await frame.waitForSelector('html[data-ready]', { timeout: 300_000 });
  await page.mouse.move(300, 250);
  await page.mouse.wheel(0, 300);
  await page.waitForFunction(() => scrollY > 100);
  await page.waitForTimeout(700);
  assert.match(frame.url(), /map=7\//);
  await page.evaluate(() => scrollTo(0, 0));
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await frame.waitForFunction(() => !/map=7\/35\//.test(location.hash));
  other.close();
  await close();
});

/** What a site that takes oEmbed does: reads the page, finds the link, asks for the frame. */
async function discover(page, type) {
  const html = await (await fetch(page, { headers: { Accept: 'text/html' } })).text();
  const link = [...html.matchAll(/<link [^>]*>/g)].map(([tag]) => tag).find((tag) => tag.includes(`type="${type}"`));
  return /href="([^"]+)"/.exec(link)[1].replace(/&amp;/g, '&');
}

test('a site finds the frame of a view by its page and shows that view in it', async () => {
  const address = await discover(`${URL_}/?lang=ckb&map=7.5/35.3/44.2&worldview=region`, 'application/json+oembed');
  const answer = await (await fetch(`${address}&maxwidth=600&maxheight=400`)).json();
  assert.equal(answer.version, '1.0');
  assert.equal(answer.type, 'rich');
  assert.ok(answer.width <= 600 && answer.height <= 400);
  const other = await site(answer.html);
  const { page, close } = await open('', { ready: false });
  await page.goto(other.url);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  await frame.waitForSelector('html[data-ready]', { timeout: 300_000 });
  assert.equal(await frame.getAttribute('html', 'lang'), 'ckb');
  assert.match(frame.url(), /map=7\.5\/35\.3\/44\.2/);
  assert.match(frame.url(), /worldview=region/);
  assert.equal(await page.$eval('iframe', (element) => element.width), '600');
  other.close();
  await close();
});

test('oEmbed answers in XML too, and says 404 for what is no view of this map', async () => {
  const xml = await fetch(await discover(`${URL_}/`, 'text/xml+oembed'));
  assert.match(xml.headers.get('content-type'), /^text\/xml/);
  assert.match(await xml.text(), /<type>rich<\/type>[^]*<html>&lt;iframe src=/);
  for (const foreign of ['https://example.org/', `${URL_}/collections`]) {
    assert.equal((await fetch(`${URL_}/oembed?url=${encodeURIComponent(foreign)}`)).status, 404, foreign);
  }
});

test('the builder’s oEmbed address answers with the frame of this view', async () => {
  const { page, close } = await open('lang=en&tab=share&map=7/35/44&worldview=federal&time=2021-01-01..2022-12-31&q=Kirkuk&compare=region');
  await page.waitForSelector('.oembed input');
  const answer = await (await fetch(await page.inputValue('.oembed input'))).json();
  for (const part of ['worldview=federal', 'time=2021-01-01..2022-12-31', 'q=Kirkuk', 'compare=region']) assert.ok(answer.html.includes(part), `${part}: ${answer.html}`);
  await close();
});

test('the builder’s code follows layers, period, filter and view while it is open, and has the language and size that were chosen', async () => {
  const { page, close } = await open('lang=en&tab=share&map=7/35.3/44.2&layers=rivers:off&time=2022-01-01..2022-12-31&publisher=Press');
  await page.waitForSelector('.embed');
  const address = async () => {
    const [, source] = /src="([^"]+)"/.exec(await page.inputValue('.embed .code'));
    return new URLSearchParams(new URL(source.replaceAll('&amp;', '&')).hash.slice(1));
  };
  await page.selectOption('[name=embed-language]', 'ckb');
  await page.locator('.embed .size input').first().fill('1000');
  const given = await address();
  assert.deepEqual(['lang', 'layers', 'time', 'publisher', 'map'].map((key) => given.get(key)), ['ckb', 'rivers:off', '2022-01-01..2022-12-31', 'Press', '7/35.3/44.2']);
  assert.match(await page.inputValue('.embed .code'), /width="1000" height="480"/);
  assert.match(plain(await page.textContent('.embed-has')), /1 January 2022 – 31 December 2022.*Press/);
  // The frame of oEmbed is of the same view, and smaller.
  assert.match(await page.textContent('.oembed-less'), /1000/);
  assert.doesNotMatch(await page.textContent('.oembed-less'), /Filter/);
  // The focus is in the builder, and the map moves.
  await page.locator('.embed .code').focus();
  await page.mouse.move(900, 300);
  await page.mouse.wheel(0, -400);
  await page.waitForFunction(() => !/map=7\//.test(document.querySelector('.embed .code').value));
  await close();
});
