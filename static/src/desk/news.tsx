/** Documents that came since the page was opened, and since the reader looked last. */

import { signal } from '@preact/signals';
import * as api from '../api';
import * as features from '../features';
import { revision$ } from '../filter/selection';
import { t } from '../language';

/** Milliseconds between two questions whether documents came. */
const EVERY = 30_000;
const KEY = 'mahwar-seen';

/** The number of documents that are shown, and that the server has. */
const shown = signal<number | null>(null);
const there = signal<number | null>(null);
/** The number of documents when the reader looked last. */
const before = signal<number | null>(null);

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

/** Asks now and from time to time while the page is looked at. */
export function followNews(): void {
  void ask();
  setInterval(() => void ask(), EVERY);
  document.addEventListener('visibilitychange', () => void ask());
}

/** Takes up what is new: everything on the page is asked again. */
export function takeUp(): void {
  if (there.peek() !== null) {
    shown.value = there.peek();
    remember(there.peek() ?? 0);
  }
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
      {fresh <= 0 && (
        <button type="button" class="link refresh" onClick={takeUp}>
          {t('refresh')}
        </button>
      )}
    </div>
  );
}
