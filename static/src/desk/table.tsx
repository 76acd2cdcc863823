/** Every feature of a layer as a table: sorted, searched, with chosen columns, by page, and taken away as it is seen. */

import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import * as api from '../api';
import { collectionIds, title } from '../catalogue';
import { save } from '../dom';
import * as features from '../features';
import { FORMAT } from '../features';
import { figure } from '../figures';
import { all, isActive, within } from '../filter/filter';
import { matches } from '../filter/fold';
import { selection$ } from '../filter/selection';
import { describe } from '../gazetteer';
import { date, list, nameOf, number, pick, t, word } from '../language';
import { bounds, showGeometry } from '../map';
import { announce } from '../notice';
import { CLOSED, set, state$ } from '../store';
import { shown } from '../value';
import { figuresOf } from './overview';
import { Busy, Failed, Icon, useTurns } from './parts';
import { Old } from './place-card';
import { writeTable } from './table-text';

const PAGE = 50;
/** Features that are read into the page; beyond, the table says "more than". */
const MOST = 5000;
/** Mentions that are read for the days of places in a period. */
const MOST_MENTIONS = 20_000;
const HIDDEN = new Set([
  'name',
  'name:ar',
  'name:ckb',
  'name:en',
  'same_as',
  'by_day',
  'mvt:layer',
  'total',
  'worldview',
  'start',
  'end',
  'document',
  'mention',
  'trigger',
  'hidden',
  'class',
  'geometry',
]);
/** The columns that are seen at first; all where a layer is not named. */
const FIRST: Record<string, readonly string[]> = {
  mentions: ['quote', 'speaker', 'published', 'publisher', 'level', 'confidence'],
  claims: ['quantities', 'quote', 'places', 'speaker', 'published', 'publisher', 'status'],
  mention_places: ['level', 'count', 'documents', 'first', 'last', 'confidence'],
  documents: ['published', 'publisher', 'language', 'mentions', 'claims'],
};
/** Layers that follow the period and the filter. */
const EVIDENCE = new Set(['mentions', 'claims', 'mention_places', 'documents']);
/** Columns with ids of places. */
const PLACES = /^(parent|governorate|district|formal_governorate|left|right|place|places)$/;

type Row = GeoJSON.Feature<GeoJSON.Geometry | null>;

export const layer$ = signal('mention_places');

