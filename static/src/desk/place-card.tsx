/** A place, a unit or any other feature: how often it is named, when, by whom, and every sentence, newest first. */

import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { title } from '../catalogue';
import { counted, roleOf, short } from '../figures';
import * as features from '../features';
import { all, isActive, quoted, within } from '../filter/filter';
import { describedOf, revision$, saidOf, selection$, statementOf, type Said, type Statement } from '../filter/selection';
import { ENDONYMS, LANGUAGES, date, list, nameOf, number, pick, t, word } from '../language';
import { CLOSED, refine, set, state$, type FeatureRef } from '../store';
import { nameView } from '../title';
import { shown as shownValue } from '../value';
import { figuresOf, SpeakerLink } from './overview';
import { Busy, Failed, Icon, Marked, More, Own, Source, When, useTurns } from './parts';

const PAGE = 20;

/** Layers whose features are not places: no sentence names them. */
const NOT_PLACES = new Set([
  'security_gap',
  'security_gap_posts',
  'security_gap_area',
  'region_line',
  'claims',
  'coordination_axes',
  'rivers',
  'lakes',
  'countries',
  'documents',
]);

/** Units that can be asked with everything inside. */
const UNITS = new Set(['governorate', 'district', 'subdistrict']);

export function PlaceCard({
  feature,
  properties,
  missing,
  onBack,
}: {
  feature: FeatureRef;
  properties: Record<string, unknown>;
  missing: boolean;
  onBack: () => void;
}) {
  void state$.value.language;
  const name = nameOf(properties) || String(properties.title ?? '') || feature.id;
  const place = String(properties.place ?? feature.id);
  const level = String(properties.level ?? '');
  const narrow = NARROW.matches;
  useEffect(() => nameView(name), [name]);
  return (
    <article class="place">
      <header class="document-head">
        <button type="button" class="link back" onClick={onBack}>
          <Icon name="back" />
          {t('back')}
        </button>
        <h2>
          <Own text={name} />
        </h2>
        <p class="sub">
          {title(feature.layer)}
          {level && ` · ${word(level, level)}`}
        </p>
      </header>
      <div class="place-body" tabIndex={0} role="group" aria-label={name}>
        {missing ? (
          <p class="empty">{t('noSuchFeature')}</p>
        ) : feature.layer === 'claims' ? (
          <OneClaim id={feature.id} properties={properties} />
        ) : NOT_PLACES.has(feature.layer) ? (
          <Facts feature={feature} properties={properties} />
        ) : (
          <>
            {!narrow && <Around id={place} level={level} />}
            <Sentences
              key={`${place} ${JSON.stringify([state$.value.filter, state$.value.time])}`}
              place={place}
              only={feature.layer === 'mentions' ? feature.id : null}
            />
            {feature.layer !== 'mentions' && <DescribedFrom place={place} />}
            {narrow && <Around id={place} level={level} />}
            <details class="more">
              <summary>{t('aboutPlace')}</summary>
              <Facts feature={feature} properties={properties} />
            </details>
          </>
        )}
      </div>
    </article>
  );
}

/** On a phone the sentences come first. */
const NARROW = matchMedia('(max-width: 759.98px)');

/** Ways to ask for more than the place itself. */
function Around({ id, level }: { id: string; level: string }) {
  const known = features.find('mention_places', id) ?? features.find('places', id);
  const point = known ? features.lonLat(known) : null;
  return (
    <p class="chips">
      {UNITS.has(level) && (
        <button type="button" class="chip" onClick={() => (refine({ area: { kind: 'unit', id } }), set(CLOSED))}>
          {t('everythingInside')}
        </button>
      )}
      {point &&
        [10, 20, 50].map((km) => (
          <button
            type="button"
            class="chip"
            key={km}
            onClick={() => (refine({ area: { kind: 'around', lon: point[0], lat: point[1], km } }), set(CLOSED))}
          >
            {t('within', { km })}
          </button>
        ))}
    </p>
  );
}

interface Found {
  rows: Statement[];
  more: boolean;
  state: 'loading' | 'ready' | 'failed';
}

