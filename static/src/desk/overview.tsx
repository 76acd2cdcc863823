/** The first page of the evidence: documents newest first, places by how often they are named, claims newest first. */

import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { counted, figure } from '../figures';
import { dayAfter, isActive, within } from '../filter/filter';
import { revision$, saidOf, selection$, type Said } from '../filter/selection';
import * as features from '../features';
import { date, direction, isolated, nameOf, number, t, word } from '../language';
import type { Language, Quantity } from '../model';
import { CLOSED, set, state$ } from '../store';
import { events$, hasEvents, showEvents } from './event-store';
import { EventList } from './events';
import { FilterBar } from './filter-bar';
import { News } from './news';
import { Busy, Failed, More, Own, useTurns, When } from './parts';

const PAGE = 30;

export type List = 'documents' | 'places' | 'claims' | 'events';
const LIST_WORDS = { documents: 'documents', events: 'events', places: 'placesNamed', claims: 'part_claims' } as const;
const list$ = signal<List>('documents');

/** Rises when the counts of places were set anew. */
const counts$ = signal(0);
features.onCounted(() => (counts$.value = counts$.peek() + 1));

/** A document as a row of the list. */
export interface Row {
  id: string;
  title: string;
  language: Language;
  publisher: string | null;
  published: string | null;
  mentions: number;
  claims: number;
}

export function Overview() {
  const list = list$.value;
  void counts$.value;
  const { filter, time } = state$.value;
  const selection = selection$.value;
  const active = isActive(filter);
  const found = events$.value;
  // The number of events stands on their tab, whichever list is open.
  useEffect(() => (hasEvents() && (active || time !== null) ? showEvents() : undefined), [active || time !== null]);
  const places = namedPlaces();
  const lists: readonly List[] = hasEvents() ? ['documents', 'events', 'places', 'claims'] : ['documents', 'places', 'claims'];
  const loading = active && selection.state === 'loading' && list !== 'events';
  const failed = active && selection.state === 'failed';
  const atLeast = selection.more && active ? '+' : '';
  const totals: Record<List, string> = {
    documents: failed ? '' : active ? `${number(selection.documents.size)}${atLeast}` : '',
    places: number(places.length),
    events: (active || time) && found.state === 'ready' ? `${number(found.rows.length)}${found.more ? '+' : ''}` : '',
    claims: failed ? '' : active ? `${number(selection.claims.length)}${atLeast}` : '',
  };
  const step = (event: KeyboardEvent): void => {
    const move = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (!move) return;
    const forward = direction() === 'rtl' ? -move : move;
    const next = lists[(lists.indexOf(list) + forward + lists.length) % lists.length] as List;
    list$.value = next;
    document.getElementById(`list-${next}`)?.focus();
  };
  return (
    <div class="scroll overview" tabIndex={0} role="group" aria-label={t('tab_evidence')}>
      <h2 class="sr-only">{t('tab_evidence')}</h2>
      <FilterBar />
      <News />
      {active && selection.state === 'ready' && <Summary />}
      <div class="segmented lists" role="tablist" aria-label={t('lists')}>
        {lists.map((of) => (
          <button
            key={of}
            type="button"
            role="tab"
            id={`list-${of}`}
            aria-selected={of === list}
            aria-controls="list"
            tabIndex={of === list ? 0 : -1}
            onClick={() => (list$.value = of)}
            onKeyDown={step}
          >
            {t(LIST_WORDS[of])}
            {totals[of] && <span class="count">{totals[of]}</span>}
          </button>
        ))}
      </div>
      <div id="list" role="tabpanel" tabIndex={0} aria-labelledby={`list-${list}`} aria-busy={loading || undefined}>
        {loading ? (
          <Busy />
        ) : selection.state === 'failed' && active ? (
          <Failed again={() => (revision$.value += 1)} refused={selection.refused} />
        ) : list === 'events' ? (
          <EventList />
        ) : list === 'documents' ? (
          <Documents key={JSON.stringify([filter, time])} />
        ) : list === 'places' ? (
          <Places places={places} />
        ) : (
          <Claims key={JSON.stringify([filter, time])} />
        )}
      </div>
    </div>
  );
}

/** "12 mentions in 5 documents name 4 places." */
function Summary() {
  const { statements, described, documents, places: counted_, more } = selection$.value;
  const places = new Set([...counted_.keys(), ...described.flatMap((one) => one.described?.places ?? [])]);
  const text = t('selectionSummary', {
    mentions: counted('mentions', statements.length + described.length),
    documents: counted('documents', documents.size),
    places: counted('places', places.size),
  });
  return (
    <p class="sub summary" role="status">
      {more ? `${t('atLeast')}: ${text}` : text}
    </p>
  );
}

const documentRow = (feature: GeoJSON.Feature<GeoJSON.Geometry | null>): Row => {
  const p = feature.properties ?? {};
  return {
    id: String(feature.id),
    title: String(p.title ?? ''),
    language: p.language as Language,
    publisher: p.publisher ?? null,
    published: p.published ?? null,
    mentions: Number(p.mentions ?? 0),
    claims: Number(p.claims ?? 0),
  };
};

