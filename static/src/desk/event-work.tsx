/** Decisions on an event: an account is taken out, another event is joined, a decision is taken back; changes of others meanwhile are shown first. */

import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import * as features from '../features';
import { counted } from '../figures';
import { grown } from '../filter/geometry';
import { revision$ } from '../filter/selection';
import { date, isolated, t, word } from '../language';
import { announce, report } from '../notice';
import { Behind, type Change } from './behind';
import { toDay, toIso } from './days';
import type { Account, EventRecord } from './event-store';
import { agreedText, contrast, days, placeName } from './event-words';
import { Busy, Failed } from './parts';
import { refusal, token$ } from './session';
import { SignIn } from './sign-in';

/** An event with the tag of its state, for `If-Match`. */
export interface Tagged {
  event: EventRecord;
  tag: string | null;
}

/** The event of a card, and the parts of the card that its forms need. */
export interface EventWork extends Tagged {
  newer: Tagged | 'missing' | null;
  /** The number of open forms: while there is one, the card keeps the state that the form was opened on. */
  forms: RefObject<number>;
  /** Reads the event again and shows it. */
  onStored: () => Promise<void>;
  /** Reads the event again, to say in the form that it changed. */
  onChanged: () => Promise<void>;
  /** Shows the newer state. */
  onShow: () => void;
}

const figures = ({ accounts }: EventRecord): string => contrast(accounts).map(agreedText).join(' · ');

function changesOf(was: EventRecord, now: EventRecord): Change[] {
  const rows: [field: string, of: (event: EventRecord) => string][] = [
    [t('field_type'), ({ type }) => word(`claim_${type}`, type)],
    [t('field_place'), placeName],
    [t('time'), ({ time }) => days(time)],
    [t('event'), ({ accounts }) => counted('accounts', accounts.length)],
    [t('field_quantities'), figures],
  ];
  return rows.map(([field, of]) => ({ field, was: of(was), now: of(now) })).filter((row) => row.was !== row.now);
}

/** The form of one decision with its reason. */
function DecisionForm({
  work,
  decision,
  submit,
  children,
  onClose,
}: {
  work: EventWork;
  /** None as long as something is not chosen. */
  decision: Record<string, unknown> | null;
  submit: string;
  children?: ComponentChildren;
  onClose: () => void;
}) {
  const { event, tag, newer, forms } = work;
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const [attempts, setAttempts] = useState(0);
  useEffect(() => {
    if (forms.current !== null) forms.current += 1;
    return () => {
      if (forms.current !== null) forms.current -= 1;
    };
  }, []);
  const rule = async (body: Record<string, unknown>): Promise<void> => {
    const token = token$.peek();
    if (!token) return;
    if (newer) return setAttempts(attempts + 1);
    setBusy(true);
    setWrong('');
    try {
      const why = reason.trim() && { reason: reason.trim() };
      await api.write('PATCH', `events/${encodeURIComponent(event.id)}`, { ...body, ...why }, token, {}, tag ? { 'If-Match': tag } : {});
      announce(t('stored'));
      features.reload();
      onClose();
      await work.onStored();
      revision$.value += 1;
    } catch (error) {
      if (error instanceof Refused && error.status === 409) {
        setWrong(error.detail);
        setAttempts(attempts + 1);
        await work.onChanged();
      } else if (error instanceof Refused) setWrong(refusal(error));
      else report(error, () => void rule(body));
    } finally {
      setBusy(false);
    }
  };
  if (!token$.value) return <SignIn why={t('signInToRule')} />;
  return (
    <section class="rule-form event-form" aria-label={submit} aria-busy={busy}>
      {newer && (
        <Behind
          changes={newer === 'missing' ? [] : changesOf(event, newer.event)}
          attempts={attempts}
          onShow={null}
          goOn={t('goOn')}
          onGoOn={() => (setWrong(''), work.onShow())}
        >
          {newer === 'missing' ? t('noSuchFeature') : t('eventChanged')}
        </Behind>
      )}
      {children}
      <label class="field">
        <span>{t('reason')}</span>
        <input type="text" dir="auto" maxLength={2000} value={reason} onInput={(typed) => setReason(typed.currentTarget.value)} />
      </label>
      <div class="actions">
        <button type="button" class="button" disabled={busy || !decision} onClick={() => decision && void rule(decision)}>
          {submit}
        </button>
        {event.ruled && (
          <button type="button" class="button quiet" disabled={busy} onClick={() => void rule({ ruling: 'undo' })}>
            {t('doUndo')}
          </button>
        )}
        <button type="button" class="button quiet" disabled={busy} onClick={onClose}>
          {t('cancel')}
        </button>
      </div>
      {wrong && (
        <p class="wrong" role="alert">
          <bdi>{wrong}</bdi>
        </p>
      )}
    </section>
  );
}

/** Takes an account out of an event. */
export function SplitOut({ account, work }: { account: Account; work: EventWork }) {
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <button type="button" class="link split" onClick={() => setOpen(true)}>
        {t('anotherEvent')}
      </button>
    );
  }
  return (
    <DecisionForm work={work} decision={{ ruling: 'split', claims: account.claims }} submit={t('takeOut')} onClose={() => setOpen(false)} />
  );
}

/** Days before and after an event, and kilometres around it, in which another one may be the same. */
const NEAR_DAYS = 7;
const NEAR_KM = 50;

/** Joins another event with this one. */
export function JoinEvent({ work }: { work: EventWork }) {
  const [open, setOpen] = useState(false);
  const [other, setOther] = useState('');
  if (!open) {
    return (
      <p>
        <button type="button" class="link join" onClick={() => setOpen(true)}>
          {t('joinEvent')}
        </button>
      </p>
    );
  }
  return (
    <DecisionForm
      work={work}
      decision={other ? { ruling: 'join', with: [other] } : null}
      submit={t('join')}
      onClose={() => (setOther(''), setOpen(false))}
    >
      <Others event={work.event} chosen={other} onChange={setOther} />
    </DecisionForm>
  );
}

/** Events that are near in time and place. */
function Others({ event, chosen, onChange }: { event: EventRecord; chosen: string; onChange: (id: string) => void }) {
  const [found, setFound] = useState<EventRecord[] | 'failed' | null>(null);
  const load = (): void => {
    const [lon, lat] = event.position.point;
    const from = toIso(toDay(event.time.from) - NEAR_DAYS);
    const to = toIso(toDay(event.time.to) + NEAR_DAYS);
    const bbox = grown([lon, lat, lon, lat], NEAR_KM).map((side) => side.toFixed(4));
    setFound(null);
    api.events({ datetime: `${from}/${to}`, bbox: bbox.join(','), limit: 100 }).then(
      (page) => setFound((page.events as EventRecord[]).filter(({ id }) => id !== event.id)),
      () => setFound('failed'),
    );
  };
  useEffect(load, [event]);
  if (found === 'failed') return <Failed again={load} />;
  if (found === null) return <Busy />;
  if (found.length === 0) return <p class="empty">{t('noOtherEvent')}</p>;
  return (
    <label class="field">
      <span>{t('joinWith')}</span>
      <select name="other-event" onChange={(change) => onChange(change.currentTarget.value)}>
        <option value="">—</option>
        {found.map((one) => (
          <option key={one.id} value={one.id} selected={one.id === chosen}>
            {[date(one.time.from), word(`claim_${one.type}`, one.type), isolated(placeName(one)), figures(one)].filter(Boolean).join(' · ')}
          </option>
        ))}
      </select>
    </label>
  );
}