/** Sentences that name a place, newest first; one request a page. */
function Sentences({ place, only }: { place: string; only: string | null }) {
  const { filter, time } = state$.value;
  const active = isActive(filter);
  const selection = selection$.value;
  const [found, setFound] = useState<Found>({ rows: [], more: false, state: 'loading' });
  const revision = revision$.value;
  const begin = useTurns();
  const load = async (before: Statement[]): Promise<void> => {
    const isLast = begin();
    setFound({ rows: before, more: false, state: 'loading' });
    try {
      if (only) {
        const one = statementOf(await api.item('mentions', only, {}));
        if (isLast()) setFound({ rows: [one], more: false, state: 'ready' });
        return;
      }
      const condition = all(`place = ${quoted(place)}`, time && within('published', time));
      const page = await api.page('mentions', {
        filter: condition,
        'filter-lang': 'cql2-text',
        sortby: '-published',
        limit: PAGE,
        offset: before.length || undefined,
      });
      if (isLast()) setFound({ rows: [...before, ...page.features.map(statementOf)], more: page.more, state: 'ready' });
    } catch {
      if (isLast()) setFound({ rows: before, more: false, state: 'failed' });
    }
  };
  useEffect(() => {
    if (!active || only) void load([]);
  }, [place, only, revision, active]);
  const [take, setTake] = useState(PAGE);
  if (active && !only) {
    if (selection.state === 'loading') return <Busy />;
    const rows = selection.statements.filter((one) => one.place === place);
    return (
      <>
        <Totals place={place} total={rows.length} more={selection.more} filtered />
        <Rows rows={rows.slice(0, take)} complete={rows.length} />
        {rows.length > take && <More shown={take} total={number(rows.length)} onMore={() => setTake(take + 50)} />}
      </>
    );
  }
  if (found.state === 'failed' && found.rows.length === 0) return <Failed again={() => void load([])} />;
  if (found.state === 'loading' && found.rows.length === 0) return <Busy />;
  const known = features.find('mention_places', place);
  const total = only ? 1 : known ? features.countIn(known, time) : found.rows.length;
  return (
    <>
      {!only && <Totals place={place} total={Math.max(total, found.rows.length)} more={!known && found.more} filtered={time !== null} />}
      <Rows rows={found.rows} complete={found.more ? null : found.rows.length} />
      {found.more && (
        <More
          shown={found.rows.length}
          total={number(Math.max(total, found.rows.length))}
          onMore={() => void load(found.rows)}
          busy={found.state === 'loading'}
        />
      )}
      {found.state === 'failed' && <Failed again={() => void load(found.rows)} />}
    </>
  );
}

/** Positions that documents describe from a place: of the filter, or asked around the place. */
function useDescribed(place: string): readonly Statement[] {
  const { filter, time } = state$.value;
  const active = isActive(filter);
  const selection = selection$.value;
  const revision = revision$.value;
  const [found, setFound] = useState<readonly Statement[]>([]);
  const known = features.find('mention_places', place);
  const isDescribed = Number(known?.get('described') ?? 0) > 0;
  const begin = useTurns();
  useEffect(() => {
    const isLast = begin();
    setFound([]);
    const point = known && features.lonLat(known);
    if (active || !isDescribed || !point) return;
    const [lon, lat] = point;
    const condition = time ? within('published', time) : undefined;
    api
      .allItems(
        'positions',
        {
          bbox: [lon - REACH, lat - REACH, lon + REACH, lat + REACH].map((value) => value.toFixed(3)).join(','),
          filter: condition,
          'filter-lang': condition && 'cql2-text',
          sortby: '-published',
        },
        2000,
      )
      .then((page) => isLast() && setFound(page.features.map(describedOf)))
      .catch(() => isLast() && setFound([]));
  }, [place, active, isDescribed, JSON.stringify(time), revision]);
  const rows = active ? selection.described : found;
  return rows.filter(({ described }) => described?.places.includes(place) && !['part', 'place'].includes(described.kind));
}

/** Degrees around a place in which positions that are described from it are looked for. */
const REACH = 1.5;

function DescribedFrom({ place }: { place: string }) {
  const rows = useDescribed(place);
  const [take, setTake] = useState(PAGE);
  if (rows.length === 0) return null;
  return (
    <section class="described">
      <h3>{t('describedCount', { count: rows.length })}</h3>
      <p class="sub">{t('describedNote')}</p>
      <div class="sentences">
        {rows.slice(0, take).map((row) => (
          <SentenceRow key={row.id} row={row} />
        ))}
      </div>
      {rows.length > take && <More shown={take} total={number(rows.length)} onMore={() => setTake(take + 50)} />}
    </section>
  );
}

