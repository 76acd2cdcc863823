/** Correcting title, publisher, day, address and language of a document; what somebody else corrected meanwhile is shown, not overwritten. */

import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import * as features from '../features';
import { revision$ } from '../filter/selection';
import { ENDONYMS, LANGUAGES, date, isolated, t } from '../language';
import type { DocumentRecord } from '../model';
import { announce, report } from '../notice';
import { Behind, type Change } from './behind';
import { useOthers } from './others';
import { Refusal } from './parts';
import { refusal, token$ } from './session';
import { SignIn } from './sign-in';

const FIELDS = ['title', 'publisher', 'published', 'source_url', 'language'] as const;
type Field = (typeof FIELDS)[number];
type Fields = Record<Field, string>;

interface Props {
  /** As the page shows it. */
  record: DocumentRecord;
  /** The tag of that state, for `If-Match`. */
  tag: string | null;
  /** The document is read again when it was corrected. */
  onCorrected: (atOnce?: boolean) => Promise<void>;
}

const fieldsOf = (record: DocumentRecord): Fields => ({
  title: record.title,
  publisher: record.publisher ?? '',
  published: record.published ?? '',
  source_url: record.source_url ?? '',
  language: record.language,
});

export function DocumentForm({ record, tag, onCorrected }: Props) {
  // The state that the typed values are compared with; another one when the reader goes on after somebody's correction.
  const [base, setBase] = useState({ fields: fieldsOf(record), tag });
  const before = base.fields;
  const [open, setOpen] = useState(false);
  const [fields, setFields] = useState(before);
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState('');
  const [behind, setBehind] = useState<{ record: DocumentRecord; tag: string | null } | null>(null);
  const [attempts, setAttempts] = useState(0);
  const [busy, setBusy] = useState(false);
  const isCorrected = Boolean(record.corrections && Object.keys(record.corrections).length);

  /** Reads the document as it is now; the form is behind if a field of it has another value. */
  const look = async (): Promise<void> => {
    const now = await api.tagged<DocumentRecord>(`documents/${record.id}`);
    const isOther = FIELDS.some((field) => fieldsOf(now.value)[field] !== before[field]);
    if (isOther) setBehind({ record: now.value, tag: now.tag });
    else {
      // Corrected and taken back, or changed in a part that this form does not show.
      setBase({ fields: before, tag: now.tag });
      setBehind(null);
    }
  };
  /** Somebody may have corrected the document before the form was opened, or while it is open. */
  const check = async (): Promise<void> => {
    if (!open || busy) return;
    try {
      await look();
    } catch (error) {
      if (error instanceof Refused && (error.status === 410 || error.status === 404)) setWrong(error.detail);
    }
  };
  useEffect(() => void check(), [open]);
  const form = useOthers<HTMLElement>(record.id, check);
  /** Keeps typed values, and takes the rest from the newer state. */
  const goOn = (): void => {
    if (!behind) return;
    const theirs = fieldsOf(behind.record);
    const mine = FIELDS.filter((field) => fields[field].trim() !== before[field]);
    setFields({ ...theirs, ...Object.fromEntries(mine.map((field) => [field, fields[field]])) } as Fields);
    setBase({ fields: theirs, tag: behind.tag });
    setBehind(null);
  };

  const send = async (body: Record<string, unknown>): Promise<void> => {
    const token = token$.peek();
    // Nothing is stored over somebody's correction before the reader says so.
    if (!token) return;
    if (behind) return setAttempts(attempts + 1);
    setBusy(true);
    setWrong('');
    try {
      const why = reason.trim() && { reason: reason.trim() };
      await api.write('PATCH', `documents/${record.id}`, { ...body, ...why }, token, {}, base.tag ? { 'If-Match': base.tag } : {});
      announce(t('corrected'));
      features.reload();
      revision$.value += 1;
      await onCorrected();
      setOpen(false);
    } catch (error) {
      if (error instanceof Refused && error.status === 409) {
        await look();
        setAttempts(attempts + 1);
      } else if (error instanceof Refused) setWrong(refusal(error));
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
    <section class="rule-form document-form" aria-label={t('correctDocument')} aria-busy={busy} ref={form}>
      {behind && (
        <Behind
          changes={changesOf(before, behind.record)}
          attempts={attempts}
          onShow={() => void onCorrected(true).then(() => setOpen(false))}
          onGoOn={goOn}
        >
          {t('correctedMeanwhile')} <Authors record={behind.record} before={before} />
        </Behind>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          correct();
        }}
      >
        {FIELDS.filter((field) => field !== 'language').map((field) => (
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
          <span>{t('field_language')}</span>
          <select name="language" onChange={(event) => setFields({ ...fields, language: event.currentTarget.value })}>
            {LANGUAGES.map((of) => (
              <option key={of} value={of} selected={fields.language === of}>
                {ENDONYMS[of]}
              </option>
            ))}
          </select>
        </label>
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
          <button type="button" class="button quiet" disabled={busy} onClick={() => (setFields(before), setOpen(false))}>
            {t('cancel')}
          </button>
        </div>
      </form>
      <Refusal text={wrong} />
      <SignIn />
    </section>
  );
}

const valueOf = (field: Field, fields: Fields): string =>
  field === 'language'
    ? (ENDONYMS[fields.language as keyof typeof ENDONYMS] ?? fields.language)
    : field === 'published' && fields.published
      ? date(fields.published)
      : fields[field];

/** Fields whose value is another one now. */
function changesOf(before: Fields, now: DocumentRecord): Change[] {
  const after = fieldsOf(now);
  return FIELDS.filter((field) => after[field] !== before[field]).map((field) => ({
    field: t(`field_${field}`),
    was: valueOf(field, before),
    now: valueOf(field, after),
  }));
}

/** Who corrected the fields that have another value now, when, and why; nothing for a correction that was taken back. */
function Authors({ record, before }: { record: DocumentRecord; before: Fields }) {
  const changed = FIELDS.filter((field) => fieldsOf(record)[field] !== before[field]);
  const corrections = changed.flatMap((field) => record.corrections?.[field] ?? []);
  const each = [...new Map(corrections.map((one) => [`${one.author} ${one.time}`, one])).values()];
  return (
    <>
      {each.map(({ author, time, reason }) => (
        <span key={time}>
          {isolated(author)}, {date(time)}
          {reason && (
            <>
              {' '}
              “<bdi>{reason}</bdi>”
            </>
          )}{' '}
        </span>
      ))}
    </>
  );
}
