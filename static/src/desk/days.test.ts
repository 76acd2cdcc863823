import { describe, expect, it } from 'vitest';
import { axisOf, bins, period, ticks, toDay, toIso, firstPeriod } from './days';

describe('days', () => {
  it('are counted since 1970', () => {
    expect(toDay('1970-01-02')).toBe(1);
    expect(toIso(toDay('2024-02-29'))).toBe('2024-02-29');
    expect(toDay('2024-02-29T23:00:00Z')).toBe(toDay('2024-02-29'));
  });
});

describe('bins', () => {
  const days = new Map([
    ['2021-12-01', 2],
    ['2022-03-14', 1],
    ['2026-11-28', 4],
  ]);
  const span: [number, number] = [toDay('2021-12-01'), toDay('2026-11-28')];

  it('cover all days and lose no count', () => {
    for (const most of [1, 7, 48, 4000]) {
      const found = bins(days, span, most);
      expect(found.length).toBeLessThanOrEqual(most);
      expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(7);
      expect(found[0]?.from).toBe(span[0]);
      expect(found.at(-1)?.to).toBe(span[1]);
    }
  });
});

describe('ticks', () => {
  it.each([
    ['2021-12-01', '2026-11-28', '2022-01'],
    ['2026-01-10', '2026-11-28', '2026-02'],
    ['2026-11-01', '2026-11-28', '2026-11-04'],
  ])('from %s to %s begin with %s', (from, to, first) => {
    const found = ticks([toDay(from), toDay(to)], 12);
    expect(found[0]?.text).toBe(first);
    expect(found.length).toBeGreaterThan(1);
    expect(found.length).toBeLessThanOrEqual(12);
    for (const { day } of found) expect(day).toBeGreaterThan(toDay(from));
  });
});

describe('axis', () => {
  it('has all days, or about three times a short period', () => {
    expect(axisOf([0, 3000], null)).toEqual([0, 3000]);
    expect(axisOf([0, 3000], [1000, 2000])).toEqual([0, 3000]);
    expect(axisOf([0, 3000], [1000, 1029])).toEqual([970, 1059]);
    expect(axisOf([0, 3000], [1000, 1000])).toEqual([997, 1003]);
  });
  it('reaches to a period after the last report', () => {
    expect(axisOf([0, 3000], [3100, 3129])).toEqual([3070, 3129]);
    expect(axisOf([0, 100], [90, 150])).toEqual([0, 150]);
  });
});

describe('presets', () => {
  it('count back with today as the last day', () => {
    expect(period('last7', '2026-11-28', '2022-01-01')).toEqual(['2026-11-22', '2026-11-28']);
    expect(period('newest', '2026-11-28', '2022-01-30')).toEqual(['2022-01-01', '2022-01-30']);
    expect(period('all', '2026-11-28', '2022-01-30')).toBeNull();
  });
});

const evenly = (count: number, each: number, from = '2026-01-01'): Map<string, number> =>
  new Map(Array.from({ length: count }, (_, n) => [new Date(Date.parse(from) + n * 86_400_000).toISOString().slice(0, 10), each]));

describe('the first period', () => {
  it('is the last ninety days with reports where there is much', () => {
    expect(firstPeriod(evenly(365, 20))).toEqual(['2026-10-03', '2026-12-31']);
  });
  it('is all time where that is little, or where the last days are all or nearly nothing of it', () => {
    expect(firstPeriod(evenly(365, 2))).toBeNull();
    expect(firstPeriod(evenly(60, 200))).toBeNull();
    expect(firstPeriod(new Map([...evenly(300, 40, '2020-01-01'), ['2026-05-05', 3]]))).toBeNull();
    expect(firstPeriod(new Map())).toBeNull();
  });
});
