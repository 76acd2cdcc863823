/** Trying it: the places in a text of one's own, at once; nothing is stored. */

import Feature from 'ol/Feature';
import Point from 'ol/geom/Point';
import { fromLonLat } from 'ol/proj';
import * as api from './api';
import { claimList } from './claims';
import { fill, h, icon, save } from './dom';
import { language, languageOf, t } from './language';
import { reveal, selection } from './map';
import { markedText } from './marked-text';
import { mentionCard } from './mention-card';
import type { Evidence, Parse } from './model';
import { announce, report } from './notice';
import { set, watch } from './store';

let text = '';
let found: Evidence | null = null;

export function tryPanel(): HTMLElement {
  const panel = h('div', { class: 'panel-body scroll try', tabindex: 0, role: 'group' });
  const draw = (): void => {
    panel.setAttribute('aria-label', t('tab_try'));
    const area = h('textarea', { rows: 6, dir: 'auto', placeholder: t('tryPlaceholder'), 'aria-label': t('tryLabel'), oninput: (event: Event) => { text = (event.target as HTMLTextAreaElement).value; } });
    area.value = text;
    const output = h('div', { class: 'try-result' });
    const run = h('button', { type: 'submit', class: 'button' }, icon('pin'), t('findPlaces'));
    const form = h('form', { onsubmit: (event: Event) => { event.preventDefault(); void find(output); } }, area, h('p', { class: 'sub' }, t('nothingStored')), run);
    fill(panel, h('h2', {}, t('tab_try')), form, output);
    if (found) showResult(output, found);
  };
  watch(['language'], draw);
  draw();
  return panel;
}

async function find(output: HTMLElement): Promise<void> {
  if (!text.trim()) return fill(output, h('p', { class: 'empty' }, t('emptyText')));
  output.setAttribute('aria-busy', 'true');
  try {
    found = asEvidence(await api.geoparse(text), text);
    showResult(output, found);
    announce(t('foundMentions', { count: found.mentions.length }));
  } catch (error) {
    if (error instanceof api.Refused) fill(output, h('p', { class: 'empty' }, t('serverRefused'), ' ', h('bdi', { lang: 'en', dir: 'ltr' }, error.detail)));
    else report(error, () => void find(output));
  } finally {
    output.removeAttribute('aria-busy');
  }
}

/** What was found, in the shape of a document, so that it is shown the same way. */
function asEvidence(parse: Parse, of: string): Evidence {
  const counts = { mentions: parse.mentions.length, drawn: 0, quantities: parse.quantities.length, attributions: parse.attributions.length, claims: parse.claims.length };
  const record = { id: '', title: '', language: languageOf(parse.language) ?? language(), source_url: null, publisher: null, published: null, bytes: 0, codepoints: 0, sha256: '', counts };
  return { ...parse, record, text: of };
}

function showResult(output: HTMLElement, evidence: Evidence): void {
  const drawn = evidence.mentions.filter((mention) => mention.place && mention.reading === 'literal' && !mention.place.foreign);
  const points = drawn.flatMap((mention) => (mention.place ? [mention.place.point] : []));
  selection.clear(true);
  selection.addFeatures(points.map((point) => new Feature({ geometry: new Point(fromLonLat(point)) })));
  reveal(points);
  const card = h('div', { class: 'card-place' });
  const onMention = (id: string): void => {
    const mention = evidence.mentions.find((other) => other.id === id);
    if (!mention) return;
    fill(card, mentionCard(evidence, mention, { onMention, onPlace: (place) => set({ tab: 'evidence', document: null, mention: null, feature: { layer: 'places', id: place } }), onClose: () => fill(card) }));
    if (mention.place && !mention.place.foreign) reveal([mention.place.point]);
  };
  fill(
    output,
    h('p', { class: 'sub' }, t('foundSummary', { mentions: evidence.mentions.length, drawn: drawn.length, quantities: evidence.quantities.length, claims: evidence.claims.length })),
    card,
    markedText(evidence, { onMention }),
    evidence.claims.length ? claimList(evidence, { onMention, onShow: () => output.querySelector('.m-claim')?.scrollIntoView({ block: 'center' }) }) : null,
    h('button', { type: 'button', class: 'button quiet', onclick: () => void download(evidence.text) }, icon('download'), t('downloadGeojson')),
  );
}

async function download(of: string): Promise<void> {
  try {
    save('mahwar-geoparse.geojson', new Blob([await api.geoparseFeatures(of)], { type: 'application/geo+json' }));
  } catch (error) {
    report(error, () => void download(of));
  }
}