/** "371 mentions in 352 documents, from … to …". */
function Totals({ place, total, more, filtered }: { place: string; total: number; more: boolean; filtered: boolean }) {
  const known = features.find('mention_places', place);
  const everything = Number(known?.get('total') ?? 0);
  const first = known?.get('first') as string | undefined;
  const last = known?.get('last') as string | undefined;
  if (total === 0)
    return <h3 class="totals">{filtered && everything > 0 ? t('noneOf', { all: counted('mentions', everything) }) : t('noSentences')}</h3>;
  const documents = filtered ? null : Number(known?.get('documents') ?? 0);
  return (
    <>
      <h3 class="totals">
        {more ? `${t('atLeast')} ` : ''}
        {documents
          ? t('mentionsIn', { mentions: counted('mentions', total), documents: counted('documents', documents) })
          : counted('mentions', total)}
        {filtered && everything > total && <small> {t('ofAll', { all: number(everything) })}</small>}
      </h3>
      {!filtered && first && last && <p class="sub">{first === last ? date(first) : `${date(first)} – ${date(last)}`}</p>}
      {!NARROW.matches && <p class="sub">{t('mentionsNote')}</p>}
      <Accounts place={place} />
    </>
  );
}

/** Figures that documents give for this place, side by side: they are not added up. */
function Accounts({ place }: { place: string }) {
  const [claims, setClaims] = useState<Said[]>([]);
  const { filter, time } = state$.value;
  const selection = selection$.value;
  const active = isActive(filter);
  const revision = revision$.value;
  const key = JSON.stringify([place, active, time, revision]);
  const begin = useTurns();
  useEffect(() => {
    const isLast = begin();
    if (active) return void setClaims(selection.claims.filter((claim) => claim.places.includes(place)));
    const known = features.find('mention_places', place);
    const point = known && features.lonLat(known);
    if (!point) return;
    const [lon, lat] = point;
    const box = [lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4].map((value) => value.toFixed(5)).join(',');
    const condition = time ? within('published', time) : undefined;
    api
      .page('claims', { bbox: box, filter: condition, 'filter-lang': condition && 'cql2-text', sortby: '-published', limit: 200 })
      .then((page) => isLast() && setClaims(page.features.map(saidOf).filter((claim) => claim.places.includes(place))))
      .catch(() => isLast() && setClaims([]));
  }, [key, active ? selection : null]);
  const byRole = new Map<string, { text: string; value: number; claim: Said }[]>();
  for (const claim of claims) {
    for (const quantity of figuresOf(claim.properties)) {
      const role = roleOf(quantity);
      if (!role) continue;
      byRole.set(role, [...(byRole.get(role) ?? []), { text: short(quantity), value: quantity.value ?? Infinity, claim }]);
    }
  }
  if (byRole.size === 0) return null;
  const inside = (
    <>
      <p class="sub">{t('accountsNote')}</p>
      {[...byRole].map(([role, accounts]) => (
        <details key={role}>
          <summary>
            <b>{[...new Set(accounts.sort((a, b) => a.value - b.value).map(({ text }) => text))].slice(0, 12).join(` ${t('listBar')} `)}</b>{' '}
            {word(`role_${role}`, role)}
          </summary>
          <ul>
            {accounts.map(({ text, claim }, index) => (
              <li key={index}>
                <b>{text}</b> {claim.speaker ? <SpeakerLink name={claim.speaker} /> : t('theTextItself')} ·{' '}
                {claim.properties.publisher ? (
                  <>
                    <Own text={String(claim.properties.publisher)} /> ·{' '}
                  </>
                ) : null}
                <When day={claim.published} />
                <blockquote dir="auto">{claim.quote}</blockquote>
                <button type="button" class="link" onClick={() => set({ ...CLOSED, document: claim.document })}>
                  {t('openInDocument')}
                </button>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </>
  );
  return NARROW.matches ? (
    <details class="accounts">
      <summary>{t('accountsOf')}</summary>
      {inside}
    </details>
  ) : (
    <section class="accounts">
      <h4>{t('accountsOf')}</h4>
      {inside}
    </section>
  );
}

/** Sentences with their speakers; `complete` is the number of all of them, or null where more may come. */
function Rows({ rows, complete }: { rows: readonly Statement[]; complete: number | null }) {
  const speakers = new Map<string, number>();
  for (const { speaker } of rows) if (speaker) speakers.set(speaker, (speakers.get(speaker) ?? 0) + 1);
  const often = [...speakers].sort((a, b) => b[1] - a[1]).slice(0, 6);
  return (
    <div class="sentences">
      {often.length > 1 && (
        <p class="who">
          <b>{complete === rows.length ? t('whoSpeaks') : t('whoSpeaksNewest', { count: rows.length })}</b>{' '}
          {often.map(([name, count]) => (
            <span key={name}>
              <SpeakerLink name={name} /> <small>{number(count)}</small>{' '}
            </span>
          ))}
        </p>
      )}
      {rows.map((row) => (
        <SentenceRow key={row.id} row={row} />
      ))}
    </div>
  );
}

export function SentenceRow({ row, withPlace = false }: { row: Statement; withPlace?: boolean }) {
  const open = (): void =>
    set({
      document: row.document,
      mention: row.mention,
      person: null,
      event: null,
      feature: row.described ? null : { layer: 'mention_places', id: row.place },
    });
  return (
    <section class="sentence" data-document={row.document} data-mention={row.mention}>
      {withPlace && (
        <p>
          <button type="button" class="link" onClick={() => set({ ...CLOSED, feature: { layer: 'mention_places', id: row.place } })}>
            <Own text={pick(row.names)} />
          </button>
        </p>
      )}
      <blockquote class="document-text part" dir="auto">
        <Marked text={row.quote} words={[row.text]} />
      </blockquote>
      <p class="by">
        {row.speaker ? <SpeakerLink name={row.speaker} /> : t('theTextItself')}
        {row.speaker && row.verb ? (
          <small>
            {' '}
            (<Own text={row.verb} />)
          </small>
        ) : null}
      </p>
      <p class="sub">
        <SourceOf row={row} /> · <When day={row.published} /> ·{' '}
        {row.described ? t('describedHere') : `${t('confidence')} ${number(row.confidence, 2)}`}
      </p>
      <button type="button" class="link" onClick={open}>
        {t('openInDocument')}
      </button>
    </section>
  );
}

/** Publisher or title; of a described position they come with its document. */
function SourceOf({ row }: { row: Statement }) {
  const [name, setName] = useState(row.publisher || row.title || '');
  useEffect(() => {
    if (name || !row.described) return;
    api
      .record(row.document)
      .then((record) => setName(record.publisher || record.title))
      .catch(() => undefined);
  }, [row.document]);
  return <Own text={name || t('unknownSource')} />;
}

function OneClaim({ id, properties }: { id: string; properties: Record<string, unknown> }) {
  const claim = saidOf({ type: 'Feature', id, geometry: null, properties });
  const figures = figuresOf(properties);
  return (
    <>
      <p class="numbers">{list(figures.map((quantity) => short(quantity)))}</p>
      <blockquote class="document-text part" dir="auto">
        {claim.quote}
      </blockquote>
      <p class="by">{claim.speaker ? <SpeakerLink name={claim.speaker} /> : t('theTextItself')}</p>
      <p class="sub">
        <Source url={properties.source_url as string | null} publisher={properties.publisher as string | null} /> ·{' '}
        <When day={claim.published} />
      </p>
      <button type="button" class="link" onClick={() => set({ ...CLOSED, document: claim.document })}>
        {t('openInDocument')}
      </button>
    </>
  );
}

/** Not worth a line of their own: they stand in the heading, or are for programs. */
const HIDDEN = new Set([
  'geometry',
  'name',
  'name:ar',
  'name:ckb',
  'name:en',
  'level',
  'place',
  'by_day',
  'mvt:layer',
  'total',
  'layer',
  'shown',
  'hidden',
  'contested',
  'rank',
  'worldview',
  'definition',
  'pcode',
  'quote',
  'start',
  'end',
  'confidence',
  'count',
  'documents',
  'first',
  'last',
  'class',
  'mention',
  'same_as',
  'members',
  'stacked',
]);

function Facts({ feature, properties }: { feature: FeatureRef; properties: Record<string, unknown> }) {
  const rows = Object.entries(properties).filter(
    ([key, value]) => !HIDDEN.has(key) && value !== null && value !== undefined && value !== '' && typeof value !== 'function',
  );
  return (
    <dl class="facts">
      {LANGUAGES.map((language) => {
        const name = properties[`name:${language}`];
        return typeof name === 'string' && name ? (
          <Fact key={language} lang={language} name={ENDONYMS[language]} value={<Own text={name} lang={language} />} />
        ) : null;
      })}
      {rows.map(([key, value]) => {
        const label = word(`field_${key}`, '');
        // What the page has no word for is for programs.
        return label ? <Fact key={key} name={label} value={<Old node={shownValue(key, value, properties)} />} /> : null;
      })}
      <Fact name={t('identifier')} value={<code dir="ltr">{feature.id}</code>} />
    </dl>
  );
}

function Fact({ name, value, lang }: { name: string; value: preact.ComponentChildren; lang?: string }) {
  return (
    <>
      <dt lang={lang}>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** An element that was made without components. */
export function Old({ node }: { node: Node | string }) {
  return typeof node === 'string' ? (
    <>{node}</>
  ) : (
    <span ref={(place) => void (place && !place.contains(node) && place.replaceChildren(node))} />
  );
}
