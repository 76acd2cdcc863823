/** Events in words: their days, places and figures. */

import { short } from '../figures';
import { date, list, pick, word } from '../language';
import type { Account, EventRecord } from './event-store';

export const days = ({ from, to }: { from: string; to: string }): string => (from === to ? date(from) : `${date(from)} – ${date(to)}`);
export const placeName = (event: EventRecord): string => list(event.position.places.map(({ name }) => pick(name)));

/** "3 · 5+ · 7 killed": every figure of each kind once, the smallest first. */
export function contrast(accounts: readonly Pick<Account, 'figures'>[]): { what: string; figures: string[] }[] {
  const found = new Map<string, { value: number; text: string }[]>();
  for (const { figures } of accounts) {
    for (const [what, figure] of Object.entries(figures)) {
      for (const one of figure.parts ?? [figure])
        found.set(what, [
          ...(found.get(what) ?? []),
          { value: one.value ?? Infinity, text: short({ ...one, role: word(`role_${what}`, '') ? what : null }) },
        ]);
    }
  }
  return [...found].map(([what, figures]) => ({
    what,
    figures: [...new Set(figures.sort((a, b) => a.value - b.value).map(({ text }) => text))],
  }));
}

export const kindWord = (what: string): string => word(`role_${what}`, '') || word(`unit_${what}`, '') || what;
