/** A file that the server reads: sent after a confirmation, with the server's answer. */

import { useState } from 'preact/hooks';
import * as api from '../api';
import { counted } from '../figures';
import { isolated, number, t } from '../language';
import { announce } from '../notice';
import { CLOSED, set } from '../store';
import { takeUp } from './news';
import { Busy } from './parts';
import { useSending } from './sending';
import { token$ } from './session';
import { SignIn } from './sign-in';

/** Endings of formats that are no plain text, or whose text has marks that only the server reads. */
const BY_SERVER = new Set(['pdf', 'docx', 'odt', 'rtf', 'eml', 'mbox', 'mht', 'mhtml', 'xlsx', 'ods', 'gz', 'rss', 'atom', 'xml']);

/** Endings for a file chooser. */
export const ACCEPTED =
  ['txt', 'html', 'htm', 'csv', 'tsv', 'ndjson', 'jsonl', 'json', ...BY_SERVER].map((ending) => `.${ending}`).join(',') + ',text/*';

/** Largest body that the server takes, in bytes. */
export const MOST_SENT = 50 << 20;

const ending = (name: string): string => (name.includes('.') ? (name.split('.').at(-1) ?? '').toLowerCase() : '');

/** The text of a file that the page can read itself; null for a file that is left to the server. */
export async function textOf(file: File): Promise<string | null> {
  if (BY_SERVER.has(ending(file.name))) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

interface Part {
  part?: string;
  status: number;
  id?: string;
  detail?: string;
}

/** Documents that a file became. */
interface Answer {
  documents: { id: string; title: string; mentions: number }[];
  created: number;
  known: number;
  refused: Part[];
}

/** Documents of one file that are listed with their titles. */
const LISTED = 20;

/** Something that only the server can read: a file, or the address of a page. */
type Sent = File | string;

async function post(sent: Sent, token: string): Promise<Answer> {
  const { status, value } = await (typeof sent === 'string'
    ? api.write<{ id?: string; documents?: Part[] }>('POST', 'documents', { source_url: sent }, token)
    : api.sendFile<{ id?: string; documents?: Part[] }>(sent, token));
  const parts: Part[] = value.documents ?? [{ status, id: value.id }];
  const stored = parts.filter((part): part is Part & { id: string } => Boolean(part.id) && part.status < 400);
  const records = await Promise.all(stored.slice(0, LISTED).map(({ id }) => api.record(id)));
  return {
    documents: records.map(({ id, title, counts }) => ({ id, title, mentions: counts.mentions })),
    created: stored.filter((part) => part.status === 201).length,
    known: stored.filter((part) => part.status !== 201).length,
    refused: parts.filter((part) => part.status >= 400),
  };
}

/** Asks before a file is sent or a page is fetched, and shows the answer. */
export function FileForm({ file }: { file: Sent }) {
  const isAddress = typeof file === 'string';
  const name = isAddress ? file : file.name;
  const [answer, setAnswer] = useState<Answer | null>(null);
  const { wrong, busy, send } = useSending();
  const store = (): Promise<void> =>
    send(async (token) => {
      setAnswer(await post(file, token));
      announce(t('stored'));
      takeUp();
    });
  return (
    <section class="store-form file-form" aria-busy={busy}>
      <h3>
        <bdi dir={isAddress ? 'ltr' : 'auto'}>{name}</bdi>
      </h3>
      {answer ? (
        <Stored answer={answer} />
      ) : (
        <>
          <p class="sub">{isAddress ? t('addressForServer') : t('fileForServer', { name: isolated(name) })}</p>
          {token$.value ? (
            <button type="button" class="button send-file" disabled={busy} onClick={() => void store()}>
              {t(isAddress ? 'fetchAddress' : 'sendFile')}
            </button>
          ) : (
            <SignIn why={t('signInToStore')} />
          )}
          {busy && (
            <p class="sub" role="status">
              {t(isAddress ? 'fetchingAddress' : 'sendingFile')} <Busy />
            </p>
          )}
        </>
      )}
      {wrong && (
        <p class="wrong" role="alert">
          {t('serverRefused')}{' '}
          <bdi lang="en" dir="ltr">
            {wrong}
          </bdi>
        </p>
      )}
    </section>
  );
}

function Stored({ answer: { documents, created, known, refused } }: { answer: Answer }) {
  const one = created + known === 1 && refused.length === 0;
  return (
    <div role="status">
      {one ? (
        <p>{t(known ? 'storedBefore' : 'stored')}</p>
      ) : (
        <p>{t('fileParts', { stored: number(created), known: number(known), refused: number(refused.length) })}</p>
      )}
      <ul class="stored-documents">
        {documents.map(({ id, title, mentions }) => (
          <li key={id}>
            <b dir="auto">{title}</b> · {counted('mentions', mentions)}{' '}
            <button type="button" class="link" onClick={() => set({ ...CLOSED, document: id, tab: 'evidence' })}>
              {t('openDocument')}
            </button>
          </li>
        ))}
      </ul>
      {refused.length > 0 && (
        <ul class="wrong">
          {refused.slice(0, LISTED).map(({ part, detail }, index) => (
            <li key={index}>
              <bdi lang="en" dir="ltr">
                {[part, detail].filter(Boolean).join(': ')}
              </bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
