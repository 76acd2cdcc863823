// Points 4 and 5: nothing from elsewhere, a strict policy, no error; and how much and how long until the first map.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open, ORIGIN, still, URL_ } from './browser.mjs';

const BUDGET = 350 * 1024;
/** Milliseconds that the fixed work takes on the machine that the budget of time was made on. */
const PACE = 150;

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

/** Milliseconds for a fixed piece of work in a page: how fast this machine is now. */
const work = (page) =>
  page.evaluate(() => {
    const start = performance.now();
    let value = 1;
    for (let i = 0; i < 6e6; i++) value = (value * 16807 + i) % 2147483647;
    return value < 0 ? 0 : performance.now() - start;
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
  const pace = await work(page);
  await still(page);
  const [time, moment] = await page.evaluate(() => {
    const { startTime } = performance.getEntriesByName('first-map')[0];
    return [startTime, performance.timeOrigin + startTime];
  });
  await close();
  const parts = loaded.filter(({ at }) => at <= moment).sort((a, b) => b.bytes - a.bytes);
  return { time, pace, parts, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) };
}

test('the first map comes within the budget of bytes and of time', async (t) => {
  const runs = [await coldStart(), await coldStart(), await coldStart()];
  for (const { time, pace, bytes } of runs) t.diagnostic(`first map after ${Math.round(time)} ms (the fixed work took ${Math.round(pace)} ms), ${(bytes / 1024).toFixed(1)} KiB`);
  for (const { bytes, url } of runs[0].parts.slice(0, 12)) t.diagnostic(`${(bytes / 1024).toFixed(1)} KiB ${url}`);
  assert.ok(runs[0].bytes > 100 * 1024, 'the bytes were counted');
  for (const { bytes } of runs) assert.ok(bytes < BUDGET, `${bytes} bytes`);
  // A machine that is slow, or busy with other work, gets as much more time as the fixed work takes on it.
  const allowed = Number(process.env.FIRST_MAP_MS ?? 1500);
  const best = Math.min(...runs.map(({ time, pace }) => time / Math.max(1, pace / PACE)));
  assert.ok(best < allowed, `${Math.round(best)} ms`);
});
