import { describe, expect, it } from 'vitest';
import { join, type Mark } from './joining';

const mark = (id: string, x: number, count = 1): Mark => ({ id, x, y: 0, count });
const radius = (count: number): number => 5 + Math.sqrt(count);

describe('marks', () => {
  it('that are apart stay apart', () => {
    expect(join([mark('a', 0), mark('b', 100)], radius).map(({ members }) => members.length)).toEqual([1, 1]);
  });

  it('that overlap are one, and no count is lost', () => {
    const marks = Array.from({ length: 40 }, (_, i) => mark(String(i), (i * 37) % 200, (i % 7) + 1));
    const found = join(marks, radius);
    expect(found.length).toBeLessThan(40);
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(marks.reduce((sum, { count }) => sum + count, 0));
    expect(new Set(found.flatMap(({ members }) => members.map(({ id }) => id))).size).toBe(40);
    for (const [i, a] of found.entries()) {
      for (const b of found.slice(i + 1)) expect(Math.abs(a.head.x - b.head.x)).toBeGreaterThanOrEqual(radius(a.count) + radius(b.count));
    }
  });

  it('the first keeps its place', () => {
    expect(join([mark('chosen', 0), mark('b', 3, 90)], radius)[0]?.head.id).toBe('chosen');
  });
});
