/** Taking it away: downloads, addresses for other programs, an embed, a picture, a link to this view. */

import { absolute, address, type Parameters } from './api';
import { CATALOGUE, collection, collectionIds, isShown, title } from './catalogue';
import { fill, h, icon } from './dom';
import { embedBuilder } from './embed-builder';
import { number, t } from './language';
import { bounds } from './map';
import type { Link } from './model';
import { announce } from './notice';
import { savePicture } from './picture';
import { now, watch } from './store';

let onlyVisible = true;

export function sharePanel(): HTMLElement {
  const panel = h('div', { class: 'panel-body scroll share', tabindex: 0, role: 'group' });
  const draw = (): void => {
    if (now().tab !== 'share') return;
    panel.setAttribute('aria-label', t('tab_share'));
    const top = panel.scrollTop;
    fill(
      panel,
      h('h2', {}, t('tab_share')),
      h('div', { class: 'actions' },
        h('button', { type: 'button', class: 'button', onclick: (event: Event) => void copy(location.href, event) }, icon('copy'), t('copyLink')),
        h('button', { type: 'button', class: 'button quiet', onclick: () => void savePicture() }, icon('picture'), t('savePicture')),
        h('button', { type: 'button', class: 'button quiet', onclick: () => window.print() }, icon('printer'), t('print'))),
      h('h3', {}, t('downloads')),
      h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: onlyVisible, onchange: (event: Event) => { onlyVisible = (event.target as HTMLInputElement).checked; draw(); } }), t('onlyVisible')),
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
  watch(['layers', 'worldview', 'time', 'view'], later);
  draw();
  return panel;
}

/** What is on the screen, as the parameters of a download. */
export function filters(): Parameters {
  const { worldview, time, language } = now();
  return {
    bbox: onlyVisible ? bounds().join(',') : undefined,
    datetime: onlyVisible && time ? time.join('/') : undefined,
    worldview: worldview === 'neutral' ? undefined : worldview,
    lang: language,
  };
}

const isQlr = (link: Link): boolean => /qgis/.test(link.type ?? '') || /\.qlr(\?|$)/.test(link.href);

/** Only the part behind the last `/downloads/`, so that the address stays relative to this page. */
const local = (href: string): string => href.replace(/^.*?\/((?:downloads|qgis)\/.*)$/, '$1').replace(/\?.*$/, '');

const extension = (href: string): string => local(href).replace(/^[^.]*\./, '');

/** Formats of a layer as the server advertises them. */
export function formats(id: string): { name: string; href: string }[] {
  const links = (collection(id)?.links ?? []).filter((link) => link.rel === 'enclosure' || isQlr(link));
  return links.map((link) => ({ name: extension(link.href), href: local(link.href) }));
}

function downloads(): HTMLElement {
  const order = new Map([...CATALOGUE].reverse().map((entry, index) => [entry.id, index]));
  const ids = collectionIds().filter((id) => !onlyVisible || isShown(id)).sort((a, b) => (order.get(a) ?? 99) - (order.get(b) ?? 99));
  return h('ul', { class: 'downloads' }, ...ids.map((id) =>
    h('li', { 'data-layer': id },
      h('span', { class: 'layer-title' }, title(id), h('small', {}, number(collection(id)?.count ?? 0))),
      h('span', { class: 'formats' }, ...formats(id).map(({ name, href }) =>
        h('a', { class: 'format', 'data-href': href, href: name === 'qlr' ? address(href, { worldview: filters().worldview }) : address(href, filters()), download: '', 'aria-label': `${title(id)}: ${name}` }, name))))));
}

function refreshLinks(panel: HTMLElement): void {
  for (const link of panel.querySelectorAll<HTMLAnchorElement>('a.format[data-href]')) {
    if (link.dataset.href && !link.dataset.href.endsWith('.qlr')) link.href = address(link.dataset.href, filters());
  }
}

function addresses(): HTMLElement {
  const shown = CATALOGUE.filter((entry) => isShown(entry.id) && collection(entry.id)).map((entry) => entry.id).join(',');
  const rows: [string, string][] = [
    ['OGC API – Features', absolute('./')],
    ['TileJSON', absolute(`xyz/${shown}.json`)],
    ['XYZ (MVT)', absolute(`xyz/${shown}/{z}/{x}/{y}.mvt`)],
    [t('mapStyle'), absolute('styles')],
    ['WMTS', absolute('wmts')],
    ['OpenAPI', absolute('api')],
    ['Nominatim', absolute('search')],
    ['OpenRefine', absolute('reconcile')],
  ];
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
