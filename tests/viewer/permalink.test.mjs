// Point 14: an address restores everything in a clean browser.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open, require, seed, still } from './browser.mjs';

const { PNG } = require('pngjs');

test('view, layers, worldview, language, document, mention, tab and theme come back', async () => {
  const { id, mentions } = await seed();
  const mention = mentions.find((other) => other.place?.id === 'IQG11Q04');
  const first = await open('lang=en&tab=layers&map=7.4/35.3/44.1');
  await first.page.check('input[name=worldview][value=region]', { force: true });
  await first.page.locator('.layers li[data-layer=rivers] [role=switch]').click();
  await first.page.locator('.layers li[data-layer=disputed_areas] input[type=range]').fill('40');
  await first.page.check('input[name=theme][value=dark]', { force: true });
  await first.page.click('.languages button[lang=ckb]');
  await first.page.click('#tab-evidence');
  await first.page.waitForSelector('.document-row, .document-text');
  if (await first.page.locator('.document-row').count()) await first.page.locator('.document-row', { has: first.page.locator('b[lang=ar]') }).first().click();
  await first.page.click(`.document-text a[data-mention="${mention.id}"]`);
  await still(first.page);
  const url = new URL(first.page.url());
  const picture = await first.page.screenshot();
  await first.close();

  const second = await open(url.hash.slice(1));
  await second.page.waitForSelector('.document-text a.selected');
  await still(second.page);
  assert.equal(await second.page.getAttribute('html', 'lang'), 'ckb');
  assert.equal(await second.page.getAttribute('html', 'data-theme'), 'dark');
  assert.equal(await second.page.$eval('.document-text a.selected', (mark) => mark.dataset.mention), mention.id);
  assert.equal(new URL(second.page.url()).hash, url.hash);
  assert.ok(url.hash.includes(id) && /rivers:off/.test(url.hash) && /disputed_areas:40/.test(url.hash) && /worldview=region/.test(url.hash) && /feature=mention_places\/IQG11Q04/.test(url.hash));
  await second.page.click('#tab-layers');
  assert.equal(await second.page.isChecked('input[name=worldview][value=region]'), true);
  assert.equal(await second.page.locator('.layers li[data-layer=rivers] [role=switch]').isChecked(), false);
  assert.equal(await second.page.inputValue('.layers li[data-layer=disputed_areas] input[type=range]'), '40');
  assert.ok(picture.length > 10_000);
  await second.close();
});

test('time, kilometre, feature and style come back', async () => {
  const first = await open('lang=en&tab=corridor&map=7/35.2/44.4');
  await first.page.waitForSelector('.timeline:not([hidden])');
  const from = first.page.locator('.timeline input.from');
  await from.fill(String(Number(await from.getAttribute('min')) + 20));
  await first.page.fill('.km-form input', '214.5');
  await first.page.click('.km-form button');
  await first.page.click('#tab-layers');
  await first.page.selectOption('.style-switch select', 'print');
  await first.page.waitForFunction(() => /km=214\.5/.test(location.hash) && /style=print/.test(location.hash));
  await still(first.page);
  const { hash } = new URL(first.page.url());
  const time = await first.page.textContent('.time-text');
  const picture = PNG.sync.read(await first.page.locator('#map').screenshot());
  await first.close();
  assert.match(hash, /time=\d{4}/);

  const second = await open(hash.slice(1));
  await still(second.page);
  assert.equal(new URL(second.page.url()).hash, hash);
  assert.equal(await second.page.textContent('.time-text'), time);
  assert.equal(await second.page.inputValue('.style-switch select'), 'print');
  const again = PNG.sync.read(await second.page.locator('#map').screenshot());
  let differing = 0;
  for (let i = 0; i < again.data.length; i += 4) if (Math.abs(again.data[i] - picture.data[i]) > 40) differing++;
  assert.ok(differing < again.data.length / 4 / 200, `${differing} pixels differ`);
  await second.page.click('#tab-corridor');
  assert.equal(await second.page.inputValue('.km-form input'), '214.5');
  await second.close();
});

test('a link that makes no sense still shows a map', async () => {
  const { page, errors, close } = await open('lang=xx&map=99/999/no&layers=:::,nothing:5&time=yesterday&feature=&tab=none&worldview=%3Cscript%3E&km=NaN');
  await still(page);
  assert.equal(await page.getAttribute('html', 'lang'), 'ar');
  assert.deepEqual(errors, []);
  await close();
});

