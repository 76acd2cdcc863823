/** Events of a period, the newest days first. The server's pages follow the order of arrival, in which an archive that is imported today comes
 * before the news of yesterday; so where one reading does not take all, the days are halved, and the newer half is read first. */

import { toDay, toIso } from './days';

export type Days = readonly [from: string, to: string];

interface Page {
  events: unknown[];
  total?: number;
  numberMatched?: number;
  next?: string;
}

/** Asks for a page: `datetime` as the server takes it, and the place where the page before it ended. */
export type AskPage = (datetime: string | undefined, after: string | undefined) => Promise<Page>;

/** Events of the newest days until there are `most` of them. `span` are the first and the last day of the documents, for all time. */
export async function newestEvents<E extends { id: string }>(
  most: number,
  time: Days | null,
  span: Days | null,
  ask: AskPage,
): Promise<{ events: E[]; more: boolean }> {
  const found = new Map<string, E>();

  /** Reads the pages of a period, or none of them but the first where `mayHalve` and there are more than are wanted. */
  const read = async (datetime: string | undefined, mayHalve: boolean): Promise<'all' | 'some' | 'none'> => {
    let after: string | undefined;
    do {
      const page = await ask(datetime, after);
      if (mayHalve && !after && page.next && (page.numberMatched ?? page.total ?? 0) > most) return 'none';
      for (const event of page.events as E[]) found.set(event.id, event);
      after = (page.next && new URL(page.next, location.href).searchParams.get('after')) || undefined;
    } while (after && (mayHalve || found.size < most));
    return after ? 'some' : 'all';
  };

  const days = time ?? span;
  if (!days) return { more: (await read(undefined, false)) === 'some', events: [...found.values()] };
  const [first, last] = [toDay(days[0]), toDay(days[1])];
  // In all time, events may be dated before the first document and after the last one.
  const datetimeOf = (from: number, to: number): string =>
    `${time || from > first ? toIso(from) : '..'}/${time || to < last ? toIso(to) : '..'}`;
  const readBack = async (from: number, to: number): Promise<boolean> => {
    if (found.size >= most) return false;
    const taken = await read(!time && from === first && to === last ? undefined : datetimeOf(from, to), from < to);
    if (taken !== 'none') return taken === 'all';
    const middle = Math.floor((from + to) / 2);
    return (await readBack(middle + 1, to)) && readBack(from, middle);
  };
  const isWhole = await readBack(first, last);
  return { events: [...found.values()], more: !isWhole };
}
