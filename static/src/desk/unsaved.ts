/** A text that was typed or pasted and is stored nowhere: leaving the page asks first, and a reload brings it back in the same tab. */

import type { NewDocument } from './table-text';

const KEY = 'mahwar-draft';

/** A text with the page that it was extracted from, and its description so far. */
export interface Draft {
  text: string;
  html: string | null;
  description: NewDocument;
}

let isUnsaved = false;

const ask = (event: BeforeUnloadEvent): void => event.preventDefault();

/** Says whether there is something that leaving the page would lose. */
function setUnsaved(unsaved: boolean): void {
  if (unsaved === isUnsaved) return;
  isUnsaved = unsaved;
  if (unsaved) addEventListener('beforeunload', ask);
  else removeEventListener('beforeunload', ask);
}

/** Keeps a text for this tab; an empty one is dropped. */
export function keepDraft(draft: Draft): void {
  if (!draft.text.trim()) return dropDraft();
  setUnsaved(true);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // Too long for the browser, or storage is off: an older state must not come back instead.
    remove();
  }
}

const remove = (): void => {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
};

/** The text was stored or discarded. */
export function dropDraft(): void {
  setUnsaved(false);
  remove();
}

/** The text that was there before the page was loaded again. */
export function draft(): Draft | null {
  try {
    const read = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Partial<Draft> | null;
    if (!read || typeof read.text !== 'string' || !read.text.trim()) return null;
    setUnsaved(true);
    return { text: read.text, html: typeof read.html === 'string' ? read.html : null, description: read.description ?? {} };
  } catch {
    return null;
  }
}
