/** One document: its text with the marks, the list of mentions, the list of claims; one of them is open. */

import { h as jsx, render } from 'preact';
import { DocumentForm } from './desk/document-form';
import { DocumentWork } from './desk/document-work';
import { bdi, fill, h, icon } from './dom';
import { sentence } from './annotate';
import { claimList } from './claims';
import { date, isolated, number, t, word } from './language';
import { markedText, markedTitle, partOf } from './marked-text';
import { UNCERTAIN } from './certainty';
import { mentionCard, resolution, source } from './mention-card';
import type { Evidence, Mention } from './model';
import { announce } from './notice';

export type Part = 'text' | 'mentions' | 'claims';
const PARTS: readonly Part[] = ['text', 'mentions', 'claims'];

/** True where the document scrolls as a whole: the screen is too narrow or too low for a part of it to scroll by itself. */
const SMALL = matchMedia('(max-width: 759.98px), (max-height: 480px)');

export interface DocumentActions {
  onMention: (id: string | null) => void;
  onClaim: (id: string) => void;
  onPlace: (id: string) => void;
  /** The document was changed: it is read again, at once or as soon as no other form is open. */
  onRuled: (atOnce?: boolean) => Promise<void>;
  /** None when this is the only document. */
  onBack: (() => void) | null;
}

export class DocumentView {
  readonly element = h('article', { class: 'document' });
  private part: Part = 'text';
  private mention: string | null = null;
  private readonly card = h('div', { class: 'card-place' });
  private readonly body = h('div', { class: 'document-body' });
  private readonly tabs = h('div', { class: 'segmented', role: 'tablist', 'aria-label': t('document') });

  constructor(
    readonly evidence: Evidence,
    private readonly actions: DocumentActions,
  ) {
    fill(this.element, this.header(), this.tabs, this.work(), this.card, this.body);
    this.draw();
  }

  private header(): HTMLElement {
    const { record } = this.evidence;
    const { onBack } = this.actions;
    return h(
      'header',
      { class: 'document-head' },
      onBack ? h('button', { type: 'button', class: 'link back', onclick: onBack }, icon('back'), t('allDocuments')) : null,
      h('h2', { lang: record.language, dir: record.language === 'en' ? 'ltr' : 'rtl' }, ...markedTitle(this.evidence, { onMention: (id) => this.actions.onMention(id), onClaim: (id) => this.actions.onClaim(id) })),
      h('p', { class: 'sub' }, source(this.evidence), ' · ', record.published ? date(record.published) : t('unknownDate')),
      ...this.corrections(),
      this.revision(),
      record.id ? this.form() : null,
    );
  }

  /** The declared values, beside the corrections of analysts. */
  private corrections(): HTMLElement[] {
    return Object.entries(this.evidence.record.corrections ?? {}).map(([field, { declared, author, time, reason }]) =>
      h(
        'p',
        { class: 'sub correction' },
        t('correctedFrom', { field: word(`field_${field}`, field), declared: isolated(declared ?? '—'), author: isolated(author), day: date(time) }),
        reason ? ' “' : null,
        reason ? h('bdi', {}, reason) : null,
        reason ? '”' : null,
      ),
    );
  }

  /** The version before, and the words that changed since. */
  private revision(): HTMLElement | null {
    const { record } = this.evidence;
    const { revision } = record;
    if (!revision?.of) return null;
    const { changes = [], more = 0 } = revision;
    const earlier = h('a', { href: `documents/${revision.of}`, target: '_blank', rel: 'noopener' }, t('earlierVersion'));
    if (changes.length === 0) return h('p', { class: 'sub revision' }, earlier);
    const listed = changes.map(({ removed, added }) =>
      h('li', {}, removed ? h('del', {}, bdi(removed, record.language)) : null, removed && added ? ' ' : null, added ? h('ins', {}, bdi(added, record.language)) : null),
    );
    return h(
      'details',
      { class: 'more revision' },
      h('summary', {}, t('changedWords', { count: changes.length + more })),
      h('ul', {}, ...listed),
      h('p', { class: 'sub' }, earlier),
    );
  }

  private form(): HTMLElement {
    const place = h('div', { class: 'rule-place' });
    const { record, tag } = this.evidence;
    render(jsx(DocumentForm, { record, tag: tag ?? null, onCorrected: (atOnce?: boolean) => this.actions.onRuled(atOnce) }), place);
    return place;
  }

