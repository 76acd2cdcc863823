/** An attribute of a feature in the page's language and digits. */

import { bdi, h } from './dom';
import { json } from './features';
import { nameElement } from './gazetteer';
import { date, isolated, language, list, number, pick, t, word } from './language';
import { hostOf, linkTo } from './link';
import type { Names } from './model';

/** Attributes that hold the id of a unit. */
const UNITS = /^(parent|governorate|district|formal_governorate|left|right|place|places)$/;
const LENGTHS = /^(km|.*_km2?)$/;

/** `beside` are the other attributes: one may be the name for an id in this one. */
export function shown(key: string, value: unknown, beside: Record<string, unknown> = {}): Node | string {
  if (typeof value === 'boolean') return value ? t('yes') : t('no');
  if (typeof value === 'number') return LENGTHS.test(key) ? `${number(value, 1)} ${t(key.endsWith('km2') ? 'km2' : 'km')}` : number(value, 2);
  if (typeof value === 'object' || /^[[{]/.test(String(value))) return structured(key, json<unknown>(value, String(value)), parties(beside));
  const text = String(value);
  if (UNITS.test(key)) return nameElement(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) return date(text);
  const party = key === 'control' ? parties(beside).get(text) : undefined;
  if (party) return bdi(party);
  const known = word(text, '');
  if (!known && /^[\x20-\x7e’“”–—]+$/.test(text) && / /.test(text)) return english(text);
  return linked(known || text);
}

/** Prose that the data have in English only, marked as such on pages in other languages. */
function english(text: string): HTMLElement {
  const prose = h('span', { lang: 'en', dir: 'ltr' }, linked(text));
  return language() === 'en' ? prose : h('details', { class: 'english' }, h('summary', {}, t('inEnglish')), prose);
}

/** Addresses within a text as links. */
function linked(text: string): HTMLElement {
  const parts = text.split(/(https?:\/\/\S+)/);
  return h('bdi', {}, ...parts.map((part, index) => (index % 2 ? linkTo(part, hostOf(part)?.replace(/^www\./, '') ?? part) : part)));
}

/** The parties that an area's attributes name. */
function parties({ claimed_by: claims }: Record<string, unknown>): Map<string, string> {
  const named = json<{ id?: string; name?: Names }[]>(claims, []);
  return new Map(Array.isArray(named) ? named.flatMap(({ id, name }) => (id && name ? [[id, pick(name)] as const] : [])) : []);
}

/** A list or an object: who holds it in which period, who claims it, names in three languages. */
function structured(key: string, value: unknown, known: Map<string, string>): Node | string {
  if (Array.isArray(value)) {
    if (value.some(isPeriod)) return h('ol', { class: 'periods' }, ...value.filter(isPeriod).map((part) => period(part, known)));
    if (UNITS.test(key)) return h('span', {}, ...value.flatMap((part, index) => [index ? list(['', '']) : null, nameElement(String(part))]));
    const objects = value.some((part) => typeof part === 'object' && part !== null && !('name' in part));
    if (objects) return h('ul', {}, ...value.map((part) => h('li', {}, bdi(words(part)))));
    return list(value.map((part) => words(part)));
  }
  return words(value);
}

function words(value: unknown): string {
  if (typeof value === 'number') return number(value, 1);
  if (value === null || typeof value !== 'object') return word(String(value), String(value));
  const { name, id } = value as { name?: Names | string; id?: string };
  if (typeof name === 'string') return name;
  if (name) return pick(name);
  if ('ar' in value || 'en' in value) return pick(value as Names);
  if (id) return id;
  // Any other object as its values, in the order of its members; never as JSON.
  return Object.entries(value)
    .filter(([, part]) => part !== null && part !== '' && part !== undefined)
    .map(([key, part]) => (typeof part === 'number' && LENGTHS.test(key) ? `${number(part, 1)} ${t(key.endsWith('km2') ? 'km2' : 'km')}` : /^\d{4}-\d{2}/.test(String(part)) ? date(String(part)) : typeof part === 'string' ? isolated(word(part, part)) : words(part)))
    .join(' · ');
}

interface Period {
  from: string;
  to?: string | null;
  party?: unknown;
  control?: unknown;
  source?: string | null;
}

const isPeriod = (value: unknown): value is Period => typeof value === 'object' && value !== null && 'from' in value;

/** "16 October 2017 – : federal government", with the source as a hint. */
function period({ from, to, party, control, source }: Period, known: Map<string, string>): HTMLElement {
  const who = party ?? control;
  const name = typeof who === 'string' ? (known.get(who) ?? word(`party_${who}`, who)) : who ? words(who) : t('notStated');
  const until = to ? date(to) : t('today');
  return h('li', { title: language() === 'en' ? (source ?? null) : null }, `${date(from)} – ${until}`, ': ', h('b', {}, name));
}
