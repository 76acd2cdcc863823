/** Taking it away: downloads, addresses for other programs, an embed, a picture, a link to this view. */

import { absolute, address, landing, type Parameters } from './api';
import { catalogue, collection, collectionIds, isShown, title } from './catalogue';
import { fill, h, icon } from './dom';
import { embedBuilder } from './embed-builder';
import { number, t } from './language';
import { bounds } from './map';
import type { Link } from './model';
import { announce } from './notice';
import { written } from './permalink';
import { mounted } from './desk/parts';
import { Pictures } from './desk/pictures';
import { isMadeHere, saveShown, shownFeatures } from './desk/take-away';
import { feedOf } from './filter/feed';
import { isActive, within } from './filter/filter';
import { selection$ } from './filter/selection';
import { onCounted } from './features';
import { now, watch } from './store';

let onlyVisible = true;

export function sharePanel(): HTMLElement {
  const panel = h('div', { class: 'panel-body scroll share', tabindex: 0, role: 'group' });
  const draw = (): void => {
    if (now().tab !== 'share') return;
    void askLanding().then((news) => news && draw()).catch(() => undefined);
    panel.setAttribute('aria-label', t('tab_share'));
    const top = panel.scrollTop;
    fill(
      panel,
      h('h2', {}, t('tab_share')),
      h('div', { class: 'actions' },
        h('button', { type: 'button', class: 'button', onclick: (event: Event) => void copy(viewLink(), event) }, icon('copy'), t('copyLink'))),
      mounted(Pictures, 'pictures-place'),
      h('h3', {}, t('downloads')),
      h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: onlyVisible, onchange: (event: Event) => { onlyVisible = (event.target as HTMLInputElement).checked; draw(); } }), t('onlyVisible')),
      now().time ? h('p', { class: 'sub' }, t('undatedInFiles')) : null,
      downloads(),
      h('h3', {}, t('addresses')),
      addresses(),
      embedBuilder(copy),
    );
    panel.scrollTop = top;
  };
  let timer = 0;
  const later = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      // Someone who is using a control here keeps it.
      if (!panel.contains(document.activeElement)) draw();
      else refreshLinks(panel);
    }, 250);
  };
  watch(['language', 'tab'], draw);
  watch(['layers', 'worldview', 'time', 'view', 'filter'], later);
  // Which files the page makes itself depends on the filter, and their rows on the counts.
  let made: unknown[] = [];
  const recount = (): void => {
    const { filter, time, tab } = now();
    const next = [isActive(filter), time?.join(), selection$.peek()];
    if (tab !== 'share' || next.every((value, at) => value === made[at])) return;
    if (panel.contains(document.activeElement)) return later();
    made = next;
    draw();
  };
  onCounted(recount);
  selection$.subscribe(recount);
  draw();
  return panel;
}

/** This view as an address whose server sees it too, so that a messenger can ask for its picture. */
const viewLink = (): string => `${absolute('')}?${written({ ...now(), tab: 'evidence' })}`;

/** The layers whose features have a day; only these follow the period. What has no day is in no period. */
const DATED = new Set(['mentions', 'claims', 'positions', 'documents']);

/** Layers of evidence: the tables that reporters look for, first in the list and offered even if they are not drawn. */
const ALWAYS: readonly string[] = ['mentions', 'claims', 'events', 'documents', 'positions', 'mention_places'];

/** The shown features of a layer, as the parameters of a download. A chosen time hides features without a date. */
export function filters(layer: string): Parameters {
  const { worldview, time, language } = now();
  return {
    bbox: onlyVisible && layer !== 'documents' ? bounds().join(',') : undefined,
    filter: onlyVisible && time && DATED.has(layer) ? within('published', time) : undefined,
    worldview: worldview === 'neutral' ? undefined : worldview,
    lang: language,
  };
}

const isQlr = (link: Link): boolean => /qgis/.test(link.type ?? '') || /\.qlr(\?|$)/.test(link.href);

/** Only the part after the last `/downloads/`, so that the address stays relative to this page. */
const local = (href: string): string => href.replace(/^.*?\/((?:downloads|qgis)\/.*)$/, '$1').replace(/\?.*$/, '');

const extension = (href: string): string => local(href).replace(/^[^.]*\./, '');

/** Formats of a layer as the server advertises them. */
export function formats(id: string): { name: string; href: string }[] {
  const links = (collection(id)?.links ?? []).filter((link) => link.rel === 'enclosure' || isQlr(link));
  return links.map((link) => ({ name: extension(link.href), href: local(link.href) }));
}

