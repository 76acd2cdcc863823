/** Adding a place that the reader missed. */

import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import * as features from '../features';
import { revision$ } from '../filter/selection';
import { isolated, list, t } from '../language';
import type { Evidence } from '../model';
import { announce, report } from '../notice';
import { Behind } from './behind';
import { changesAround } from './changes-around';
import type { WorkProps } from './document-work';
import { addLocalName, canBeNamed, LocalNameField } from './local-names';
import { useOthers } from './others';
import { PlaceChoice } from './place-choice';
import { membersOf, nameOfWhere, type Where } from './place-name';
import { QuotePicker } from './quote-picker';
import { selected$, type Span } from './selected-words';
import { refusal, token$ } from './session';
import { SignIn } from './sign-in';

/** A place that the reader missed: its words, and where it is. */
export function MentionForm({ evidence, quote, onStored, onMention, onClose }: WorkProps & { quote: Span | null; onClose: () => void }) {
  const [span, setSpan] = useState(quote);
  const [where, setWhere] = useState<Where | null>(null);
  // The words that later texts are read with too, where the reader wants it.
  const [spelling, setSpelling] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const id = evidence.record.id;
  // The state that the reader knows; another one when they go on after somebody's change.
  const [base, setBase] = useState(evidence);
  const [behind, setBehind] = useState<{ evidence: Evidence; around: string[] } | null>(null);
  const [attempts, setAttempts] = useState(0);
  /** True if somebody added something at the chosen words, or corrected the title. */
  const look = async (): Promise<boolean> => {
    const newer = await api.freshEvidence(id);
    const around = changesAround(base, newer, span);
    setBehind(around.length ? { evidence: newer, around } : null);
    return around.length > 0;
  };
  const check = async (): Promise<void> => {
    if (busy) return;
    try {
      await look();
    } catch (error) {
      if (error instanceof Refused && (error.status === 410 || error.status === 404)) setWrong(error.detail);
    }
  };
  const form = useOthers<HTMLElement>(id, check);
  useEffect(() => void (behind && check()), [span?.start, span?.end, span?.in]);
  const store = async (): Promise<void> => {
    const token = token$.peek();
    if (!token) return;
    if (!span) return setWrong(t('quoteNeeded'));
    if (!where) return setWrong(t('placeNeeded'));
    setBusy(true);
    setWrong('');
    try {
      if (await look()) return setAttempts(attempts + 1);
      const words = { ...(span.in === 'title' && { in: span.in }), utf16: [span.start, span.end], text: span.text };
      const { value } = await api.write<{ id: string }>(
        'POST',
        `documents/${id}/mentions`,
        { quote: words, ...membersOf(where), ...(reason.trim() && { reason: reason.trim() }) },
        token,
      );
      announce(t('stored'));
      if (spelling?.trim() && canBeNamed(where)) {
        // The mention is stored. A name that is known already is no fault.
        await addLocalName(where, spelling.trim(), evidence.record.language, reason.trim(), token).catch((error: unknown) => {
          if (!(error instanceof Refused && error.status === 409)) report(error);
        });
      }
      features.reload();
      revision$.value += 1;
      selected$.value = null;
      await onStored();
      onClose();
      onMention(String(value.id).replace(/^[0-9a-f]{16}-/, ''));
    } catch (error) {
      if (error instanceof Refused) setWrong(refusal(error));
      else report(error, () => void store());
    } finally {
      setBusy(false);
    }
  };
  if (!token$.value) return <SignIn why={t('signInToRule')} />;
  return (
    <section class="rule-form mention-form" aria-label={t('addMention')} aria-busy={busy} ref={form}>
      {behind && (
        <Behind
          attempts={attempts}
          onShow={() => void onStored(true).then(onClose)}
          onGoOn={() => (setBase(behind.evidence), setBehind(null), setWrong(''))}
        >
          {t('documentChangedMeanwhile')} {list(behind.around)}
        </Behind>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void store();
        }}
      >
        <QuotePicker evidence={base} value={span} onChange={setSpan} />
        <PlaceChoice label={t('newPlace')} value={where} onChange={setWhere} />
        <LocalNameField words={span?.text ?? ''} where={where} value={spelling} onChange={setSpelling} />
        {where && <p class="sub chosen-place">{t('placeChosen', { place: isolated(nameOfWhere(where)) })}</p>}
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
          <button type="submit" class="button" disabled={busy}>
            {t('addMention')}
          </button>
          <button type="button" class="button quiet" disabled={busy} onClick={onClose}>
            {t('cancel')}
          </button>
        </div>
      </form>
      {wrong && (
        <p class="wrong" role="alert">
          <bdi>{wrong}</bdi>
        </p>
      )}
      <SignIn />
    </section>
  );
}