interface Loaded<T> {
  rows: T[];
  offset: number;
  more: boolean;
  total: number | null;
  state: 'loading' | 'ready' | 'failed';
}

const NOTHING = { rows: [], offset: 0, more: true, total: null, state: 'loading' } as const;

/** Rows page by page, asked again when documents came. */
function usePages<T>(ask: (offset: number) => Promise<{ rows: T[]; next: number | null; total: number | null }>) {
  const [loaded, setLoaded] = useState<Loaded<T>>({ ...NOTHING, rows: [] });
  const begin = useTurns();
  const load = async (from: Loaded<T>): Promise<void> => {
    const isLast = begin();
    setLoaded({ ...from, state: 'loading' });
    try {
      const { rows, next, total } = await ask(from.offset);
      if (!isLast()) return;
      setLoaded({ rows: [...from.rows, ...rows], offset: next ?? 0, more: next !== null, total, state: 'ready' });
    } catch {
      if (isLast()) setLoaded({ ...from, state: 'failed' });
    }
  };
  const revision = revision$.value;
  useEffect(() => void load({ ...NOTHING, rows: [] }), [revision]);
  return { loaded, more: () => void load(loaded) };
}

/** The total in words: a lower bound where the server does not count. */
const totalWords = ({ total, rows, more }: Loaded<unknown>): string =>
  total !== null ? number(total) : more ? t('moreThanN', { count: rows.length }) : number(rows.length);

function Documents() {
  const { filter, time } = state$.value;
  const active = isActive(filter);
  const ids = active ? selection$.value.documents : null;
  const { loaded, more } = usePages<Row>(async (offset) => {
    const rows: Row[] = [];
    let at: number | null = offset;
    // Of a filter that is asked by statements the documents are known by their ids; they are read in the order of the list.
    while (at !== null && rows.length < PAGE && (!ids || ids.size > 0)) {
      // The documents of a selection are known; the period may mean other days than those of publication.
      const condition = time && !ids ? within('published', time) : undefined;
      const size = ids ? 500 : PAGE;
      const page: Awaited<ReturnType<typeof api.page>> = await api.page('documents', {
        sortby: '-published',
        filter: condition,
        'filter-lang': condition && 'cql2-text',
        limit: size,
        offset: at || undefined,
      });
      for (const [index, feature] of page.features.entries()) {
        if (rows.length >= PAGE) return { rows, next: at + index, total: ids?.size ?? page.total };
        if (!ids || ids.has(String(feature.id))) rows.push(documentRow(feature));
      }
      at = page.more && page.features.length ? at + page.features.length : null;
      if (!ids) return { rows, next: at, total: page.total ?? (await totalOf(time)) };
    }
    return { rows, next: ids && offset === 0 && rows.length >= ids.size ? null : at, total: ids?.size ?? null };
  });
  if (loaded.state === 'failed' && loaded.rows.length === 0) return <Failed again={more} />;
  if (loaded.state === 'loading' && loaded.rows.length === 0) return <Busy />;
  if (loaded.rows.length === 0) return active || time ? <p class="empty">{t('noneSelected')}</p> : <Empty />;
  return (
    <>
      <ul class="documents">
        {loaded.rows.map((row) => (
          <li key={row.id}>
            <DocumentButton row={row} />
          </li>
        ))}
      </ul>
      {loaded.more ? (
        <More shown={loaded.rows.length} total={totalWords(loaded)} onMore={more} busy={loaded.state === 'loading'} />
      ) : (
        <p class="sub all-rows">{counted('documents', loaded.rows.length)}</p>
      )}
    </>
  );
}

/** The number of all documents, or of those of a period, where the layer does not count them. */
async function totalOf(time: readonly [string, string] | null): Promise<number | null> {
  if (!time) return (await api.documents({ limit: 1 })).total ?? null;
  const { bins } = await api.histogram({ by: 'year', layer: 'documents', datetime: time.join('/') });
  return bins.reduce((sum, { count }) => sum + count, 0);
}

export function DocumentButton({ row }: { row: Row }) {
  const facts = [
    row.publisher && isolated(row.publisher),
    row.published ? date(row.published) : t('unknownDate'),
    t('mentionsDrawnShort', { mentions: row.mentions }),
    t('claimCount', { count: row.claims }),
  ];
  return (
    <button type="button" class="document-row" onClick={() => set({ ...CLOSED, document: row.id })}>
      <b lang={row.language} dir={direction(row.language)}>
        {row.title}
      </b>
      <small>{facts.filter(Boolean).join(' · ')}</small>
    </button>
  );
}

/** No document at all: how to begin. */
function Empty() {
  return (
    <div class="empty">
      <p>{t('noDocuments')}</p>
      <p>
        <button type="button" class="button" onClick={() => set({ tab: 'try' })}>
          {t('addFirst')}
        </button>
      </p>
    </div>
  );
}

interface NamedPlace {
  id: string;
  name: string;
  level: string;
  count: number;
  /** Mentions from which a position elsewhere is described. */
  described: number;
}

