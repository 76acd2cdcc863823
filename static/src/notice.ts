/** Plain messages when something does not work, in the page's language, with a way to try again. */

import { health, Refused, Unreachable } from './api';
import { fill, h } from './dom';
import { t } from './language';
import { watch } from './store';

const bar = h('div', { class: 'notice', role: 'alert', hidden: true });
const spoken = h('div', { class: 'sr-only', role: 'status', 'aria-live': 'polite' });
const retries = new Set<() => void>();
let problem: 'away' | 'failed' | 'refused' | 'page' | null = null;
let waiting = 0;
let pause = 5000;
let detail = '';

export function place(parent: Element): void {
  parent.append(bar, spoken);
  watch(['language'], () => draw());
}

/** Reports an error; `retry` is called when the server is back. An aborted request is no error. */
export function report(error: unknown, retry?: () => void): void {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  if (retry) retries.add(retry);
  if (error instanceof Unreachable) {
    const failed = error.status === 500;
    if (problem !== 'away') problem = failed ? 'failed' : 'away';
    detail = failed ? error.detail : '';
    if (!failed) retryLater();
  } else if (problem !== 'away') {
    problem = error instanceof Refused ? 'refused' : 'page';
    detail = error instanceof Refused ? error.detail : String(error);
  }
  draw();
}

/** Asks again by itself, ever less often, until the server is back. */
function retryLater(): void {
  if (waiting) return;
  waiting = window.setTimeout(() => {
    waiting = 0;
    pause = Math.min(60_000, pause * 1.5);
    if (problem === 'away') void retry(false);
  }, pause);
}

/** Says something to a screen reader. */
export function announce(text: string): void {
  spoken.textContent = text;
}

function draw(): void {
  bar.hidden = problem === null;
  if (!problem) return fill(bar);
  const again = h('button', { type: 'button', class: 'button', onclick: () => void retry() }, t('retry'));
  const close = h('button', { type: 'button', class: 'button quiet', onclick: dismiss }, t('close'));
  const words = t(({ away: 'serverAway', failed: 'serverFailed', refused: 'serverRefused', page: 'pageFailed' } as const)[problem]);
  fill(bar, h('p', {}, words, problem !== 'away' && detail ? h('bdi', { class: 'detail', lang: 'en', dir: 'ltr' }, detail) : null), again, close);
}

function dismiss(): void {
  problem = null;
  draw();
}

async function retry(asked = true): Promise<void> {
  bar.setAttribute('aria-busy', 'true');
  try {
    await health();
    problem = null;
    pause = 5000;
    const todo = [...retries];
    retries.clear();
    draw();
    announce(t('serverBack'));
    for (const again of todo) again();
  } catch {
    if (asked) announce(t('serverAway'));
    retryLater();
  } finally {
    bar.removeAttribute('aria-busy');
  }
}

