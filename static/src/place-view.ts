/** One place, or any feature: its names, its facts, every sentence that names it. */

import * as api from './api';
import { sentence } from './annotate';
import { bdi, fill, h, icon } from './dom';
import { title } from './catalogue';
import { ENDONYMS, LANGUAGES, date, nameOf, number, t, word } from './language';
import { markedPart } from './marked-text';
import { fact, source, speaker, attributionOf } from './mention-card';
import type { Evidence, Mention } from './model';
import type { FeatureRef } from './store';
import { shown } from './value';

export interface PlaceActions {
  onBack: () => void;
  onMention: (document: string, mention: string) => void;
}

/** The card of a feature; sentences come after it when the feature is a place. */
export function placeView(ref: FeatureRef, properties: Record<string, unknown>, actions: PlaceActions): HTMLElement {
  const name = nameOf(properties) || ref.id;
  const sentences = h('div', { class: 'sentences', 'aria-busy': 'true' });
  const view = h(
    'article',
    { class: 'place' },
    h(
      'header',
      { class: 'document-head' },
      h('button', { type: 'button', class: 'link back', onclick: actions.onBack }, icon('back'), t('back')),
      h('h2', {}, bdi(name)),
      h('p', { class: 'sub' }, title(ref.layer), properties.level ? ` · ${word(String(properties.level), String(properties.level))}` : ''),
    ),
    h('div', { class: 'place-body', tabindex: 0, role: 'group', 'aria-label': name }, facts(ref, properties), sentences),
  );
  const place = String(properties.place ?? ref.id);
  if (!['security_gap', 'security_gap_posts', 'region_line'].includes(ref.layer)) void fillSentences(sentences, ref, place, actions);
  else sentences.removeAttribute('aria-busy');
  return view;
}

/** Not worth a line of their own: they stand in the heading, or are for programs. */
const HIDDEN = new Set(['geometry', 'name', 'name:ar', 'name:ckb', 'name:en', 'level', 'place', 'by_day', 'mvt:layer', 'total', 'layer', 'shown', 'hidden', 'contested', 'rank', 'worldview', 'definition', 'pcode', 'quote', 'start', 'end', 'confidence', 'count', 'class', 'mention', 'same_as']);

function facts(ref: FeatureRef, properties: Record<string, unknown>): HTMLElement {
  const rows: Node[] = [];
  for (const language of LANGUAGES) {
    const name = properties[`name:${language}`];
    if (typeof name === 'string' && name) rows.push(...fact(ENDONYMS[language], bdi(name, language)));
  }
  for (const [key, value] of Object.entries(properties)) {
    if (HIDDEN.has(key) || value === null || value === undefined || value === '' || typeof value === 'function') continue;
    rows.push(...fact(word(`field_${key}`, key), shown(key, value, properties)));
  }
  rows.push(...fact(t('identifier'), h('code', { dir: 'ltr' }, ref.id)));
  return h('dl', { class: 'facts' }, ...rows);
}

async function fillSentences(into: HTMLElement, ref: FeatureRef, place: string, actions: PlaceActions): Promise<void> {
  try {
    const wanted = ref.layer === 'claims' || ref.layer === 'mentions' ? ref.id : null;
    const filter = wanted ? undefined : `place = '${place.replace(/'/g, "''")}'`;
    const found = wanted && ref.layer === 'mentions'
      ? { features: [await api.item('mentions', wanted, {})] }
      : await api.items('mentions', { filter, 'filter-lang': filter && 'cql2-text', limit: 100 });
    const rows = await Promise.all(found.features.filter((feature) => !filter || feature.properties?.place === place).map((feature) => sentenceRow(feature, actions).catch(() => quoteRow(feature))));
    fill(into, h('h3', {}, rows.length ? t('sentences', { count: rows.length }) : t('noSentences')), ...rows.filter((row) => row !== null));
  } catch {
    fill(into, h('p', { class: 'empty' }, t('noAnswer')));
  } finally {
    into.removeAttribute('aria-busy');
  }
}

/** One sentence with its mark, whence and when, who said it; made from the stored text, not from a copy of it. */
async function sentenceRow(feature: GeoJSON.Feature<GeoJSON.Geometry | null>, actions: PlaceActions): Promise<HTMLElement | null> {
  const properties = feature.properties ?? {};
  const evidence = await api.evidence(String(properties.document));
  const mention = evidence.mentions.find((other) => other.start === Number(properties.start));
  if (!mention) return null;
  const [from, to] = extent(evidence, mention, String(properties.quote ?? ''));
  const open = (): void => actions.onMention(evidence.record.id, mention.id);
  return h(
    'section',
    { class: 'sentence', 'data-document': evidence.record.id, 'data-mention': mention.id },
    markedPart(evidence, from, to, { onMention: open }, mention.id),
    h('p', { class: 'by' }, speaker(attributionOf(evidence, mention), evidence.record.language)),
    h('p', { class: 'sub' }, source(evidence), ' · ', evidence.record.published ? date(evidence.record.published) : t('unknownDate'), ' · ', `${t('confidence')} ${number(mention.confidence, 2)}`),
    h('button', { type: 'button', class: 'link', onclick: open }, t('openInDocument')),
  );
}

/** The sentence as the layer has it, where its document cannot be shown: one document must not hide the others. */
function quoteRow(feature: GeoJSON.Feature<GeoJSON.Geometry | null>): HTMLElement {
  const { quote, speaker: who, published } = feature.properties ?? {};
  return h(
    'section',
    { class: 'sentence' },
    h('blockquote', { dir: 'auto' }, bdi(String(quote ?? ''))),
    who ? h('p', { class: 'by' }, bdi(String(who))) : null,
    h('p', { class: 'sub' }, published ? date(String(published)) : t('unknownDate')),
  );
}

/** Where the server's sentence stands in the text; if it does not, the sentence that we cut. */
function extent(evidence: Evidence, mention: Mention, quote: string): [number, number] {
  const [start, end] = mention.offsets.utf16;
  for (let at = quote ? evidence.text.lastIndexOf(quote, start) : -1; at >= 0; at = at > 0 ? evidence.text.lastIndexOf(quote, at - 1) : -1) {
    if (at <= start && at + quote.length >= end) return [at, at + quote.length];
    if (at + quote.length < start) break;
  }
  return sentence(evidence.text, start, end);
}
