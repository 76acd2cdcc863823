/** The page's language: words, direction, digits, dates, names. */

import { signal } from '@preact/signals';
import type { Language, Names } from './model';
import type { Word } from './words/en';

export const LANGUAGES: readonly Language[] = ['ar', 'ckb', 'en'];

/** Each language's own name. */
export const ENDONYMS: Record<Language, string> = { ar: 'العربية', ckb: 'کوردی', en: 'English' };

type Words = Record<Word, string>;

/** Each dictionary is a file of its own: a page loads the one that it speaks. */
const BOOKS: Record<Language, () => Promise<Words>> = {
  ar: async () => (await import('./words/ar')).ar,
  ckb: async () => (await import('./words/ckb')).ckb,
  en: async () => (await import('./words/en')).en,
};

const books = new Map<Language, Words>();

const current = signal<Language>('ar');

export const language = (): Language => current.value;
export const direction = (of: Language = current.value): 'rtl' | 'ltr' => (of === 'en' ? 'ltr' : 'rtl');
export const isRtl = (): boolean => direction() === 'rtl';

/** Fetches a language's dictionary, so that it can be used. */
export async function learn(next: Language): Promise<void> {
  if (!books.has(next)) books.set(next, await BOOKS[next]());
}

const said = (word: Word): string => books.get(current.value)?.[word] ?? '';

/** Takes up a language that was learnt: the document's `lang` and `dir` follow. */
export function speak(next: Language): void {
  current.value = next;
  document.documentElement.lang = next;
  document.documentElement.dir = direction(next);
}

/** The language that a tag names, Arabic where it names none of ours. */
export function languageOf(tag: string | null | undefined): Language | undefined {
  const primary = tag?.toLowerCase().split('-')[0];
  if (primary === 'ku') return 'ckb';
  return LANGUAGES.find((known) => known === primary);
}

/** A word of the interface; `{name}` in it is replaced. */
export function t(word: Word, values: Record<string, string | number> = {}): string {
  return said(word).replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = values[key] ?? '';
    return typeof value === 'number' ? number(value) : value;
  });
}

/** Whether the interface has this word (levels, units and claim types come from the server). */
export function word(key: string, otherwise: string): string {
  return said(key as Word) || otherwise;
}

// Browsers carry no Sorani number data; its digits and separators are those of Arabic.
const locale = (): string => (current.value === 'en' ? 'en-GB' : 'ar-u-nu-arab');

const formats = new Map<string, Intl.NumberFormat>();

/** A number in the language's digits. */
export function number(value: number, digits = 0): string {
  const key = `${locale()} ${digits}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(locale(), { maximumFractionDigits: digits })));
  return format.format(value);
}

/** A sentence of the server's in the language's digits; identifiers and addresses in it stay as they are. */
export function localDigits(text: string): string {
  if (current.value === 'en') return text;
  return text.replace(/(?<![\w./:-])\d+(?:[.,]\d+)*(?![\w/])/g, (figure) =>
    figure.replace(/\.(?=\d)/g, '٫').replace(/,(?=\d)/g, '٬').replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit))),
  );
}

/** A share of one as a percentage. */
export const percent = (share: number, digits = 0): string => `${number(share * 100, digits)}${current.value === 'en' ? '%' : '٪'}`;

/** Items of a list, parted by the language's comma. */
export const list = (items: readonly string[]): string => items.join(current.value === 'en' ? ', ' : '، ');

const SORANI_MONTHS = [
  'کانوونی دووەم', 'شوبات', 'ئازار', 'نیسان', 'ئایار', 'حوزەیران',
  'تەممووز', 'ئاب', 'ئەیلوول', 'تشرینی یەکەم', 'تشرینی دووەم', 'کانوونی یەکەم',
];

/** A date as the server writes it (`2021-12-04`, `2021-12`), in words; any other text stays as it is. */
export function date(iso: string): string {
  const match = /^(\d{4})-(\d{2})(?:-(\d{2}))?/.exec(iso);
  if (!match) return iso;
  const [, year, month, day] = match;
  if (current.value === 'ckb') {
    const name = SORANI_MONTHS[Number(month) - 1] ?? '';
    const plain = plainNumber(Number(year));
    return day ? `${plainNumber(Number(day))}ی ${name}ی ${plain}` : `${name}ی ${plain}`;
  }
  const when = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1)));
  const options: Intl.DateTimeFormatOptions = { timeZone: 'UTC', year: 'numeric', month: 'long' };
  if (day) options.day = 'numeric';
  return new Intl.DateTimeFormat(current.value === 'en' ? 'en-GB' : 'ar-IQ-u-nu-arab', options).format(when);
}

/** A number without grouping (years, chainage in ids). */
export const plainNumber = (value: number): string =>
  new Intl.NumberFormat(locale(), { useGrouping: false }).format(value);

/** The best of a text in three languages. */
export function pick(names: Names | undefined | null, of: Language = current.value): string {
  if (!names) return '';
  return names[of] || names.ar || names.ckb || names.en || '';
}

/** The best name among a feature's attributes. */
export function nameOf(properties: Record<string, unknown>, of: Language = current.value): string {
  const named = (tag: string): string => {
    const value = properties[`name:${tag}`];
    return typeof value === 'string' ? value : '';
  };
  const own = named(of);
  if (own) return own;
  const plain = typeof properties.name === 'string' ? properties.name : '';
  return of === 'en' ? plain || named('ar') || named('ckb') : named('ar') || named('ckb') || plain || named('en');
}

const ISOLATE = '\u2068';
const POP = '\u2069';

/** A text with its own direction, for a line that is inside another one (without markup). */
export const isolated = (text: string): string => `${ISOLATE}${text}${POP}`;
