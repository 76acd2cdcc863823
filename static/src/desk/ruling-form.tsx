/** Ruling on a mention: accept, reject, another place, a place as actor, and back; what somebody else ruled meanwhile is shown, not overwritten. */

import { useEffect, useRef, useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import * as features from '../features';
import { revision$ } from '../filter/selection';
import { date, isolated, pick, t, word } from '../language';
import type { Language, Mention, Ruling } from '../model';
import { announce, report } from '../notice';
import { Behind, type Change } from './behind';
import { addLocalName, canBeNamed, LocalNameField } from './local-names';
import { useOthers } from './others';
import { lazily, Refusal } from './parts';
import { membersOf, nameOfWhere, type Where } from './place-name';
import { refusal, token$ } from './session';
import { SignIn } from './sign-in';

const PlaceChoice = lazily(async () => (await import('./place-choice')).PlaceChoice);

type Verdict = Ruling['ruling'];

interface Props {
  document: string;
  mention: Mention;
  /** Language of the document. */
  language: Language;
  /** The document is read again when a ruling was stored. */
  onRuled: (atOnce?: boolean) => Promise<void>;
}

export function RulingForm({ document: id, mention, language, onRuled }: Props) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [moving, setMoving] = useState(false);
  const [place, setPlace] = useState<Where | null>(null);
  // The words that later texts are read with too, where the reader wants it.
  const [spelling, setSpelling] = useState<string | null>(null);
  const [wrong, setWrong] = useState('');
  // Id of the ruling that the reader knows: that of the page, or another one that they chose to go on from.
  const [base, setBase] = useState(idOf(mention));
  const [behind, setBehind] = useState<Mention | null>(null);
  const [attempts, setAttempts] = useState(0);
  const [busy, setBusy] = useState(false);
  const [pending, setPending] = useState<Verdict | null>(null);
  // True if a rejection waits for a reason, or for a second press without one.
  const [rejecting, setRejecting] = useState(false);
  const reasonField = useRef<HTMLInputElement>(null);
  const name = `${id}-${mention.id}`;

  /** Somebody may have ruled before the form was opened, or while it is open. */
  const check = async (): Promise<void> => {
    if (!open || busy) return;
    try {
      const there = await api.mention(name);
      setBehind(idOf(there) === base ? null : there);
    } catch (error) {
      if (error instanceof Refused && (error.status === 410 || error.status === 404)) setWrong(error.detail);
    }
  };
  useEffect(() => void check(), [open]);
  const form = useOthers<HTMLElement>(id, check);

  /** Stores a ruling, unless another one than the reader knows is in force. */
  const rule = async (ruling: Verdict, known = base): Promise<void> => {
    const token = token$.peek();
    if (!token) return;
    setBusy(true);
    setWrong('');
    try {
      const path = `mentions/${encodeURIComponent(name)}`;
      const { value: there, tag } = await api.tagged<Mention>(path);
      if (idOf(there) !== known) return overtaken(there, ruling);
      const body = { ruling, ...(ruling === 'move' && place && membersOf(place)), ...(reason.trim() && { reason: reason.trim() }) };
      try {
        await api.write('PATCH', path, body, token, {}, tag ? { 'If-Match': tag } : {});
      } catch (error) {
        // Somebody ruled between the question and the answer.
        const newer = error instanceof Refused && error.status === 409 ? await api.mention(name) : null;
        if (newer && idOf(newer) !== known) return overtaken(newer, ruling);
        throw error;
      }
      setBehind(null);
      announce(t('rulingStored', { ruling: word(`ruling_${ruling}`, ruling) }));
      if (ruling === 'move' && spelling?.trim() && canBeNamed(place)) {
        try {
          await addLocalName(place, spelling.trim(), language, reason.trim(), token);
          announce(t('localNameStored'));
        } catch (error) {
          // The ruling is stored. A name that is known already is no fault.
          if (!(error instanceof Refused)) throw error;
          if (error.status !== 409) setWrong(refusal(error));
        }
      }
      setMoving(false);
      setRejecting(false);
      setReason('');
      features.reload();
      revision$.value += 1;
      await onRuled();
      setOpen(false);
    } catch (error) {
      if (error instanceof Refused) setWrong(refusal(error));
      else report(error, () => void rule(ruling, known));
    } finally {
      setBusy(false);
    }
  };
  const overtaken = (newer: Mention, ruling: Verdict): void => {
    setBehind(newer);
    setPending(ruling);
    setAttempts(attempts + 1);
  };
  const reject = (): void => {
    if (reason.trim() || rejecting) return void rule('reject');
    setRejecting(true);
    reasonField.current?.focus();
  };
  if (!open) {
    // A ruling is taken back where it is shown: a wrong press needs no second search for the form.
    return (
      <>
        <button type="button" class="link rule" onClick={() => setOpen(true)}>
          {t('rule')}
        </button>
        {mention.ruling && token$.value && (
          <button type="button" class="link undo" disabled={busy} onClick={() => (setOpen(true), void rule('undo'))}>
            {t('doUndo')}
          </button>
        )}
      </>
    );
  }
  if (!token$.value) return <SignIn why={t('signInToRule')} />;
  return (
    <section class="rule-form" aria-label={t('rule')} aria-busy={busy} ref={form}>
      {behind && (
        <Behind
          changes={changesOf(mention, behind)}
          attempts={attempts}
          onShow={() => (setBehind(null), void onRuled(true).then(() => setOpen(false)))}
          goOn={pending ? t('overrule') : undefined}
          onGoOn={() => {
            setBase(idOf(behind));
            setBehind(null);
            if (pending) void rule(pending, idOf(behind));
          }}
        >
          <Theirs ruling={behind.ruling ?? null} />
        </Behind>
      )}
      <label class="field">
        <span>{t('reason')}</span>
        <input
          type="text"
          name="reason"
          dir="auto"
          maxLength={2000}
          value={reason}
          ref={reasonField}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      {rejecting && (
        <p class="sub" role="status">
          {t('rejectReason')}
        </p>
      )}
      <div class="actions">
        {(mention.place || mention.ruling?.ruling === 'reject') && (
          <button type="button" class="button quiet" disabled={busy} onClick={() => void rule('accept')}>
            {t('doAccept')}
          </button>
        )}
        <button type="button" class="button quiet" disabled={busy} onClick={reject}>
          {t(rejecting ? (reason.trim() ? 'confirmReject' : 'rejectAnyway') : 'doReject')}
        </button>
        <button type="button" class="button quiet" aria-expanded={moving} onClick={() => setMoving(!moving)}>
          {t('doMove')}
        </button>
        <button type="button" class="button quiet" disabled={busy} onClick={() => void rule('associative')}>
          {t('doAssociative')}
        </button>
        {mention.ruling && (
          <button type="button" class="button quiet" disabled={busy} onClick={() => void rule('undo')}>
            {t('doUndo')}
          </button>
        )}
        <button type="button" class="button quiet cancel" disabled={busy} onClick={() => setOpen(false)}>
          {t('cancel')}
        </button>
      </div>
      {moving && (
        <div class="moving">
          <PlaceChoice label={t('newPlace')} value={place} onChange={setPlace} candidates={mention.candidates} />
          <LocalNameField words={mention.text} where={place} value={spelling} onChange={setSpelling} />
          <button type="button" class="button" disabled={!place || busy} onClick={() => void rule('move')}>
            {place ? t('moveTo', { place: isolated(nameOfWhere(place)) }) : t('doMove')}
          </button>
          {!place && <p class="sub">{t('moveNeedsPlace')}</p>}
        </div>
      )}
      <Refusal text={wrong} />
      <SignIn />
    </section>
  );
}

const idOf = ({ ruling }: Mention): string | number | null => ruling?.id ?? null;

const placeOf = ({ place }: Mention): string => (place ? pick(place.name) : t('unresolved'));

/** Differences that the ruling's own words do not name. */
function changesOf(was: Mention, now: Mention): Change[] {
  const [before, after] = [placeOf(was), placeOf(now)];
  return before === after ? [] : [{ field: t('field_place'), was: before, now: after }];
}

/** The ruling of another analyst, or the absence of one that the page shows. */
function Theirs({ ruling }: { ruling: Ruling | null }) {
  if (!ruling) return <>{t('conflictUndone')}</>;
  return (
    <>
      {t('conflict', { ruling: word(`ruling_${ruling.ruling}`, ruling.ruling), author: isolated(ruling.author), day: date(ruling.time) })}
      {ruling.reason && (
        <>
          {' '}
          “<bdi>{ruling.reason}</bdi>”
        </>
      )}
    </>
  );
}