export function Table({ onClose }: { onClose: () => void }) {
  const layer = layer$.value;
  const { filter, time, worldview, language } = state$.value;
  const selection = selection$.value;
  const [rows, setRows] = useState<Row[]>([]);
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading');
  const [more, setMore] = useState(false);
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const [inView, setInView] = useState(false);
  const [sort, setSort] = useState<{ key: string; down: boolean } | null>(null);
  const [words, setWords] = useState('');
  const [columns, setColumns] = useState<Record<string, boolean>>({});
  const [offset, setOffset] = useState(0);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const body = useRef<HTMLDivElement>(null);
  const follows = EVIDENCE.has(layer) && (time !== null || isActive(filter));
  const key = JSON.stringify([layer, worldview, language, inView && bounds(), EVIDENCE.has(layer) && [filter, time, selection.state]]);
  const begin = useTurns();
  const load = async (): Promise<void> => {
    const isLast = begin();
    if (EVIDENCE.has(layer) && isActive(filter) && selection.state === 'loading') return;
    setState('loading');
    try {
      const condition = time && ['mentions', 'claims', 'documents'].includes(layer) ? all(within('published', time)) : undefined;
      const found = await api.allItems(
        layer,
        {
          bbox: inView ? bounds().join(',') : undefined,
          worldview: worldview === 'neutral' ? undefined : worldview,
          lang: language,
          // Places come with their totals in the period.
          datetime: layer === 'mention_places' && time ? time.join('/') : undefined,
          filter: condition,
          'filter-lang': condition && 'cql2-text',
          sortby: ['mentions', 'claims', 'documents'].includes(layer) ? '-published' : undefined,
        },
        MOST,
      );
      const days = layer === 'mention_places' && time && !isActive(filter) ? await daysOfPlaces(time) : null;
      if (!isLast()) return;
      setRows(layer === 'mention_places' ? periodCounts(found.features, days) : found.features.filter(isChosen(layer)));
      setMore(found.more);
      setState('ready');
    } catch {
      if (isLast()) setState('failed');
    }
  };
  useEffect(() => void load(), [key]);
  useEffect(() => {
    setSort(null);
    setColumns({});
    setPicked(new Set());
    setWords('');
  }, [layer]);
  useEffect(() => setOffset(0), [key, words, sort]);
  const beginNames = useTurns();
  useEffect(() => {
    const isLast = beginNames();
    void named(rows).then((known) => isLast() && setNames(known));
  }, [rows, language]);

  const keys = useMemo(
    () =>
      [...new Set(rows.flatMap(({ properties }) => Object.keys(properties ?? {})))].filter(
        (name) => !HIDDEN.has(name) && word(`field_${name}`, ''),
      ),
    [rows],
  );
  const isSeen = (name: string): boolean => columns[name] ?? FIRST[layer]?.includes(name) ?? true;
  const seen = [
    ...(FIRST[layer] ?? []).filter((name) => keys.includes(name)),
    ...keys.filter((name) => !FIRST[layer]?.includes(name)),
  ].filter(isSeen);
  const text = (row: Row, name: string): string => plainText(row, name, names);
  const found = useMemo(() => {
    const chosen = words.trim()
      ? rows.filter((row) => matches([rowName(layer, row), ...keys.map((name) => text(row, name))].join(' '), words))
      : rows;
    return sort
      ? [...chosen].sort((a, b) => compare(valueOf(layer, a, sort.key, names), valueOf(layer, b, sort.key, names)) * (sort.down ? -1 : 1))
      : chosen;
  }, [rows, words, sort, names, keys]);
  const page = found.slice(offset, offset + PAGE);
  const go = (to: number): void => {
    setOffset(to);
    body.current?.scrollTo({ top: 0 });
  };
  const sortBy = (name: string): void => {
    setSort(sort?.key === name ? { key: name, down: !sort.down } : { key: name, down: false });
    announce(t('sortBy', { column: label(name) }));
  };
  const csv = (): void => {
    const taken = picked.size ? found.filter(({ id }) => picked.has(String(id))) : found;
    const head = ['id', t('name'), ...seen.map(label)];
    save(
      `mahwar-${layer}.csv`,
      new Blob([writeTable([head, ...taken.map((row) => [String(row.id), rowName(layer, row), ...seen.map((name) => text(row, name))])])], {
        type: 'text/csv;charset=utf-8',
      }),
    );
  };
  const total =
    more && !words
      ? t('rowsMore', { from: found.length ? offset + 1 : 0, to: Math.min(offset + PAGE, found.length) })
      : t('rows', { from: found.length ? offset + 1 : 0, to: Math.min(offset + PAGE, found.length), total: number(found.length) });
  const heading = (name: string, words: string) => (
    <th scope="col" key={name} aria-sort={sort?.key === name ? (sort.down ? 'descending' : 'ascending') : undefined}>
      <button type="button" class="sort" data-column={name} title={t('sortBy', { column: words })} onClick={() => sortBy(name)}>
        {words}
        <span aria-hidden="true">{sort?.key === name ? (sort.down ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
  return (
    <>
      <header>
        <h2 id="table-title">{t('table')}</h2>
        <select aria-label={t('layer')} onChange={(event) => (layer$.value = event.currentTarget.value)}>
          {collectionIds().map((id) => (
            <option key={id} value={id} selected={id === layer}>
              {title(id)}
            </option>
          ))}
        </select>
        <input
          type="search"
          class="table-words"
          aria-label={t('tableWords')}
          placeholder={t('tableWords')}
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
        <label class="check">
          <input type="checkbox" checked={inView} onChange={(event) => setInView(event.currentTarget.checked)} />
          {t('onlyInView')}
        </label>
        <details class="columns">
          <summary>{t('columns')}</summary>
          <ul>
            {keys.map((name) => (
              <li key={name}>
                <label class="check">
                  <input
                    type="checkbox"
                    data-column={name}
                    checked={isSeen(name)}
                    onChange={(event) => setColumns({ ...columns, [name]: event.currentTarget.checked })}
                  />
                  {label(name)}
                </label>
              </li>
            ))}
          </ul>
        </details>
        <button type="button" class="button quiet csv" disabled={state !== 'ready' || found.length === 0} onClick={csv}>
          {t('asCsv')}
          {picked.size > 0 && ` (${number(picked.size)})`}
        </button>
        {follows && <small>{t('followsFilter')}</small>}
        <button type="button" class="icon-button" aria-label={t('close')} title={t('close')} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="table-scroll" tabIndex={0} role="group" aria-label={title(layer)} ref={body}>
        {state === 'failed' ? (
          <Failed again={() => void load()} />
        ) : state === 'loading' ? (
          <Busy />
        ) : found.length === 0 ? (
          <p class="empty">{t(rows.length ? 'noHits' : 'emptyLayer')}</p>
        ) : (
          <table>
            <caption class="sr-only">{title(layer)}</caption>
            <thead>
              <tr>
                <td class="pick" />
                {heading('', t('name'))}
                {seen.map((name) => heading(name, label(name)))}
              </tr>
            </thead>
            <tbody>
              {page.map((row) => {
                const id = String(row.id);
                const name = rowName(layer, row);
                return (
                  <tr key={id} data-id={id}>
                    <td class="pick">
                      <input
                        type="checkbox"
                        aria-label={t('selectRow', { name })}
                        checked={picked.has(id)}
                        onChange={(event) => {
                          const next = new Set(picked);
                          if (event.currentTarget.checked) next.add(id);
                          else next.delete(id);
                          setPicked(next);
                        }}
                      />
                    </td>
                    <th scope="row">
                      <button type="button" class="link" onClick={() => (onClose(), show(layer, row))}>
                        {name}
                      </button>
                    </th>
                    {seen.map((column) => (
                      <td key={column} class={column === 'quote' ? 'quote' : ''} dir={column === 'quote' ? 'auto' : undefined}>
                        <Cell row={row} name={column} names={names} />
                      </td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </div>
      <footer>
        <button type="button" class="button quiet" disabled={offset === 0} onClick={() => go(Math.max(0, offset - PAGE))}>
          {t('previous')}
        </button>
        <span role="status">{state === 'ready' ? total : ''}</span>
        <button type="button" class="button quiet" disabled={offset + PAGE >= found.length} onClick={() => go(offset + PAGE)}>
          {t('next')}
        </button>
      </footer>
    </>
  );
}

const label = (name: string): string => (name ? word(`field_${name}`, name) : t('name'));

/** True for a feature that the filter means. */
function isChosen(layer: string): (row: Row) => boolean {
  const selection = selection$.peek();
  if (!isActive(state$.peek().filter) || !['mentions', 'claims', 'documents'].includes(layer)) return () => true;
  const ids =
    layer === 'documents'
      ? selection.documents
      : new Set((layer === 'mentions' ? selection.statements : selection.claims).map(({ id }) => id));
  return ({ id }) => ids.has(String(id));
}

type Days = ReadonlyMap<string, readonly [first: string, last: string]>;

/** First and last day of each place's mentions in a period; none where there are more mentions than are read. */
async function daysOfPlaces(time: readonly [string, string]): Promise<Days> {
  const condition = within('published', time);
  const found = await api.allItems(
    'mentions',
    { filter: condition, 'filter-lang': 'cql2-text', properties: 'place,published' },
    MOST_MENTIONS,
  );
  const days = new Map<string, [string, string]>();
  if (found.more) return days;
  for (const { properties } of found.features) {
    const [place, day] = [String(properties?.place ?? ''), String(properties?.published ?? '').slice(0, 10)];
    const known = days.get(place);
    if (!place || !day) continue;
    if (!known) days.set(place, [day, day]);
    else days.set(place, [day < known[0] ? day : known[0], day > known[1] ? day : known[1]]);
  }
  return days;
}

/** Places with the counts that the map shows: of the period, which the server has counted, and of the filter. The server's first and last day are of all time. */
function periodCounts(rows: Row[], days: Days | null): Row[] {
  const { filter } = state$.peek();
  const selection = isActive(filter) ? selection$.peek() : null;
  return rows.flatMap((row) => {
    const chosen = selection?.places.get(String(row.id));
    const count = selection ? (chosen?.mentions ?? 0) : Number(row.properties?.count ?? 0);
    if (count === 0) return [];
    const [first = null, last = null] = days?.get(String(row.id)) ?? [];
    if (!chosen) return [days ? { ...row, properties: { ...row.properties, first, last } } : row];
    return [{ ...row, properties: { ...row.properties, count, documents: chosen.documents, first: chosen.first, last: chosen.last } }];
  });
}

/** The name of a row: of the place, the title of the document, or the kind of the claim with its figures. */
function rowName(layer: string, { id, properties }: Row): string {
  const p = properties ?? {};
  if (layer === 'claims')
    return [word(`claim_${String(p.type)}`, String(p.type)), list(figuresOf(p).map((quantity) => figure(quantity)))]
      .filter(Boolean)
      .join(': ');
  return nameOf(p) || String(p.title ?? p.text ?? id);
}

/** Names of all places whose ids are in the rows. */
async function named(rows: readonly Row[]): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(
    rows
      .slice(0, MOST)
      .flatMap(({ properties }) =>
        Object.entries(properties ?? {}).flatMap(([key, value]) =>
          PLACES.test(key) ? [features.json<unknown>(value, value)].flat().map(String) : [],
        ),
      ),
  );
  const known = await Promise.all(
    [...ids]
      .filter((id) => id && id !== 'null')
      .slice(0, 2000)
      .map(async (id) => [id, await describe(id)] as const),
  );
  return new Map(known.flatMap(([id, place]) => (place ? [[id, pick(place.names)] as const] : [])));
}

function plainText({ properties }: Row, name: string, names: ReadonlyMap<string, string>): string {
  const value = properties?.[name] as unknown;
  if (value === null || value === undefined) return '';
  if (name === 'quantities') return list(figuresOf(properties ?? {}).map((quantity) => figure(quantity))).replace(/[\u2066-\u2069]/g, '');
  if (PLACES.test(name)) return list([features.json<unknown>(value, value)].flat().map((id) => names.get(String(id)) ?? String(id)));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const node = shown(name, value, properties ?? {});
  if (name === 'published' || name === 'first' || name === 'last') return String(value);
  return (typeof node === 'string' ? node : (node.textContent ?? '')).replace(/[\u2066-\u2069]/g, '');
}

function Cell({ row, name, names }: { row: Row; name: string; names: ReadonlyMap<string, string> }) {
  const value = row.properties?.[name] as unknown;
  if (value === null || value === undefined || value === '') return null;
  if (name === 'quantities') return <>{list(figuresOf(row.properties ?? {}).map((quantity) => figure(quantity)))}</>;
  if (PLACES.test(name)) return <bdi>{plainText(row, name, names)}</bdi>;
  if (name === 'published') return <>{date(String(value))}</>;
  if (name === 'quote' || name === 'speaker' || name === 'publisher' || name === 'title') return <bdi>{String(value)}</bdi>;
  return <Old node={shown(name, value, row.properties ?? {})} />;
}

function valueOf(layer: string, row: Row, key: string, names: ReadonlyMap<string, string>): string | number {
  if (!key) return rowName(layer, row);
  const value = row.properties?.[key] as unknown;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (key === 'quantities') return figuresOf(row.properties ?? {})[0]?.value ?? -Infinity;
  return plainText(row, key, names);
}

const compare = (a: string | number, b: string | number): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  // What has no value comes last, whichever way is sorted first.
  return String(a).localeCompare(String(b), undefined, { numeric: true });
};

/** Shows the feature on the map and in the panel. */
function show(layer: string, row: Row): void {
  if (layer === 'documents') return set({ ...CLOSED, document: String(row.id), tab: 'evidence' });
  const geometry = row.geometry && FORMAT.readGeometry(row.geometry);
  if (geometry) showGeometry(geometry.getExtent());
  set({ ...CLOSED, feature: { layer, id: String(row.id) }, tab: 'evidence' });
}
