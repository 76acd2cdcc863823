import { expect, it, vi } from 'vitest';
import { NO_FILTER } from './filter';

vi.stubGlobal('document', { documentElement: {}, querySelector: () => null });
const { feedParameters, feedPeriod } = await import('./feed');

const TODAY = '2026-11-29';

it('a period that reaches today goes on', () => {
  expect(feedPeriod(['2026-11-01', TODAY], TODAY)).toBe('2026-11-01/..');
  expect(feedPeriod(['2026-10-01', '2026-10-31'], TODAY)).toBe('2026-10-01/2026-10-31');
  expect(feedPeriod(null, TODAY)).toBeUndefined();
});

it('the list of documents answers words, publisher, language, one type and a unit', () => {
  const filter = {
    ...NO_FILTER,
    words: 'a b',
    types: ['clash'],
    area: { kind: 'unit' as const, id: 'IQG11Q04' },
    documents: 'ckb' as const,
  };
  const { path, parameters, left } = feedParameters(filter, null, TODAY);
  expect(path).toBe('documents');
  expect(parameters).toMatchObject({ q: 'a b', type: 'clash', unit: 'IQG11Q04', language: 'ckb' });
  expect(left).toEqual([]);
});

it('part of a speaker’s name, several types and boxes are asked of the statements', () => {
  const box = { kind: 'box' as const, box: [43, 35, 44, 36] as [number, number, number, number] };
  const { path, parameters } = feedParameters({ ...NO_FILTER, speaker: "O'Brien", types: ['clash', 'arrest'], area: box }, null, TODAY);
  expect(path).toBe('collections/claims/items');
  expect(parameters.bbox).toBe('43,35,44,36');
  expect(parameters.filter).toContain("type IN ('clash','arrest')");
  expect(parameters.filter).toContain("O''Brien");
});

it('a condition that no feed follows is named', () => {
  const around = { kind: 'around' as const, lat: 35, lon: 44, km: 20 };
  expect(feedParameters({ ...NO_FILTER, ruled: 'yes', area: around, documents: 'ar' }, null, TODAY).left).toEqual([
    'ruled',
    'documents',
    'area',
  ]);
});
