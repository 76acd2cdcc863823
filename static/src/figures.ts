/** Numbers of texts in the page's language: with their bound, their unit in the right form, and the fate of the people. */

import { isolated, language, number, t, word } from './language';
import type { Quantity } from './model';
import { FORMS, type Forms } from './words/plurals';

type Figure = Pick<Quantity, 'value' | 'unit' | 'text'> & Partial<Pick<Quantity, 'upper' | 'role' | 'bound' | 'noun' | 'approximate' | 'approximation'>>;

const rules = new Map<string, Intl.PluralRules>();

/** Browsers have no Sorani rules; its nouns do not change after a number. */
function form(forms: Forms, value: number): string {
  const of = language();
  if (of === 'ckb') return forms.other;
  let rule = rules.get(of);
  if (!rule) rules.set(of, (rule = new Intl.PluralRules(of)));
  return forms[rule.select(Number.isInteger(value) ? Math.abs(value) : 1.5)] ?? forms.other;
}

/** The form of a noun after a number, with `{n}` for the number unless the form names it itself; null for a noun that the page does not have. */
export function formOf(key: string, value: number): string | null {
  const forms = FORMS[language()][key];
  return forms ? form(forms, value) : null;
}

/** "3 documents", "٣ وثائق": a number with its noun in the form that the number asks for. */
export function counted(key: string, value: number, shown = number(value, 2)): string {
  const forms = FORMS[language()][key];
  return forms ? form(forms, value).replace('{n}', shown) : shown;
}

const BOUNDS = { about: 'about', at_least: 'atLeast', at_most: 'atMost', more_than: 'moreThan' } as const;

/** Words before a number that are read as lower bounds if the server sends no bound of its own. */
const LOWER = /^(at least|no fewer than|ما لا يقل عن|لا يقل عن|على الأقل|لانیکەم|بەلایەنی کەم)/i;

const PEOPLE = new Set(['person', 'casualty', 'killed', 'wounded', 'kidnapped']);

/** True if a unit counts people, whose role is their noun. */
export const isPeople = (unit: string): boolean => PEOPLE.has(unit);

/** The role that a figure says of people; the noun itself may say it ("killed"). */
export function roleOf({ role, unit }: Pick<Figure, 'role' | 'unit'>): string | null {
  if (role) return role;
  return ['killed', 'wounded', 'kidnapped'].includes(unit) ? unit : null;
}

/** Words of a text as a quotation: they may be of another language than the page. */
const quoted = (text: string): string => isolated(language() === 'en' ? `“${text}”` : `«${text}»`);

/** "at least 5 killed", "about 560 km"; the words of the text where it has no number ("dozens of people"). */
export function figure(quantity: Figure): string {
  const role = roleOf(quantity);
  const { value, upper, unit, noun } = quantity;
  const roleWord = role ? word(`role_${role}`, '') : '';
  if (value === null) return [quoted(quantity.text), roleWord].filter(Boolean).join(' · ');
  const shown = upper === undefined || upper === null ? number(value, 2) : `${number(value, 2)}–${number(upper, 2)}`;
  const last = upper ?? value;
  const people = role && PEOPLE.has(unit) && FORMS[language()][`role_${role}`];
  const text = people
    ? counted(`role_${role}`, last, shown)
    : `${FORMS[language()][`unit_${unit}`] ? counted(`unit_${unit}`, last, shown) : `${shown} ${word(`unit_${unit}`, noun ?? unit)}`}${roleWord ? ` (${roleWord})` : ''}`;
  const bound = boundOf(quantity);
  return isolated(bound ? `${t(bound)} ${text}` : text);
}

function boundOf({ bound, approximate, approximation }: Figure): (typeof BOUNDS)[keyof typeof BOUNDS] | undefined {
  if (bound && bound in BOUNDS) return BOUNDS[bound as keyof typeof BOUNDS];
  if (bound || !approximate) return undefined;
  return LOWER.test(approximation ?? '') ? 'atLeast' : 'about';
}

/** The noun of a unit without a number, in the plural; the word itself where the page has none. */
export function unitNoun(unit: string): string {
  const forms = FORMS[language()][`unit_${unit}`];
  return forms ? (forms.few ?? forms.other).replace(/^\{n\} /, '') : word(`unit_${unit}`, unit);
}

/** The units that the page has a noun for. */
const FIRST = ['person', 'family', 'fighter', 'village', 'house', 'vehicle', 'attack', 'km'];
export const UNITS = [...new Set([...FIRST, ...Object.keys(FORMS.en).filter((key) => key.startsWith('unit_')).map((key) => key.slice(5)), 'km', 'm', 'km2', 'percent'])];

/** A short figure for lists of accounts: "5+", "≤ 7", "~560"; with its noun where something else than people is counted. */
export function short(quantity: Figure): string {
  const { value, upper, bound, unit } = quantity;
  if (value === null) return quoted(quantity.text);
  const plain = upper === undefined || upper === null ? number(value, 1) : `${number(value, 1)}–${number(upper, 1)}`;
  const noun = roleOf(quantity) && !PEOPLE.has(unit) && FORMS[language()][`unit_${unit}`];
  const shown = noun ? form(noun, upper ?? value).replace('{n}', plain) : plain;
  if (bound === 'at_least' || bound === 'more_than') return isolated(t('orMore', { n: shown }));
  if (bound === 'at_most') return isolated(`≤ ${shown}`);
  return isolated(bound === 'about' || (!bound && quantity.approximate) ? `~${shown}` : shown);
}
