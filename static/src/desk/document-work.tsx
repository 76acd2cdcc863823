/** Adding what the reader missed in a document: a mention of a place or a claim, from selected or typed words. */

import { useEffect, useState } from 'preact/hooks';
import { t } from '../language';
import type { Evidence } from '../model';
import { lazily } from './parts';
import { followSelection, selected$, type Span } from './selected-words';

const ClaimForm = lazily(async () => (await import('./claim-form')).ClaimForm);
const MentionForm = lazily(async () => (await import('./mention-form')).MentionForm);

type Open = { kind: 'mention' | 'claim'; quote: Span | null } | null;

export interface WorkProps {
  evidence: Evidence;
  onStored: (atOnce?: boolean) => Promise<void>;
  /** Opens a mention. */
  onMention: (id: string) => void;
}

export function DocumentWork({ evidence, onStored, onMention }: WorkProps) {
  const [open, setOpen] = useState<Open>(null);
  useEffect(followSelection, []);
  const selected = selected$.value;
  if (open?.kind === 'claim') {
    return <ClaimForm evidence={evidence} claim={null} quote={open.quote} onStored={onStored} onClose={() => setOpen(null)} />;
  }
  if (open?.kind === 'mention') {
    return <MentionForm evidence={evidence} quote={open.quote} onStored={onStored} onMention={onMention} onClose={() => setOpen(null)} />;
  }
  return (
    <p class="work-bar">
      {selected && <q>{selected.text.length > 60 ? `${selected.text.slice(0, 60)}…` : selected.text}</q>}
      {(['mention', 'claim'] as const).map((kind) => (
        <button
          key={kind}
          type="button"
          class={`link add-${kind}`}
          // The press must not end the selection that it means.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => setOpen({ kind, quote: selected })}
        >
          {t(kind === 'mention' ? 'addMention' : 'addClaim')}
        </button>
      ))}
    </p>
  );
}
