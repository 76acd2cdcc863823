/** Events in words: their days, places and figures. */

import { formOf, isPeople, short } from '../figures';
import { date, isolated, list, number, pick, t, word } from '../language';
import type { Account, EventRecord } from './event-store';

export const days = ({ from, to }: { from: string; to: string }): string => (from === to ? date(from) : `${date(from)} – ${date(to)}`);
export const placeName = (event: EventRecord): string => list(event.position.places.map(({ name }) => pick(name)));

/** All figures of one kind. */
export interface Contrasted {
  what: string;
  /** Each figure once, the smallest first. */
  figures: string[];
  /** Number that the noun after the figures agrees with; null where it has none, or a noun of its own. */
  last: number | null;
}

/** "3 | 5+ | 7 killed": the figures of each kind once, the smallest first. Several figures of one account are parts of it: "3 and 9". */
export function contrast(accounts: readonly Pick<Account, 'figures'>[]): Contrasted[] {
  const found = new Map<string, { value: number; text: string; hasNoun: boolean }[]>();
  for (const { figures } of accounts) {
    for (const [what, figure] of Object.entries(figures)) {
      const parts = (figure.parts ?? [figure]).toSorted((a, b) => (a.value ?? Infinity) - (b.value ?? Infinity));
      const texts = parts.map((one) => short({ ...one, role: word(`role_${what}`, '') ? what : null }));
      found.set(what, [
        ...(found.get(what) ?? []),
        {
          value: parts.at(-1)?.value ?? Infinity,
          text: list([...new Set(texts)]),
          hasNoun: parts.some(({ unit }) => !isPeople(unit)),
        },
      ]);
    }
  }
  return [...found].map(([what, all]) => {
    const sorted = all.sort((a, b) => a.value - b.value);
    const last = sorted.at(-1);
    const agrees = last !== undefined && Number.isFinite(last.value) && !last.hasNoun;
    return { what, figures: [...new Set(sorted.map(({ text }) => text))], last: agrees ? last.value : null };
  });
}

/** Figures and their noun in the form that the last number asks for; a form that names the number itself leaves no figures. */
export function agreed({ what, figures, last }: Contrasted): { figures: string; noun: string } {
  const joined = figures.join(` ${t('listBar')} `);
  const forms = last === null ? null : formOf(`role_${what}`, last);
  if (forms === null) return { figures: joined, noun: kindWord(what) };
  if (forms.includes('{n}')) return { figures: joined, noun: forms.replace('{n}', '').trim() };
  // "one killed" and "two killed" are words in Arabic; a bound or a second figure would be lost in them.
  if (figures.length === 1 && figures[0] === isolated(number(last ?? 0))) return { figures: '', noun: forms };
  return {
    figures: joined,
    noun:
      formOf(`role_${what}`, last === 2 ? 3 : 100)
        ?.replace('{n}', '')
        .trim() ?? kindWord(what),
  };
}

/** The same as one text. */
export const agreedText = (one: Contrasted): string => {
  const { figures, noun } = agreed(one);
  return [figures, noun].filter(Boolean).join(' ');
};

export const kindWord = (what: string): string => word(`role_${what}`, '') || word(`unit_${what}`, '') || what;
