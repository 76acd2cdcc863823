/** The legend: each line is a sample drawn by the same function as the map; the style determines the lines. */

import Feature from 'ol/Feature';
import LineString from 'ol/geom/LineString';
import Point from 'ol/geom/Point';
import Polygon from 'ol/geom/Polygon';
import { toContext } from 'ol/render';
import type { Text } from 'ol/style';
import { catalogue, entry, isShown, opacity } from './catalogue';
import { sides } from './compare-map';
import { onOtherSamples, otherSampleOf } from './compare-views';
import { fill, h } from './dom';
import { t, word } from './language';
import type { LegendSample } from './model';
import { drawOf, onPainted } from './painter';
import { now, watch } from './store';
import { sheet } from './style';
import { onWorldviews } from './worldviews';

const WIDTH = 34;
const HEIGHT = 20;
/** The zoom that samples are drawn for: where districts are distinguishable. */
const ZOOM = 7;
/** Metres that a pixel has at zoom 0. */
const EQUATOR = 156543.03392804097;

/** Draws one sample on a new canvas of 34 × 20 pixels of the page. */
export function swatch(sample: LegendSample, ratio = window.devicePixelRatio || 1): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.className = 'swatch';
  canvas.setAttribute('aria-hidden', 'true');
  const context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  const drawer = toContext(context, { size: [WIDTH, HEIGHT], pixelRatio: ratio });
  const { layer, properties } = sample;
  const feature = new Feature({ geometry: shape(sample.shape), layer, 'mvt:layer': layer, ...properties });
  for (const zoom of zoomsOf(layer)) {
    for (const style of drawOf(layer)?.(feature, EQUATOR / 2 ** zoom) ?? []) {
      // The label is beside the sample.
      style.setText(undefined as unknown as Text);
      const [dx, dy] = style.getImage()?.getDisplacement() ?? [0, 0];
      // A symbol that the map offsets from its point is centred here.
      drawer.drawFeature(dx || dy ? new Feature(new Point([WIDTH / 2 - (dx ?? 0), HEIGHT / 2 + (dy ?? 0)])) : feature, style);
    }
    if (context.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0)) break;
  }
  return canvas;
}

/** The zooms at which a sample is tried, until something of it is seen: some layers draw only further in, others only further out. */
function zoomsOf(layer: string): number[] {
  const from = entry(layer)?.from;
  return from !== undefined && from > ZOOM ? [from + 0.5] : [ZOOM, 5, 9];
}

function shape(kind: LegendSample['shape']): Point | LineString | Polygon {
  if (kind === 'point') return new Point([WIDTH / 2, HEIGHT / 2]);
  if (kind === 'line') return new LineString([[2, 14], [12, 7], [22, 12], [32, 6]]);
  return new Polygon([[[2, 3], [32, 3], [32, 17], [2, 17], [2, 3]]]);
}

const samples = (): LegendSample[] => sheet()?.document.metadata['mahwar:legend'] ?? [];

/** The title of a sample: the id of a party at its end is replaced by the party's name. */
function titleOf({ title, properties }: LegendSample): string {
  const party = Object.values(properties ?? {}).find((value) => typeof value === 'string' && title.endsWith(`: ${value}`) && word(`party_${value}`, ''));
  return party === undefined ? title : `${title.slice(0, -String(party).length)}${word(`party_${String(party)}`, '')}`;
}

/** Rows of the layers that are drawn now, top layer first. */
export const legendRows = (): LegendSample[] =>
  samples().map((sample) => ({ ...sample, title: titleOf(sample) })).filter(({ layer }) => {
    const known = entry(layer);
    return known && isShown(layer) && opacity(layer) > 0 && (known.from === undefined || (now().view?.zoom ?? 6) >= known.from);
  }).flatMap(rowsOf);

/** The rows of a sample: one, or one for each side of the line where two worldviews draw its layer otherwise. */
function rowsOf(row: LegendSample): LegendSample[] {
  const other = otherSampleOf(row);
  const both = sides();
  if (!other || !both) return [row];
  const of = (sample: LegendSample, view: string): LegendSample => ({ ...sample, title: `${titleOf(sample)} · ${view}` });
  return [of(row, both[0]), of(other, both[1])];
}

/** The sample of one layer, for its switch. */
export const swatchOf = (layer: string): HTMLElement => {
  const sample = samples().find((other) => other.layer === layer);
  return h('span', { class: 'swatches' }, sample ? swatch(sample) : null);
};

/** The legend as a card on the map, following the shown layers. */
export function legendCard(open: boolean): HTMLElement {
  const list = h('ul', {});
  const note = h('p', { class: 'sub', 'data-note': 'counts' });
  const card = h('details', { class: 'legend', open }, h('summary', {}, t('legend')), list, note);
  const draw = (): void => {
    card.querySelector('summary')?.replaceChildren(t('legend'));
    const rows = legendRows();
    note.textContent = t('legendCounts');
    note.hidden = !isShown('mention_places');
    fill(
      list,
      ...rows.map((row) => {
        const picture = swatch(row);
        picture.style.opacity = String(opacity(row.layer));
        return h('li', { 'data-layer': row.layer }, picture, h('span', {}, row.title));
      }),
    );
  };
  let zone = '';
  watch(['layers', 'language', 'view'], (state, changed) => {
    const next = catalogue().filter(({ from }) => from !== undefined && (state.view?.zoom ?? 6) < from).length;
    if (changed.size === 1 && changed.has('view') && String(next) === zone) return;
    zone = String(next);
    draw();
  });
  onPainted(draw);
  onOtherSamples(draw);
  onWorldviews(draw);
  watch(['compare', 'worldview'], draw);
  draw();
  return card;
}
