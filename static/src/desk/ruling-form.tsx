/** Ruling on a mention: accept, reject, another place, a place as actor, and back; what somebody else ruled meanwhile is shown, not overwritten. */

import { useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import * as features from '../features';
import { revision$ } from '../filter/selection';
import { date, isolated, t, word } from '../language';
import type { Mention, Ruling } from '../model';
import { announce, report } from '../notice';
import { useOthers } from './others';
import { lazily } from './parts';
import { membersOf, nameOfWhere, type Where } from './place-name';
import { refusal, token$ } from './session';
import { SignIn } from './sign-in';

const PlaceChoice = lazily(async () => (await import('./place-choice')).PlaceChoice);

type Verdict = Ruling['ruling'];

interface Props {
  document: string;
  mention: Mention;
  /** The document is read again when a ruling was stored. */
  onRuled: () => Promise<void>;
}

export function RulingForm({ document: id, mention, onRuled }: Props) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [moving, setMoving] = useState(false);
  const [place, setPlace] = useState<Where | null>(null);
  const [wrong, setWrong] = useState('');
  const [conflict, setConflict] = useState<Ruling | 'taken back' | null>(null);
  const [busy, setBusy] = useState(false);
  const [pending, setPending] = useState<Verdict | null>(null);
  const name = `${id}-${mention.id}`;

  /** Somebody may have ruled while the form is open. */
  const check = async (): Promise<void> => {
    if (!open || busy) return;
    try {
      const { ruling: there } = await api.mention(name);
      if ((there?.id ?? null) !== (mention.ruling?.id ?? null)) setConflict(there ?? 'taken back');
    } catch (error) {
      if (error instanceof Refused && (error.status === 410 || error.status === 404)) setWrong(error.detail);
    }
  };
  const form = useOthers<HTMLElement>(id, check);

  /** Stores a ruling, unless another one than the page shows is in force. */
  const rule = async (ruling: Verdict, overrule = false): Promise<void> => {
    const token = token$.peek();
    if (!token) return;
    setBusy(true);
    setWrong('');
    try {
      const { ruling: there } = await api.mention(name);
      if (!overrule && (there?.id ?? null) !== (mention.ruling?.id ?? null)) {
        setConflict(there ?? 'taken back');
        setPending(ruling);
        return;
      }
      await api.write(
        'PATCH',
        `mentions/${encodeURIComponent(name)}`,
        { ruling, ...(ruling === 'move' && place && membersOf(place)), ...(reason.trim() && { reason: reason.trim() }) },
        token,
      );
      setConflict(null);
      setMoving(false);
      setReason('');
      announce(t('rulingStored', { ruling: word(`ruling_${ruling}`, ruling) }));
      features.reload();
      revision$.value += 1;
      await onRuled();
    } catch (error) {
      if (error instanceof Refused) setWrong(refusal(error));
      else report(error, () => void rule(ruling, overrule));
    } finally {
      setBusy(false);
    }
  };
  if (!open) {
    return (
      <button type="button" class="link rule" onClick={() => setOpen(true)}>
        {t('rule')}
      </button>
    );
  }
  if (!token$.value) return <SignIn why={t('signInToRule')} />;
  return (
    <section class="rule-form" aria-label={t('rule')} aria-busy={busy} ref={form}>
      <label class="field">
        <span>{t('reason')}</span>
        <input
          type="text"
          name="reason"
          dir="auto"
          maxLength={2000}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <div class="actions">
        {(mention.place || mention.ruling?.ruling === 'reject') && (
          <button type="button" class="button quiet" disabled={busy} onClick={() => void rule('accept')}>
            {t('doAccept')}
          </button>
        )}
        <button type="button" class="button quiet" disabled={busy} onClick={() => void rule('reject')}>
          {t('doReject')}
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
      </div>
      {moving && (
        <div class="moving">
          <PlaceChoice label={t('newPlace')} value={place} onChange={setPlace} candidates={mention.candidates} />
          <button type="button" class="button" disabled={!place || busy} onClick={() => void rule('move')}>
            {place ? t('moveTo', { place: isolated(nameOfWhere(place)) }) : t('doMove')}
          </button>
        </div>
      )}
      {conflict !== null && (
        <Conflict
          ruling={conflict}
          onShow={() => (setConflict(null), void onRuled())}
          onOverrule={pending && (() => void rule(pending, true))}
        />
      )}
      {wrong && (
        <p class="wrong" role="alert">
          <bdi lang="en" dir="ltr">
            {wrong}
          </bdi>
        </p>
      )}
      <SignIn />
    </section>
  );
}

/** Another analyst ruled since this page was read. */
function Conflict({
  ruling,
  onShow,
  onOverrule,
}: {
  ruling: Ruling | 'taken back';
  onShow: () => void;
  /** None before the reader has ruled: then nothing was to be stored. */
  onOverrule: (() => void) | null;
}) {
  return (
    <div class="conflict" role="alert">
      <p>
        {ruling === 'taken back'
          ? t('conflictUndone')
          : t('conflict', {
              ruling: word(`ruling_${ruling.ruling}`, ruling.ruling),
              author: isolated(ruling.author),
              day: date(ruling.time),
            })}
        {ruling !== 'taken back' && ruling.reason && (
          <>
            {' '}
            “<bdi>{ruling.reason}</bdi>”
          </>
        )}
      </p>
      <button type="button" class="button" onClick={onShow}>
        {t('showTheirs')}
      </button>
      {onOverrule && (
        <button type="button" class="button quiet" onClick={onOverrule}>
          {t('overrule')}
        </button>
      )}
    </div>
  );
}
