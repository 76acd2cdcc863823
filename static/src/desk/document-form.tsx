/** Correcting title, publisher, day and address of a document; what somebody else corrected meanwhile is shown, not overwritten. */

import { useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import * as features from '../features';
import { revision$ } from '../filter/selection';
import { t } from '../language';
import type { DocumentRecord } from '../model';
import { announce, report } from '../notice';
import { refusal, token$ } from './session';
import { SignIn } from './sign-in';

const FIELDS = ['title', 'publisher', 'published', 'source_url'] as const;
type Field = (typeof FIELDS)[number];
type Fields = Record<Field, string>;

interface Props {
  /** As the page shows it. */
  record: DocumentRecord;
  /** The tag of that state, for `If-Match`. */
  tag: string | null;
  /** The document is read again when it was corrected. */
  onCorrected: () => Promise<void>;
}

const fieldsOf = (record: DocumentRecord): Fields => ({
  title: record.title,
  publisher: record.publisher ?? '',
  published: record.published ?? '',
  source_url: record.source_url ?? '',
});

export function DocumentForm({ record, tag, onCorrected }: Props) {
  const before = fieldsOf(record);
  const [open, setOpen] = useState(false);
  const [fields, setFields] = useState(before);
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState('');
  const [behind, setBehind] = useState(false);
  const [busy, setBusy] = useState(false);
  const isCorrected = Boolean(record.corrections && Object.keys(record.corrections).length);

  const send = async (body: Record<string, unknown>): Promise<void> => {
    const token = token$.peek();
    if (!token) return;
    setBusy(true);
    setWrong('');
    try {
      const why = reason.trim() && { reason: reason.trim() };
      await api.write('PATCH', `documents/${record.id}`, { ...body, ...why }, token, {}, tag ? { 'If-Match': tag } : {});
      announce(t('corrected'));
      features.reload();
      revision$.value += 1;
      await onCorrected();
    } catch (error) {
      if (error instanceof Refused && error.status === 409) setBehind(true);
      else if (error instanceof Refused) setWrong(refusal(error));
      else report(error, () => void send(body));
    } finally {
      setBusy(false);
    }
  };
  const correct = (): void => {
    const changed = FIELDS.filter((field) => fields[field].trim() !== before[field]);
    if (changed.length === 0) return setOpen(false);
    void send(Object.fromEntries(changed.map((field) => [field, fields[field].trim() || null])));
  };
  if (!open) {
    return (
      <button type="button" class="link correct" onClick={() => setOpen(true)}>
        {t('correctDocument')}
      </button>
    );
  }
  if (!token$.value) return <SignIn why={t('signInToRule')} />;
  return (
    <section class="rule-form document-form" aria-label={t('correctDocument')} aria-busy={busy}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          correct();
        }}
      >
        {FIELDS.map((field) => (
          <label key={field} class="field">
            <span>{t(`field_${field}`)}</span>
            <input
              type="text"
              name={field}
              dir={field === 'title' || field === 'publisher' ? 'auto' : 'ltr'}
              value={fields[field]}
              onInput={(event) => setFields({ ...fields, [field]: event.currentTarget.value })}
            />
          </label>
        ))}
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
            {t('correctDocument')}
          </button>
          {isCorrected && (
            <button type="button" class="button quiet" disabled={busy} onClick={() => void send({ ruling: 'undo' })}>
              {t('doUndo')}
            </button>
          )}
        </div>
      </form>
      {behind && (
        <div class="conflict" role="alert">
          <p>{t('correctedMeanwhile')}</p>
          <button type="button" class="button" onClick={() => void onCorrected()}>
            {t('showTheirs')}
          </button>
        </div>
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
