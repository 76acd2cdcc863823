/** Ruling on a mention: accept, reject, another place, a place as actor, and back; what somebody else ruled meanwhile is shown, not overwritten. */

import { useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import * as features from '../features';
import { revision$ } from '../filter/selection';
import { date, isolated, pick, t, word } from '../language';
import type { Mention, Ruling } from '../model';
import { announce, report } from '../notice';
import { PlacePicker, type Picked } from './place-picker';
import { refusal, token$ } from './session';
import { SignIn } from './sign-in';

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
  const [place, setPlace] = useState<Picked | null>(null);
  const [wrong, setWrong] = useState('');
  const [conflict, setConflict] = useState<Ruling | 'taken back' | null>(null);
  const [busy, setBusy] = useState(false);
  const [pending, setPending] = useState<Verdict>('accept');
  const name = `${id}-${mention.id}`;

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
        { ruling, ...(ruling === 'move' && place && { place: place.id }), ...(reason.trim() && { reason: reason.trim() }) },
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
    <section class="rule-form" aria-label={t('rule')} aria-busy={busy}>
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
          <PlacePicker label={t('newPlace')} onPick={setPlace} />
          {mention.candidates.length > 0 && (
            <p class="chips">
              {mention.candidates.slice(0, 6).map((candidate) => (
                <button
                  key={candidate.id}
                  type="button"
                  class="chip"
                  aria-pressed={place?.id === candidate.id}
                  onClick={() =>
                    setPlace({
                      id: candidate.id,
                      name: pick(candidate.name) || candidate.id,
                      level: candidate.level ?? '',
                      point: candidate.point ?? [0, 0],
                    })
                  }
                >
                  <bdi>{pick(candidate.name) || candidate.id}</bdi>{' '}
                  {candidate.level && <small>{word(candidate.level, candidate.level)}</small>}
                </button>
              ))}
            </p>
          )}
          <button type="button" class="button" disabled={!place || busy} onClick={() => void rule('move')}>
            {place ? t('moveTo', { place: isolated(place.name) }) : t('doMove')}
          </button>
        </div>
      )}
      {conflict !== null && (
        <Conflict ruling={conflict} onShow={() => (setConflict(null), void onRuled())} onOverrule={() => void rule(pending, true)} />
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
function Conflict({ ruling, onShow, onOverrule }: { ruling: Ruling | 'taken back'; onShow: () => void; onOverrule: () => void }) {
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
      <button type="button" class="button quiet" onClick={onOverrule}>
        {t('overrule')}
      </button>
    </div>
  );
}
