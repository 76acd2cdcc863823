import { describe, expect, it } from 'vitest';
import { fold, matches, parts } from './fold';

describe('folding', () => {
  it.each([
    ['كركوك', 'کرکوک'],
    ['الأمنيّة', 'الامنيه'],
    ['مُخَيَّم', 'مخیم'],
    ['کەرکووک', 'كەركووك'],
    ['٢٠٦', '206'],
    ['Café', 'cafe'],
    ['محـــور', 'محور'],
  ])('%s and %s are one', (a, b) => expect(fold(a)).toBe(fold(b)));

  it('keeps other words apart', () => expect(fold('كركوك')).not.toBe(fold('داقوق')));
});

describe('words', () => {
  it('must all be there; between quotation marks they stand together', () => {
    const text = 'والتي تعاني من الفراغ الأمني في محافظات ديالى';
    expect(matches(text, 'ديالى الفراغ')).toBe(true);
    expect(matches(text, '"فراغ امني"')).toBe(false);
    expect(matches(text, '«الفراغ الامني»')).toBe(true);
    expect(matches(text, 'كركوك')).toBe(false);
    expect(parts('"a b" c')).toEqual(['a b', 'c']);
    expect(matches(text, '  ')).toBe(true);
  });
});
