// Point 11: the saved picture carries legend, convention and disclaimer.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { difference, json, open, plain, recordCanvasText, require, still } from './browser.mjs';

const { PNG } = require('pngjs');

for (const language of ['ar', 'en']) {
  test(`a picture in ${language} has the map, its legend, the convention and the disclaimer`, async () => {
    const { worldviews, disclaimer } = await json('/worldviews');
    const { page, close } = await open(`lang=${language}&tab=share&worldview=federal&map=7/35.2/44.3`, { init: recordCanvasText });
    await still(page);
    const rows = await page.$$eval('.legend li', (all) => all.map((row) => row.textContent));
    await page.evaluate(() => (window.drawnTexts = []));
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.share .actions .button').nth(1).click()]);
    assert.match(download.suggestedFilename(), new RegExp(`^mahwar-federal-${language}\\.png$`));
    const bytes = readFileSync(await download.path());
    const picture = PNG.sync.read(bytes);
    const map = await page.locator('#map').boundingBox();
    assert.equal(picture.width, Math.round(map.width));
    assert.ok(picture.height > map.height + 60);
    const words = (await page.evaluate(() => window.drawnTexts.map(({ text }) => text))).map(plain).join(' ');
    const convention = worldviews.find((view) => view.id === 'federal').convention[language];
    for (const text of [convention, disclaimer[language], ...rows]) assert.ok(plain(text).split(' ').every((word) => words.includes(word)), text);
    assert.ok(difference(`picture-${language}`, bytes) < 0.02);
    await close();
  });
}
