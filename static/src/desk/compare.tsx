/** What is compared with the view, and a written list of what differs. */

import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { collection, title } from '../catalogue';
import { sides } from '../compare-map';
import * as features from '../features';
import { isActive } from '../filter/filter';
import { selection$, select } from '../filter/selection';
import { date, ENDONYMS, isolated, nameOf, number, pick, t, word } from '../language';
import { set, state$ } from '../store';
import { shown } from '../value';
import { worldviews } from '../worldviews';
import { toDay, toIso } from './days';
import { Busy, Failed, Own, refusedWords, Source, useTurns } from './parts';
import { Old } from './place-card';

/** Rises when the counts of places were set anew. */
const counts$ = signal(0);
features.onCounted(() => (counts$.value = counts$.peek() + 1));

/** The period of the same length just before another. */
export function before([from, to]: readonly [string, string]): [string, string] {
  const length = toDay(to) - toDay(from) + 1;
  return [toIso(toDay(from) - length), toIso(toDay(from) - 1)];
}

/** The earlier and the later of two periods to compare at first: the shown one after as long a one before it, or the halves of the days that have reports. */
export function periods(time: readonly [string, string] | null, whole: readonly [string, string]): [[string, string], [string, string]] {
  const earlier = time && before(time);
  if (time && earlier && earlier[1] >= whole[0]) return [earlier, [...time]];
  const [from, to] = time && time[0] < time[1] ? time : whole;
  const [first, last] = [toDay(from), toDay(to)];
  const middle = Math.floor((first + last) / 2);
  return [
    [from, toIso(middle)],
    [toIso(Math.min(last, middle + 1)), to],
  ];
}

export function Compare() {
  const { compare, time, worldview } = state$.value;
  const days = [...features.days().keys()].sort();
  const whole: [string, string] | null = days[0] ? [days[0], days.at(-1) ?? days[0]] : null;
  const choose = (value: string): void => {
    if (value === '') set({ compare: null });
    else if (value === 'time') {
      const both = whole && periods(time, whole);
      if (both) set({ time: both[1], compare: { kind: 'time', time: both[0] } });
    } else if (value === 'control') set({ compare: { kind: 'control', days: CONTROL_DAYS() } });
    else set({ compare: { kind: 'worldview', id: value } });
  };
  const own = compare?.kind === 'worldview' ? compare.id : (compare?.kind ?? '');
  return (
    <section class="compare">
      <h2>{t('compare')}</h2>
      <label class="field">
        <span>{t('compareWith')}</span>
        <select name="compare" onChange={(event) => choose(event.currentTarget.value)}>
          <option value="">{t('compareNone')}</option>
          <option value="time" selected={own === 'time'}>
            {t('compareTime')}
          </option>
          {collection('control') && (
            <option value="control" selected={own === 'control'}>
              {t('compareControl')}
            </option>
          )}
          {worldviews()
            .filter(({ id }) => id !== worldview)
            .map((view) => (
              <option key={view.id} value={view.id} selected={own === view.id}>
                {pick(view.title)}
              </option>
            ))}
        </select>
      </label>
      {compare?.kind === 'time' && <Periods time={time} other={compare.time} />}
      {compare?.kind === 'control' && <Control days={compare.days} />}
      {compare?.kind === 'worldview' && <Views own={worldview} other={compare.id} />}
    </section>
  );
}

