import { expect, test } from 'vitest';
import { messages, told } from './change-stream';

test('messages come in pieces and are told whole', () => {
  const first = messages('retry: 3000\n\n: alive\n\nevent: here\nid: a.1.b\ndata: {}\n\nevent: chan');
  expect(first.whole).toEqual([{ event: 'here', id: 'a.1.b', data: '{}' }]);
  const second = messages(`${first.rest}ges\r\nid: a.2.c\r\ndata: {"documents":["d"],\r\ndata: "mentions":["d-m1"]}\r\n\r\n`);
  expect(second.rest).toBe('');
  expect(told(second.whole[0]!)).toEqual({ documents: ['d'], edited: [], deleted: [], mentions: ['d-m1'], claims: [], events: [] });
});

test('what cannot be read is a reset, and a moment alone is nothing new', () => {
  expect(told({ event: 'changes', id: '', data: '{' })).toBe('reset');
  expect(told({ event: 'reset', id: 'a', data: '{}' })).toBe('reset');
  expect(told({ event: 'here', id: 'a', data: '{}' })).toBe(null);
  expect(told({ event: 'changes', id: '', data: '{"documents":"x","claims":[1,"c"]}' })).toEqual({
    documents: [],
    edited: [],
    deleted: [],
    mentions: [],
    claims: ['c'],
    events: [],
  });
});
