// Points 4 and 5: nothing from elsewhere, a strict policy, no error; and how much and how long until the first map.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open, ORIGIN, still, URL_ } from './browser.mjs';

const BUDGET = 350 * 1024;

test('with all other hosts blocked the page works and asks none', async () => {
  const { page, foreign, errors, close } = await open('lang=ar', {
    prepare: (page) => page.route('**/*', (route) => (new URL(route.request().url()).origin === ORIGIN || /^(data|blob):/.test(route.request().url()) ? route.continue() : route.abort())),
  });
  await still(page);
  for (const tab of ['layers', 'corridor', 'try', 'share', 'evidence']) {
    await page.click(`#tab-${tab}`);
    await page.waitForTimeout(150);
  }
  await still(page);
  assert.deepEqual(foreign, []);
  assert.deepEqual(errors, []);
  await close();
});

test('the policy allows nothing by default, nothing inline and no eval', async () => {
  const response = await fetch(`${URL_}/`, { headers: { Accept: 'text/html' } });
  const policy = response.headers.get('content-security-policy') ?? '';
  const of = (name) => policy.split(';').map((part) => part.trim()).find((part) => part.startsWith(`${name} `))?.slice(name.length + 1);
  assert.equal(of('default-src'), "'none'");
  assert.equal(of('script-src'), "'self'");
  assert.equal(of('style-src'), "'self'");
  assert.equal(of('connect-src'), "'self'");
  assert.doesNotMatch(policy, /unsafe|\*/);
  const html = await response.text();
  assert.doesNotMatch(html, /<style|style=|<script(?![^>]*src=)|\son\w+=/i);
});

test('there is a favicon', async () => {
  const html = await (await fetch(`${URL_}/`, { headers: { Accept: 'text/html' } })).text();
  const href = /rel="icon" href="([^"]+)"/.exec(html)?.[1];
  const icon = await fetch(new URL(href, `${URL_}/`));
  assert.equal(icon.status, 200);
  assert.match(icon.headers.get('content-type'), /^image\/svg/);
});

test('the first map comes within the budget of bytes, and its time is said', async (t) => {
  const { page, close } = await open('lang=ar', { prepare: async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    page.received = 0;
    page.parts = [];
    const kinds = new Map();
    session.on('Network.responseReceived', (event) => kinds.set(event.requestId, event.response.url));
    session.on('Network.loadingFinished', (event) => {
      if (page.closed) return;
      page.received += event.encodedDataLength;
      page.parts.push([Math.round(event.encodedDataLength / 102.4) / 10, kinds.get(event.requestId)?.replace(ORIGIN, '')]);
    });
  } });
  const received = page.received;
  const time = await page.evaluate(() => Math.round(performance.getEntriesByName('first-map')[0].startTime));
  t.diagnostic(`first map after ${time} ms, ${(received / 1024).toFixed(1)} KiB`);
  for (const [size, url] of page.parts.sort((a, b) => b[0] - a[0]).slice(0, 12)) t.diagnostic(`${size} KiB ${url}`);
  assert.ok(received < BUDGET, `${received} bytes`);
  assert.ok(time < Number(process.env.FIRST_MAP_MS ?? 8000), `${time} ms`);
  await close();
});
