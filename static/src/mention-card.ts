/** All data of one mention: the place, the reasons for it, other candidates, the speaker, the position in the text. */

import { h as jsx, render } from 'preact';
import { sentence } from './annotate';
import { RulingForm } from './desk/ruling-form';
import { UNCERTAIN } from './certainty';
import { bdi, fill, h, icon } from './dom';
import { counted } from './figures';
import { describe } from './gazetteer';
import { date, isolated, number, percent, pick, t, word } from './language';
import { hostOf, linkTo } from './link';
import { lettersOf, markedPart, partOf } from './marked-text';
import type { Attribution, Candidate, Evidence, Mention } from './model';
import { reasonInWords } from './reasons';
import { rulingCard } from './rulings';

export interface CardActions {
  onMention: (id: string) => void;
  onPlace: (id: string) => void;
  onClose: () => void;
  /** Called when a ruling was stored; without it the card is for reading only. */
  onRuled?: (atOnce?: boolean) => Promise<void>;
}

/** `alone` where the text itself is not in sight beside the card. */
export function mentionCard(evidence: Evidence, mention: Mention, actions: CardActions, alone = true): HTMLElement {
  const { record } = evidence;
  const part = partOf(mention);
  const [from, to] = part === 'title' ? [0, record.title.length] : sentence(lettersOf(evidence, part), ...mention.offsets.utf16);
  const said = attributionOf(evidence, mention);
  const claims = evidence.claims.filter((claim) => claim.mentions.includes(mention.id));
  return h(
    'section',
    { class: 'card mention-card', 'aria-label': t('mention') },
    h(
      'header',
      {},
      h('div', {}, h('h3', {}, bdi(mention.text, record.language)), h('p', { class: 'sub' }, resolution(mention))),
      h('button', { type: 'button', class: 'icon-button', 'aria-label': t('close'), onclick: actions.onClose }, icon('close') as Node),
    ),
    alone ? markedPart(evidence, part, from, to, { onMention: actions.onMention }, mention.id) : null,
    h(
      'dl',
      { class: 'facts' },
      ...fact(t('confidence'), mention.place ? meter(mention.confidence) : t('unresolved')),
      ...fact(t('speaker'), speaker(said, record.language)),
      ...fact(t('status'), said || claims.some((claim) => claim.status === 'claimed') ? t('claimed') : t('reported')),
      ...fact(t('source'), source(evidence)),
      ...fact(t('published'), record.published ? date(record.published) : t('unknownDate')),
    ),
    rulingCard(record.id, mention),
    record.id && actions.onRuled ? rulingForm(record, mention, actions.onRuled) : null,
    candidates(mention),
    howRead(mention, record.language),
    mention.place ? h('button', { type: 'button', class: 'link', onclick: () => mention.place && actions.onPlace(mention.place.id) }, t('allSentences')) : null,
  );
}

function rulingForm({ id, language }: Evidence['record'], mention: Mention, onRuled: (atOnce?: boolean) => Promise<void>): HTMLElement {
  const place = h('div', { class: 'rule-place' });
  render(jsx(RulingForm, { document: id, language, mention, onRuled }), place);
  return place;
}

/** How the words were read, for who wants to check. */
function howRead(mention: Mention, lang: string): HTMLElement {
  const affixes = [mention.prefix && `${mention.prefix}ـ`, mention.suffix && `ـ${mention.suffix}`].filter(Boolean).join(' · ');
  return h(
    'details',
    { class: 'more' },
    h('summary', {}, t('howRead')),
    h(
      'dl',
      { class: 'facts' },
      ...fact(t('reading'), word(mention.reading, mention.reading) + (mention.actor ? ` · ${isolated(mention.actor)}` : '')),
      ...(mention.precision ? fact(t('precision'), word(mention.precision, mention.precision)) : []),
      ...(mention.trigger ? fact(t('typeNoun'), bdi(mention.trigger, lang)) : []),
      ...(affixes ? fact(t('affixes'), bdi(affixes, lang)) : []),
      ...fact(t('position'), h('code', { dir: 'ltr' }, `${mention.start}–${mention.end}`)),
    ),
  );
}

export const fact = (name: string, value: Node | string): Node[] => [h('dt', {}, name), h('dd', {}, value)];

