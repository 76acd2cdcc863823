/** The filter of the page: words at once, everything else behind a button, and what is set as removable chips. */

import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { conditions, CORRIDOR_WITHIN, isActive, NO_FILTER, type Area, type Filter } from '../filter/filter';
import { feedOf } from '../filter/feed';
import { selection$ } from '../filter/selection';
import { conditionsOf } from '../filter/words';
import { ENDONYMS, LANGUAGES, isolated, list, number, percent, t, word } from '../language';
import { bounds } from '../map';
import type { Language } from '../model';
import { refine, set, state$, unread$ } from '../store';
import { Icon } from './parts';
import { PlacePicker } from './place-picker';

/** Claim types that the page has words for; a server may have more, which it is asked for. */
const TYPES = ['attack_count', 'casualties', 'security_vacuum', 'coordination_axis', 'meeting'];

/** Publishers, speakers and claim types that the server has, newest first; asked for when the filter is opened. */
const offered = signal<{ publishers: string[]; speakers: string[]; types: string[] } | null>(null);

async function askOffered(): Promise<void> {
  if (offered.peek()) return;
  const [documents, claims] = await Promise.all([
    api.page('documents', { properties: 'publisher', limit: 1000 }),
    api.page('claims', { properties: 'speaker,type', limit: 1000 }),
  ]);
  const distinct = (values: unknown[]): string[] =>
    [...new Set(values.filter((value): value is string => typeof value === 'string' && value !== ''))].sort((a, b) => a.localeCompare(b));
  offered.value = {
    publishers: distinct(documents.features.map(({ properties }) => properties?.publisher)),
    speakers: distinct(claims.features.map(({ properties }) => properties?.speaker)),
    types: distinct([...TYPES, ...claims.features.map(({ properties }) => properties?.type)]),
  };
}

export function FilterBar() {
  const { filter } = state$.value;
  const [open, setOpen] = useState(false);
  const count = conditions(filter) - (filter.words ? 1 : 0);
  const selection = selection$.value;
  const leave = (): void => {
    setOpen(false);
    const lists = document.querySelector<HTMLElement>('.lists');
    lists?.scrollIntoView({ block: 'start' });
    lists?.querySelector<HTMLElement>('[aria-selected=true]')?.focus({ preventScroll: true });
  };
  return (
    <section class="filter" aria-label={t('filter')}>
      <div class="filter-row">
        <Words filter={filter} />
        <button
          type="button"
          class="button quiet filter-toggle"
          aria-expanded={open}
          aria-controls="filter-fields"
          onClick={() => setOpen(!open)}
        >
          <Icon name="filter" />
          <span>{t('filter')}</span>
          {count > 0 && <span class="count">{number(count)}</span>}
        </button>
      </div>
      <div id="filter-fields" hidden={!open}>
        {open && <Fields filter={filter} />}
        {open && (
          <button type="button" class="button show-results" onClick={leave}>
            {t('showResults')}
          </button>
        )}
      </div>
      <Chips filter={filter} />
      <FeedLink filter={filter} />
      {unread$.value.length > 0 && (
        <p class="wrong unread" role="alert">
          {t('unreadAddress', { parts: list(unread$.value.map(isolated)) })}
        </p>
      )}
      {selection.state === 'ready' && selection.partial.includes('words') && <p class="sub">{t('wordsPartial')}</p>}
      {selection.state === 'ready' && selection.partial.includes('event') && <p class="sub">{t('eventPartial')}</p>}
    </section>
  );
}

/** Asks for words a moment after the last letter. */
function Words({ filter }: { filter: Filter }) {
  const [text, setText] = useState(filter.words);
  useEffect(() => setText(filter.words), [filter.words]);
  useEffect(() => {
    if (text.trim() === filter.words) return;
    const timer = setTimeout(() => refine({ words: text.trim() }), 500);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <form
      class="search words-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        refine({ words: text.trim() });
      }}
    >
      <input
        type="search"
        name="q"
        maxLength={200}
        value={text}
        dir={text ? 'auto' : undefined}
        placeholder={t('wordsPlaceholder')}
        aria-label={t('words')}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}

