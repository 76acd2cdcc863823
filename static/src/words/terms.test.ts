/** One term for each thing: words that the glossary replaced must not come back. */

import { expect, test } from 'vitest';
import layers from '../../../data/layers.toml?raw';
import worldviews from '../../../data/worldviews.toml?raw';
import * as ar from './ar';
import * as ckb from './ckb';
import * as en from './en';

const of = (words: object): string => JSON.stringify(words);

test('C3, C4: no second word for a thing of the glossary', () => {
  for (const other of ['ڕۆژاوا', 'حکومەت', 'ڕاژە', 'کشێنراوەتەوە', 'لێبدە']) expect(of(ckb), other).not.toContain(other);
  for (const other of ['الذِّكر', 'مواضع الذكر']) expect(of(ar), other).not.toContain(other);
  for (const other of ['Places mentioned', 'type noun', 'Type noun']) expect(of(en), other).not.toContain(other);
});

test('C2: the word for a surface is not the kind of a plain', () => {
  for (const [words, surface] of [[ar, 'المساحة'], [ckb, 'ڕووبەر']] as const) expect(of(words)).not.toContain(`"area":"${surface}"`);
});

test('C3, C4: layers and conventions of the land call a claim and a speaker by the terms of the glossary', () => {
  for (const other of ['بانگەشە', 'بێژەر', 'قسەکان ']) expect((layers + worldviews).includes(other), other).toBe(false);
});
