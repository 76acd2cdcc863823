import { expect, test } from 'vitest';
import { NO_FILTER } from './filter';
import { MOST_NAMED, pictureQuery } from './picture';

const SHOWN = ['districts', 'mention_places', 'positions'];
const ask = (change: Partial<typeof NO_FILTER>, time: [string, string] | null = null, selected: string[] | null = null) =>
  pictureQuery(SHOWN, { ...NO_FILTER, ...change }, time, selected);

test('nothing is asked for without a period and a filter', () => {
  expect(ask({})).toEqual({ layers: SHOWN, parameters: {}, left: [], isDotted: false });
});

test('of a period alone the server counts the places itself', () => {
  const { layers, parameters, isDotted } = ask({}, ['2026-11-01', '2026-11-30']);
  expect(layers).toEqual(SHOWN);
  expect(parameters).toEqual({ datetime: '2026-11-01/2026-11-30' });
  expect(isDotted).toBe(false);
});

test('places are not drawn with the counts of everything under a filter', () => {
  const { layers } = ask({ publisher: 'Agency' }, ['2026-11-01', '2026-11-30']);
  expect(layers).toEqual(['districts', 'mentions']);
});

test('few statements are named one by one, whatever the conditions are', () => {
  const { layers, parameters, left } = ask({ words: 'Daquq', ruled: 'yes' }, null, ["a'-m1", 'b-m2']);
  expect(layers).toEqual(['districts', 'mentions', 'positions']);
  expect(parameters.filter).toBe("document IS NOT NULL AND id IN ('a''-m1','b-m2')");
  expect(left).toEqual([]);
  expect(ask({ words: 'nobody' }, null, []).parameters.filter).toBe("document = ''");
});

test('of many statements the picture has the conditions that its layer knows, and names the others', () => {
  const many = Array.from({ length: MOST_NAMED + 1 }, (_, index) => `a-m${index}`);
  const mentions = ask({ publisher: "L'Agence", confidence: 0.8, words: 'x', by: 'event' }, ['2026-11-01', '2026-11-02'], many);
  expect(mentions.parameters).toMatchObject({ filter: "publisher = 'L''Agence'", min_confidence: '0.8', 'time-of': 'event' });
  expect(mentions.left).toEqual(['words']);
  const claims = ask({ types: ['casualties'], confidence: 0.8, area: { kind: 'corridor', from: 1, to: 2, within: 3 } }, null, many);
  expect(claims.layers).toEqual(['districts', 'claims']);
  expect(claims.parameters.filter).toBe("type IN ('casualties')");
  expect(claims.left).toEqual(['area', 'confidence']);
});

test('statements that are switched off stay off', () => {
  expect(pictureQuery(['districts'], { ...NO_FILTER, words: 'x' }, null, []).layers).toEqual(['districts']);
});
