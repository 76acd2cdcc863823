// Points 4 and 5: nothing from elsewhere, a strict policy, no error; and how many bytes until the first map.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open, ORIGIN, still, URL_ } from './browser.mjs';

// Bytes of script, style, font, words and tiles together, compressed.
const BUDGET = 400_000;

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

/** A cold start: when the first map stood there, and the bytes of everything asked for until then. */
async function coldStart() {
  const started = new Map();
  const loaded = [];
  const { page, close } = await open('lang=ar', {
    prepare: async (page) => {
      const session = await page.context().newCDPSession(page);
      await session.send('Network.enable');
      session.on('Network.requestWillBeSent', ({ requestId, wallTime, request }) => started.set(requestId, { at: wallTime * 1000, url: request.url.replace(ORIGIN, '') }));
      session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => loaded.push({ ...started.get(requestId), bytes: encodedDataLength }));
    },
  });
  await still(page);
  const [time, moment] = await page.evaluate(() => {
    const { startTime } = performance.getEntriesByName('first-map')[0];
    return [startTime, performance.timeOrigin + startTime];
  });
  await close();
  const parts = loaded.filter(({ at }) => at <= moment).sort((a, b) => b.bytes - a.bytes);
  return { time, parts, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) };
}

test('the first map comes within the budget of bytes', async (t) => {
  const { time, parts, bytes } = await coldStart();
  // The time depends on the machine and on what else it does: it is printed only.
  t.diagnostic(`first map after ${Math.round(time)} ms, ${(bytes / 1024).toFixed(1)} KiB`);
  for (const { bytes, url } of parts.slice(0, 12)) t.diagnostic(`${(bytes / 1024).toFixed(1)} KiB ${url}`);
  assert.ok(bytes > 100 * 1024, 'the bytes were counted');
  assert.ok(bytes < BUDGET, `${bytes} bytes`);
});
