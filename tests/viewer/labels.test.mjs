// Points 1–3: words on the map and on the page are joined, whole and in the right order.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open, recordCanvasText, still } from './browser.mjs';

const PRESENTATION_FORMS = /[\uFB50-\uFDFF\uFE70-\uFEFC]/;

async function drawn(language) {
  const view = await open(`lang=${language}&map=7.6/35.6/44.6`, { init: recordCanvasText });
  await still(view.page);
  const texts = await view.page.evaluate(() => window.drawnTexts);
  return { view, texts };
}

/** Columns of ink with blanks between them: a word that is joined has fewer than the same letters kept apart. */
const strokes = (page, words) =>
  page.evaluate((all) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [900, 120];
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const count = (text) => {
      context.clearRect(0, 0, 900, 120);
      context.font = '600 48px Vazirmatn';
      context.fillText(text, 20, 80);
      const { data } = context.getImageData(0, 0, 900, 120);
      let [runs, inked] = [0, false];
      for (let x = 0; x < 900; x++) {
        let ink = false;
        for (let y = 0; y < 120 && !ink; y++) ink = data[(y * 900 + x) * 4 + 3] > 40;
        if (ink && !inked) runs++;
        inked = ink;
      }
      return runs;
    };
    return all.map((word) => ({ word, whole: count(word), apart: count([...word].join('\u200c ')) }));
  }, words);

for (const [language, words] of [['ar', ['كركوك', 'صلاح الدين', 'مخمور']], ['ckb', ['هەولێر', 'سلێمانی', 'چەمچەماڵ', 'ڕانیە']]]) {
  test(`labels in ${language} are drawn as whole words of plain letters in the web font`, async () => {
    const { view, texts } = await drawn(language);
    const all = new Set(texts.map(({ text }) => text));
    for (const word of words) assert.ok([...all].some((text) => text.includes(word)), `${word} is among ${[...all].join(' | ')}`);
    for (const { text, font, loaded } of texts) {
      assert.doesNotMatch(text, PRESENTATION_FORMS);
      assert.match(font, /Vazirmatn/);
      assert.ok(loaded, `the font was there when ${text} was drawn`);
    }
    for (const { word, whole, apart } of await strokes(view.page, words)) assert.ok(whole < apart, `${word}: ${whole} < ${apart}`);
    await view.close();
  });
}

test('the web font has every Sorani letter itself', async () => {
  const { page, close } = await open('lang=ckb');
  const missing = await page.evaluate(async () => {
    await document.fonts.load('600 40px Vazirmatn', 'ێ');
    const context = document.createElement('canvas').getContext('2d');
    const measure = (font, text) => ((context.font = font), context.measureText(text).width);
    return [...'ێڵڕەۆڤگچپژکیھ'].filter((letter) => measure('600 40px Vazirmatn, monospace', letter) !== measure('600 40px Vazirmatn, serif', letter));
  });
  assert.deepEqual(missing, []);
  await close();
});

test('«كركوك (Kirkuk)» and ٥٦٠ كم stand in the right order on a right-to-left page', async () => {
  const { page, close } = await open('lang=ar&tab=try');
  await page.fill('.try textarea', 'قال إن «كركوك (Kirkuk)» تبعد ٥٦٠ كم عنها.');
  await page.click('.try form button');
  await page.waitForSelector('.try-result .document-text');
  const x = await page.evaluate(() => {
    const element = document.querySelector('.try-result .document-text');
    const text = element.textContent;
    const place = (word) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      let from = text.indexOf(word);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (from < node.length) {
          const range = document.createRange();
          range.setStart(node, from);
          range.setEnd(node, Math.min(node.length, from + word.length));
          const { left, right, top } = range.getBoundingClientRect();
          return { middle: (left + right) / 2, top };
        }
        from -= node.length;
      }
    };
    return Object.fromEntries(['«', 'كركوك', '(', 'Kirkuk', ')', '»', '٥٦٠', 'كم'].map((word) => [word, place(word)]));
  });
  const order = ['«', 'كركوك', '(', 'Kirkuk', ')', '»'];
  for (let i = 1; i < order.length; i++) assert.ok(x[order[i - 1]].middle > x[order[i]].middle, `${order[i - 1]} stands right of ${order[i]}`);
  assert.ok(x['٥٦٠'].middle > x['كم'].middle || x['٥٦٠'].top < x['كم'].top, '٥٦٠ stands right of كم');
  await close();
});
