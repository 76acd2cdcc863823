/** Events: accounts of what appears to be the same thing, side by side. A server that links no events has no list of them. */

import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import { collection } from '../catalogue';
import { counted, short } from '../figures';
import { isActive, type Filter } from '../filter/filter';
import { fold, matches } from '../filter/fold';
import { groundOf, revision$ } from '../filter/selection';
import { date, isolated, list, number, pick, t, word } from '../language';
import { reveal } from '../map';
import type { Names, Quantity } from '../model';
import { announce, report } from '../notice';
import { CLOSED, set, state$ } from '../store';
import { nameView } from '../title';
import { SpeakerLink } from './overview';
import { Busy, Failed, Icon, More, Own, Source } from './parts';
import { refusal, token$ } from './session';
import { SignIn } from './sign-in';

type Figure = Pick<Quantity, 'value' | 'bound' | 'unit' | 'text'> & { upper?: number; range?: [number, number]; parts?: Figure[] };

interface Outlet {
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

export interface Event_ {
  id: string;
  type: string;
  time: { from: string; to: string; stated: boolean };
  position: { places: { id: string; name: Names; level?: string }[]; point: [number, number]; precision: string; uncertainty_km: number };
  ruled: boolean;
  differs_in: string[];
  counts: { accounts: number; claims: number; outlets: number; speakers: number };
  accounts: Account[];
}

/** Whether this server links events: then it has a layer of them. */
export const hasEvents = (): boolean => collection('events') !== undefined;

const days = ({ from, to }: { from: string; to: string }): string => (from === to ? date(from) : `${date(from)} – ${date(to)}`);
const placeName = (event: Event_): string => list(event.position.places.map(({ name }) => pick(name)));

/** "3 · 5+ · 7 killed": every figure of each kind once, the smallest first. */
export function contrast(accounts: readonly Pick<Account, 'figures'>[]): { what: string; figures: string[] }[] {
  const found = new Map<string, { value: number; text: string }[]>();
  for (const { figures } of accounts) {
    for (const [what, figure] of Object.entries(figures)) {
      for (const one of figure.parts ?? [figure])
        found.set(what, [...(found.get(what) ?? []), { value: one.value ?? Infinity, text: short(one) }]);
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

/** True if an account fits the conditions that the server is not asked. */
function fits(event: Event_, filter: Filter): boolean {
  const { types, speaker, publisher, documents, words } = filter;
  if (types.length && !types.includes(event.type)) return false;
  if (documents && !event.accounts.some((account) => (account as unknown as { language?: string }).language === documents)) return false;
  if (speaker && !event.accounts.some((account) => fold(account.speaker ?? '').includes(fold(speaker)))) return false;
  if (publisher && !event.accounts.some((account) => [account, ...account.outlets].some((outlet) => outlet.publisher === publisher)))
    return false;
  return !words || event.accounts.some(({ quote, title }) => matches(`${title} ${quote}`, words));
}

interface Loaded {
  rows: Event_[];
  after: string | null;
  total: number | null;
  state: 'loading' | 'ready' | 'failed';
}

export function EventList() {
  const { filter, time } = state$.value;
  const [loaded, setLoaded] = useState<Loaded>({ rows: [], after: '', total: null, state: 'loading' });
  const revision = revision$.value;
  const load = async (from: Loaded): Promise<void> => {
    setLoaded({ ...from, state: 'loading' });
    try {
      const ground = filter.area ? await groundOf(filter.area) : null;
      let { after, total } = from;
      const rows: Event_[] = [];
      // What the server is not asked is left out here; a page may have nothing that fits.
      while (after !== null && rows.length < 20) {
        const page = await api.events({
          type: filter.types.length === 1 ? filter.types[0] : undefined,
          datetime: time ? time.join('/') : undefined,
          bbox: ground?.box.join(','),
          limit: 50,
          after: after || undefined,
        });
        const found = page.events as Event_[];
        rows.push(
          ...found.filter(
            (event) =>
              fits(event, filter) &&
              (!ground ||
                ground.holds(
                  event.position.point,
                  event.position.places[0]?.level ?? event.position.precision,
                  event.position.places[0]?.id ?? '',
                )),
          ),
        );
        after = page.next ? new URL(page.next, location.href).searchParams.get('after') : null;
        total = page.total ?? null;
      }
      setLoaded({ rows: [...from.rows, ...rows], after, total: isActive(filter) || time ? null : total, state: 'ready' });
    } catch {
      setLoaded({ ...from, state: 'failed' });
    }
  };
  useEffect(() => void load({ rows: [], after: '', total: null, state: 'loading' }), [JSON.stringify([filter, time]), revision]);
  if (loaded.state === 'failed' && loaded.rows.length === 0) return <Failed again={() => void load(loaded)} />;
  if (loaded.state === 'loading' && loaded.rows.length === 0) return <Busy />;
  if (loaded.rows.length === 0) return <p class="empty">{t('noneSelected')}</p>;
  return (
    <>
      <ol class="events">
        {loaded.rows.map((event) => (
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
      {loaded.after !== null && (
        <More
          shown={loaded.rows.length}
          total={loaded.total === null ? t('moreThanN', { count: loaded.rows.length }) : number(loaded.total)}
          onMore={() => void load(loaded)}
          busy={loaded.state === 'loading'}
        />
      )}
    </>
  );
}

export function EventCard({ id, onBack }: { id: string; onBack: () => void }) {
  const [event, setEvent] = useState<Event_ | null>(null);
  const [tag, setTag] = useState<string | null>(null);
  const [state, setState] = useState<'loading' | 'ready' | 'missing' | 'failed'>('loading');
  const revision = revision$.value;
  const load = async (): Promise<void> => {
    try {
      const found = await api.event(id);
      const known = found.value as Event_;
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
            {days(event.time)} {!event.time.stated && `(${t('byPublished')})`} · {word(event.position.precision, event.position.precision)}
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
  event: Event_;
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
function SplitOut({ event, account, tag, onRuled }: { event: Event_; account: Account; tag: string | null; onRuled: () => Promise<void> }) {
  const [asking, setAsking] = useState(false);
  const [wrong, setWrong] = useState('');
  const [reason, setReason] = useState('');
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
        tag ? { 'If-Match': tag } : {},
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
      <button type="button" class="link split" onClick={() => setAsking(true)}>
        {t('anotherEvent')}
      </button>
    );
  }
  if (!token$.value) return <SignIn why={t('signInToRule')} />;
  return (
    <span class="rule-form">
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
