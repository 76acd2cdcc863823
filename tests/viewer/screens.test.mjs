// Golden pictures of the main views, compared with a tolerance; `npm run shots` refreshes them.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import test from 'node:test';
import { DESKTOP, difference, open, PHONE, root, seed, still } from './browser.mjs';

/** Share of pixels that may differ: the rasteriser of another machine draws edges a little differently. */
const TOLERANCE = 0.015;

const { id, mentions } = await seed();
const makhmour = mentions.find((mention) => mention.place?.id === 'IQG11Q04');

const VIEWS = [
  ['desktop-ar', `lang=ar&document=${id}&mention=${makhmour?.id}&feature=mention_places/IQG11Q04`, {}],
  ['desktop-ckb', 'lang=ckb&tab=layers', {}],
  ['desktop-en', 'lang=en&tab=corridor&km=214', {}],
  ['desktop-ar-dark', `lang=ar&document=${id}`, { scheme: 'dark' }],
  // Which formats there are is another test's matter.
  ['desktop-en-share', 'lang=en&tab=share', { mask: '.downloads' }],
  ['close-ar', `lang=ar&document=${id}&map=9.2/35.3/44.4`, {}],
  ['phone-ar', `lang=ar&document=${id}`, { size: PHONE }],
  ['phone-ckb-layers', 'lang=ckb&tab=layers', { size: PHONE }],
  ['phone-en', 'lang=en&tab=corridor', { size: PHONE, scheme: 'dark' }],
  ['embed-ar', 'ui=legend&lang=ar&worldview=region', { path: '/embed', size: { width: 720, height: 480 } }],
];

for (const [name, hash, options] of VIEWS) {
  test(`${name} looks as it did`, async () => {
    const { mask, ...given } = options;
    const { page, close } = await open(hash, { size: DESKTOP, ...given });
    await still(page, 700);
    const share = difference(name, await page.screenshot({ mask: mask ? [page.locator(mask)] : [], maskColor: '#808080' }));
    assert.ok(share < TOLERANCE, `${(share * 100).toFixed(2)} % of the pixels differ`);
    await close();
  });
}

test('the picture for the README', { skip: !process.env.SHOTS }, async () => {
  const { page, close } = await open(`lang=ar&document=${id}&mention=${makhmour?.id}&feature=mention_places/IQG11Q04`, { size: { width: 1440, height: 900 } });
  await still(page, 700);
  mkdirSync(`${root}docs`, { recursive: true });
  await page.screenshot({ path: `${root}docs/screenshot.png` });
  await close();
});
