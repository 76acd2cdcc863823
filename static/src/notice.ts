/** Plain messages when something does not work, in the page's language, with a way to try again. */

import { health, Refused, Unreachable } from './api';
import { fill, h } from './dom';
import { t } from './language';
import { watch } from './store';

const bar = h('div', { class: 'notice', role: 'alert', hidden: true });
const spoken = h('div', { class: 'sr-only', role: 'status', 'aria-live': 'polite' });
const retries = new Set<() => void>();
let problem: 'away' | 'refused' | null = null;
let detail = '';

export function place(parent: Element): void {
  parent.append(bar, spoken);
  watch(['language'], () => draw());
}

/** Tells of an error; `retry` is done when the server is back. An aborted request is no error. */
export function report(error: unknown, retry?: () => void): void {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  if (retry) retries.add(retry);
  if (error instanceof Unreachable) problem = 'away';
  else if (problem !== 'away') {
    problem = 'refused';
    detail = error instanceof Refused ? error.detail : String(error);
  }
  draw();
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
  const words = problem === 'away' ? t('serverAway') : t('serverRefused');
  fill(bar, h('p', {}, words, problem === 'refused' ? h('bdi', { class: 'detail', lang: 'en', dir: 'ltr' }, detail) : null), again, close);
}

function dismiss(): void {
  problem = null;
  draw();
}

async function retry(): Promise<void> {
  bar.setAttribute('aria-busy', 'true');
  try {
    await health();
    problem = null;
    const todo = [...retries];
    retries.clear();
    draw();
    announce(t('serverBack'));
    for (const again of todo) again();
  } catch {
    announce(t('serverAway'));
  } finally {
    bar.removeAttribute('aria-busy');
  }
}

