// What the viewer's tests share: a browser, pages that watch for foreign requests and errors, pictures compared.
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { after, before } from 'node:test';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const require = createRequire(`${root}static/package.json`);
const { chromium } = require('playwright-core');

export const URL_ = process.env.MAHWAR_URL;
if (!URL_) throw new Error('MAHWAR_URL is not set; use run.sh');
export const ORIGIN = new URL(URL_).origin;

const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic',
  '--no-first-run', '--disable-dev-shm-usage', '--font-render-hinting=none', '--force-color-profile=srgb',
];

/** How long anything is waited for, in milliseconds. */
const PATIENCE = Number(process.env.VIEWER_PATIENCE ?? 300_000);

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });
});
after(() => browser?.close());

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 360, height: 740 };

/** A new context and page at a fragment; `errors` and `foreign` fill while it lives. */
export async function open(hash = 'lang=ar', { base = URL_, path = '/', size = DESKTOP, scheme = 'light', motion = 'reduce', ready = true, init, context: options = {}, prepare } = {}) {
  const phone = size.width < 500;
  const context = await browser.newContext({
    viewport: size, colorScheme: scheme, reducedMotion: motion, deviceScaleFactor: 1, locale: 'ar-IQ',
    hasTouch: phone, isMobile: phone, acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'], ...options,
  });
  // The machine may be slow, or busy with other work.
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const seen = { errors: [], foreign: [], requests: [] };
  const open = new Set();
  waiting.set(page, open);
  // The stream of changes never ends.
  page.on('request', (request) => new URL(request.url()).pathname.endsWith('/changes') || open.add(request));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => open.delete(request));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && seen.errors.push(message.text()));
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  page.on('request', (request) => {
    seen.requests.push(request.url());
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== new URL(base).origin) seen.foreign.push(request.url());
  });
  if (init) await page.addInitScript(init);
  if (prepare) await prepare(page);
  await page.goto(`${base}${path}${hash ? `#${hash}` : ''}`);
  if (ready) {
    await page.waitForSelector('html[data-ready]', { timeout: PATIENCE });
    // The open tab is a file of its own, which may come after the map.
    await page.waitForFunction(() => !document.querySelector('.tab-panel[aria-busy]'));
  }
  return { page, context, ...seen, close: () => context.close() };
}

/** Requests of each page that were not answered yet. */
const waiting = new WeakMap();

/** Waits until the map has not drawn and nothing was asked for a while. */
export async function still(page, quiet = 500) {
  await page.waitForLoadState('load');
  let [last, since] = ['', Date.now()];
  const end = since + PATIENCE;
  while (Date.now() < end) {
    const drawn = await page.evaluate(() => document.documentElement.dataset.drawn ?? '');
    if (drawn !== last || waiting.get(page)?.size) [last, since] = [drawn, Date.now()];
    else if (Date.now() - since > quiet) return;
    await page.waitForTimeout(80);
  }
}

/** Waits until nothing moves and no tab is loading. */
export async function calm(page) {
  await page.waitForTimeout(100);
  await page.waitForFunction(() => !document.querySelector('.tab-panel[aria-busy]') && document.getAnimations().every((animation) => animation.playState !== 'running'));
}

export const json = async (path, base = URL_) => {
  const response = await fetch(`${base}${path}`, { headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
};

/** The seed document: the one without a date that the tests gave. */
export async function seed() {
  const { documents } = await json('/documents');
  const { id } = documents.find((document) => document.language === 'ar') ?? documents[0];
  const [record, text, { mentions }, said] = await Promise.all([
    json(`/documents/${id}`),
    fetch(`${URL_}/documents/${id}/text`).then((response) => response.text()),
    json(`/documents/${id}/mentions`),
    json(`/documents/${id}/claims`),
  ]);
  return { id, record, text, mentions, ...said, document: id };
}

/** A text with Latin digits and without isolating marks: the page writes numbers in its language's digits. */
export const plain = (text) =>
  text.replace(/[\u2066-\u2069]/g, '').replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660)).replace(/٫/g, '.').replace(/٬/g, ',');

/** Share of pixels that differ between a picture and its golden one; with SHOTS=1 the golden one is written. */
export function difference(name, png) {
  const golden = new URL(`./golden/${name}.png`, import.meta.url);
  mkdirSync(new URL('./golden/', import.meta.url), { recursive: true });
  if (process.env.SHOTS || !existsSync(golden)) {
    writeFileSync(golden, png);
    return 0;
  }
  const { PNG } = require('pngjs');
  const pixelmatch = require('pixelmatch').default ?? require('pixelmatch');
  const [a, b] = [PNG.sync.read(readFileSync(golden)), PNG.sync.read(png)];
  if (a.width !== b.width || a.height !== b.height) return 1;
  const picture = new PNG({ width: a.width, height: a.height });
  const count = pixelmatch(a.data, b.data, picture.data, a.width, a.height, { threshold: 0.2 });
  const share = count / (a.width * a.height);
  if (share > 0.01) {
    mkdirSync(new URL('./differences/', import.meta.url), { recursive: true });
    writeFileSync(new URL(`./differences/${name}.png`, import.meta.url), PNG.sync.write(picture));
    writeFileSync(new URL(`./differences/${name}.now.png`, import.meta.url), png);
  }
  return share;
}

/** Records every text that is drawn on a canvas, and whether the web font was there. */
export const recordCanvasText = () => {
  window.drawnTexts = [];
  const draw = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    window.drawnTexts.push({ text, font: this.font, loaded: document.fonts.check(this.font, text) });
    return draw.call(this, text, ...rest);
  };
};
