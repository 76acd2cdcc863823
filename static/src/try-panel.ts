/** A text of one's own: pasted, dropped or chosen as a file; the places in it at once, and stored if one signs in. */

import Feature from 'ol/Feature';
import Point from 'ol/geom/Point';
import { fromLonLat } from 'ol/proj';
import { effect } from '@preact/signals';
import { h as jsx, render } from 'preact';
import * as api from './api';
import { claimList } from './claims';
import { StoreForm, TableForm } from './desk/add-document';
import { ACCEPTED, FileForm, MOST_SENT, textOf } from './desk/file-form';
import { LocalNames } from './desk/local-names';
import { documentsOf, type NewDocument } from './desk/table-text';
import { draft, dropDraft, keepDraft } from './desk/unsaved';
import { fill, h, icon, save } from './dom';
import { dropped$ } from './drop';
import * as features from './features';
import { language, languageOf, t } from './language';
import { reveal, selection } from './map';
import { markedText } from './marked-text';
import { mentionCard } from './mention-card';
import type { Evidence, Parse } from './model';
import { announce, report } from './notice';
import { operator } from './operator';
import { CLOSED, now, set, watch } from './store';

/** Bytes of a file that is read in the page. */
const MOST = 16 << 20;

let text = '';
/** The page that the text was extracted from, which is stored with it. */
let html: string | null = null;
let guess: NewDocument = {};
let found: Evidence | null = null;
/** The rows of a table that was dropped. */
let rows: NewDocument[] | null = null;
/** The file that only the server reads. */
let sent: File | null = null;
/** Takes a file into the form as it is drawn now. */
let onFile: (file: File) => void = () => undefined;
/** True if the text is of a visit before this one. */
let isBack = false;

/** Takes up a text that a reload would have lost. */
function takeUpDraft(): void {
  const known = draft();
  if (!known || text) return;
  ({ text, html, description: guess } = known);
  isBack = true;
}

const keep = (): void => keepDraft({ text, html, description: guess });

export function tryPanel(): HTMLElement {
  takeUpDraft();
  const panel = h('div', { class: 'panel-body scroll try', tabindex: 0, role: 'group' });
  const draw = (): void => {
    panel.setAttribute('aria-label', t('tab_try'));
    const area = h('textarea', { rows: 6, dir: 'auto', placeholder: t('tryPlaceholder'), 'aria-label': t('tryLabel'), oninput: (event: Event) => {
      text = (event.target as HTMLTextAreaElement).value;
      [html, guess, rows, sent] = [null, {}, null, null];
      keep();
    } });
    area.value = text;
    const output = h('div', { class: 'try-result' });
    const run = h('button', { type: 'submit', class: 'button' }, icon('pin'), t('findPlaces'));
    const file = h('input', { type: 'file', class: 'sr-only', id: 'try-file', tabindex: -1, 'aria-hidden': 'true', accept: ACCEPTED, onchange: (event: Event) => {
      const chosen = (event.target as HTMLInputElement).files?.[0];
      if (chosen) void take(chosen, area, output);
    } });
    const choose = h('button', { type: 'button', class: 'button quiet', onclick: () => file.click() }, t('chooseFile'));
    const form = h('form', { onsubmit: (event: Event) => { event.preventDefault(); void find(output); } }, area, h('p', { class: 'sub' }, t('tryNote')), h('div', { class: 'actions' }, run, choose, file), h('p', { class: 'sub accepted-files' }, t('acceptedFiles')));
    onFile = (dropped) => void take(dropped, area, output);
    const back = h('p', { class: 'sub draft-back', role: 'status', hidden: !isBack }, t('draftBack'), ' ', h('button', { type: 'button', class: 'link', onclick: () => {
      [text, html, guess, found, isBack] = ['', null, {}, null, false];
      dropDraft();
      draw();
      panel.querySelector('textarea')?.focus();
    } }, t('discard')));
    const names = h('div', {});
    if (operator.local_names) render(jsx(LocalNames, {}), names);
    fill(panel, h('h2', {}, t('tab_try')), back, form, output, names);
    if (sent) showFile(output, sent);
    else if (rows) showTable(output, rows);
    else if (found) showResult(output, found);
  };
  watch(['language'], draw);
  watch(['tab'], () => {
    if (now().tab !== 'try') features.drawOnly(null);
    else if (found) showPlaces(found);
  });
  draw();
  effect(() => {
    const file = dropped$.value;
    if (!file) return;
    dropped$.value = null;
    onFile(file);
  });
  return panel;
}

/** Takes a file: a text, a page of the web, or a table of documents. */
async function take(file: File, area: HTMLTextAreaElement, output: HTMLElement): Promise<void> {
  const tooLarge = (most: number): void => fill(output, h('p', { class: 'wrong', role: 'alert' }, t('fileTooLarge', { most: most >> 20 })));
  if (file.size > MOST_SENT) return tooLarge(MOST_SENT);
  const content = await textOf(file);
  if (content === null) {
    [text, html, guess, rows, found, sent] = ['', null, {}, null, null, file];
    area.value = '';
    keep();
    return showFile(output, file);
  }
  if (file.size > MOST) return tooLarge(MOST);
  sent = null;
  const kind = file.name.split('.').at(-1)?.toLowerCase() ?? '';
  [html, guess, rows, found] = [null, {}, null, null];
  if (['csv', 'tsv'].includes(kind)) return takeTable(documentsOf(content), output);
  if (['ndjson', 'jsonl', 'json'].includes(kind)) return takeTable(linesOf(content), output);
  if (['html', 'htm'].includes(kind) || file.type === 'text/html') {
    // A document made by the parser runs nothing and loads nothing.
    const page = new DOMParser().parseFromString(content, 'text/html');
    for (const part of page.querySelectorAll('script, style, noscript, template')) part.remove();
    html = content;
    guess = { title: page.title.trim() || undefined };
    text = (page.body.innerText || page.body.textContent || '').replace(/\n{3,}/g, '\n\n').trim();
  } else text = content;
  area.value = text;
  keep();
  await find(output);
}