  /** What the reader missed may be added, on stored documents. */
  private work(): HTMLElement | null {
    if (!this.evidence.record.id) return null;
    const place = h('div', { class: 'work-place' });
    render(jsx(DocumentWork, { evidence: this.evidence, onStored: (atOnce?: boolean) => this.actions.onRuled(atOnce), onMention: (id: string) => this.actions.onMention(id) }), place);
    return place;
  }

  get openPart(): Part {
    return this.part;
  }

  open(part: Part): void {
    if (part === this.part) return;
    this.part = part;
    this.draw();
  }

  private draw(): void {
    const { counts } = this.evidence.record;
    const count: Record<Part, number | null> = { text: null, mentions: this.evidence.mentions.length, claims: counts.claims };
    fill(
      this.tabs,
      ...PARTS.map((part) =>
        h(
          'button',
          { type: 'button', role: 'tab', id: `part-${part}`, 'aria-selected': String(part === this.part), 'aria-controls': 'document-part', tabindex: part === this.part ? 0 : -1, onclick: () => this.open(part), onkeydown: (event: KeyboardEvent) => this.step(event) },
          t(`part_${part}`),
          count[part] === null ? null : h('span', { class: 'count' }, number(count[part])),
        ),
      ),
    );
    this.body.id = 'document-part';
    this.body.setAttribute('role', 'tabpanel');
    this.body.setAttribute('tabindex', '0');
    this.body.setAttribute('aria-labelledby', `part-${this.part}`);
    this.body.className = `document-body ${this.part}`;
    fill(this.body, ...this.content());
    this.showCard();
    this.highlight();
  }

  private step(event: KeyboardEvent): void {
    const move = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (!move) return;
    const forward = document.documentElement.dir === 'rtl' ? -move : move;
    const next = PARTS[(PARTS.indexOf(this.part) + forward + PARTS.length) % PARTS.length] as Part;
    this.open(next);
    this.tabs.querySelector<HTMLElement>(`#part-${next}`)?.focus();
  }

  private content(): Node[] {
    const { actions, evidence } = this;
    if (this.part === 'mentions') return [this.mentionList()];
    if (this.part === 'claims') {
      return [claimList(evidence, { onMention: (id) => actions.onMention(id), onShow: (claim) => this.showClaim(claim.id), onStored: (atOnce) => actions.onRuled(atOnce) })];
    }
    return [key(), markedText(evidence, { onMention: (id) => actions.onMention(id), onClaim: (id) => actions.onClaim(id) }), this.sources()];
  }

  /** The same for programs: anyone can check. */
  private sources(): HTMLElement {
    const base = `documents/${this.evidence.record.id}`;
    const links: [string, string][] = [[t('part_text'), 'text'], [t('part_mentions'), 'mentions'], [t('part_claims'), 'claims'], ['W3C Web Annotation', 'annotations']];
    return h('details', { class: 'more programs' }, h('summary', {}, t('forPrograms')), h('p', { class: 'raw' }, ...links.map(([name, path]) => h('a', { href: `${base}/${path}`, target: '_blank', rel: 'noopener' }, name))));
  }

  private mentionList(): HTMLElement {
    const { mentions, record } = this.evidence;
    if (mentions.length === 0) return h('p', { class: 'empty' }, t('noMentions'));
    return h(
      'ol',
      { class: 'mentions' },
      ...mentions.map((mention) =>
        h(
          'li',
          {},
          h(
            'button',
            { type: 'button', class: `mention-row ${look(mention)}`, 'data-mention': mention.id, onclick: () => this.actions.onMention(mention.id) },
            h('span', { class: 'dot', 'aria-hidden': 'true' }),
            h('span', { class: 'words' }, h('b', {}, bdi(mention.text, record.language)), h('small', {}, resolution(mention))),
            mention.reading === 'associative' ? h('span', { class: 'tag' }, word('associative', 'associative')) : null,
          ),
        ),
      ),
    );
  }

  /** Selects a mention: its card is shown and the text scrolls to it. */
  select(id: string | null): void {
    if (id === this.mention) return;
    this.mention = id;
    const mention = this.evidence.mentions.find((other) => other.id === id);
    if (mention) announce(`${mention.text}: ${resolution(mention)}`);
    this.showCard();
    this.highlight();
  }

