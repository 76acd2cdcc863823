import { expect, it, vi } from 'vitest';
import type { Evidence, Words } from './model';

vi.stubGlobal('document', { documentElement: {}, querySelector: () => null });
const { spansOf } = await import('./marked-text');

const words = (text: string, start: number, part?: 'title'): Words => {
  const span: [number, number] = [start, start + text.length];
  return { ...(part && { in: part }), text, start, end: span[1], offsets: { byte: span, codepoint: span, utf16: span } };
};
const evidence = (mentions: Words[]) =>
  ({ text: 'A fire in Daquq.', record: { title: 'Daquq burns' }, mentions: mentions.map((one, at) => ({ ...one, id: `m${at + 1}` })), quantities: [], attributions: [], claims: [] }) as unknown as Evidence;

it('offsets into the title mark the title, and those into the text the text', () => {
  const both = evidence([words('Daquq', 10), words('Daquq', 0, 'title')]);
  expect(spansOf(both, 'text').map(({ id, start }) => [id, start])).toEqual([['m1', 10]]);
  expect(spansOf(both, 'title').map(({ id, start }) => [id, start])).toEqual([['m2', 0]]);
});

it('words that do not stand at their offsets are not marked', () => {
  expect(spansOf(evidence([words('Kirkuk', 10)]), 'text')).toEqual([]);
});
