/** Every feature of a layer as a table: the way to it for those who do not use the map. */

import * as api from './api';
import { collectionIds, title } from './catalogue';
import { fill, h, iconButton } from './dom';
import { FORMAT } from './features';
import { nameOf, number, t, word } from './language';
import { bounds, showGeometry } from './map';
import type { FeatureCollection } from './model';
import { now, set, watch } from './store';
import { shown } from './value';

const PAGE = 50;
const HIDDEN = new Set(['name', 'name:ar', 'name:ckb', 'name:en', 'same_as', 'by_day', 'mvt:layer', 'total', 'worldview']);

let dialog: HTMLDialogElement | undefined;
let layer = 'mention_places';
let offset = 0;
let inView = false;

export async function openTable(of: string): Promise<void> {
  layer = of;
  offset = 0;
  if (!dialog) {
    dialog = h('dialog', { class: 'table-dialog', 'aria-labelledby': 'table-title' });
    document.body.append(dialog);
    watch(['language'], () => dialog?.open && void draw());
  }
  if (!dialog.open) dialog.showModal();
  await draw();
}

async function draw(): Promise<void> {
  if (!dialog) return;
  const body = h('div', { class: 'table-scroll', tabindex: 0, role: 'group', 'aria-label': title(layer) }, h('p', { class: 'empty', 'aria-busy': 'true' }, t('loading')));
  const pager = h('footer', {});
  fill(dialog, header(), body, pager);
  try {
    const bbox = inView ? bounds().join(',') : undefined;
    const page = await api.items(layer, { limit: PAGE, offset: offset || undefined, bbox, worldview: now().worldview === 'neutral' ? undefined : now().worldview, lang: now().language });
    fill(body, page.features.length ? table(page) : h('p', { class: 'empty' }, t('emptyLayer')));
    fill(pager, ...pages(page.numberMatched ?? page.features.length));
  } catch {
    fill(body, h('p', { class: 'empty' }, t('noAnswer')), h('button', { type: 'button', class: 'button', onclick: () => void draw() }, t('retry')));
  }
}

function header(): HTMLElement {
  const choose = h('select', { 'aria-label': t('layer'), onchange: (event: Event) => void openTable((event.target as HTMLSelectElement).value) }, ...collectionIds().map((id) => h('option', { value: id, selected: id === layer }, title(id))));
  const view = h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: inView, onchange: (event: Event) => { inView = (event.target as HTMLInputElement).checked; offset = 0; void draw(); } }), t('onlyInView'));
  return h('header', {}, h('h2', { id: 'table-title' }, t('table')), choose, view, iconButton('close', t('close'), () => dialog?.close()));
}

function table(page: FeatureCollection): HTMLElement {
  const keys = [...new Set(page.features.flatMap((feature) => Object.keys(feature.properties ?? {})))].filter((key) => !HIDDEN.has(key));
  return h(
    'table',
    {},
    h('caption', { class: 'sr-only' }, title(layer)),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('name')), ...keys.map((key) => h('th', { scope: 'col' }, word(`field_${key}`, key))))),
    h('tbody', {}, ...page.features.map((feature) => {
      const properties = feature.properties ?? {};
      const name = nameOf(properties) || String(properties.title ?? properties.text ?? feature.id);
      return h('tr', {}, h('th', { scope: 'row' }, h('button', { type: 'button', class: 'link', onclick: () => show(feature) }, name)), ...keys.map((key) => h('td', {}, properties[key] === null || properties[key] === undefined ? '' : shown(key, properties[key], properties))));
    })),
  );
}

/** Closes the table and shows the feature on the map and in the panel. */
function show(feature: GeoJSON.Feature<GeoJSON.Geometry | null>): void {
  dialog?.close();
  if (layer === 'documents') return set({ document: String(feature.id), feature: null, mention: null, tab: 'evidence' });
  const geometry = feature.geometry && FORMAT.readGeometry(feature.geometry);
  if (geometry) showGeometry(geometry.getExtent());
  set({ feature: { layer, id: String(feature.id) }, document: null, mention: null, tab: 'evidence' });
}

function pages(total: number): Node[] {
  const go = (to: number) => (): void => {
    offset = to;
    void draw();
  };
  return [
    h('button', { type: 'button', class: 'button quiet', disabled: offset === 0, onclick: go(Math.max(0, offset - PAGE)) }, t('previous')),
    h('span', {}, t('rows', { from: total ? offset + 1 : 0, to: Math.min(offset + PAGE, total), total: number(total) })),
    h('button', { type: 'button', class: 'button quiet', disabled: offset + PAGE >= total, onclick: go(offset + PAGE) }, t('next')),
  ];
}
