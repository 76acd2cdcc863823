/** The map divided by a line: this view on the left, another period or worldview on the right. */

import type RenderEvent from 'ol/render/Event';
import MVT from 'ol/format/MVT';
import VectorTileLayer from 'ol/layer/VectorTile';
import { getRenderPixel } from 'ol/render';
import VectorTileSource from 'ol/source/VectorTile';
import { createXYZ } from 'ol/tilegrid';
import { effect, signal } from '@preact/signals';
import { h } from './dom';
import { date, isolated, pick, t } from './language';
import { isShown, show } from './catalogue';
import { compareViews, dressViews, hideOwn, viewsKey } from './compare-views';
import { gatherMarks, mapLayer, olMap, showControlOn } from './map';
import { paint } from './painter';
import { onStyle } from './style';
import { now, state$, watch } from './store';
import { onWorldviews, worldviews } from './worldviews';

/** Share of the map's width at which it is divided. */
export const split$ = signal(0.5);

/** The holders on the second of two days, on the right of the line; those on the first keep to the left. */
let held: VectorTileLayer | null = null;

/** True if the layer of holders was switched on for the comparison, and is to be switched off after it. */
let wasSwitchedOn = false;

const clipLeft = (event: RenderEvent): void => clip(event, true);
const clipRight = (event: RenderEvent): void => clip(event, false);

function compareControl(days: readonly [string, string] | null): void {
  const own = mapLayer('control') as VectorTileLayer | undefined;
  const wasShown = held !== null;
  if (held) olMap().removeLayer(held);
  held = null;
  own?.un('prerender', clipLeft);
  own?.un('postrender', unclip);
  if (!days) {
    if (wasShown) showControlOn('');
    if (wasSwitchedOn && isShown('control')) show('control', false);
    wasSwitchedOn = false;
    return;
  }
  if (!isShown('control')) {
    wasSwitchedOn = true;
    show('control', true);
  }
  showControlOn(days[0]);
  own?.on('prerender', clipLeft);
  own?.on('postrender', unclip);
  const url = `xyz/control/{z}/{x}/{y}.mvt?datetime=${days[1]}`;
  held = new VectorTileLayer({
    source: new VectorTileSource({ format: new MVT(), tileGrid: createXYZ({ tileSize: 512, maxZoom: 13 }), url, transition: 0 }),
    zIndex: own?.getZIndex(),
  });
  held.set('id', 'control-compared');
  held.on('prerender', clipRight);
  held.on('postrender', unclip);
  const layers = olMap().getLayers();
  const at = own ? layers.getArray().indexOf(own) : -1;
  if (at >= 0) layers.insertAt(at + 1, held);
  else layers.push(held);
  paint(held, 'control');
}

function clip(event: RenderEvent, isLeft: boolean): void {
  const context = event.context as CanvasRenderingContext2D;
  const size = olMap().getSize();
  if (!size) return;
  const [width, height] = size as [number, number];
  const x = width * split$.peek();
  const [from, to] = isLeft ? [0, x] : [x, width];
  const corners = [[from, 0], [to, 0], [to, height], [from, height]].map((pixel) => getRenderPixel(event, pixel));
  context.save();
  context.beginPath();
  corners.forEach(([px = 0, py = 0], index) => (index ? context.lineTo(px, py) : context.moveTo(px, py)));
  context.closePath();
  context.clip();
}

const unclip = (event: RenderEvent): void => (event.context as CanvasRenderingContext2D).restore();

const period = (time: readonly [string, string] | null): string => (!time ? t('allTime') : time[0] === time[1] ? date(time[0]) : `${date(time[0])} – ${date(time[1])}`);

/** Names of the left and the right side of the line; null while nothing is compared. */
export function sides(): [left: string, right: string] | null {
  const { compare, time, worldview } = now();
  if (!compare) return null;
  if (compare.kind === 'control') return [date(compare.days[0]), date(compare.days[1])];
  if (compare.kind === 'time') return [period(time), period(compare.time)];
  const view = (id: string): string => pick(worldviews().find((known) => known.id === id)?.title) || id;
  return [view(worldview), view(compare.id)];
}

/** The comparison as a sentence, for paper and pictures; empty while nothing is compared. */
export function comparedWords(): string {
  const both = sides();
  return both ? t('comparedWith', { left: isolated(both[0]), right: isolated(both[1]) }) : '';
}

/** The time that a mark at a pixel is counted for. */
export function timeAt(x: number): readonly [string, string] | null {
  const { compare, time } = now();
  const width = olMap().getSize()?.[0] ?? 0;
  return compare?.kind === 'time' && x > width * split$.peek() ? compare.time : time;
}

/** Follows the state from now on. */
export function followComparison(stage: HTMLElement): void {
  const slider = h('input', { type: 'range', min: 2, max: 98, value: 50, oninput: (event: Event) => (split$.value = Number((event.target as HTMLInputElement).value) / 100) });
  const control = h('div', { class: 'swipe', hidden: true }, slider);
  const [left, right] = [h('span', { class: 'swipe-left' }), h('span', { class: 'swipe-right' })];
  const line = h('div', { class: 'swipe-line', hidden: true, 'aria-hidden': 'true' }, left, right);
  olMap().getTargetElement()?.append(line);
  stage.append(control);
  const label = (): void => {
    const both = sides();
    [left.textContent, right.textContent] = both ?? ['', ''];
    slider.setAttribute('aria-label', `${t('swipe')}. ${comparedWords()}`);
  };
  watch(['time', 'worldview'], label);
  onWorldviews(label);
  const draw = (): void => {
    const { compare } = now();
    control.hidden = line.hidden = compare === null;
    label();
    compareControl(compare?.kind === 'control' ? compare.days : null);
    compareViews(compare?.kind === 'worldview' ? compare.id : null, clipLeft, clipRight, unclip);
    gatherMarks();
  };
  watch(['compare', 'language', 'theme', 'style'], draw);
  let key = viewsKey();
  watch(['layers'], () => {
    const next = viewsKey();
    if (next !== key && now().compare?.kind === 'worldview') draw();
    else hideOwn();
    key = next;
  });
  onStyle(() => {
    if (held) paint(held, 'control');
    dressViews();
  });
  draw();
  effect(() => {
    line.style.left = `${split$.value * 100}%`;
    if (state$.peek().compare?.kind === 'time') gatherMarks();
    olMap().render();
  });
}

