/** The panel of evidence: lists of everything, or one document, one place, one speaker. */

import { h as jsx, render } from 'preact';
import * as api from './api';
import { fill, h } from './dom';
import { EventCard } from './desk/events';
import { Overview } from './desk/overview';
import { PlaceCard } from './desk/place-card';
import { SpeakerCard } from './desk/speaker-card';
import { DocumentView } from './document-view';
import { showPlacesOf } from './document-places';
import * as features from './features';
import { t } from './language';
import { approach, zoomOfLevel } from './map';
import type { Evidence } from './model';
import { report } from './notice';
import { openFirst } from './permalink';
import { CLOSED, now, set, watch, type FeatureRef } from './store';
import { nameView } from './title';

let panel: HTMLElement;
let view: DocumentView | null = null;
let turn = 0;

export function evidencePanel(): HTMLElement {
  panel = h('div', { class: 'panel-body evidence' });
  watch(['document', 'feature', 'person', 'event', 'language'], () => void draw());
  watch(['mention'], () => void followMention());
  let waiting = true;
  features.onLoaded((layer) => {
    // A link may be opened before the layer of the feature that it names has come.
    if (waiting && layer === now().feature?.layer) void draw();
    waiting = false;
  });
  void begin();
  return panel;
}

/** If there is one document only, it is the first page. */
async function begin(): Promise<void> {
  if (now().document || now().feature || now().person || now().event) return void draw();
  try {
    const { documents, next } = await api.documents({ limit: 2 });
    const only = documents.length === 1 && !next ? documents[0] : undefined;
    if (only && !now().document && !now().feature) {
      openFirst(only.id);
      set({ document: only.id });
    } else await draw();
  } catch (error) {
    await draw();
    report(error, () => void begin());
  }
}

/** Shows a component, or a plain element, in place of the one before. */
function show(content: preact.ComponentChild): void {
  fill(panel);
  // An element of its own: elements that other code adds beside it are not the component's.
  const place = h('div', { class: 'panel-body' });
  panel.append(place);
  mountedIn = place;
  render(content, place);
}

let mountedIn: Element | null = null;

function takeDown(): void {
  if (mountedIn) render(null, mountedIn);
  mountedIn = null;
}

async function draw(): Promise<void> {
  const mine = ++turn;
  const { document: id, feature, person, event, mention } = now();
  if (id) return drawDocument(id, mention, mine);
  showPlacesOf(null);
  view = null;
  if (feature) return showFeature(feature, mine);
  takeDown();
  if (event) show(jsx(EventCard, { id: event, onBack: back }));
  else if (person) show(jsx(SpeakerCard, { name: person, onBack: back }));
  else {
    nameView('');
    show(jsx(Overview, {}));
  }
}

const back = (): void => set(CLOSED);

async function drawDocument(id: string, mention: string | null, mine: number): Promise<void> {
  if (!view || view.evidence.record.id !== id) {
    takeDown();
    fill(panel, h('p', { class: 'empty', 'aria-busy': 'true' }, t('loading')));
  }
  try {
    const evidence = await api.evidence(id);
    if (mine !== turn) return;
    nameView(evidence.record.title);
    showDocument(evidence, mention);
    showPlacesOf(evidence);
  } catch (error) {
    if (mine !== turn) return;
    const refused = error instanceof api.Refused ? error.status : null;
    const words = refused === 401 || refused === 403 ? t('textWithheld') : refused === 404 ? t('noDocument') : refused === 410 ? t('documentGone') : t('noAnswer');
    view = null;
    fill(panel, h('p', { class: 'empty' }, words), refused === 410 ? h('p', { class: 'sub', lang: 'en', dir: 'ltr' }, (error as api.Refused).detail) : null, allButton());
    if (refused === null) report(error, () => void draw());
  }
}

const allButton = (): HTMLElement => h('button', { type: 'button', class: 'link', onclick: back }, t('allDocuments'));

