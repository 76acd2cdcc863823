/** A document's text with everything found in it marked in place. The text content stays the document's, byte for byte. */

import { lines, segments, type Segment, type Span } from './annotate';
import { h, put } from './dom';
import { direction, t, word } from './language';
import type { Evidence, Mention, Words } from './model';
import { written } from './permalink';
import { CLOSED, now } from './store';

/** The two parts of a document that have words. */
export type PartName = 'text' | 'title';

export const partOf = (words: Pick<Words, 'in'>): PartName => (words.in === 'title' ? 'title' : 'text');

/** The letters that the offsets of a part count in. */
export const lettersOf = (evidence: Evidence, part: PartName): string => (part === 'title' ? evidence.record.title : evidence.text);

/** All spans of one part of a document that can be marked. Words that the part does not have at their offsets are not. */
export function spansOf(evidence: Evidence, part: PartName): Span[] {
  const letters = lettersOf(evidence, part);
  const span = (kind: Span['kind'], id: string, words: Words | null | undefined): Span[] => {
    if (!words || partOf(words) !== part) return [];
    const [start, end] = words.offsets.utf16;
    return letters.slice(start, end) === words.text ? [{ kind, id, start, end }] : [];
  };
  return [
    ...evidence.claims.flatMap((claim) => span('claim', claim.id, claim.evidence)),
    ...evidence.attributions.flatMap((said) => [
      ...span('quote', said.id, said.quote),
      ...span('verb', said.id, said.verb),
      ...span('speaker', said.id, said.speaker),
    ]),
    ...evidence.quantities.flatMap((quantity) => span('quantity', quantity.id, quantity)),
    ...evidence.mentions.flatMap((mention) => span('mention', mention.id, mention)),
  ];
}

export interface MarkedOptions {
  /** Called with a mention's id. */
  onMention: (id: string) => void;
  onClaim?: (id: string) => void;
}

/** The whole text, a block a line. */
export function markedText(evidence: Evidence, options: MarkedOptions): HTMLElement {
  const spans = spansOf(evidence, 'text');
  const language = evidence.record.language;
  const body = h('div', { class: 'document-text', lang: language, dir: direction(language) });
  for (const [from, to] of lines(evidence.text)) {
    const paragraph = h('p', { class: 'line' });
    put(paragraph, ...stretch(evidence, evidence.text, spans, from, to, options));
    body.append(paragraph);
  }
  return body;
}

/** The title with its marks. */
export const markedTitle = (evidence: Evidence, options: MarkedOptions): Node[] =>
  stretch(evidence, evidence.record.title, spansOf(evidence, 'title'), 0, evidence.record.title.length, options);

/** A stretch of a text (a sentence) or of a title with its marks. */
export function markedPart(evidence: Evidence, part: PartName, from: number, to: number, options: MarkedOptions, only?: string): HTMLElement {
  const language = evidence.record.language;
  const spans = spansOf(evidence, part).filter((span) => span.kind !== 'claim' && (span.kind !== 'mention' || !only || span.id === only));
  const quote = h('blockquote', { class: 'document-text part', lang: language, dir: direction(language) });
  put(quote, ...stretch(evidence, lettersOf(evidence, part), spans, from, to, options));
  return quote;
}

function stretch(evidence: Evidence, letters: string, spans: readonly Span[], from: number, to: number, options: MarkedOptions): Node[] {
  const mentions = new Map(evidence.mentions.map((mention) => [mention.id, mention]));
  return segments(spans, from, to).map((segment) => {
    const text = letters.slice(segment.start, segment.end);
    if (segment.spans.length === 0) return document.createTextNode(text);
    return mark(segment, text, mentions, letters, options, evidence.record.id);
  });
}

/** The address of this view with a mention open; a text that is not stored has none of its own. */
const linkTo = (record: string, mention: string): string =>
  `#${written(record ? { ...now(), ...CLOSED, tab: 'evidence', document: record, mention } : now())}`;

function mark(segment: Segment, text: string, mentions: Map<string, Mention>, whole: string, options: MarkedOptions, record: string): HTMLElement {
  const classes = new Set(segment.spans.map((span) => `m-${span.kind}`));
  const claim = segment.spans.find((span) => span.kind === 'claim');
  const held = segment.spans.find((span) => span.kind === 'mention');
  const mention = held && mentions.get(held.id);
  const starts = segment.spans.filter((span) => span.start === segment.start);
  const attributes = {
    class: [...classes].join(' '),
    'data-ids': segment.spans.map((span) => span.id).join(' '),
    ...(claim && starts.includes(claim) && { 'data-claim-start': claim.id }),
  };
  if (!mention) {
    const onclick = claim && options.onClaim ? () => options.onClaim?.(claim.id) : undefined;
    return h('span', { ...attributes, onclick }, text);
  }
  const refresh = ({ currentTarget }: Event): void => void ((currentTarget as HTMLAnchorElement).href = linkTo(record, mention.id));
  const look = mention.reading === 'associative' ? 'associative' : mention.place ? (mention.confidence < 0.6 ? 'unsure' : 'placed') : 'unresolved';
  return h(
    'a',
    {
      ...attributes,
      class: `${attributes.class} ${look}${isFree(segment, whole) ? ' isolated' : ''}`,
      href: linkTo(record, mention.id),
      // The view may have changed since the text was drawn.
      onpointerdown: refresh,
      onfocus: refresh,
      'data-mention': mention.id,
      'aria-label': `${text}: ${t('mention')}, ${word(mention.reading, mention.reading)}`,
      onclick: (event: MouseEvent) => {
        // The browser opens a new tab or window at the address of the link.
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        options.onMention(mention.id);
      },
    },
    text,
  );
}

/** Isolation would part letters that join across the edge of a name (و, ب, ل before it; Sorani endings after it). */
function isFree(segment: Segment, whole: string): boolean {
  const joins = /[\p{L}\p{M}\u200c\u200d]/u;
  return !joins.test(whole[segment.start - 1] ?? ' ') && !joins.test(whole[segment.end] ?? ' ');
}
