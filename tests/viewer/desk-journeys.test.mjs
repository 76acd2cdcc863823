// Seven journeys, each from a clean browser: reporter, analyst, second analyst, GIS officer, phone on slow 3G, keyboard and screen reader, faults.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { json, open, PHONE, plain, require, still } from './browser.mjs';
import { desk, TOKEN } from './desk-server.mjs';

const own = desk(240);
const at = (hash, options = {}) => open(hash, { base: own.url, ...options });
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const signedIn = (page) => page.addInitScript((value) => sessionStorage.setItem('mahwar-token', value), TOKEN);

async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return found.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 140)} ${node.any[0]?.message ?? ''}`).join(' | ')}`);
}

test('reporter: what happened around Makhmour in the last weeks, and who said so', async () => {
  const { page, errors, close } = await at('lang=en');
  await page.locator('.head .search input').fill('Makhmour');
  await page.waitForSelector('.head [role=option]:not(.empty)');
  // The town and the district of that name are both offered.
  await page.keyboard.press('Enter');
  await page.waitForSelector('.place .chips button');
  await page.getByRole('button', { name: /within 20 km|With everything inside/ }).first().click();
  await page.selectOption('.presets', 'newest');
  await page.waitForFunction(() => /area=/.test(location.hash) && /time=/.test(location.hash));
  await page.waitForSelector('.summary');
  await page.click('#list-claims');
  await page.waitForSelector('.claim blockquote');
  const first = await page.locator('.feed .claim').first().textContent();
  assert.match(plain(first), /\d+ killed/);
  assert.match(first, /November 2026/);
  assert.ok(await page.locator('.feed .speaker-link').count());
  await page.locator('.feed .claim .link', { hasText: 'Open in the document' }).first().click();
  await page.waitForSelector('.document-text');
  await page.waitForFunction(() => /document=/.test(location.hash));
  await page.goBack();
  await page.waitForSelector('.summary');
  assert.deepEqual(errors, []);
  await close();
});

test('analyst and second analyst: a correction of one is seen by the other without reloading', async () => {
  const [id] = await own.add([{ text: `A convoy left Daquq for Kirkuk, the mayor said. Journey ${Date.now()}.`, title: 'Two analysts', language: 'en', published: '2026-11-27' }]);
  const { mentions } = await json(`/documents/${id}/mentions`, own.url);
  const mention = mentions.find(({ place }) => place);
  const first = await at(`lang=en&document=${id}&mention=${mention.id}`, { prepare: signedIn });
  const second = await at(`lang=en&document=${id}&mention=${mention.id}`, { prepare: signedIn });
  await first.page.locator('.rule').click();
  await first.page.getByRole('button', { name: 'Reject', exact: true }).click();
  await first.page.getByRole('button', { name: 'Reject without a reason' }).click();
  await first.page.waitForSelector('.mention-card .ruled');
  await second.page.locator('.rule').click();
  await second.page.getByRole('button', { name: 'An actor, not the place' }).click();
  await second.page.waitForSelector('.conflict');
  await second.page.getByRole('button', { name: 'Show it' }).click();
  await second.page.waitForFunction(() => /rejected/.test(document.querySelector('.mention-card .ruled')?.textContent ?? ''));
  await first.close();
  await second.close();
});

test('C10: GIS officer: the files are what the map shows, the pictures are of this view, worldviews differ in writing', async () => {
  const { page, close } = await at('lang=en&map=7/35.4/44.2&tab=share&publisher=Example+Wire');
  await page.waitForFunction(() => Number(document.querySelector('.made-here[data-layer=mentions] small')?.textContent.replace(/\D/g, '')) > 0);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('li[data-layer=mentions] button:has-text("csv")')]);
  const rows = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
  assert.ok(rows.length > 10 && rows.slice(1).every((row) => row.includes('Example Wire')));
  const pdf = new URL(await page.getAttribute('a.pdf', 'href'));
  assert.equal(pdf.pathname, '/maps/print.pdf');
  const answer = await fetch(pdf);
  assert.equal(answer.headers.get('content-type'), 'application/pdf');
  await page.click('#tab-layers');
  await page.selectOption('select[name=compare]', 'region');
  await page.waitForSelector('.differences tbody tr');
  assert.match(await page.textContent('.differences'), /Sinjar.*Shingal/s);
  await page.locator('.swipe input').fill('30');
  await page.waitForFunction(() => document.querySelector('.swipe-line').style.left === '30%');
  await close();
});

test('B6: two periods: the list of differences has the counts of each', async () => {
  const { page, close } = await at('lang=en&tab=layers&time=2026-11-01..2026-11-28&compare=2026-10-04..2026-10-31');
  await page.waitForSelector('.differences tbody tr');
  const { features } = await json('/collections/mention_places/items?limit=1000&properties=count,documents,by_day', own.url);
  const counted = (id, from, to) => Object.entries(features.find((place) => place.id === id).properties.by_day).reduce((sum, [day, count]) => (day >= from && day <= to ? sum + count : sum), 0);
  for (const { id, a, b } of await page.$$eval('.differences tbody tr', (all) => all.map((row) => ({ id: row.dataset.place, a: Number(row.cells[1].textContent), b: Number(row.cells[2].textContent) })))) {
    assert.equal(a, counted(id, '2026-11-01', '2026-11-28'), id);
    assert.equal(b, counted(id, '2026-10-04', '2026-10-31'), id);
    assert.notEqual(a, b);
  }
  await close();
});

