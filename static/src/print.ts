/** On paper: exactly this view, on a landscape page, with period, conditions, sources, the day and the address. */

import { comparedWords } from './compare-map';
import { fill, h } from './dom';
import { conditionsOf } from './filter/words';
import { date, isolated, t } from './language';
import { olMap } from './map';
import { written } from './permalink';
import { now } from './store';

const details = h('div', { class: 'print-only' });

function describe(): void {
  const { time, filter } = now();
  const conditions = conditionsOf(filter).map((one) => one.text);
  const address = new URL(`./#${written({ ...now(), tab: 'evidence' })}`, location.href.replace(/[#?].*$/, '')).href;
  fill(
    details,
    h('p', {}, h('b', {}, document.title)),
    h('p', {}, `${t('period')}: ${time ? `${date(time[0])} – ${date(time[1])}` : t('allTime')}`, conditions.length ? ` · ${t('filter')}: ${conditions.map(isolated).join(' · ')}` : ''),
    comparedWords() ? h('p', { class: 'compared' }, comparedWords()) : null,
    h('p', {}, t('legendCounts'), ' ', t('printedAt', { day: date(new Date().toISOString().slice(0, 10)) })),
    h('p', { class: 'address' }, h('bdi', { dir: 'ltr' }, address)),
  );
}

let extent: number[] | null = null;
let opened: HTMLDetailsElement[] = [];

/** Lays the page out for the paper; the map keeps the visible part of the land. */
function layOut(): void {
  if (document.body.classList.contains('printing')) return;
  describe();
  const map = olMap();
  extent = map.getView().calculateExtent(map.getSize());
  opened = [...document.querySelectorAll<HTMLDetailsElement>('.imprint details:not([open]), .legend:not([open])')];
  for (const one of opened) one.open = true;
  document.body.classList.add('printing');
  map.updateSize();
  map.getView().fit(extent, { size: map.getSize() });
  map.renderSync();
}

function layBack(): void {
  document.body.classList.remove('printing');
  for (const one of opened) one.open = false;
  const map = olMap();
  map.updateSize();
  if (extent) map.getView().fit(extent, { size: map.getSize() });
}

/** Milliseconds that the paper waits for tiles of the map's edges. */
const PATIENCE = 6000;

/** Prints when the map has everything that the wider paper shows. */
export async function printView(): Promise<void> {
  const map = olMap();
  const drawn = new Promise<void>((resolve) => map.once('rendercomplete', () => resolve()));
  layOut();
  map.render();
  await Promise.race([drawn, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  window.print();
}

/** Prepares the page whenever it is printed. */
export function followPrinting(stage: HTMLElement): void {
  stage.append(details);
  addEventListener('beforeprint', layOut);
  addEventListener('afterprint', layBack);
}
