import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('document', { documentElement: {}, querySelector: () => null, addEventListener: () => undefined });
const { occurrences } = await import('./selected-words');
const { isValid, newFigure, numberOf, sentFigure } = await import('./figure-fields');

describe('words of a document', () => {
  it('are found each time they stand there', () => {
    expect(occurrences('Daquq, near Daquq.', 'text', 'Daquq').map(({ start, end }) => [start, end])).toEqual([
      [0, 5],
      [12, 17],
    ]);
    expect(occurrences('Daquq', 'title', '')).toEqual([]);
  });
});

describe('a figure that is typed', () => {
  it('may be written in digits of three kinds', () => {
    expect([numberOf('12'), numberOf('١٢'), numberOf('۱۲'), numberOf('1,200')]).toEqual([12, 12, 12, 1200]);
    expect(numberOf('many')).toBeNaN();
  });

  it('is a number, a range the right way round, or none where the text has none', () => {
    const figure = newFigure();
    expect(isValid({ ...figure, value: '5' })).toBe(true);
    expect(isValid({ ...figure, value: '5', upper: '7' })).toBe(true);
    expect(isValid({ ...figure, value: '7', upper: '5' })).toBe(false);
    expect(isValid({ ...figure, value: 'x' })).toBe(false);
    expect(isValid(figure)).toBe(false);
    expect(isValid({ ...figure, bound: 'vague' })).toBe(true);
    expect(sentFigure({ ...figure, bound: 'vague', role: '' })).toEqual({ value: null, unit: 'person', bound: 'vague' });
  });
});
