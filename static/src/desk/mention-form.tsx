/** Adding a place that the reader missed. */

import { useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import * as features from '../features';
import { revision$ } from '../filter/selection';
import { isolated, t } from '../language';
import { announce, report } from '../notice';
import type { WorkProps } from './document-work';
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
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const store = async (): Promise<void> => {
    const token = token$.peek();
    if (!token) return;
    if (!span) return setWrong(t('quoteNeeded'));
    if (!where) return setWrong(t('placeNeeded'));
    setBusy(true);
    setWrong('');
    try {
      const words = { ...(span.in === 'title' && { in: span.in }), utf16: [span.start, span.end], text: span.text };
      const { value } = await api.write<{ id: string }>(
        'POST',
        `documents/${evidence.record.id}/mentions`,
        { quote: words, ...membersOf(where), ...(reason.trim() && { reason: reason.trim() }) },
        token,
      );
      announce(t('stored'));
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
    <section class="rule-form mention-form" aria-label={t('addMention')} aria-busy={busy}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void store();
        }}
      >
        <QuotePicker evidence={evidence} value={span} onChange={setSpan} />
        <PlaceChoice label={t('newPlace')} value={where} onChange={setWhere} />
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