test('the language comes from the address, then from the browser, else it is Arabic', async () => {
  const cases = [['', 'en-GB', '/?lang=ckb', 'ckb'], ['', 'en-GB', '/', 'en'], ['', 'fr-FR', '/', 'ar'], ['lang=en', 'ar', '/', 'en']];
  for (const [hash, locale, path, wanted] of cases) {
    const { page, close } = await open(hash, { path, context: { locale } });
    assert.equal(await page.getAttribute('html', 'lang'), wanted, `${locale} ${path}#${hash}`);
    assert.equal(await page.getAttribute('html', 'dir'), wanted === 'en' ? 'ltr' : 'rtl');
    await close();
  }
});

test('the copied link opens the same view, and has a picture of it for whoever shows links', async () => {
  const first = await open('lang=ckb&tab=share&map=8/35.47/44.39&worldview=region&layers=rivers:off&theme=dark');
  await first.page.waitForSelector('.share .actions button');
  await first.page.locator('.share .actions button').first().click();
  const link = await first.page.evaluate(() => navigator.clipboard.readText());
  await first.close();
  assert.match(link, /\/\?map=8\/35\.47\/44\.39&lang=ckb&worldview=region&layers=rivers:off/);

  const html = await (await fetch(link, { headers: { Accept: 'text/html' } })).text();
  const said = new Map([...html.matchAll(/<meta property="(og:[a-z:_]+)" content="([^"]*)">/g)].map(([, name, value]) => [name, value.replaceAll('&amp;', '&')]));
  const image = new URL(said.get('og:image'));
  assert.equal(image.searchParams.get('center'), '44.39,35.47');
  assert.equal(image.searchParams.get('worldview'), 'region');
  assert.ok(image.pathname.endsWith('/dark.png') && !image.searchParams.get('layers').split(',').includes('rivers'), String(image));
  const answer = await fetch(image);
  assert.equal(answer.status, 200);
  const picture = PNG.sync.read(Buffer.from(await answer.arrayBuffer()));
  assert.deepEqual([picture.width, picture.height], [1200, 630]);

  const { pathname, search } = new URL(link);
  const second = await open('', { path: pathname + search });
  await still(second.page);
  assert.equal(await second.page.getAttribute('html', 'lang'), 'ckb');
  await second.page.click('#tab-layers');
  assert.equal(await second.page.isChecked('input[name=worldview][value=region]'), true);
  // What is changed then holds: the query that it came with is in the fragment.
  await second.page.click('.languages button[lang=en]');
  await second.page.waitForFunction(() => location.search === '' && /lang=en/.test(location.hash) && /worldview=region/.test(location.hash));
  await second.close();
});

test('a link that is followed right after a change is not lost', async () => {
  const { page, close } = await open('lang=en');
  // The page is about to write its own change into the address.
  await page.evaluate(() => {
    document.querySelector('#tab-layers').click();
    location.hash = 'lang=ckb&tab=corridor';
  });
  await page.waitForSelector('html[lang=ckb]');
  await page.waitForFunction(() => /tab=corridor/.test(location.hash) && document.querySelector('#tab-corridor').getAttribute('aria-selected') === 'true');
  await close();
});

test('a document is brought into view by its link, and a view that the link gives stays, however late its panel comes', async () => {
  const { id } = await seed();
  const viewOf = async (hash, wait) => {
    const { page, close } = await open(hash, {
      prepare: (page) => page.route(/evidence-panel[^/]*\.js/, async (route) => {
        await new Promise((done) => setTimeout(done, wait));
        await route.continue();
      }),
    });
    await page.waitForSelector('.document-text');
    await still(page, 700);
    await page.waitForFunction(() => location.hash.includes('map='));
    const view = new URLSearchParams(new URL(page.url()).hash.slice(1)).get('map');
    await close();
    return view;
  };
  const late = 1500;
  assert.equal(await viewOf(`lang=ar&document=${id}`, late), await viewOf(`lang=ar&document=${id}`, 0));
  assert.equal(await viewOf(`lang=ar&document=${id}&map=9.2/35.3/44.4`, late), '9.2/35.3/44.4');
  assert.equal(await viewOf(`lang=ar&document=${id}&map=9.2/35.3/44.4`, 0), '9.2/35.3/44.4');
});