function Periods({ time, other }: { time: [string, string] | null; other: [string, string] }) {
  const { filter } = state$.value;
  const active = isActive(filter);
  const selection = selection$.value;
  const [there, setThere] = useState<ReadonlyMap<string, number> | null>(null);
  const [failed, setFailed] = useState(false);
  const key = JSON.stringify([other, filter]);
  const load = (): (() => void) => {
    const abort = new AbortController();
    setFailed(false);
    if (active) {
      setThere(null);
      select(filter, other, abort.signal)
        .then(({ places }) => setThere(new Map([...places].map(([id, { mentions }]) => [id, mentions]))))
        .catch(() => !abort.signal.aborted && setFailed(true));
    }
    return () => abort.abort();
  };
  useEffect(load, [key]);
  const change = (at: 0 | 1, value: string): void => {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return;
    const next: [string, string] = at ? [other[0] > value ? value : other[0], value] : [value, other[1] < value ? value : other[1]];
    set({ compare: { kind: 'time', time: next } });
  };
  const here = (id: string, place: (typeof places)[number]): number =>
    active ? (selection.places.get(id)?.mentions ?? 0) : features.countIn(place, time);
  void counts$.value;
  const places = features.real('mention_places');
  const countThere = (id: string, place: (typeof places)[number]): number =>
    active ? (there?.get(id) ?? 0) : features.countIn(place, other);
  const rows =
    there || !active
      ? places
          .map((place) => ({
            id: String(place.getId()),
            name: nameOf(place.getProperties()),
            level: String(place.get('level') ?? ''),
            a: here(String(place.getId()), place),
            b: countThere(String(place.getId()), place),
          }))
          .filter(({ a, b }) => a !== b)
          .sort((x, y) => Math.abs(y.a - y.b) - Math.abs(x.a - x.b))
      : [];
  return (
    <>
      <p class="sub">
        {t('leftOfLine')}: {time ? `${date(time[0])} – ${date(time[1])}` : t('allTime')}
      </p>
      <div class="around">
        {([0, 1] as const).map((at) => (
          <label class="field" key={at}>
            <span>
              {t('rightOfLine')}: {t(at ? 'timeTo' : 'timeFrom')}
            </span>
            <input
              type="date"
              class={at ? 'other-to' : 'other-from'}
              value={other[at]}
              onChange={(event) => change(at, event.currentTarget.value)}
            />
          </label>
        ))}
      </div>
      <h3>{t('differences')}</h3>
      {failed ? (
        <Failed again={load} />
      ) : active && there === null ? (
        <Busy />
      ) : rows.length === 0 ? (
        <p class="empty">{t('noDifferences')}</p>
      ) : (
        <table class="differences">
          <thead>
            <tr>
              <th scope="col">{t('name')}</th>
              <th scope="col">{sides()?.[0]}</th>
              <th scope="col">{sides()?.[1]}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, 200).map(({ id, name, level, a, b }) => (
              <tr key={id} data-place={id}>
                <th scope="row">
                  <Own text={name} /> <small>{word(level, level)}</small>
                </th>
                <td>{number(a)}</td>
                <td>{number(b)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** The days that are compared at first: before the change that the newest sources know of, and today. */
const CONTROL_DAYS = (): [string, string] => ['2017-10-01', new Date().toISOString().slice(0, 10)];

type Held = Record<string, string | null>;

/** Who held the areas on two days: the map shows each on its side of the line, and a list has what changed, with the sources. */
function Control({ days }: { days: [string, string] }) {
  const [found, setFound] = useState<GeoJSON.Feature<GeoJSON.Geometry | null>[] | null>(null);
  const [failed, setFailed] = useState<string | true | null>(null);
  const { language, worldview } = state$.value;
  const begin = useTurns();
  const load = (): void => {
    const isLast = begin();
    setFailed(null);
    setFound(null);
    api.controlChanges(days[0], days[1], language, worldview).then(
      ({ features: changed }) => isLast() && setFound(changed),
      (error: unknown) => isLast() && setFailed(refusedWords(error) ?? true),
    );
  };
  useEffect(load, [days[0], days[1], language, worldview]);
  const change = (at: 0 | 1, value: string): void => {
    if (/^\d{4}-\d{2}-\d{2}$/.test(value)) set({ compare: { kind: 'control', days: at ? [days[0], value] : [value, days[1]] } });
  };
  const held = (p: Held, end: 'from' | 'to') => {
    const party = p[`${end}:control`];
    if (!party) return t('notStated');
    const source = p[`${end}:control_source`];
    return (
      <>
        <b>{word(`party_${party}`, p[`${end}:party`] ?? party)}</b>
        {p[`${end}:control_since`] && (
          <small>
            {' '}
            {t('field_control_since')} {date(String(p[`${end}:control_since`]))}
          </small>
        )}
        {source && (
          <small class="control-source">
            {' '}
            <Source url={p[`${end}:control_source_url`]} publisher={source} />
          </small>
        )}
      </>
    );
  };
  return (
    <>
      <div class="around">
        {([0, 1] as const).map((at) => (
          <label class="field" key={at}>
            <span>{t(at ? 'rightOfLine' : 'leftOfLine')}</span>
            <input
              type="date"
              class={at ? 'control-to' : 'control-from'}
              min="2003-04-09"
              value={days[at]}
              onChange={(event) => change(at, event.currentTarget.value)}
            />
          </label>
        ))}
      </div>
      <h3>
        {t('differences')}
        {found && `: ${number(found.length)}`}
      </h3>
      {failed ? (
        <Failed again={load} refused={failed === true ? null : failed} />
      ) : !found ? (
        <Busy />
      ) : found.length === 0 ? (
        <p class="empty">{t('noDifferences')}</p>
      ) : (
        <table class="differences control-changes">
          <thead>
            <tr>
              <th scope="col">{t('name')}</th>
              <th scope="col">{date(days[0])}</th>
              <th scope="col">{date(days[1])}</th>
            </tr>
          </thead>
          <tbody>
            {found.map(({ id, properties }) => {
              const p = (properties ?? {}) as Held;
              return (
                <tr key={String(id)} data-place={String(id)}>
                  <th scope="row">
                    <Own text={String(p.name ?? id)} />
                  </th>
                  <td>{held(p, 'from')}</td>
                  <td>{held(p, 'to')}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </>
  );
}

interface Difference {
  layer: string;
  id: string;
  name: string;
  field: string;
  a: unknown;
  b: unknown;
  properties: Record<string, unknown>;
}

/** Layers that a worldview may show otherwise. */
const LAYERS = ['disputed_areas', 'region_line', 'governorates', 'districts', 'security_gap'];

async function differences(own: string, other: string): Promise<Difference[]> {
  const found: Difference[] = [];
  const layers = LAYERS.filter((id) => collection(id));
  const pairs = await Promise.all(
    layers.map(
      async (layer) => [layer, await api.allItems(layer, { worldview: own }), await api.allItems(layer, { worldview: other })] as const,
    ),
  );
  for (const [layer, left, right] of pairs) {
    const theirs = new Map(right.features.map((feature) => [String(feature.id), feature]));
    for (const feature of left.features) {
      const id = String(feature.id);
      const there = theirs.get(id);
      const [a, b] = [feature.properties ?? {}, there?.properties ?? {}];
      const base = { layer, id, name: nameOf(a) || nameOf(b) || id, properties: a };
      if (!there) {
        found.push({ ...base, field: '', a: true, b: false });
        continue;
      }
      theirs.delete(id);
      for (const field of new Set([...Object.keys(a), ...Object.keys(b)])) {
        if (field === 'worldview' || field === 'name' || JSON.stringify(a[field]) === JSON.stringify(b[field])) continue;
        if (field.startsWith('name:') || word(`field_${field}`, '')) found.push({ ...base, field, a: a[field], b: b[field] });
      }
    }
    for (const [id, feature] of theirs)
      found.push({
        layer,
        id,
        name: nameOf(feature.properties ?? {}) || id,
        field: '',
        a: false,
        b: true,
        properties: feature.properties ?? {},
      });
  }
  return found;
}

function Views({ own, other }: { own: string; other: string }) {
  const [found, setFound] = useState<Difference[] | null>(null);
  const [failed, setFailed] = useState(false);
  const begin = useTurns();
  const load = (): void => {
    const isLast = begin();
    setFailed(false);
    setFound(null);
    differences(own, other).then(
      (rows) => isLast() && setFound(rows),
      () => isLast() && setFailed(true),
    );
  };
  useEffect(load, [own, other]);
  if (failed) return <Failed again={load} />;
  if (!found) return <Busy />;
  const titles = (id: string): string => pick(worldviews().find((view) => view.id === id)?.title);
  const value = (one: Difference, of: unknown) =>
    one.field === '' ? (
      t(of ? 'yes' : 'no')
    ) : of === null || of === undefined || of === '' ? (
      t('notStated')
    ) : (
      <Old node={shown(one.field, of, one.properties)} />
    );
  return (
    <>
      <h3>
        {t('differences')}: {number(found.length)}
      </h3>
      {found.length === 0 ? (
        <p class="empty">{t('noDifferences')}</p>
      ) : (
        <table class="differences">
          <thead>
            <tr>
              <th scope="col">{t('name')}</th>
              <th scope="col">{titles(own)}</th>
              <th scope="col">{titles(other)}</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, 300).map((one, index) => (
              <tr key={index} data-place={one.id}>
                <th scope="row">
                  <Own text={one.name} />
                  <small>
                    {' '}
                    {title(one.layer)} ·{' '}
                    {one.field.startsWith('name:')
                      ? `${t('name')} (${ENDONYMS[one.field.slice(5) as keyof typeof ENDONYMS] ?? isolated(one.field.slice(5))})`
                      : word(`field_${one.field}`, '')}
                  </small>
                </th>
                <td>{value(one, one.a)}</td>
                <td>{value(one, one.b)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
