/** Note in a form that somebody else's change has overtaken: who changed it, the values before and after, and the ways on. */

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { isolated, t } from '../language';

/** One field with the value that the form was opened on and the present one, both in the reader's words. */
export interface Change {
  field: string;
  was: string;
  now: string;
}

const shown = (value: string): string => isolated(value || '—');

export function Behind({
  children,
  changes = [],
  attempts = 0,
  onShow,
  onGoOn,
  goOn,
}: {
  children: ComponentChildren;
  changes?: readonly Change[];
  /** The number of writes that were refused because of the change: each brings the note into view. */
  attempts?: number;
  /** Shows the present state; typed values are dropped. */
  onShow: (() => void) | null;
  /** Keeps typed values and takes the rest from the present state. */
  onGoOn: (() => void) | null;
  goOn?: string;
}) {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (attempts === 0) return;
    note.current?.scrollIntoView({ block: 'nearest' });
    note.current?.focus({ preventScroll: true });
  }, [attempts]);
  return (
    <div class="conflict" role="alert" tabIndex={-1} ref={note}>
      <p>{children}</p>
      {changes.length > 0 && (
        <ul class="changes">
          {changes.map(({ field, was, now }) => (
            <li key={field}>{t('changedValue', { field, was: shown(was), now: shown(now) })}</li>
          ))}
        </ul>
      )}
      <p class="actions">
        {onShow && (
          <button type="button" class="button" onClick={onShow}>
            {t('showTheirs')}
          </button>
        )}
        {onGoOn && (
          <button type="button" class="button quiet" onClick={onGoOn}>
            {goOn ?? t('goOnWithMine')}
          </button>
        )}
      </p>
    </div>
  );
}