test('phone on slow 3G: a map, then a place with its words first', async (t) => {
  let bytes = 0;
  const { page, close } = await at('lang=ar', {
    size: PHONE,
    prepare: async (page) => {
      const session = await page.context().newCDPSession(page);
      await session.send('Network.enable');
      await session.send('Network.emulateNetworkConditions', { offline: false, latency: 300, downloadThroughput: 50_000, uploadThroughput: 50_000 });
      session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    },
  });
  const first = bytes;
  // The budget until the first map is in network.test.mjs; here the panel has come too.
  t.diagnostic(`${first} bytes until the map and the first list`);
  await page.locator('#list-places').tap();
  await page.locator('.mention-row').first().tap();
  await page.waitForSelector('.sentence');
  const order = await page.evaluate(() => document.querySelector('.totals').compareDocumentPosition(document.querySelector('.place .facts')) & Node.DOCUMENT_POSITION_FOLLOWING);
  assert.ok(order, 'sentences come before names and identifiers');
  assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth)) <= 360);
  await close();
});

test('C18: keyboard and screen reader: roles and names of the desk, and axe finds nothing in it', async () => {
  for (const [language, scheme, size] of [['ar', 'light', undefined], ['ckb', 'dark', PHONE], ['en', 'dark', undefined]]) {
    const { page, close } = await at(`lang=${language}&area=around:35.77,43.58,40`, { scheme, ...(size && { size }) });
    await page.waitForSelector('.summary');
    assert.deepEqual(await violations(page), [], `${language} list`);
    await page.click('.filter-toggle');
    await page.waitForSelector('.filter-fields');
    assert.deepEqual(await violations(page), [], `${language} filter`);
    await page.click('.filter-toggle');
    await page.click('#list-claims');
    await page.waitForSelector('.feed .claim');
    assert.deepEqual(await violations(page), [], `${language} claims`);
    await page.click('#list-places');
    await page.locator('.mention-row').first().click();
    await page.waitForSelector('.sentence');
    assert.deepEqual(await violations(page), [], `${language} place`);
    await page.locator('.sentences .speaker-link').first().click();
    await page.waitForSelector('.speaker .totals');
    assert.deepEqual(await violations(page), [], `${language} speaker`);
    await page.click('#tab-layers');
    await page.selectOption('select[name=compare]', 'region');
    await page.waitForSelector('.differences tbody tr');
    assert.deepEqual(await violations(page), [], `${language} comparison`);
    await close();
  }
  const { page, close } = await at('lang=en');
  await page.waitForSelector('.document-row');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'map', 'the second link leads to the map');
  await close();
});

test('B9, B10: no English and no raw key in Arabic and Sorani pages', async () => {
  for (const language of ['ar', 'ckb']) {
    for (const hash of ['', '&feature=disputed_areas/IQG15Q07', '&feature=security_gap/eastern-outer-edge', '&tab=layers', '&tab=share', '&tab=try', '&feature=mention_places/wof-421195195']) {
      const { page, close } = await at(`lang=${language}${hash}`);
      await still(page);
      // What is foreign says so: text of documents and data, names of programs and formats.
      const foreign = await page.evaluate(() => {
        const allowed = '[lang=en], [lang=ar]:not(html), [lang=ckb]:not(html), bdi, code, blockquote, .languages, .document-row, .formats, .addresses, .embed, option, textarea, .oembed, .suggestions, .raw, a[href^=http], .sources';
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found = [];
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const element = node.parentElement;
          if (!element.checkVisibility() || element.closest(allowed) || element.closest('script, template, noscript, style')) continue;
          const words = node.textContent.replace(/\u2068[^\u2069]*\u2069/g, '').match(/[A-Za-z_]{3,}/g) ?? [];
          found.push(...words.filter((word) => !/^(MapLibre|OpenAPI|WMTS|XYZ|MVT|TileJSON|GeoJSON|CSV|NDJSON|PDF|DOCX|ODT|RTF|EML|XLSX|ODS|PNG|SVG|WGS|UTF|Ctrl|OGC|API|Features|Nominatim|OpenRefine|oEmbed|text|title|publisher|published|source_url|language|Web|Annotation)$/.test(word)));
          if (/[{}]|\["|":/.test(node.textContent)) found.push(node.textContent.slice(0, 60));
        }
        return [...new Set(found)];
      });
      assert.deepEqual(foreign, [], `${language}${hash}`);
      await close();
    }
  }
});

test('faults: a server that is busy, gone and back, and hostile texts', async () => {
  await own.add([{ text: `<img src=x onerror="window.hit=1"> Attack in Daquq, said O'Brien "the <b>mayor</b>". ${Date.now()}`, title: '<script>window.hit=1</script> =HYPERLINK("x")', publisher: '"><svg onload=window.hit=1>', language: 'en', published: '2026-11-28' }]);
  let busy = 2;
  const { page, context, close } = await at('lang=en', {
    prepare: (page) => page.route(/collections\/documents\/items/, (route) => (busy-- > 0 ? route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, body: '' }) : route.continue())),
  });
  await page.waitForSelector('.document-row');
  assert.ok(await page.locator('.notice').isHidden(), 'a busy server is asked again without a word');
  assert.match(await page.textContent('.documents'), /<script>window\.hit=1<\/script>/);
  await page.locator('.document-row', { hasText: 'HYPERLINK' }).first().click();
  await page.waitForSelector('.document-text');
  assert.equal(await page.evaluate(() => window.hit), undefined);
  await context.setOffline(true);
  await page.evaluate(() => (location.hash = 'lang=en&feature=mention_places/IQG13'));
  await page.waitForSelector('.notice:not([hidden])');
  await context.setOffline(false);
  // It comes back by itself.
  await page.waitForSelector('.notice', { state: 'hidden' });
  await close();
});
