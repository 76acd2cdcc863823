/** The map divided by a line: this view on the left, another period or worldview on the right. */

import type RenderEvent from 'ol/render/Event';
import TileLayer from 'ol/layer/Tile';
import { getRenderPixel } from 'ol/render';
import XYZ from 'ol/source/XYZ';
import { effect, signal } from '@preact/signals';
import { h } from './dom';
import { t } from './language';
import { gatherMarks, olMap } from './map';
import { now, state$, watch } from './store';
import { isDark } from './theme';

/** Share of the map's width at which it is divided. */
export const split$ = signal(0.5);

let other: TileLayer<XYZ> | null = null;

function address(id: string): string {
  const { language, style } = now();
  return `maps/${style ?? (isDark() ? 'dark' : 'light')}/{z}/{x}/{y}.png?worldview=${encodeURIComponent(id)}&lang=${language}`;
}

function clip(event: RenderEvent): void {
  const context = event.context as CanvasRenderingContext2D;
  const size = olMap().getSize();
  if (!size) return;
  const [width, height] = size as [number, number];
  const x = width * split$.peek();
  const corners = [[x, 0], [width, 0], [width, height], [x, height]].map((pixel) => getRenderPixel(event, pixel));
  context.save();
  context.beginPath();
  corners.forEach(([px = 0, py = 0], index) => (index ? context.lineTo(px, py) : context.moveTo(px, py)));
  context.closePath();
  context.clip();
}

const unclip = (event: RenderEvent): void => (event.context as CanvasRenderingContext2D).restore();

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
  const line = h('div', { class: 'swipe-line', hidden: true, 'aria-hidden': 'true' });
  olMap().getTargetElement()?.append(line);
  stage.append(control);
  const draw = (): void => {
    const { compare } = now();
    control.hidden = line.hidden = compare === null;
    slider.setAttribute('aria-label', t('swipe'));
    if (other) olMap().removeLayer(other);
    other = null;
    if (compare?.kind === 'worldview') {
      other = new TileLayer({ source: new XYZ({ url: address(compare.id), tileSize: 256, transition: 0, maxZoom: 18 }) });
      other.set('id', 'compared');
      other.on('prerender', clip);
      other.on('postrender', unclip);
      olMap().addLayer(other);
    }
    gatherMarks();
  };
  watch(['compare', 'language', 'theme', 'style'], draw);
  draw();
  effect(() => {
    line.style.left = `${split$.value * 100}%`;
    if (state$.peek().compare?.kind === 'time') gatherMarks();
    olMap().render();
  });
}

