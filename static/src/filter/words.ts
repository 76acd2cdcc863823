/** The filter in words: the name of its area, and all its conditions, for chips, the printed page and feeds. */

import { effect, signal } from '@preact/signals';
import * as api from '../api';
import { describe } from '../gazetteer';
import { ENDONYMS, isolated, language, number, percent, pick, t, word } from '../language';
import { state$ } from '../store';
import type { Area, Filter } from './filter';
import { distance } from './geometry';

/** The unit of the filter's area, or the known place next to its centre; empty until it is known. */
export const areaPlace$ = signal('');

/** Kilometres from a known place within which its name alone says where a centre is. */
const NEAR_KM = 1;

async function placeOf(area: Area): Promise<string> {
  if (area.kind === 'unit') {
    const known = await describe(area.id);
    return known ? `${pick(known.names)} (${word(known.level, known.level)})` : '';
  }
  if (area.kind !== 'around') return '';
  const found = await api.reverse(area.lon, area.lat, language());
  const name = pick(found.mahwar?.names) || found.name;
  if (!name) return '';
  const km = distance([area.lon, area.lat], [Number(found.lon), Number(found.lat)]);
  return km <= NEAR_KM ? name : t('nearPlace', { position: position(area), place: isolated(name), km: number(km, km < 10 ? 1 : 0) });
}

const position = ({ lat, lon }: { lat: number; lon: number }): string => isolated(`${lat.toFixed(2)}, ${lon.toFixed(2)}`);

let turn = 0;
effect(() => {
  const { area } = state$.value.filter;
  void state$.value.language;
  const mine = ++turn;
  areaPlace$.value = '';
  if (area)
    void placeOf(area)
      .then((name) => mine === turn && (areaPlace$.value = name))
      .catch(() => undefined);
});

/** The name of an area; `place` is that of its unit, or of the place next to its centre. */
export function areaName(area: Area, place = areaPlace$.value): string {
  if (area.kind === 'unit') return isolated(place || area.id);
  if (area.kind === 'around') return t('aroundOf', { km: area.km, place: place ? isolated(place) : position(area) });
  if (area.kind === 'box') return t('area_box');
  return t('corridorOf', { from: number(area.from, 1), to: number(area.to, 1), within: area.within });
}

export interface Condition {
  key: string;
  text: string;
  /** The filter without it. */
  without: Partial<Filter>;
}

/** Every condition that is set. */
export function conditionsOf(filter: Filter): Condition[] {
  const { words, area, types, speaker, publisher, documents, confidence, ruled, by } = filter;
  const found: Condition[] = [];
  const add = (key: string, text: string, without: Partial<Filter>): void => void found.push({ key, text, without });
  if (words) add('words', `“${words}”`, { words: '' });
  if (area) add('area', areaName(area), { area: null });
  for (const type of types) add(`type-${type}`, word(`claim_${type}`, type), { types: types.filter((other) => other !== type) });
  if (speaker) add('speaker', `${t('speaker')}: ${speaker}`, { speaker: '' });
  if (publisher) add('publisher', publisher, { publisher: '' });
  if (documents) add('doclang', ENDONYMS[documents], { documents: null });
  if (confidence !== null) add('confidence', `${t('confidence')} ≥ ${percent(confidence)}`, { confidence: null });
  if (ruled) add('ruled', t(ruled === 'yes' ? 'ruledYes' : 'ruledNo'), { ruled: null });
  if (by === 'event') add('by', `${t('timeBy')} ${t('byEvent')}`, { by: 'published' });
  return found;
}
