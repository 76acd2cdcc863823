/** The events that the period and the filter mean, newest first; asked for while something shows them. */

import { effect, signal } from '@preact/signals';
import * as api from '../api';
import { Refused } from '../api';
import { collection, isShown } from '../catalogue';
import * as features from '../features';
import { isActive, type Filter } from '../filter/filter';
import { fold, matches } from '../filter/fold';
import { groundOf, revision$, selection$, type Ground } from '../filter/selection';
import type { Names, Quantity } from '../model';
import { state$ } from '../store';
import { newestEvents, type Days } from './event-pages';

export type Figure = Pick<Quantity, 'value' | 'bound' | 'unit' | 'text'> & {
  role?: string | null;
  upper?: number;
  range?: [number, number];
  parts?: Figure[];
};

export interface Outlet {
  publisher: string | null;
  document: string;
  claim: string;
  source_url: string | null;
  published: string | null;
}

export interface Account extends Outlet {
  speaker: string | null;
  title: string;
  status: string;
  time: { from: string; to: string; stated: boolean };
  figures: Record<string, Figure>;
  quote: string;
  outlets: Outlet[];
  revisions: (Outlet & { figures: Record<string, Figure>; quote: string })[];
  claims: string[];
  link?: { score: number | null; reasons: string[] };
}

export interface EventRecord {
  id: string;
  type: string;
  time: { from: string; to: string; stated: boolean };
  position: {
    places: { id: string; name: Names; level?: string }[];
    point: [number, number];
    precision: string;
    uncertainty_km: number;
    text?: string;
  };
  ruled: boolean;
  differs_in: string[];
  counts: { accounts: number; claims: number; outlets: number; speakers: number };
  accounts: Account[];
}

export interface EventsLoaded {
  rows: readonly EventRecord[];
  /** True if the server has events that were not read: the number is a lower bound. */
  more: boolean;
  state: 'none' | 'loading' | 'ready' | 'failed';
  refused: string | null;
}

/** Whether this server links events: then it has a layer of them. */
export const hasEvents = (): boolean => collection('events') !== undefined;

/** Events that one page of the server has, and that are read at first. */
const PAGE = 100;
const READ = 1_000;

const NONE: EventsLoaded = { rows: [], more: false, state: 'none', refused: null };

export const events$ = signal<EventsLoaded>(NONE);

/** The number of events that are read; more on demand. */
const wanted$ = signal(READ);

/** How many parts of the page show events now. */
const shown$ = signal(0);

/** Says that events are shown, until the returned function is called. */
export function showEvents(): () => void {
  shown$.value = shown$.peek() + 1;
  return () => (shown$.value = shown$.peek() - 1);
}

export const readMore = (): void => void (wanted$.value = wanted$.peek() + READ);

/** Ids of the events that are meant. */
export const eventsMeant = (): ReadonlySet<string> => {
  const { rows } = events$.peek();
  if (rows !== idsOf) {
    idsOf = rows;
    ids = new Set(rows.map(({ id }) => id));
  }
  return ids;
};
let idsOf: readonly EventRecord[] = [];
let ids: ReadonlySet<string> = new Set();

/** True if an account fits the conditions that the server is not asked. */
function fits(event: EventRecord, filter: Filter, claims: ReadonlySet<string> | null): boolean {
  const { types, speaker, publisher, words } = filter;
  if (types.length && !types.includes(event.type)) return false;
  if (claims && !event.accounts.some((account) => [account.claim, ...account.claims].some((id) => claims.has(id)))) return false;
  if (speaker && !event.accounts.some((account) => fold(account.speaker ?? '').includes(fold(speaker)))) return false;
  if (publisher && !event.accounts.some((account) => [account, ...account.outlets].some((outlet) => outlet.publisher === publisher)))
    return false;
  return !words || Boolean(claims) || event.accounts.some(({ quote, title }) => matches(`${title} ${quote}`, words));
}

const isIn = ({ position }: EventRecord, ground: Ground | null): boolean =>
  !ground || ground.holds(position.point, position.places[0]?.level ?? position.precision, position.places[0]?.id ?? '');

/** Conditions that the accounts do not tell: an event fits if one of its claims is among those that are meant. */
const byClaims = ({ documents, words, confidence, ruled }: Filter): boolean => Boolean(documents || words || confidence !== null || ruled);

/** The first and the last day that a document was published on. */
function spanOfDocuments(): Days | null {
  const days = [...features.days().keys()].sort();
  const [first, last] = [days[0], days.at(-1)];
  return first && last ? [first, last] : null;
}

async function load(most: number, signal: AbortSignal): Promise<EventsLoaded> {
  const { filter, time } = state$.peek();
  const selection = selection$.peek();
  const claims = byClaims(filter) && selection.state === 'ready' && !selection.more ? new Set(selection.claims.map(({ id }) => id)) : null;
  const ground = filter.area ? await groundOf(filter.area) : null;
  const found = await newestEvents<EventRecord>(most, time, spanOfDocuments(), (datetime, after) =>
    api.events(
      {
        type: filter.types.length === 1 ? filter.types[0] : undefined,
        datetime,
        bbox: ground?.box.join(','),
        limit: PAGE,
        after,
      },
      signal,
    ),
  );
  const rows = found.events.filter((event) => fits(event, filter, claims) && isIn(event, ground));
  rows.sort((a, b) => b.time.to.localeCompare(a.time.to) || b.time.from.localeCompare(a.time.from) || (a.id < b.id ? -1 : 1));
  return { rows, more: found.more, state: 'ready', refused: null };
}

let running: AbortController | null = null;
let asked = '';

effect(() => {
  const { filter, time } = state$.value;
  const selection = selection$.value;
  const most = wanted$.value;
  const isWanted = shown$.value > 0 || (hasEvents() && isShown('events') && isActive(filter));
  const key = JSON.stringify([filter, time, revision$.value, most, byClaims(filter) && selection.state]);
  if (!isWanted || key === asked || (byClaims(filter) && selection.state === 'loading')) return;
  asked = key;
  running?.abort();
  const mine = (running = new AbortController());
  events$.value = { ...events$.peek(), state: 'loading' };
  load(most, mine.signal)
    .then((found) => !mine.signal.aborted && (events$.value = found))
    .catch((error: unknown) => {
      if (mine.signal.aborted) return;
      asked = '';
      events$.value = { ...NONE, state: 'failed', refused: error instanceof Refused ? error.detail : null };
    });
});

/** Asks again after a failure. */
export const askEvents = (): void => {
  asked = '';
  revision$.value += 1;
};
