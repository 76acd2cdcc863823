import { expect, test, vi } from 'vitest';
import { newestEvents } from './event-pages';
import { toDay, toIso } from './days';

vi.stubGlobal('location', { href: 'http://map.example.org/' });

interface Made {
  id: string;
  day: string;
}

/** A server of events whose pages of two follow the order of arrival. */
function server(events: readonly Made[]) {
  const asked: (string | undefined)[] = [];
  const ask = (datetime: string | undefined, after: string | undefined) => {
    asked.push(datetime);
    const [from, to] = (datetime ?? '../..').split('/') as [string, string];
    const meant = events.filter(({ day }) => (from === '..' || day >= from) && (to === '..' || day <= to));
    const at = Number(after ?? 0);
    return Promise.resolve({
      events: meant.slice(at, at + 2),
      numberMatched: meant.length,
      next: at + 2 < meant.length ? `events?after=${at + 2}` : undefined,
    });
  };
  return { ask, asked };
}

/** Events of `count` days, the newest first: an archive that came from its end to its beginning. */
const archive = (count: number): Made[] =>
  Array.from({ length: count }, (_, at) => ({ id: `e${at}`, day: toIso(toDay('2026-11-28') - at) }));
const span = ['2026-08-21', '2026-11-28'] as const;
const daysOf = (events: readonly Made[]): string[] =>
  events
    .map(({ day }) => day)
    .sort()
    .reverse();

test('A6: the newest events are read whatever order they came in', async () => {
  for (const events of [archive(100), archive(100).reverse()]) {
    const found = await newestEvents<Made>(10, null, span, server(events).ask);
    expect(found.more).toBe(true);
    expect(daysOf(found.events).slice(0, 10)).toEqual(daysOf(events).slice(0, 10));
    expect(found.events.length).toBeLessThan(30);
  }
});

test('a period has its own newest days', async () => {
  const found = await newestEvents<Made>(5, ['2026-09-01', '2026-09-30'], span, server(archive(100)).ask);
  expect(daysOf(found.events)[0]).toBe('2026-09-30');
  expect(daysOf(found.events).every((day) => day >= '2026-09-01' && day <= '2026-09-30')).toBe(true);
});

test('few events are read in one go, those of other days than the documents too', async () => {
  const events = [...archive(6), { id: 'old', day: '1988-03-16' }, { id: 'announced', day: '2027-01-01' }];
  const { ask, asked } = server(events);
  const found = await newestEvents<Made>(10, null, span, ask);
  expect(found).toEqual({ events, more: false });
  expect(new Set(asked)).toEqual(new Set([undefined]));
});

test('many events of one day are read up to the number that is wanted', async () => {
  const events = Array.from({ length: 50 }, (_, at) => ({ id: `e${at}`, day: '2026-11-28' }));
  const found = await newestEvents<Made>(10, null, ['2026-11-28', '2026-11-28'], server(events).ask);
  expect(found.events).toHaveLength(10);
  expect(found.more).toBe(true);
});