function linesOf(content: string): ReturnType<typeof documentsOf> {
  try {
    const whole = content.trim().startsWith('[') ? (JSON.parse(content) as unknown[]) : content.split('\n').filter((line) => line.trim()).map((line) => JSON.parse(line) as unknown);
    const documents = whole.filter((one): one is NewDocument => typeof one === 'object' && one !== null && ('text' in one || 'html' in one));
    return documents.length ? { documents } : { error: 'columns' };
  } catch {
    return { error: 'empty' };
  }
}

function takeTable(read: ReturnType<typeof documentsOf>, output: HTMLElement): void {
  if ('error' in read) return fill(output, h('p', { class: 'wrong', role: 'alert' }, t(read.error === 'columns' ? 'tableNoText' : 'tableEmpty')));
  rows = read.documents;
  showTable(output, rows);
}

/** A file that only the server reads, or the address of a page that it fetches. */
function showFile(output: HTMLElement, file: File | string): void {
  const place = h('div', {});
  fill(output, place);
  render(jsx(FileForm, { key: typeof file === 'string' ? file : `${file.name} ${file.lastModified}`, file }), place);
}

/** The address that is all of a text; null for any other text. */
function addressOf(typed: string): string | null {
  const address = typed.trim();
  return /^https?:\/\/\S+$/i.test(address) && URL.canParse(address) ? address : null;
}

function showTable(output: HTMLElement, documents: NewDocument[]): void {
  const place = h('div', {});
  fill(output, place);
  render(jsx(TableForm, { documents }), place);
}

async function find(output: HTMLElement): Promise<void> {
  if (!text.trim()) return fill(output, h('p', { class: 'empty' }, t('emptyText')));
  const address = addressOf(text);
  if (address) return showFile(output, address);
  output.setAttribute('aria-busy', 'true');
  try {
    found = asEvidence(await api.geoparse(text), text);
    showResult(output, found);
    announce(t('foundMentions', { count: found.mentions.length }));
    // On a phone the result is below the fold.
    output.scrollIntoView({ block: 'nearest' });
  } catch (error) {
    if (error instanceof api.Refused) fill(output, h('p', { class: 'empty' }, t('serverRefused'), ' ', h('bdi', { lang: 'en', dir: 'ltr' }, error.detail)));
    else report(error, () => void find(output));
  } finally {
    output.removeAttribute('aria-busy');
  }
}

/** The parse in the shape of a document, so that it is shown the same way. */
function asEvidence(parse: Parse, of: string): Evidence {
  const counts = { mentions: parse.mentions.length, drawn: 0, quantities: parse.quantities.length, attributions: parse.attributions.length, claims: parse.claims.length };
  const record = { id: '', title: '', language: languageOf(parse.language) ?? language(), source_url: null, publisher: null, published: null, bytes: 0, codepoints: 0, sha256: '', counts };
  return { ...parse, record, text: of };
}

const drawn = (evidence: Evidence) => evidence.mentions.flatMap(({ place, reading }) => (place && reading === 'literal' && !place.foreign ? [place] : []));

/** Only the places of this text are drawn, each with its name. */
function showPlaces(evidence: Evidence): void {
  const places = drawn(evidence);
  features.drawOnly(new Map());
  selection.clear(true);
  selection.addFeatures([...new Map(places.map((place) => [place.id, place])).values()].map((place) => new Feature({ geometry: new Point(fromLonLat(place.point)), names: place.name, tried: true })));
  reveal(places.map(({ point }) => point));
}

function showResult(output: HTMLElement, evidence: Evidence): void {
  showPlaces(evidence);
  const card = h('div', { class: 'card-place' });
  const onMention = (id: string): void => {
    const mention = evidence.mentions.find((other) => other.id === id);
    if (!mention) return;
    fill(card, mentionCard(evidence, mention, { onMention, onPlace: (place) => set({ ...CLOSED, tab: 'evidence', feature: { layer: 'places', id: place } }), onClose: () => fill(card) }));
    if (mention.place && !mention.place.foreign) reveal([mention.place.point]);
  };
  const storing = h('div', {});
  fill(
    output,
    h('p', { class: 'sub' }, t('foundSummary', { mentions: evidence.mentions.length, drawn: drawn(evidence).length, quantities: evidence.quantities.length, claims: evidence.claims.length })),
    card,
    markedText(evidence, { onMention }),
    evidence.claims.length ? claimList(evidence, { onMention, onShow: () => output.querySelector('.m-claim')?.scrollIntoView({ block: 'center' }) }) : null,
    h('button', { type: 'button', class: 'button quiet', onclick: () => void download(evidence.text) }, icon('download'), t('downloadGeojson')),
    storing,
  );
  const onDescribe = (description: NewDocument): void => {
    guess = description;
    keep();
  };
  const onStored = (): void => {
    isBack = false;
    dropDraft();
    output.parentElement?.querySelector('.draft-back')?.setAttribute('hidden', '');
  };
  render(jsx(StoreForm, { text: evidence.text, html, guess, onDescribe, onStored }), storing);
}

async function download(of: string): Promise<void> {
  try {
    save('mahwar-geoparse.geojson', new Blob([await api.geoparseFeatures(of)], { type: 'application/geo+json' }));
  } catch (error) {
    report(error, () => void download(of));
  }
}