function downloads(): HTMLElement {
  const order = new Map([...catalogue()].reverse().map((entry, index) => [entry.id, index]));
  const rank = (id: string): number => (ALWAYS.includes(id) ? ALWAYS.indexOf(id) - ALWAYS.length : (order.get(id) ?? 99));
  const ids = collectionIds().filter((id) => !onlyVisible || isShown(id) || ALWAYS.includes(id)).sort((a, b) => rank(a) - rank(b));
  return h('ul', { class: 'downloads' }, ...ids.map((id) => (onlyVisible && isMadeHere(id) ? madeHere(id) : ofServer(id))));
}

/** Formats that most people look for; the others are a touch away. */
const OFTEN = new Set(['csv', 'geojson', 'gpkg', 'xlsx', 'kml']);

function ofServer(id: string): HTMLElement {
  const count = onlyVisible ? undefined : collection(id)?.count;
  const offered = formats(id);
  const often = offered.filter(({ name }) => OFTEN.has(name));
  const rest = offered.filter(({ name }) => !OFTEN.has(name));
  const link = ({ name, href }: { name: string; href: string }): HTMLElement =>
    h('a', { class: 'format', 'data-layer': id, 'data-href': href, href: filtered(href, id), download: '', 'aria-label': `${title(id)}: ${name}` }, name.toUpperCase());
  return h('li', { 'data-layer': id },
    h('span', { class: 'layer-title' }, title(id), count === undefined ? null : h('small', {}, number(count))),
    h('span', { class: 'formats' }, ...often.map(link)),
    rest.length ? h('details', { class: 'other-formats' }, h('summary', {}, t('otherFormats')), h('span', { class: 'formats' }, ...rest.map(link))) : null);
}

/** The server's file would hold something else: it counts all time, or knows nothing of the filter. */
function madeHere(id: string): HTMLElement {
  return h('li', { 'data-layer': id, class: 'made-here' },
    h('span', { class: 'layer-title' }, title(id), h('small', {}, number(shownFeatures(id).length))),
    h('span', { class: 'formats' }, ...(['csv', 'geojson'] as const).map((format) =>
      h('button', { type: 'button', class: 'format', 'aria-label': `${title(id)}: ${format}`, onclick: () => saveShown(id, format) }, format))),
    h('small', { class: 'sub' }, t('madeHere')));
}

/** A layer file for QGIS holds the layer's address, not its features. */
const filtered = (href: string, layer: string): string => (href.endsWith('.qlr') ? href : address(href, filters(layer)));

function refreshLinks(panel: HTMLElement): void {
  for (const link of panel.querySelectorAll<HTMLAnchorElement>('a.format')) {
    if (link.dataset.href && link.dataset.layer) link.href = filtered(link.dataset.href, link.dataset.layer);
  }
}

/** Addresses beyond the features and tiles, where the landing page advertises them. */
let advertised: string[] = [];

async function askLanding(): Promise<boolean> {
  if (advertised.length) return false;
  const { links } = await landing();
  advertised = links.map((link) => new URL(link.href, location.href).pathname.replace(/\/$/, ''));
  return true;
}

const has = (path: string): boolean => advertised.some((known) => known.endsWith(`/${path}`));

function addresses(): HTMLElement {
  const shown = catalogue().filter((entry) => isShown(entry.id) && collection(entry.id)).map((entry) => entry.id).join(',');
  const rows: [string, string][] = [
    ['OGC API – Features', absolute('./')],
    ['TileJSON', absolute(`xyz/${shown}.json`)],
    ['XYZ (MVT)', absolute(`xyz/${shown}/{z}/{x}/{y}.mvt`)],
    [t('feed'), feedOf(now().filter, now().time).href],
    ['OpenAPI', absolute('api')],
    ['Nominatim', absolute('search')],
  ];
  const more: [string, string][] = [[t('mapStyle'), 'styles'], ['WMTS', 'wmts'], ['OpenRefine', 'reconcile']];
  rows.push(...more.filter(([, path]) => has(path)).map(([name, path]): [string, string] => [name, absolute(path)]));
  return h('ul', { class: 'addresses' }, ...rows.map(([name, url]) =>
    h('li', {}, h('span', {}, name), h('input', { type: 'text', readonly: true, value: url, dir: 'ltr', 'aria-label': name, onfocus: (event: Event) => (event.target as HTMLInputElement).select() }),
      h('button', { type: 'button', class: 'icon-button', 'aria-label': `${t('copy')}: ${name}`, title: t('copy'), onclick: (event: Event) => void copy(url, event) }, icon('copy')))));
}

/** Copies a text; where the browser does not allow it, selects it in a box instead. */
async function copy(text: string, event: Event): Promise<void> {
  const button = event.currentTarget as HTMLElement;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = h('textarea', { class: 'sr-only' });
    box.value = text;
    button.after(box);
    box.select();
    document.execCommand('copy');
    box.remove();
  }
  button.classList.add('done');
  setTimeout(() => button.classList.remove('done'), 1600);
  announce(t('copied'));
}
