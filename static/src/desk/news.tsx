/** Documents that came since the page was opened, and since the reader looked last; what others ruled and edited meanwhile is shown at once and marked. */

import { signal } from '@preact/signals';
import * as api from '../api';
import * as features from '../features';
import { revision$ } from '../filter/selection';
import { t } from '../language';
import { now } from '../store';
import { type Told, followChanges } from './change-stream';
import { touch } from './others';

/** Milliseconds between two questions whether documents came. */
const EVERY = 30_000;
const KEY = 'mahwar-seen';
/** Milliseconds in which changes are gathered before the page is drawn anew. */
const GATHER = 700;

/** The number of documents that are shown, and that the server has. */
const shown = signal<number | null>(null);
const there = signal<number | null>(null);
/** The number of documents when the reader looked last. */
const before = signal<number | null>(null);

/** Documents that another version of the program or of the land read. */
const outdated = signal(0);

const remembered = (): number | null => {
  try {
    const text = localStorage.getItem(KEY);
    return text === null ? null : Number(text);
  } catch {
    return null;
  }
};

function remember(count: number): void {
  try {
    localStorage.setItem(KEY, String(count));
  } catch {
    // A browser that keeps nothing has no mark.
  }
}

async function ask(): Promise<void> {
  if (document.hidden) return;
  try {
    const { total } = await api.documents({ limit: 1 });
    if (total === undefined) return;
    there.value = total;
    if (shown.peek() === null) {
      shown.value = total;
      before.value = remembered();
      remember(total);
    }
  } catch {
    // The next question may be answered; what fails for the reader is told elsewhere.
  }
}

/** Documents in which others changed something since the reader looked. */
const changed = signal<ReadonlySet<string>>(new Set());
let gathering: ReturnType<typeof setTimeout> | undefined;
const gathered = new Set<string>();

/** Milliseconds between two looks whether a form that kept a document from being read again was closed. */
const CLOSED_EVERY = 500;

/** Shows changes of others. A form that is open stays, and says itself when it is behind. */
function showChanged(): void {
  gathering = undefined;
  api.forgetAll();
  features.reload();
  revision$.value += 1;
  const changedOnes = new Set(gathered);
  gathered.clear();
  readOpen(changedOnes);
}

/** Reads the open document again if it is one of these, as soon as no form is open in it. */
function readOpen(changedOnes: ReadonlySet<string>): void {
  const { document: open } = now();
  if (!open || !changedOnes.has(open)) return;
  if (document.querySelector('.rule-form')) return void setTimeout(() => readOpen(changedOnes), CLOSED_EVERY);
  void import('../evidence-panel').then(({ readAgain }) => readAgain(open)).catch(() => undefined);
}

function take(told: Told): void {
  // A form compares with what it was opened on, whoever wrote.
  touch(told === 'reset' ? 'all' : [...told.documents, ...told.edited, ...told.deleted]);
  if (told === 'reset') {
    void ask();
    gathering ??= setTimeout(showChanged, GATHER);
    return;
  }
  if (told.documents.length + told.deleted.length) void ask();
  // Documents that came are offered by the button; here counts what was there and is another now.
  const others = [...told.edited, ...told.deleted].filter((id) => !api.wroteLately(id));
  if (others.length === 0) return;
  others.forEach((id) => gathered.add(id));
  changed.value = new Set([...changed.peek(), ...others]);
  gathering ??= setTimeout(showChanged, GATHER);
}

/** Asks now and from time to time while the page is looked at, and follows what others change. */
export function followNews(): void {
  followChanges(take);
  void ask();
  void api
    .ready()
    .then(({ outdated_documents: count = 0 }) => (outdated.value = count))
    .catch(() => undefined);
  setInterval(() => {
    void ask();
    // Where there is no stream, an open form asks as often.
    if (document.querySelector('.rule-form')) touch('all');
  }, EVERY);
  document.addEventListener('visibilitychange', () => void ask());
}

/** Takes up what is new: everything on the page is asked again. */
export function takeUp(): void {
  if (there.peek() !== null) {
    shown.value = there.peek();
    remember(there.peek() ?? 0);
  }
  changed.value = new Set();
  api.forgetAll();
  features.reload();
  revision$.value += 1;
}

export function News() {
  const fresh = (there.value ?? 0) - (shown.value ?? 0);
  const since = before.value === null ? 0 : (shown.value ?? 0) - before.value;
  return (
    <div class="news" role="status">
      {fresh > 0 ? (
        <button type="button" class="button fresh" onClick={takeUp}>
          {t('newDocuments', { count: fresh })}
        </button>
      ) : since > 0 ? (
        <p class="sub">{t('newSince', { count: since })}</p>
      ) : null}
      {changed.value.size > 0 && (
        <button type="button" class="link changed" onClick={() => (changed.value = new Set())}>
          {t('changedSince', { count: changed.value.size })}
        </button>
      )}
      {outdated.value > 0 && <p class="sub outdated">{t('outdatedDocuments', { count: outdated.value })}</p>}
      {fresh <= 0 && (
        <button type="button" class="link refresh" onClick={takeUp}>
          {t('refresh')}
        </button>
      )}
    </div>
  );
}