  private showCard(): void {
    const mention = this.evidence.mentions.find((other) => other.id === this.mention);
    fill(
      this.card,
      mention && this.part !== 'claims'
        ? mentionCard(this.evidence, mention, { onMention: (other) => this.actions.onMention(other), onPlace: (place) => this.actions.onPlace(place), onClose: () => this.actions.onMention(null), onRuled: (atOnce) => this.actions.onRuled(atOnce) }, this.part !== 'text' || SMALL.matches)
        : null,
    );
  }

  private highlight(): void {
    for (const mark of this.element.querySelectorAll<HTMLElement>('.document-head [data-mention], .document-body [data-mention]')) {
      const on = mark.dataset.mention === this.mention;
      mark.classList.toggle('selected', on);
      if (on) mark.setAttribute('aria-current', 'true');
      else mark.removeAttribute('aria-current');
    }
    this.light();
    const selected = this.body.querySelector<HTMLElement>('.selected');
    // On a small screen the card, which has the sentence, takes all of the visible part.
    const target = SMALL.matches && this.card.childElementCount > 0 ? this.card : selected;
    if (target) this.scrollTo(target, SMALL.matches ? 0 : 1 / 3);
  }

  /** Scrolls so that a part of the document begins at a share of the visible height. A document that is not on the page yet is scrolled when it is. */
  private scrollTo(target: HTMLElement, share: number, frames = 30): void {
    const scroller = SMALL.matches ? this.element : this.body;
    if (scroller.clientHeight === 0) {
      if (frames > 0) requestAnimationFrame(() => this.scrollTo(target, share, frames - 1));
      return;
    }
    scroller.scrollTop += target.getBoundingClientRect().top - scroller.getBoundingClientRect().top - scroller.clientHeight * share;
  }

  /** Lights the sentence around the selected mention without touching the text's elements. */
  private light(): void {
    if (!('highlights' in CSS)) return;
    CSS.highlights.delete('sentence');
    const text = this.part === 'text' ? this.body.querySelector('.document-text') : null;
    const mention = this.evidence.mentions.find((other) => other.id === this.mention);
    if (!text || !mention || partOf(mention) === 'title') return;
    const range = rangeOf(text, ...sentence(this.evidence.text, ...mention.offsets.utf16));
    if (range) CSS.highlights.set('sentence', new Highlight(range));
  }

  showClaim(id: string): void {
    this.open('text');
    for (const mark of this.element.querySelectorAll<HTMLElement>('.m-claim')) {
      mark.classList.toggle('lit', (mark.dataset.ids ?? '').split(' ').includes(id));
    }
    const claim = this.evidence.claims.find((other) => other.id === id);
    const lit = this.body.querySelector<HTMLElement>('.lit');
    if (claim && partOf(claim.evidence) === 'title') {
      this.body.scrollTop = 0;
      this.element.querySelector('.document-head .lit')?.scrollIntoView({ block: 'nearest' });
    } else if (lit) this.scrollTo(lit, 1 / 4);
  }
}

/** The part of an element's text between two offsets. */
function rangeOf(element: Element, from: number, to: number): Range | null {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let begun = false;
  let position = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const end = position + (node.textContent?.length ?? 0);
    if (!begun && from < end) {
      range.setStart(node, from - position);
      begun = true;
    }
    if (begun && to <= end) {
      range.setEnd(node, to - position);
      return range;
    }
    position = end;
  }
  return null;
}

function look(mention: Mention): string {
  if (mention.reading === 'associative') return 'associative';
  if (!mention.place) return 'unresolved';
  return mention.confidence < UNCERTAIN ? 'unsure' : 'placed';
}

/** Legend of the marks in the text. */
function key(): HTMLElement {
  return h(
    'p',
    { class: 'key' },
    h('span', { class: 'm-mention placed' }, t('key_mention')),
    h('span', { class: 'm-mention associative' }, t('key_associative')),
    h('span', { class: 'm-quantity' }, t('key_quantity')),
    h('span', { class: 'm-speaker' }, t('key_speaker')),
    h('span', { class: 'm-quote' }, t('key_quote')),
    h('span', { class: 'm-claim' }, t('key_claim')),
  );
}
