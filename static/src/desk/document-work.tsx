/** Adding what the reader missed in a document: a mention of a place or a claim, from selected or typed words. */

import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import * as features from '../features';
import { revision$ } from '../filter/selection';
import { isolated, t } from '../language';
import type { Evidence } from '../model';
import { announce, report } from '../notice';
import { ClaimForm } from './claim-form';
import { membersOf, nameOfWhere, PlaceChoice, type Where } from './place-choice';
import { QuotePicker } from './quote-picker';
import { followSelection, selected$, type Span } from './selected-words';
import { refusal, token$ } from './session';
import { SignIn } from './sign-in';

type Open = { kind: 'mention' | 'claim'; quote: Span | null } | null;

interface Props {
  evidence: Evidence;
  onStored: () => Promise<void>;
  /** Opens a mention. */
  onMention: (id: string) => void;
}

export function DocumentWork({ evidence, onStored, onMention }: Props) {
  const [open, setOpen] = useState<Open>(null);
  useEffect(followSelection, []);
  const selected = selected$.value;
  if (open?.kind === 'claim') {
    return <ClaimForm evidence={evidence} claim={null} quote={open.quote} onStored={onStored} onClose={() => setOpen(null)} />;
  }
  if (open?.kind === 'mention') {
    return <MentionForm evidence={evidence} quote={open.quote} onStored={onStored} onMention={onMention} onClose={() => setOpen(null)} />;
  }
  return (
    <p class="work-bar">
      {selected && <q>{selected.text.length > 60 ? `${selected.text.slice(0, 60)}…` : selected.text}</q>}
      {(['mention', 'claim'] as const).map((kind) => (
        <button
          key={kind}
          type="button"
          class={`link add-${kind}`}
          // The press must not end the selection that it means.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => setOpen({ kind, quote: selected })}
        >
          {t(kind === 'mention' ? 'addMention' : 'addClaim')}
        </button>
      ))}
    </p>
  );
}

/** A place that the reader missed: its words, and where it is. */
function MentionForm({ evidence, quote, onStored, onMention, onClose }: Props & { quote: Span | null; onClose: () => void }) {
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
