/** Cuts a text where any of several overlapping spans begins or ends. Offsets are UTF-16 units, as the server sends them. */

export type Kind = 'mention' | 'quantity' | 'speaker' | 'verb' | 'quote' | 'claim';

export interface Span {
  kind: Kind;
  id: string;
  start: number;
  end: number;
}

/** A stretch of text that lies wholly inside or outside each span. */
export interface Segment {
  start: number;
  end: number;
  spans: Span[];
}

/** Segments of `[from, to)` in order; together they are exactly that part of the text. */
export function segments(spans: readonly Span[], from: number, to: number): Segment[] {
  const inside = spans.filter((span) => span.end > from && span.start < to);
  const cuts = new Set([from, to]);
  for (const span of inside) {
    if (span.start > from) cuts.add(span.start);
    if (span.end < to) cuts.add(span.end);
  }
  const ordered = [...cuts].sort((a, b) => a - b);
  return ordered.slice(1).map((end, index) => {
    const start = ordered[index] as number;
    return { start, end, spans: inside.filter((span) => span.start <= start && span.end >= end) };
  });
}

/** Lines of a text with their end-of-line characters: `[start, end)` each; they cover all of it. */
export function lines(text: string): [number, number][] {
  const found: [number, number][] = [];
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    found.push([start, end + 1]);
    start = end + 1;
  }
  if (start < text.length) found.push([start, text.length]);
  return found;
}

const CLOSING = '["\'”’»)\\]]*';
const ENDS = new RegExp(`[.!?؟…]${CLOSING}(?=\\s|$)`, 'g');

/** The sentence around a span: from the end of the one before it to its own end, within its line. */
export function sentence(text: string, start: number, end: number): [number, number] {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const lineEnd = newline < 0 ? text.length : newline;
  const ends = [...text.slice(lineStart, lineEnd).matchAll(ENDS)].map((match) => lineStart + match.index + match[0].length);
  const before = ends.filter((after) => after <= start).at(-1) ?? lineStart;
  const to = ends.find((after) => after >= end) ?? lineEnd;
  const blank = /^\s*/.exec(text.slice(before, to))?.[0].length ?? 0;
  return [before + blank, to];
}
