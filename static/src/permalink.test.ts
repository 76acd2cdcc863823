import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('document', { documentElement: {}, querySelector: () => null });
const { arrive, gaveViewOf, openFirst, read, unreadOf, written } = await import('./permalink');
const { START } = await import('./store');
const { operator } = await import('./operator');

const back = (hash: string) => read(new URL(`https://maps.example.org/#${hash}`), ['en']);

describe('an address', () => {
  it('brings back everything that it was written for', () => {
    const state = {
      ...START,
      language: 'ckb' as const,
      view: { lon: 43.58, lat: 35.77, zoom: 8.5 },
      time: ['2026-10-30', '2026-11-28'] as [string, string],
      filter: { ...START.filter, words: 'a&b=c #1', speaker: 'خلية', area: { kind: 'unit' as const, id: 'IQG11Q04' }, types: ['casualties'] },
      compare: { kind: 'time' as const, time: ['2026-09-01', '2026-09-30'] as [string, string] },
      person: 'O’Brien / Smith',
      feature: { layer: 'mention_places', id: 'wof-1' },
      tab: 'layers' as const,
    };
    expect(back(written(state))).toEqual(state);
  });

  it('without layers of its own does not fall back to the first layers of the operator', () => {
    operator.layers = 'rivers:off';
    expect(back('lang=en').layers).toEqual({ rivers: 'off' });
    expect(back(written({ ...START, layers: {} })).layers).toEqual({});
    operator.layers = undefined;
    expect(written({ ...START, layers: {} })).not.toContain('layers');
  });

  it('that makes no sense is the first view', () => {
    const state = back('map=99/999/no&time=2026-13-45..2026-99-99&area=moon&type=<b>&compare=..&tab=none&theme=pink&km=NaN');
    expect(state).toEqual({ ...START, language: 'en' });
  });

  it('names what it was not understood in', () => {
    const unread = (hash: string) => unreadOf(new URL(`https://maps.example.org/#${hash}`), back(hash));
    expect(unread('area=around:abc&time=2026-02-31..2026-03-02&q=x')).toEqual(['time=2026-02-31..2026-03-02', 'area=around:abc']);
    expect(unread('type=casualties,<b>&doclang=fr&ruled=maybe')).toEqual(['type=casualties,<b>', 'doclang=fr', 'ruled=maybe']);
    expect(unread('time=2026-03-01..2026-03-02&type=clash&by=event&compare=control:2014-01-01..2018-01-01')).toEqual([]);
  });

  it('of two days of control is brought back', () => {
    const compare = { kind: 'control' as const, days: ['2014-01-01', '2018-01-01'] as [string, string] };
    expect(back(written({ ...START, compare })).compare).toEqual(compare);
  });

  it('whose days are the wrong way round means the same period', () => {
    expect(back('time=2026-11-28..2026-10-30').time).toEqual(['2026-10-30', '2026-11-28']);
  });

  it('of another worldview compares with it', () => expect(back('compare=region').compare).toEqual({ kind: 'worldview', id: 'region' }));

  it('that gave a view of a document or event is known once', () => {
    arrive(new URL('https://maps.example.org/#map=8/35/44&document=abc'));
    expect(gaveViewOf('document', 'other')).toBe(false);
    expect(gaveViewOf('event', 'abc')).toBe(false);
    expect(gaveViewOf('document', 'abc')).toBe(true);
    expect(gaveViewOf('document', 'abc')).toBe(false);
    arrive(new URL('https://maps.example.org/#map=8/35/44'));
    openFirst('abc');
    expect(gaveViewOf('document', 'abc')).toBe(true);
    arrive(new URL('https://maps.example.org/?document=abc'));
    expect(gaveViewOf('document', 'abc')).toBe(false);
  });

  it('any text is read without an error', () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 1103515245 + 12345) % 2147483648);
    const keys = ['map', 'time', 'area', 'q', 'type', 'layers', 'feature', 'document', 'compare', 'person', 'doclang', 'min_confidence', 'km', 'lang'];
    for (let i = 0; i < 400; i++) {
      const text = Array.from({ length: random() % 24 }, () => String.fromCharCode(33 + (random() % 1600))).join('');
      const hash = `${keys[random() % keys.length]}=${encodeURIComponent(text)}`;
      const state = back(hash);
      // The written link is read back as the same state.
      expect(back(written(state))).toEqual(state);
    }
  });
});
