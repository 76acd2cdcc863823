/** Storing what was read: a text with its description, or the rows of a table, with what the server says to each. */

import { useState } from 'preact/hooks';
import * as api from '../api';
import { ENDONYMS, LANGUAGES, number, t } from '../language';
import { hostOf } from '../link';
import { announce } from '../notice';
import { CLOSED, set } from '../store';
import { takeUp } from './news';
import { Refusal } from './parts';
import { useSending } from './sending';
import { token$ } from './session';
import { SignIn } from './sign-in';
import type { NewDocument } from './table-text';

/** The form below the result of a reading. */
export function StoreForm({
  text,
  html,
  guess,
  onDescribe,
  onStored,
}: {
  text: string;
  html: string | null;
  guess: NewDocument;
  /** Called with the description whenever it is changed. */
  onDescribe: (description: NewDocument) => void;
  onStored: () => void;
}) {
  const [fields, setFieldsOnly] = useState<NewDocument>(guess);
  const setFields = (next: NewDocument): void => {
    setFieldsOnly(next);
    onDescribe(next);
  };
  const { wrong, busy, send } = useSending();
  const [kept, setKept] = useState<{ id: string; before: boolean } | null>(null);
  if (!token$.value) {
    return (
      <section class="store-form">
        <h3>{t('storeIt')}</h3>
        <SignIn why={t('signInToStore')} />
      </section>
    );
  }
  const store = (again = false): Promise<void> => {
    const description = Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
    return send(async (token) => {
      const { status, value } = await api.write<{ id: string }>(
        'POST',
        'documents',
        { ...description, ...(html ? { html } : { text }) },
        token,
        again ? { again: 'true' } : {},
      );
      onStored();
      setKept({ id: value.id, before: status === 200 });
      announce(t(status === 200 ? 'storedBefore' : 'stored'));
      takeUp();
    });
  };
  const field = (name: 'title' | 'publisher' | 'published' | 'source_url', label: string, type: 'text' | 'date' | 'url' = 'text') => (
    <label class="field">
      <span>{label}</span>
      <input
        {...({ type } as { type: 'text' })}
        name={name}
        dir={name === 'source_url' ? 'ltr' : 'auto'}
        value={fields[name] ?? ''}
        aria-invalid={name === 'source_url' && Boolean(fields.source_url) && hostOf(fields.source_url ?? '') === null}
        onInput={(event) => setFields({ ...fields, [name]: event.currentTarget.value.trim() ? event.currentTarget.value : undefined })}
      />
    </label>
  );
  return (
    <section class="store-form" aria-busy={busy}>
      <h3>{t('storeIt')}</h3>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void store();
        }}
      >
        {field('title', t('field_title'))}
        {field('publisher', t('field_publisher'))}
        {field('published', t('field_published'), 'date')}
        {field('source_url', t('field_source_url'), 'url')}
        <label class="field">
          <span>{t('field_language')}</span>
          <select name="language" onChange={(event) => setFields({ ...fields, language: event.currentTarget.value || undefined })}>
            <option value="">{t('fromText')}</option>
            {LANGUAGES.map((of) => (
              <option key={of} value={of} selected={fields.language === of}>
                {ENDONYMS[of]}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="button" disabled={busy}>
          {t('store')}
        </button>
      </form>
      {kept && (
        <p role="status">
          {t(kept.before ? 'storedBefore' : 'stored')}{' '}
          <button type="button" class="link" onClick={() => set({ ...CLOSED, document: kept.id, tab: 'evidence' })}>
            {t('openInDocument')}
          </button>
        </p>
      )}
      <Refusal text={wrong} />
      <SignIn />
    </section>
  );
}

interface Line {
  line: number | null;
  status: number;
  id?: string;
  detail?: string;
  error?: string;
}

/** The rows of a table: how many there are, a look at the first, and the answer to each. */
export function TableForm({ documents }: { documents: NewDocument[] }) {
  const [lines, setLines] = useState<Line[] | null>(null);
  const { wrong, busy, send } = useSending();
  const store = (): Promise<void> =>
    send(async (token) => {
      const { value } = await api.write<string>(
        'POST',
        'documents',
        documents.map((document) => JSON.stringify(document)).join('\n'),
        token,
      );
      setLines(
        value
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Line),
      );
      takeUp();
    });
  const refused = (lines ?? []).filter(({ status }) => status >= 400);
  return (
    <section class="store-form" aria-busy={busy}>
      <h3>{t('tableOf', { count: documents.length })}</h3>
      <ol class="preview">
        {documents.slice(0, 5).map((document, index) => (
          <li key={index}>
            <b dir="auto">{document.title || document.text?.slice(0, 80)}</b>
            <small>{[document.publisher, document.published].filter(Boolean).join(' · ')}</small>
          </li>
        ))}
      </ol>
      {token$.value ? (
        <button type="button" class="button" disabled={busy || lines !== null} onClick={() => void store()}>
          {t('storeAll')}
        </button>
      ) : (
        <SignIn why={t('signInToStore')} />
      )}
      {lines && <p role="status">{t('storedLines', { stored: lines.length - refused.length, refused: refused.length })}</p>}
      {refused.length > 0 && (
        <ul class="wrong">
          {refused.slice(0, 50).map(({ line, detail, error }, index) => (
            <li key={index}>
              {line !== null && `${t('row')} ${number(line)}: `}
              <bdi lang="en" dir="ltr">
                {detail ?? error ?? ''}
              </bdi>
            </li>
          ))}
        </ul>
      )}
      <Refusal text={wrong} />
    </section>
  );
}
