/** Events: accounts of what appears to be the same thing, side by side. A server that links no events has no list of them. */

import { useEffect, useRef, useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import { counted } from '../figures';
import { revision$ } from '../filter/selection';
import { date, list, number, t, word } from '../language';
import { approach, reveal, zoomFor } from '../map';
import { ringEvent } from '../pick';
import { gaveViewOf } from '../permalink';
import { CLOSED, set, state$ } from '../store';
import { nameView } from '../title';
import { askEvents, events$, readMore, showEvents, type Account, type EventRecord } from './event-store';
import { agreed, agreedText, contrast, days, kindWord, placeName } from './event-words';
import type { EventWork, Tagged } from './event-work';
import { SpeakerLink } from './overview';
import { Busy, Failed, Icon, lazily, More, Own, Source, useTurns } from './parts';

/** How finely the texts place it: a described position has kilometres, for its precision `area` is no kind of place. */
const precisionWord = ({ position: { precision, uncertainty_km: km } }: EventRecord): string =>
  precision === 'area' ? t('describedWithin', { km: Math.max(1, Math.round(km)) }) : word(precision, precision);

function Contrast({ accounts }: { accounts: readonly Account[] }) {
  return (
    <p class="numbers">
      {contrast(accounts).map((one) => {
        const { figures, noun } = agreed(one);
        return (
          <span class="number" key={one.what}>
            {figures} <small>{noun}</small>
          </span>
        );
      })}
    </p>
  );
}

const SplitOut = lazily(async () => (await import('./event-work')).SplitOut);
const JoinEvent = lazily(async () => (await import('./event-work')).JoinEvent);

/** Rows that are shown at first. */
const ROWS = 50;

export function EventList() {
  const { rows, more, state, refused } = events$.value;
  const { filter, time } = state$.value;
  const [shown, setShown] = useState(ROWS);
  useEffect(showEvents, []);
  useEffect(() => setShown(ROWS), [JSON.stringify([filter, time])]);
  if (state === 'failed') return <Failed again={askEvents} refused={refused} />;
  if (rows.length === 0) return state === 'ready' ? <p class="empty">{t('noneSelected')}</p> : <Busy />;
  const isAll = rows.length <= shown;
  return (
    <>
      <ol class="events">
        {rows.slice(0, shown).map((event) => (
          <li key={event.id}>
            <button type="button" class="document-row event-row" onClick={() => set({ ...CLOSED, event: event.id })}>
              <b>
                {word(`claim_${event.type}`, event.type)} · <Own text={placeName(event)} />
              </b>
              <Contrast accounts={event.accounts} />
              <small>
                {days(event.time)} · {counted('accounts', event.counts.accounts)}
                {event.differs_in.length > 0 && ` · ${t('contradict')}`}
              </small>
            </button>
          </li>
        ))}
      </ol>
      {isAll && !more ? (
        <p class="sub all-rows">{counted('events', rows.length)}</p>
      ) : (
        <More
          shown={Math.min(shown, rows.length)}
          total={more ? t('moreThanN', { count: rows.length }) : number(rows.length)}
          onMore={() => (isAll && readMore(), setShown(shown + ROWS))}
          busy={state === 'loading'}
        />
      )}
    </>
  );
}

/** Marks the place of an event and brings the map to it; a view that the address gave stays. */
function showOnMap({ id, position: { point, uncertainty_km: km } }: EventRecord, isGiven: boolean): void {
  ringEvent(id, point);
  if (isGiven) reveal([point]);
  else approach(point, zoomFor(km));
}

export function EventCard({ id, onBack }: { id: string; onBack: () => void }) {
  const [shown, setShown] = useState<Tagged | null>(null);
  // The present state, where somebody changed the event while a form of it is open.
  const [newer, setNewer] = useState<Tagged | 'missing' | null>(null);
  const [state, setState] = useState<'loading' | 'ready' | 'missing' | 'failed'>('loading');
  const forms = useRef(0);
  const isFirst = useRef(true);
  const revision = revision$.value;
  const show = (found: Tagged | 'missing'): void => {
    setNewer(null);
    if (found === 'missing') return setState('missing');
    setShown(found);
    setState('ready');
    nameView(`${word(`claim_${found.event.type}`, found.event.type)} · ${placeName(found.event)}`);
  };
  const begin = useTurns();
  const load = async (always = false): Promise<void> => {
    const isLast = begin();
    const isHeld = !always && forms.current > 0 && shown !== null;
    try {
      const { value, tag } = await api.event(id);
      if (!isLast()) return;
      const found = { event: value as EventRecord, tag };
      if (!isHeld) {
        show(found);
        showOnMap(found.event, isFirst.current && gaveViewOf('event', id));
        isFirst.current = false;
      } else setNewer(tag === shown.tag ? null : found);
    } catch (error) {
      if (!isLast()) return;
      if (!(error instanceof Refused)) return isHeld ? undefined : setState('failed');
      if (isHeld) setNewer('missing');
      else show('missing');
    }
  };
  useEffect(() => void load(), [id, revision]);
  const event = shown?.event ?? null;
  const work: EventWork | null = shown && {
    ...shown,
    newer,
    forms,
    onStored: () => load(true),
    onChanged: () => load(),
    onShow: () => newer && show(newer),
  };
  return (
    <article class="place event">
      <header class="document-head">
        <button type="button" class="link back" onClick={onBack}>
          <Icon name="back" />
          {t('back')}
        </button>
        <h2>{event ? `${word(`claim_${event.type}`, event.type)} · ${placeName(event)}` : t('event')}</h2>
        {event && (
          <p class="sub">
            {days(event.time)} {!event.time.stated && `(${t('byPublished')})`} · {precisionWord(event)}
          </p>
        )}
      </header>
      <div class="place-body" tabIndex={0} role="group" aria-label={t('event')}>
        {state === 'failed' ? (
          <Failed again={() => void load()} />
        ) : state === 'missing' ? (
          <p class="empty">{t('noSuchFeature')}</p>
        ) : !event || !work ? (
          <Busy />
        ) : (
          <>
            <h3 class="totals">
              {counted('accounts', event.counts.accounts)} ·{' '}
              {counted(
                'documents',
                new Set(event.accounts.flatMap((account) => [account.document, ...account.outlets.map((outlet) => outlet.document)])).size,
              )}
            </h3>
            <Contrast accounts={event.accounts} />
            {event.differs_in.length > 0 && (
              <p class="contradiction">
                {t('differsIn')}:{' '}
                {list(event.differs_in.map((what) => (what === 'place' ? t('field_place') : what === 'time' ? t('time') : kindWord(what))))}
              </p>
            )}
            <p class="sub">{t('accountsNote')}</p>
            <ol class="account-list">
              {event.accounts.map((account) => (
                <AccountRow key={account.claim} account={account} work={work} />
              ))}
            </ol>
            <JoinEvent work={work} />
          </>
        )}
      </div>
    </article>
  );
}

function AccountRow({ account, work }: { account: Account; work: EventWork }) {
  const copies = account.outlets.filter(({ claim }) => claim !== account.claim);
  return (
    <li class="account" data-claim={account.claim}>
      <Contrast accounts={[account]} />
      <p class="by">
        {account.speaker ? <SpeakerLink name={account.speaker} /> : t('theTextItself')} ·{' '}
        <Source url={account.source_url} publisher={account.publisher} /> · {account.published ? date(account.published) : t('unknownDate')}
      </p>
      <blockquote dir="auto">{account.quote}</blockquote>
      {copies.length > 0 && (
        <details class="more">
          <summary>{t('copies', { count: copies.length })}</summary>
          <ul>
            {copies.map((outlet) => (
              <li key={outlet.claim}>
                <Source url={outlet.source_url} publisher={outlet.publisher} /> ·{' '}
                {outlet.published ? date(outlet.published) : t('unknownDate')}
              </li>
            ))}
          </ul>
        </details>
      )}
      {account.revisions.length > 0 && (
        <details class="more">
          <summary>{t('revisions', { count: account.revisions.length })}</summary>
          <ul>
            {account.revisions.map((revision) => (
              <li key={revision.claim}>
                {revision.published ? date(revision.published) : t('unknownDate')}: {contrast([revision]).map(agreedText).join(' · ')}
                <blockquote dir="auto">{revision.quote}</blockquote>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p class="actions">
        <button type="button" class="link" onClick={() => set({ ...CLOSED, document: account.document })}>
          {t('openInDocument')}
        </button>
        {work.event.accounts.length > 1 && <SplitOut account={account} work={work} />}
      </p>
    </li>
  );
}
