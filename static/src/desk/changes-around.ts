/** Changes of others to the words that a reader is about to add a mention or a claim to. */

import { isolated, pick, t, word } from '../language';
import { partOf } from '../marked-text';
import type { Evidence, Words } from '../model';
import type { Span } from './selected-words';

/** True if a span of the document and the chosen words share a letter. */
function overlaps(span: Span, of: Words): boolean {
  const [start, end] = of.offsets.utf16;
  return partOf(of) === span.in && start < span.end && span.start < end;
}

/** Mentions and claims that were added at the chosen words between two states of a document, and a corrected title, in the reader's language. */
export function changesAround(before: Evidence, now: Evidence, span: Span | null): string[] {
  const found: string[] = [];
  if (before.record.title !== now.record.title)
    found.push(t('changedValue', { field: t('field_title'), was: isolated(before.record.title), now: isolated(now.record.title) }));
  if (!span) return found;
  const known = new Set([...before.mentions, ...before.claims].map(({ id }) => id));
  for (const mention of now.mentions)
    if (!known.has(mention.id) && overlaps(span, mention))
      found.push(t('addedMention', { words: isolated(mention.text), place: isolated(mention.place ? pick(mention.place.name) : '—') }));
  for (const claim of now.claims)
    if (!known.has(claim.id) && overlaps(span, claim.evidence))
      found.push(t('addedClaim', { kind: word(`claim_${claim.type}`, claim.type), words: isolated(claim.evidence.text) }));
  return found;
}
