/** The panel of evidence: all documents and places, or one document, or one place. */

import * as api from './api';
import { bdi, fill, h } from './dom';
import { DocumentView } from './document-view';
import * as features from './features';
import { date, direction, isolated, nameOf, number, t, word } from './language';
import { placeView } from './place-view';
import type { DocumentRecord, Evidence } from './model';
import { report } from './notice';
import { now, set, watch, type FeatureRef } from './store';

let panel: HTMLElement;
let records: DocumentRecord[] = [];
let view: DocumentView | null = null;
let turn = 0;

export function evidencePanel(): HTMLElement {
  panel = h('div', { class: 'panel-body evidence' });
  watch(['document', 'feature', 'language'], () => void draw());
  watch(['mention'], () => void followMention());
  features.onLoaded((layer) => {
    if (layer === 'mention_places' && !now().document && !now().feature) void draw();
  });
  void begin();
  return panel;
}

async function begin(): Promise<void> {
  fill(panel, h('p', { class: 'empty', 'aria-busy': 'true' }, t('loading')));
  try {
    records = (await api.documents()).documents;
    const only = records.length === 1 ? records[0] : undefined;
    if (only && !now().document && !now().feature) set({ document: only.id });
    else await draw();
  } catch (error) {
    fill(panel, h('p', { class: 'empty' }, t('noAnswer')));
    report(error, () => void begin());
  }
}

async function draw(): Promise<void> {
  const mine = ++turn;
  const { document: id, feature, mention } = now();
  if (id) {
    try {
      const evidence = await api.evidence(id);
      if (mine !== turn) return;
      showDocument(evidence, mention);
    } catch (error) {
      if (mine !== turn) return;
      const withheld = error instanceof api.Refused && [401, 403].includes(error.status);
      fill(panel, h('p', { class: 'empty' }, t(withheld ? 'textWithheld' : 'noDocument')), allButton());
      if (!withheld) report(error, () => void draw());
    }
    return;
  }
  view = null;
  if (feature) await showFeature(feature, mine);
  else overview();
}

const allButton = (): HTMLElement => h('button', { type: 'button', class: 'link', onclick: () => set({ document: null, mention: null, feature: null }) }, t('allDocuments'));

function showDocument(evidence: Evidence, mention: string | null): void {
  if (!view || view.evidence !== evidence || view.element.lang !== now().language) {
    view = new DocumentView(evidence, {
      onMention: (id) => selectMention(evidence, id),
      onClaim: (id) => view?.showClaim(id),
      onPlace: (id) => set({ document: null, mention: null, feature: { layer: 'mention_places', id } }),
      onBack: () => set({ document: null, mention: null, feature: null }),
    });
    view.element.lang = now().language;
    fill(panel, view.element);
  } else if (!panel.contains(view.element)) fill(panel, view.element);
  view.select(mention);
}

function selectMention(evidence: Evidence, id: string | null): void {
  const mention = evidence.mentions.find((other) => other.id === id);
  const drawn = mention?.place && mention.reading === 'literal' && !mention.place.foreign;
  set({ mention: id, feature: drawn && mention.place ? { layer: 'mention_places', id: mention.place.id } : null });
}

async function followMention(): Promise<void> {
  const { document: id, mention } = now();
  if (view && id === view.evidence.record.id) view.select(mention);
}

/** A click on a place: the next mention of it in the open document, or else every sentence about it. */
export async function follow(ref: FeatureRef): Promise<void> {
  const { document: id, mention, tab } = now();
  if (id && tab === 'evidence' && ref.layer === 'mention_places') {
    const { mentions } = await api.evidence(id);
    const here = mentions.filter((other) => other.place?.id === ref.id && other.reading === 'literal');
    if (here.length) {
      const current = here.findIndex((other) => other.id === mention);
      const next = here[(current + 1) % here.length];
      return set({ feature: ref, mention: next?.id ?? null, tab: 'evidence' });
    }
  }
  set({ feature: ref, document: null, mention: null, tab: 'evidence' });
}

async function showFeature(ref: FeatureRef, mine: number): Promise<void> {
  const known = features.find(ref.layer, ref.id)?.getProperties();
  let properties = known;
  if (!properties) {
    try {
      const asked = ref.layer === 'security_gap' ? await api.corridorLine(ref.id) : await api.item(ref.layer, ref.id, { worldview: now().worldview });
      properties = asked.properties ?? {};
    } catch {
      properties = {};
    }
  }
  if (mine !== turn) return;
  fill(
    panel,
    placeView(ref, properties, {
      onBack: () => set({ feature: null, mention: null, document: records.length === 1 ? (records[0]?.id ?? null) : null }),
      onMention: (document, mention) => set({ document, mention }),
    }),
  );
}

/** Documents, then places by how often they are named. */
function overview(): void {
  const places = features
    .real('mention_places')
    .filter((place) => Number(place.get('total')) > 0)
    .sort((a, b) => Number(b.get('total')) - Number(a.get('total')));
  fill(
    panel,
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': t('tab_evidence') },
      h('h2', {}, t('documents')),
      records.length ? h('ul', { class: 'documents' }, ...records.map(documentRow)) : h('p', { class: 'empty' }, t('noDocuments')),
      h('h2', {}, t('placesNamed')),
      places.length
        ? h('ol', { class: 'mentions' }, ...places.map((place) =>
            h('li', {}, h('button', { type: 'button', class: 'mention-row placed', onclick: () => set({ feature: { layer: 'mention_places', id: String(place.getId()) }, document: null, mention: null }) },
              h('span', { class: 'dot', 'aria-hidden': 'true' }),
              h('span', { class: 'words' }, h('b', {}, bdi(nameOf(place.getProperties()))), h('small', {}, word(String(place.get('level')), String(place.get('level'))))),
              h('span', { class: 'count' }, number(Number(place.get('total'))))))))
        : h('p', { class: 'empty' }, t('noMentions')),
    ),
  );
}

function documentRow(record: DocumentRecord): HTMLElement {
  const { counts } = record;
  return h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: 'document-row', onclick: () => set({ document: record.id, mention: null, feature: null }) },
      h('b', { lang: record.language, dir: direction(record.language) }, record.title),
      h('small', {}, [record.publisher && isolated(record.publisher), record.published && date(record.published), t('mentionsDrawn', { mentions: counts.mentions, drawn: counts.drawn }), t('claimCount', { count: counts.claims })].filter(Boolean).join(' · ')),
    ),
  );
}