export function source({ record }: Evidence): Node {
  const address = record.source_url ?? '';
  const name = record.publisher ?? hostOf(address) ?? address;
  if (address) return linkTo(address, name);
  return h('span', {}, name ? bdi(name) : t('unknownSource'), ' ', h('code', { class: 'hash', dir: 'ltr', title: record.sha256 }, record.sha256.slice(0, 12)));
}

/** "Kirkuk, governorate", or the reason why it has no place. */
export function resolution(mention: Mention): string {
  const { ruling } = mention;
  if (ruling && (ruling.ruling === 'reject' || (ruling.ruling === 'accept' && !mention.place))) {
    return t('ruledBy', { ruling: word(`ruling_${ruling.ruling}`, ruling.ruling), author: isolated(ruling.author), day: date(ruling.time) });
  }
  if (!mention.place) return mention.candidates.length ? t('ambiguous', { candidates: counted('candidates', mention.candidates.length) }) : t('unknownPlace');
  const level = word(mention.place.level, mention.place.level);
  const unsure = mention.confidence < UNCERTAIN ? ` · ${t('uncertain')}` : '';
  const foreign = mention.place.foreign ? ` · ${t('abroad')}` : '';
  const notDrawn = mention.reading === 'associative' ? ` · ${t('notDrawn')}` : '';
  return `${isolated(pick(mention.place.name))} · ${level}${unsure}${foreign}${notDrawn}`;
}

/** Who says the words around a mention. */
export function attributionOf(evidence: Evidence, mention: Mention): Attribution | undefined {
  const [start, end] = mention.offsets.utf16;
  return evidence.attributions.find((said) => partOf(said.quote) === partOf(mention) && said.quote.offsets.utf16[0] <= start && end <= said.quote.offsets.utf16[1]);
}

export function speaker(said: Attribution | undefined, lang: string): Node {
  if (!said) return h('span', {}, t('theTextItself'));
  if (!said.speaker) return h('span', {}, t('unnamedSpeaker'), ' ', bdi(`(${said.verb.text})`, lang));
  // An analyst may name a speaker for whom the text has no verb.
  if (!said.verb.text) return bdi(said.speaker.text, lang);
  return h('span', {}, bdi(said.speaker.text, lang), ' ', h('small', {}, '(', bdi(said.verb.text, lang), said.speaker.carried ? ` · ${t('carried')}` : '', ')'));
}

function meter(share: number): HTMLElement {
  const bar = h('meter', { min: 0, max: 1, low: UNCERTAIN, optimum: 1, value: share, 'aria-label': t('confidence') });
  return h('span', { class: 'meter' }, bar, percent(share));
}

/** The candidate places, the chosen one first, with the reasons for each. */
function candidates(mention: Mention): HTMLElement | null {
  if (mention.candidates.length === 0) return null;
  const list = h('ol', { class: 'candidates' }, ...mention.candidates.map((candidate) => candidateRow(candidate, mention.place?.id === candidate.id)));
  return h('details', { class: 'more', open: !mention.place || mention.candidates.length > 1 }, h('summary', {}, t('candidates', { count: mention.candidates.length })), list);
}

function candidateRow(candidate: Candidate, chosen: boolean): HTMLElement {
  const name = h('span', { class: 'name' }, candidate.name ? pick(candidate.name) : candidate.id);
  const level = h('small', {}, candidate.level ? word(candidate.level, candidate.level) : '');
  if (!candidate.name) {
    void describe(candidate.id).then((known) => {
      if (!known) return;
      fill(name, pick(known.names));
      fill(level, word(known.level, known.level));
    });
  }
  return h(
    'li',
    { class: chosen ? 'chosen' : '' },
    h('div', { class: 'row' }, name, level, h('code', { dir: 'ltr' }, candidate.id), h('b', {}, number(candidate.score, 2))),
    h('div', { class: 'bar', 'aria-hidden': 'true' }, scoreBar(candidate.score)),
    h('ul', { class: 'reasons' }, ...candidate.reasons.map(reasonItem)),
  );
}

function reasonItem(reason: string): HTMLElement {
  const words = reasonInWords(reason);
  return words === null ? h('li', { lang: 'en' }, bdi(reason)) : h('li', {}, words);
}

/** A width cannot be written in markup under our policy, but it may be set. */
function scoreBar(share: number): HTMLElement {
  const bar = h('span', {});
  bar.style.inlineSize = `${Math.round(Math.min(1, share) * 100)}%`;
  return bar;
}
