/** Events: accounts of what appears to be the same thing, side by side. A server that links no events has no list of them. */

import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import { counted, short } from '../figures';
import { revision$ } from '../filter/selection';
import { date, isolated, list, number, pick, t, word } from '../language';
import { reveal } from '../map';
import { announce, report } from '../notice';
import { CLOSED, set, state$ } from '../store';
import { nameView } from '../title';
import { askEvents, events$, readMore, showEvents, type Account, type EventRecord } from './event-store';
import { SpeakerLink } from './overview';
import { Busy, Failed, Icon, More, Own, Source } from './parts';
import { refusal, token$ } from './session';
import { SignIn } from './sign-in';

const days = ({ from, to }: { from: string; to: string }): string => (from === to ? date(from) : `${date(from)} – ${date(to)}`);
const placeName = (event: EventRecord): string => list(event.position.places.map(({ name }) => pick(name)));

/** How finely the texts place it: a described position has kilometres, for its precision `area` is no kind of place. */
const precisionWord = ({ position: { precision, uncertainty_km: km } }: EventRecord): string =>
  precision === 'area' ? t('describedWithin', { km: Math.max(1, Math.round(km)) }) : word(precision, precision);

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

const kindWord = (what: string): string => word(`role_${what}`, '') || word(`unit_${what}`, '') || what;

function Contrast({ accounts }: { accounts: readonly Account[] }) {
  return (
    <p class="numbers">
      {contrast(accounts).map(({ what, figures }) => (
        <span class="number" key={what}>
          {figures.join(` ${t('listBar')} `)} <small>{kindWord(what)}</small>
        </span>
      ))}
    </p>
  );
}

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

export function EventCard({ id, onBack }: { id: string; onBack: () => void }) {
  const [event, setEvent] = useState<EventRecord | null>(null);
  const [tag, setTag] = useState<string | null>(null);
  const [state, setState] = useState<'loading' | 'ready' | 'missing' | 'failed'>('loading');
  const revision = revision$.value;
  const load = async (): Promise<void> => {
    try {
      const found = await api.event(id);
      const known = found.value as EventRecord;
      setEvent(known);
      setTag(found.tag);
      setState('ready');
      nameView(`${word(`claim_${known.type}`, known.type)} · ${placeName(known)}`);
      reveal([known.position.point]);
    } catch (error) {
      setState(error instanceof Refused ? 'missing' : 'failed');
    }
  };
  useEffect(() => void load(), [id, revision]);
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
        ) : !event ? (
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
                <AccountRow key={account.claim} event={event} account={account} tag={tag} onRuled={load} />
              ))}
            </ol>
          </>
        )}
      </div>
    </article>
  );
}

function AccountRow({
  event,
  account,
  tag,
  onRuled,
}: {
  event: EventRecord;
  account: Account;
  tag: string | null;
  onRuled: () => Promise<void>;
}) {
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
                {revision.published ? date(revision.published) : t('unknownDate')}:{' '}
                {contrast([revision])
                  .map(({ what, figures }) => `${figures.join(', ')} ${kindWord(what)}`)
                  .join(' · ')}
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
        {event.accounts.length > 1 && <SplitOut event={event} account={account} tag={tag} onRuled={onRuled} />}
      </p>
    </li>
  );
}

/** Takes an account out of an event, unless somebody changed the event meanwhile. */
function SplitOut({
  event,
  account,
  tag,
  onRuled,
}: {
  event: EventRecord;
  account: Account;
  tag: string | null;
  onRuled: () => Promise<void>;
}) {
  const [asking, setAsking] = useState(false);
  const [wrong, setWrong] = useState('');
  const [reason, setReason] = useState('');
  // The state that the form was opened on: the card is read again when somebody changes the event.
  const [base, setBase] = useState<string | null>(null);
  const isBehind = asking && base !== tag;
  const rule = async (body: Record<string, unknown>): Promise<void> => {
    const token = token$.peek();
    if (!token) return;
    try {
      await api.write(
        'PATCH',
        `events/${encodeURIComponent(event.id)}`,
        { ...body, ...(reason.trim() && { reason: reason.trim() }) },
        token,
        {},
        base ? { 'If-Match': base } : {},
      );
      announce(t('stored'));
      setAsking(false);
      await onRuled();
    } catch (error) {
      if (error instanceof Refused) setWrong(error.status === 409 ? `${t('eventChanged')} ${error.detail}` : refusal(error));
      else report(error);
    }
  };
  if (!asking) {
    return (
      <button type="button" class="link split" onClick={() => (setBase(tag), setAsking(true))}>
        {t('anotherEvent')}
      </button>
    );
  }
  if (!token$.value) return <SignIn why={t('signInToRule')} />;
  return (
    <span class="rule-form">
      {isBehind && (
        <span class="conflict" role="alert">
          {t('eventChanged')}{' '}
          <button type="button" class="button" onClick={() => setBase(tag)}>
            {t('goOn')}
          </button>
        </span>
      )}
      <label class="field">
        <span>{t('reason')}</span>
        <input type="text" dir="auto" value={reason} onInput={(typed) => setReason(typed.currentTarget.value)} />
      </label>
      <button type="button" class="button quiet" onClick={() => void rule({ ruling: 'split', claims: account.claims })}>
        {t('takeOut')}
      </button>
      {event.ruled && (
        <button type="button" class="button quiet" onClick={() => void rule({ ruling: 'undo' })}>
          {t('doUndo')}
        </button>
      )}
      {wrong && (
        <span class="wrong" role="alert">
          {isolated(wrong)}
        </span>
      )}
    </span>
  );
}
