/** The legend: each line is a sample drawn by the very function that draws the map. */

import Feature from 'ol/Feature';
import LineString from 'ol/geom/LineString';
import Point from 'ol/geom/Point';
import Polygon from 'ol/geom/Polygon';
import { toContext } from 'ol/render';
import { CATALOGUE, entry, isShown, opacity, title } from './catalogue';
import { fill, h } from './dom';
import { onLoaded, sources } from './features';
import { t } from './language';
import { palette, type Palette } from './palette';
import type { Word } from './words/en';
import { leftToStyle } from './server-style';
import { now, watch } from './store';
import { DRAW } from './style';

interface Sample {
  /** Its own words; the layer's title where absent. */
  word?: Word;
  shape: 'area' | 'line' | 'point';
  properties?: Record<string, unknown>;
}

const SAMPLES: Record<string, Sample[]> = {
  mention_places: [
    { word: 'legend_fine', shape: 'point', properties: { precision: 'settlement', count: 1 } },
    { word: 'legend_middle', shape: 'point', properties: { precision: 'district', count: 1 } },
    { word: 'legend_coarse', shape: 'point', properties: { precision: 'governorate', count: 1 } },
    { word: 'legend_unsure', shape: 'point', properties: { precision: 'settlement', count: 1, confidence: 0.3 } },
  ],
  mentions: [{ shape: 'point' }],
  claims: [{ shape: 'point' }],
  coordination_axes: [{ shape: 'area' }],
  security_gap: [{ shape: 'line' }],
  security_gap_posts: [{ shape: 'point', properties: { km: 50 } }],
  security_gap_area: [{ shape: 'area' }],
  region_line: [{ shape: 'line' }],
  disputed_areas: [{ shape: 'area', properties: { sample: true } }],
  governorates: [{ shape: 'line' }],
  districts: [{ shape: 'line' }],
  subdistricts: [{ shape: 'line' }],
  places: [{ shape: 'point' }],
  rivers: [{ shape: 'line' }],
  lakes: [{ shape: 'area' }],
  countries: [{ shape: 'line' }],
  settlements_context: [{ shape: 'point' }],
};

const WIDTH = 34;
const HEIGHT = 20;

/** Draws one sample on a new canvas of 34 × 20 pixels of the page. */
export function swatch(layer: string, sample: Sample, colours: Palette = palette(), ratio = window.devicePixelRatio || 1): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.className = 'swatch';
  canvas.setAttribute('aria-hidden', 'true');
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const drawer = toContext(context, { size: [WIDTH, HEIGHT], pixelRatio: ratio });
  const feature = new Feature({ geometry: shape(sample.shape), layer, class: classOf(layer), ...sample.properties });
  const styles = DRAW[layer]?.(feature, { zoom: 7, ratio, mute: true }, colours);
  for (const style of Array.isArray(styles) ? styles : styles ? [styles] : []) {
    const image = style.getImage();
    // A symbol that the map sets beside its point stands in the middle here.
    const at = image && layer === 'claims' ? new Point([WIDTH / 2, HEIGHT / 2 + 22]) : undefined;
    drawer.drawFeature(at ? new Feature(at) : feature, style);
  }
  return canvas;
}

/** How the worldview in force sees a layer: the class of what is drawn. */
const classOf = (layer: string): unknown => sources.get(layer)?.getFeatures().find((feature) => feature.get('class') !== undefined)?.get('class');

function shape(kind: Sample['shape']): Point | LineString | Polygon {
  if (kind === 'point') return new Point([WIDTH / 2, HEIGHT / 2]);
  if (kind === 'line') return new LineString([[2, 14], [12, 7], [22, 12], [32, 6]]);
  return new Polygon([[[2, 3], [32, 3], [32, 17], [2, 17], [2, 3]]]);
}

export interface LegendRow {
  layer: string;
  text: string;
  sample: Sample;
}

/** Rows of the layers that are drawn now, top layer first. */
export function legendRows(): LegendRow[] {
  return [...CATALOGUE].reverse().flatMap(({ id, from }) => {
    if (!isShown(id) || (now().style && leftToStyle(id)) || opacity(id) === 0 || (from !== undefined && (now().view?.zoom ?? 6) < from)) return [];
    return (SAMPLES[id] ?? []).map((sample) => ({ layer: id, sample, text: sample.word ? t(sample.word) : title(id) }));
  });
}

/** The samples of one layer, for its switch. */
export const swatchOf = (layer: string): HTMLElement =>
  h('span', { class: 'swatches' }, ...(SAMPLES[layer] ?? []).slice(0, layer === 'mention_places' ? 2 : 1).map((sample) => swatch(layer, sample)));

/** The legend as a card on the map, following what is shown. */
export function legendCard(open: boolean): HTMLElement {
  const list = h('ul', {});
  const card = h('details', { class: 'legend', open }, h('summary', {}, t('legend')), list);
  const draw = (): void => {
    card.querySelector('summary')?.replaceChildren(t('legend'));
    const rows = legendRows();
    fill(
      list,
      ...rows.map((row) => {
        const picture = swatch(row.layer, row.sample);
        picture.style.opacity = String(opacity(row.layer));
        return h('li', { 'data-layer': row.layer }, picture, h('span', {}, row.text));
      }),
    );
  };
  let zone = '';
  watch(['layers', 'language', 'theme', 'view', 'worldview', 'style'], (state, changed) => {
    const next = CATALOGUE.filter(({ from }) => from !== undefined && (state.view?.zoom ?? 6) < from).length;
    if (changed.size === 1 && changed.has('view') && String(next) === zone) return;
    zone = String(next);
    draw();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  onLoaded((layer) => ['disputed_areas', 'region_line'].includes(layer) && draw());
  draw();
  return card;
}

export const hasLegend = (id: string): boolean => entry(id) !== undefined;
