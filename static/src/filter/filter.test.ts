import { describe, expect, it } from 'vitest';
import {
  all,
  areaOf,
  areaText,
  conditions,
  contains,
  dayAfter,
  isActive,
  NO_FILTER,
  quoted,
  readFilter,
  within,
  writeFilter,
  type Filter,
} from './filter';

const read = (text: string): Filter => readFilter(new Map(new URLSearchParams(text)));
const written = (filter: Filter): string => {
  const out = new URLSearchParams();
  writeFilter(filter, out);
  return out.toString();
};

describe('a filter in an address', () => {
  it('comes back as it was written', () => {
    const filter: Filter = {
      by: 'event',
      area: { kind: 'around', lat: 35.7756, lon: 43.5839, km: 20 },
      types: ['casualties', 'meeting'],
      speaker: "خلية الإعلام & 'x'",
      publisher: 'A=B, C',
      documents: 'ckb',
      words: '"فراغ أمني" كركوك',
      confidence: 0.6,
      ruled: 'no',
    };
    expect(read(written(filter))).toEqual(filter);
    expect(conditions(filter)).toBe(8);
  });

  it('is empty where nothing is said, and nothing is written of it', () => {
    expect(read('')).toEqual(NO_FILTER);
    expect(written(NO_FILTER)).toBe('');
    expect(isActive(NO_FILTER)).toBe(false);
    expect(isActive({ ...NO_FILTER, by: 'event' })).toBe(true);
    expect(conditions({ ...NO_FILTER, by: 'event' })).toBe(0);
    expect(isActive({ ...NO_FILTER, words: 'x' })).toBe(true);
  });

  it('leaves out what makes no sense', () => {
    expect(read('area=around:95,43,20&type=%3Cscript%3E&doclang=xx&min_confidence=2&ruled=maybe&by=moon')).toEqual(NO_FILTER);
    expect([...read(`q=${'ب'.repeat(900)}`).words]).toHaveLength(200);
  });
});

describe('an area', () => {
  it.each(['unit:IQG11Q04', 'around:35.7756,43.5839,20', 'box:43,35,44.5,36', 'corridor:100-200,25'])('%s comes back', (text) => {
    const area = areaOf(text);
    expect(area).not.toBeNull();
    expect(areaText(area as NonNullable<typeof area>)).toBe(text);
  });

  it('along the corridor has a width of its own', () => {
    expect(areaOf('corridor:0-50')).toEqual({ kind: 'corridor', from: 0, to: 50, within: 25 });
  });

  it.each([
    '',
    'unit:',
    'around:35,43',
    'around:35,43,0',
    'around:35,43,9999',
    'box:44,35,43,36',
    'box:1,2,3',
    'corridor:200-100',
    'corridor:a-b',
    'moon:1',
  ])('%s is none', (text) => expect(areaOf(text)).toBeNull());
});

describe('CQL2', () => {
  it('keeps quotation marks and signs of patterns', () => {
    expect(quoted("O'Brien")).toBe("'O''Brien'");
    expect(contains('speaker', "50%_'")).toBe("CASEI(speaker) LIKE CASEI('%50\\%\\_''%')");
  });

  it('ends a period with its last day', () => {
    expect(dayAfter('2024-02-28')).toBe('2024-02-29');
    expect(dayAfter('2026-12-31')).toBe('2027-01-01');
    expect(within('published', ['2022-01-01', '2022-01-31'])).toBe("published >= DATE('2022-01-01') AND published < DATE('2022-02-01')");
  });

  it('joins what there is', () => {
    expect(all('a', undefined, false, 'b')).toBe('a AND b');
    expect(all(null)).toBeUndefined();
  });
});
