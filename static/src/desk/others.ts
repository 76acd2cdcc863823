/** What others changed while a form is open: the form asks whether what it was opened on is still so, and says if not. */

import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

interface Touched {
  /** Rises with each change. */
  turn: number;
  /** Documents in which something changed. */
  documents: ReadonlySet<string> | 'all';
}

const touched$ = signal<Touched>({ turn: 0, documents: new Set() });

/** Says that documents were changed, by whomever. */
export function touch(documents: readonly string[] | 'all'): void {
  touched$.value = { turn: touched$.peek().turn + 1, documents: documents === 'all' ? 'all' : new Set(documents) };
}

/** Calls `check` when something changed in a document. The returned reference is that of the form: one that was taken down asks nothing. */
export function useOthers<E extends HTMLElement>(document: string, check: () => Promise<void>) {
  const form = useRef<E>(null);
  const { turn, documents } = touched$.value;
  const seen = useRef(turn);
  useEffect(() => {
    if (seen.current === turn) return;
    seen.current = turn;
    if (!form.current?.isConnected || (documents !== 'all' && !documents.has(document))) return;
    // Without an answer nothing is known; the next change, or the store's own check, tells.
    void check().catch(() => undefined);
  }, [turn]);
  return form;
}
