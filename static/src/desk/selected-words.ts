/** Words that the reader selected in a document, with their offsets. */

import { signal } from '@preact/signals';
import type { PartName } from '../marked-text';

/** Offsets are UTF-16 units. */
export interface Span {
  in: PartName;
  start: number;
  end: number;
  text: string;
}

/** What is selected now; the last selection while a form has the focus. */
export const selected$ = signal<Span | null>(null);

/** The most letters that can be a quote of one claim. */
const MOST = 2_000;

/** The selected part of an element that holds nothing but a text. */
export function spanIn(element: Element, part: PartName, range: Range): Span | null {
  if (!element.contains(range.startContainer) || !element.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(element);
  before.setEnd(range.startContainer, range.startOffset);
  const words = range.toString();
  const text = words.trim();
  if (!text || text.length > MOST) return null;
  const start = before.toString().length + words.indexOf(text);
  return { in: part, start, end: start + text.length, text };
}

function follow(): void {
  const chosen = document.getSelection();
  const range = chosen && chosen.rangeCount > 0 && !chosen.isCollapsed ? chosen.getRangeAt(0) : null;
  const text = document.querySelector('.document-body .document-text');
  const title = document.querySelector('.document-head h2');
  // A click into a form ends the selection, and the words are still meant.
  if (!range) {
    if (!document.activeElement?.closest('.work-place, .rule-form')) selected$.value = null;
    return;
  }
  selected$.value = (text && spanIn(text, 'text', range)) ?? (title && spanIn(title, 'title', range)) ?? null;
}

let following = false;

/** Follows the selection from now on. */
export function followSelection(): void {
  if (following) return;
  following = true;
  document.addEventListener('selectionchange', follow);
}

/** Where some words stand in a text, each with a little of what is around them. */
export function occurrences(letters: string, part: PartName, words: string): (Span & { around: string })[] {
  const found: (Span & { around: string })[] = [];
  if (!words) return found;
  for (let at = letters.indexOf(words); at >= 0 && found.length < 50; at = letters.indexOf(words, at + words.length)) {
    const end = at + words.length;
    const around = `…${letters.slice(Math.max(0, at - 24), at)}[${words}]${letters.slice(end, end + 24)}…`.replace(/\s+/g, ' ');
    found.push({ in: part, start: at, end, text: words, around });
  }
  return found;
}