function Fields({ filter }: { filter: Filter }) {
  useEffect(() => void askOffered().catch(() => undefined), []);
  const known = offered.value;
  const toggle = (type: string, on: boolean): void =>
    refine({ types: on ? [...filter.types, type].sort() : filter.types.filter((other) => other !== type) });
  return (
    <div class="filter-fields">
      <AreaFields area={filter.area} />
      <fieldset>
        <legend>{t('claimTypes')}</legend>
        <div class="checks">
          {(known?.types ?? TYPES).map((type) => (
            <label class="check" key={type}>
              <input
                type="checkbox"
                name="type"
                value={type}
                checked={filter.types.includes(type)}
                onChange={(event) => toggle(type, event.currentTarget.checked)}
              />
              {word(`claim_${type}`, type)}
            </label>
          ))}
        </div>
      </fieldset>
      <label class="field">
        <span>{t('speaker')}</span>
        <input
          type="text"
          name="speaker"
          list="known-speakers"
          dir="auto"
          value={filter.speaker}
          maxLength={200}
          onChange={(event) => refine({ speaker: event.currentTarget.value.trim() })}
        />
        <datalist id="known-speakers">
          {known?.speakers.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </label>
      <label class="field">
        <span>{t('field_publisher')}</span>
        <select name="publisher" value={filter.publisher} onChange={(event) => refine({ publisher: event.currentTarget.value })}>
          <option value="">{t('any')}</option>
          {[...new Set([...(known?.publishers ?? []), ...(filter.publisher ? [filter.publisher] : [])])].map((name) => (
            <option key={name} value={name} selected={name === filter.publisher}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t('documentLanguage')}</span>
        <select name="doclang" onChange={(event) => refine({ documents: (event.currentTarget.value || null) as Language | null })}>
          <option value="">{t('any')}</option>
          {LANGUAGES.map((of) => (
            <option key={of} value={of} selected={filter.documents === of}>
              {ENDONYMS[of]}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t('leastConfidence')}</span>
        <select name="min_confidence" onChange={(event) => refine({ confidence: Number(event.currentTarget.value) || null })}>
          <option value="">{t('any')}</option>
          {[...new Set([0.6, 0.8, 0.9, ...(filter.confidence ? [filter.confidence] : [])])].sort().map((share) => (
            <option key={share} value={share} selected={filter.confidence === share}>
              {percent(share)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t('ruling')}</span>
        <select name="ruled" onChange={(event) => refine({ ruled: (event.currentTarget.value || null) as Filter['ruled'] })}>
          <option value="">{t('any')}</option>
          <option value="yes" selected={filter.ruled === 'yes'}>
            {t('ruledYes')}
          </option>
          <option value="no" selected={filter.ruled === 'no'}>
            {t('ruledNo')}
          </option>
        </select>
      </label>
      <label class="field">
        <span>{t('timeBy')}</span>
        <select name="by" onChange={(event) => refine({ by: event.currentTarget.value as Filter['by'] })}>
          <option value="published">{t('byPublished')}</option>
          <option value="event" selected={filter.by === 'event'}>
            {t('byEvent')}
          </option>
        </select>
      </label>
    </div>
  );
}

const KINDS = ['', 'unit', 'around', 'box', 'corridor'] as const;

function AreaFields({ area }: { area: Area | null }) {
  const [kind, setKind] = useState<(typeof KINDS)[number]>(area?.kind ?? '');
  const [km, setKm] = useState(area?.kind === 'around' ? area.km : 20);
  useEffect(() => setKind(area?.kind ?? ''), [area?.kind]);
  const choose = (next: (typeof KINDS)[number]): void => {
    setKind(next);
    if (next === '') refine({ area: null });
    if (next === 'box') refine({ area: { kind: 'box', box: bounds() } });
    if (next === 'corridor') refine({ area: { kind: 'corridor', from: 0, to: 100, within: CORRIDOR_WITHIN } });
  };
  return (
    <fieldset>
      <legend>{t('area_')}</legend>
      <label class="field">
        <span>{t('areaKind')}</span>
        <select name="area" onChange={(event) => choose(event.currentTarget.value as (typeof KINDS)[number])}>
          {KINDS.map((of) => (
            <option key={of} value={of} selected={kind === of}>
              {t(of ? `area_${of}` : 'area_all')}
            </option>
          ))}
        </select>
      </label>
      {kind === 'unit' && <PlacePicker label={t('area_unit')} onPick={({ id }) => refine({ area: { kind: 'unit', id } })} />}
      {kind === 'around' && (
        <div class="around">
          <PlacePicker
            label={t('area_around')}
            onPick={({ point }) => refine({ area: { kind: 'around', lon: point[0], lat: point[1], km } })}
          />
          <label class="field">
            <span>{t('radiusKm')}</span>
            <input
              type="number"
              min={1}
              max={500}
              value={km}
              onChange={(event) => {
                const next = Math.max(1, Math.min(500, Number(event.currentTarget.value) || 20));
                setKm(next);
                if (area?.kind === 'around') refine({ area: { ...area, km: next } });
              }}
            />
          </label>
        </div>
      )}
      {kind === 'box' && (
        <button type="button" class="link" onClick={() => refine({ area: { kind: 'box', box: bounds() } })}>
          {t('boxAgain')}
        </button>
      )}
      {area?.kind === 'corridor' && <CorridorFields area={area} />}
      {kind !== '' && <p class="sub">{t('areaNote')}</p>}
    </fieldset>
  );
}

function CorridorFields({ area }: { area: Extract<Area, { kind: 'corridor' }> }) {
  const field = (key: 'from' | 'to' | 'within', label: string) => (
    <label class="field">
      <span>{label}</span>
      <input
        type="number"
        min={0}
        max={key === 'within' ? 200 : 2000}
        value={area[key]}
        onChange={(event) => {
          const next = { ...area, [key]: Number(event.currentTarget.value) };
          if (next.from < next.to && next.within > 0) refine({ area: next });
        }}
      />
    </label>
  );
  return (
    <div class="around">
      {field('from', t('kmFrom'))}
      {field('to', t('kmTo'))}
      {field('within', t('kmWithin'))}
    </div>
  );
}

function Chips({ filter }: { filter: Filter }) {
  if (!isActive(filter)) return null;
  return (
    <ul class="chips conditions" aria-label={t('conditions')}>
      {conditionsOf(filter).map(({ key, text, without }) => (
        <li key={key}>
          <button type="button" class="chip condition" data-condition={key} onClick={() => refine(without)}>
            <bdi>{text}</bdi>
            <span class="sr-only"> – {t('removeCondition')}</span>
            <span aria-hidden="true"> ×</span>
          </button>
        </li>
      ))}
      <li>
        <button type="button" class="link" onClick={() => set({ filter: NO_FILTER })}>
          {t('clearFilter')}
        </button>
      </li>
    </ul>
  );
}

/** The address by which a feed reader follows the filter. */
function FeedLink({ filter }: { filter: Filter }) {
  const { href, left } = feedOf(filter, state$.value.time);
  return (
    <p class="sub feed">
      <a class="feed-link" href={href} type="application/atom+xml" target="_blank" rel="noopener">
        {t('feed')}
      </a>
      {left.length > 0 && ` ${t('feedLeft', { parts: list(left) })}`}
    </p>
  );
}