/** The places that are drawn now, the often named first. */
function namedPlaces(): NamedPlace[] {
  const { filter, time } = state$.value;
  const described = new Map<string, number>();
  if (isActive(filter)) {
    for (const one of selection$.value.described)
      for (const id of one.described?.places ?? []) described.set(id, (described.get(id) ?? 0) + 1);
  }
  // Of all time the server has counted them; of a period alone nobody has.
  const describedFrom = (place: ReturnType<typeof features.real>[number]): number =>
    isActive(filter) ? (described.get(String(place.getId())) ?? 0) : time ? 0 : Number(place.get('described') ?? 0);
  return features
    .real('mention_places')
    .map((place) => ({
      id: String(place.getId()),
      name: nameOf(place.getProperties()),
      level: String(place.get('level')),
      count: Number(place.get('count')),
      described: describedFrom(place),
    }))
    .filter((place) => place.count + place.described > 0)
    .sort((a, b) => b.count - a.count || b.described - a.described || a.name.localeCompare(b.name));
}

function Places({ places }: { places: NamedPlace[] }) {
  const [shown, setShown] = useState(PAGE);
  if (places.length === 0) return <p class="empty">{t('noMentions')}</p>;
  return (
    <>
      <ol class="mentions">
        {places.slice(0, shown).map(({ id, name, level, count, described }) => (
          <li key={id}>
            <button type="button" class="mention-row placed" onClick={() => set({ ...CLOSED, feature: { layer: 'mention_places', id } })}>
              <span class="dot" aria-hidden="true" />
              <span class="words">
                <b>
                  <Own text={name} />
                </b>
                <small>
                  {word(level, level)}
                  {described > 0 && ` · ${t('describedCount', { count: described })}`}
                </small>
              </span>
              <span class="count">{counted('mentions', count)}</span>
            </button>
          </li>
        ))}
      </ol>
      {places.length > shown && <More shown={shown} total={number(places.length)} onMore={() => setShown(shown + 100)} />}
    </>
  );
}

function Claims() {
  const { filter, time } = state$.value;
  const active = isActive(filter);
  const known = active ? selection$.value.claims : null;
  const { loaded, more } = usePages<Said>(async (offset) => {
    if (known)
      return { rows: known.slice(offset, offset + PAGE), next: offset + PAGE < known.length ? offset + PAGE : null, total: known.length };
    const condition = time ? `published >= DATE('${time[0]}') AND published < DATE('${dayAfter(time[1])}')` : undefined;
    const page = await api.page('claims', {
      sortby: '-published',
      filter: condition,
      'filter-lang': condition && 'cql2-text',
      limit: PAGE,
      offset: offset || undefined,
    });
    return { rows: page.features.map(saidOf), next: page.more ? offset + page.features.length : null, total: page.total };
  });
  if (loaded.state === 'failed' && loaded.rows.length === 0) return <Failed again={more} />;
  if (loaded.state === 'loading' && loaded.rows.length === 0) return <Busy />;
  if (loaded.rows.length === 0) return <p class="empty">{t('noneSelected')}</p>;
  return (
    <>
      <ol class="claims feed">
        {loaded.rows.map((claim) => (
          <li key={claim.id}>
            <ClaimRow claim={claim} />
          </li>
        ))}
      </ol>
      {loaded.more && <More shown={loaded.rows.length} total={totalWords(loaded)} onMore={more} busy={loaded.state === 'loading'} />}
    </>
  );
}

/** The figures of a claim feature. */
export const figuresOf = (properties: Record<string, unknown>): Quantity[] => features.json<Quantity[]>(properties.quantities, []);

export function ClaimRow({ claim, withSpeaker = true }: { claim: Said; withSpeaker?: boolean }) {
  const figures = figuresOf(claim.properties);
  return (
    <article class="claim" data-claim={claim.id}>
      <header>
        <h3>{word(`claim_${claim.type}`, claim.type)}</h3>
        <span class={`status ${claim.status}`}>{word(claim.status, claim.status)}</span>
      </header>
      {figures.length > 0 && (
        <p class="numbers">
          {figures.map((quantity, index) => (
            <span class="number" key={index}>
              {figure(quantity)}
            </span>
          ))}
        </p>
      )}
      <blockquote dir="auto">{claim.quote}</blockquote>
      <p class="by">
        {withSpeaker && claim.speaker ? (
          <>
            <SpeakerLink name={claim.speaker} /> ·{' '}
          </>
        ) : null}
        <small>
          {claim.properties.publisher ? (
            <>
              <Own text={String(claim.properties.publisher)} /> ·{' '}
            </>
          ) : null}
          <When day={claim.published} />
        </small>
      </p>
      <button type="button" class="link" onClick={() => set({ ...CLOSED, document: claim.document })}>
        {t('openInDocument')}
      </button>
    </article>
  );
}

/** A speaker's name that leads to everything they said. */
export function SpeakerLink({ name }: { name: string }) {
  return (
    <button type="button" class="link speaker-link" onClick={() => set({ ...CLOSED, person: name, tab: 'evidence' })}>
      <Own text={name} />
    </button>
  );
}
