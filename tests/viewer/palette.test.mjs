// For eyes that do not tell hues apart: what lies on the map together stays apart; words stand out from the ground.
import assert from 'node:assert/strict';
import test from 'node:test';
import { json } from './browser.mjs';

const palettes = {};
for (const theme of ['light', 'dark']) palettes[theme] = (await json(`/styles/${theme}.json?lang=en`)).metadata['mahwar:colours'];

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, value, index) => sum + value * vector[index], 0));

/** Machado, Oliveira and Fernandes 2009, full severity. */
const EYES = {
  full: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

function lab(hex, eyes) {
  const rgb = times(EYES[eyes], channels(hex).map(linear));
  const xyz = times([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], rgb);
  const [x, y, z] = xyz.map((value, index) => Math.max(0, value) / [0.9505, 1, 1.089][index]).map((value) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const apart = (a, b, eyes) => Math.hypot(...lab(a, eyes).map((value, index) => value - lab(b, eyes)[index]));
const luminance = (hex) => channels(hex).map(linear).reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
const contrast = (a, b) => {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

for (const theme of ['light', 'dark']) {
  test(`evidence, corridor, disputed areas and the Region line differ for every eye, ${theme}`, () => {
    const colours = palettes[theme];
    const together = ['mention_fill', 'gap', 'disputed', 'region'];
    for (const eyes of Object.keys(EYES)) {
      for (const [index, one] of together.entries()) {
        for (const other of together.slice(index + 1)) {
          const distance = apart(colours[one], colours[other], eyes);
          assert.ok(distance > 15, `${one} and ${other}, ${eyes}: ${distance.toFixed(1)}`);
        }
      }
    }
  });

  test(`words stand out from the ground, ${theme}`, () => {
    const colours = palettes[theme];
    for (const [word, ground, least] of [['text', 'land', 7], ['text_soft', 'land', 4.5], ['mention', 'land', 4.5], ['disputed', 'land', 4], ['gap', 'land', 4.5], ['text_soft', 'abroad', 4.5], ['water_text', 'land', 4.5]]) {
      const ratio = contrast(colours[word], colours[ground]);
      assert.ok(ratio >= least, `${word} on ${ground}: ${ratio.toFixed(2)}`);
    }
  });
}
