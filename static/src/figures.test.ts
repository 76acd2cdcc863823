import { beforeAll, describe, expect, it, vi } from 'vitest';

vi.stubGlobal('document', { documentElement: {}, querySelector: () => null });
const { learn, speak, word } = await import('./language');
const { counted, figure, short } = await import('./figures');
const { default: UNITS_CSV } = await import('../../data/lexicon/units.csv?raw');
const { FORMS } = await import('./words/plurals');

const bare = (text: string): string => text.replace(/[\u2066-\u2069]/g, '');
const people = (value: number, role: string | null, bound: 'exact' | 'at_least' | 'about' | 'at_most' | 'more_than' = 'exact') => ({ value, unit: 'person', role, bound, text: '', approximate: bound !== 'exact' });

beforeAll(async () => {
  for (const language of ['ar', 'ckb', 'en'] as const) await learn(language);
});

describe('figures', () => {
  it('name the killed and the wounded', () => {
    speak('en');
    expect(bare(figure(people(3, 'killed')))).toBe('3 killed');
    expect(bare(figure(people(5, 'wounded', 'at_least')))).toBe('at least 5 wounded');
    expect(bare(figure({ ...people(15, 'killed'), unit: 'fighter' }))).toBe('15 fighters (killed)');
    expect(bare(figure({ ...people(5, 'killed'), upper: 7 }))).toBe('5–7 killed');
    speak('ckb');
    expect(bare(figure(people(16, 'wounded')))).toBe('١٦ بریندار');
  });

  it('keep a lower bound a lower bound, on servers that give only its words too', () => {
    speak('en');
    expect(bare(figure({ value: 5, unit: 'person', role: 'killed', text: '', approximate: true, approximation: 'At least' }))).toBe('at least 5 killed');
    expect(bare(figure({ value: 5, unit: 'person', role: 'killed', text: '', approximate: true, approximation: 'some' }))).toBe('about 5 killed');
    expect(bare(short(people(5, 'killed', 'at_least')))).toBe('5+');
  });

  it('give the words of the text where it has no number', () => {
    speak('en');
    expect(bare(figure({ value: null, unit: 'person', role: 'killed', text: 'Dozens of civilians', bound: 'vague' }))).toBe('“Dozens of civilians” · killed');
  });

  it.each([
    [0, '٠ قتيل'], [1, 'قتيل واحد'], [2, 'قتيلان'], [3, '٣ قتلى'], [10, '١٠ قتلى'], [11, '١١ قتيلاً'], [15, '١٥ قتيلاً'], [99, '٩٩ قتيلاً'], [100, '١٠٠ قتيل'], [103, '١٠٣ قتلى'], [206, '٢٠٦ قتلى'],
  ])('in Arabic %i is %s', (value, words) => {
    speak('ar');
    expect(bare(figure(people(value, 'killed')))).toBe(words);
  });

  it('have a noun for every unit that is read, in each language', () => {
    const units = new Set(UNITS_CSV.split('\n').slice(1).map((line) => line.split(',')[1]).filter((unit): unit is string => Boolean(unit)));
    expect(units.size).toBeGreaterThan(40);
    for (const language of ['ar', 'ckb', 'en'] as const) {
      speak(language);
      for (const unit of units) expect(FORMS[language][`unit_${unit}`]?.other ?? word(`unit_${unit}`, ''), `${language} ${unit}`).not.toBe('');
    }
    speak('ar');
    const families = { value: 103, unit: 'family', role: 'displaced', bound: 'about' as const, text: '' };
    expect(bare(figure(families))).toBe('نحو ١٠٣ عائلات (نازحون)');
    expect(bare(short(families))).toBe('~١٠٣ عائلات');
  });

  it('inflect nouns after numbers', () => {
    speak('ar');
    expect(counted('unit_month', 10)).toBe('١٠ أشهر');
    expect(counted('unit_attack', 206)).toBe('٢٠٦ هجمات');
    expect(counted('documents', 2)).toBe('وثيقتان');
    speak('en');
    expect(counted('unit_attack', 1)).toBe('1 attack');
    expect(counted('documents', 12)).toBe('12 documents');
  });
});