function showDocument(evidence: Evidence, mention: string | null): void {
  if (!view || view.evidence !== evidence || view.element.lang !== now().language) {
    const part = view?.evidence.record.id === evidence.record.id ? view.openPart : undefined;
    view = new DocumentView(evidence, {
      onMention: (id) => selectMention(evidence, id),
      onClaim: (id) => view?.showClaim(id),
      onPlace: (id) => set({ ...CLOSED, feature: { layer: 'mention_places', id } }),
      onBack: back,
      onRuled: (atOnce) => readAgain(evidence.record.id, atOnce),
    });
    if (part) view.open(part);
    view.element.lang = now().language;
    fill(panel, view.element);
  } else if (!panel.contains(view.element)) fill(panel, view.element);
  view.select(mention);
}

function selectMention(evidence: Evidence, id: string | null): void {
  const mention = evidence.mentions.find((other) => other.id === id);
  const drawn = mention?.place && mention.reading === 'literal' && !mention.place.foreign;
  if (drawn && mention.place) approach(mention.place.point, zoomOfLevel(mention.place.level));
  set({ mention: id, feature: drawn && mention.place ? { layer: 'mention_places', id: mention.place.id } : null });
}

async function followMention(): Promise<void> {
  const { document: id, mention } = now();
  if (view && id === view.evidence.record.id) view.select(mention);
}

/** Milliseconds between two looks whether a form was closed. */
const CLOSED_EVERY = 300;

/** A form that is open in the document, but for one that is storing. */
const openForm = (): Element | null => view?.element.querySelector('.rule-form:not([aria-busy=true])') ?? null;

/** The way back to the subject of a form that was stored, once the document was drawn anew. */
function wayBack(): string | null {
  const form = view?.element.querySelector('.rule-form[aria-busy=true]');
  const claim = form?.closest<HTMLElement>('[data-claim]')?.dataset.claim;
  if (claim) return `[data-claim="${CSS.escape(claim)}"] .correct-claim`;
  return form?.closest('.mention-card') ? '.mention-card .rule' : form?.closest('.document-head') ? '.document-head .correct' : form ? '.add-mention' : null;
}

/**
 * A document changed: it is read again and shown as it is now, as soon as no other form is open in it. With `atOnce` the
 * reader of an open form asked for the present state.
 */
export async function readAgain(id: string, atOnce = false): Promise<void> {
  api.forget(id);
  if (now().document !== id) return;
  const focus = wayBack();
  // Until the answer is here a form may be opened: it would be closed, and its typed words lost.
  await api.evidence(id).catch(() => undefined);
  if (openForm() && !atOnce) return void drawOnceClosed(id);
  if (now().document !== id) return;
  await draw();
  // The button that stored is gone, and the keyboard goes on from where it stood.
  if (focus && (document.activeElement === document.body || !document.activeElement)) view?.element.querySelector<HTMLElement>(focus)?.focus();
}

function drawOnceClosed(id: string): void {
  if (now().document !== id) return;
  if (openForm()) setTimeout(() => drawOnceClosed(id), CLOSED_EVERY);
  else void draw();
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
  set({ ...CLOSED, feature: ref, tab: 'evidence' });
}

/** A described position opens the words that describe it. */
async function openPosition(id: string): Promise<void> {
  const [document = ''] = id.split('-');
  const anchor = await api
    .evidence(document)
    .then(({ mentions }) => mentions.find(({ position }) => position?.id !== undefined && `${document}-${position.id}` === id)?.id)
    .catch(() => undefined);
  set({ ...CLOSED, document, mention: anchor ?? null });
}

async function showFeature(ref: FeatureRef, mine: number): Promise<void> {
  if (ref.layer === 'events') return set({ ...CLOSED, event: ref.id });
  if (ref.layer === 'positions') return openPosition(ref.id);
  let properties = features.find(ref.layer, ref.id)?.getProperties();
  let missing = false;
  if (!properties) {
    try {
      const asked = ref.layer === 'security_gap' ? await api.corridorLine(ref.id) : await api.item(ref.layer, ref.id, { worldview: now().worldview });
      properties = asked.properties ?? {};
    } catch (error) {
      missing = error instanceof api.Refused;
      if (!missing) report(error, () => void draw());
    }
  }
  if (mine !== turn) return;
  takeDown();
  show(jsx(PlaceCard, { key: `${ref.layer}/${ref.id}`, feature: ref, properties: properties ?? {}, missing, onBack: back }));
}
