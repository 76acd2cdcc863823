/** Another worldview on the right of the dividing line: copies of the layers that it may draw otherwise. All other layers, and all names, are those of the view itself on both sides. */

import MVT from 'ol/format/MVT';
import VectorLayer from 'ol/layer/Vector';
import VectorTileLayer from 'ol/layer/VectorTile';
import type RenderEvent from 'ol/render/Event';
import VectorSource from 'ol/source/Vector';
import VectorTileSource from 'ol/source/VectorTile';
import type { Style } from 'ol/style';
import { isShown, opacity } from './catalogue';
import * as features from './features';
import { keepOf, mapLayer, olMap } from './map';
import type { LegendSample } from './model';
import { report } from './notice';
import { paint, type Draw } from './painter';
import { loadedStyle } from './style';

/** Layers that a worldview may draw otherwise. */
export const BY_WORLDVIEW: readonly string[] = ['governorates', 'districts', 'subdistricts', 'disputed_areas', 'region_line', 'security_gap'];

type Clip = (event: RenderEvent) => void;
type Drawn = VectorLayer | VectorTileLayer;
/** Content of a layer made for the comparison: the features of its side, or the names of both. */
type Part = 'features' | 'names';

let made: { layer: Drawn; id: string; part: Part }[] = [];
/** The layers of the view itself, which are hidden meanwhile. */
let hidden: { layer: Drawn; id: string }[] = [];

let legend: readonly LegendSample[] = [];
const listeners: (() => void)[] = [];

/** Samples of the legend of the other worldview; empty while none is compared. */
export const otherSamples = (): readonly LegendSample[] => legend;
export const onOtherSamples = (listener: () => void): void => void listeners.push(listener);

function setLegend(samples: readonly LegendSample[]): void {
  legend = samples;
  for (const listener of listeners) listener();
}

/** Draws one part of the layer of the view. */
function dress({ layer, id, part }: (typeof made)[number]): void {
  paint(layer, id, keepOf(id));
  const draw = layer.getStyleFunction() as Draw | undefined;
  layer.setStyle((feature, resolution) => (draw?.(feature, resolution) ?? []).filter(part === 'names' ? onlyName : withoutName));
}

/** Removes the name from a style; false if nothing else is left. */
function withoutName(style: Style): boolean {
  style.setText(undefined as never);
  return style.getFill() !== null || style.getStroke() !== null || style.getImage() !== null;
}

/** False for a style without a name. */
const onlyName = (style: Style): boolean => Boolean(style.getText()?.getText());

/** A layer like one of the view, with its features or with those of another worldview. */
function copyOf(own: Drawn, id: string, part: Part, worldview: string | null): Drawn {
  const shared = { zIndex: own.getZIndex(), opacity: opacity(id), declutter: part === 'names' ? 'names' : false };
  if (own instanceof VectorTileLayer) {
    const source = own.getSource() ?? undefined;
    const query = worldview === null || worldview === 'neutral' ? '' : `?worldview=${encodeURIComponent(worldview)}`;
    const url = `xyz/${id}/{z}/{x}/{y}.mvt${query}`;
    const other = (): VectorTileSource => new VectorTileSource({ format: new MVT(), tileGrid: source?.getTileGrid() ?? undefined, url, transition: 0 });
    return new VectorTileLayer({ ...shared, source: worldview === null ? source : other(), minZoom: own.getMinZoom(), renderBuffer: 64 });
  }
  if (worldview === null) return new VectorLayer({ ...shared, source: own.getSource() ?? undefined, renderBuffer: 96 });
  const source = new VectorSource();
  void features
    .ofWorldview(id, worldview)
    .then((found) => source.addFeatures(found))
    .catch((error: unknown) => report(error));
  return new VectorLayer({ ...shared, source, renderBuffer: 96 });
}

let turn = 0;

/** Parts of the state of the layers that the copies depend on. */
export const viewsKey = (): string => BY_WORLDVIEW.map((id) => (isShown(id) ? opacity(id) : '')).join();

/** Compares with a worldview from now on; with null with none. */
export function compareViews(worldview: string | null, left: Clip, right: Clip, unclip: Clip): void {
  const mine = ++turn;
  for (const { layer } of made) olMap().removeLayer(layer);
  for (const { layer, id } of hidden) layer.setVisible(isShown(id));
  [made, hidden] = [[], []];
  if (worldview === null) return legend.length ? setLegend([]) : undefined;
  for (const id of BY_WORLDVIEW) {
    const own = mapLayer(id);
    if (!(own instanceof VectorLayer || own instanceof VectorTileLayer) || !isShown(id)) continue;
    const add = (part: Part, other: string | null, clip?: Clip): void => {
      const layer = copyOf(own, id, part, other);
      layer.set('id', id);
      if (clip) {
        layer.on('prerender', clip);
        layer.on('postrender', unclip);
      }
      const layers = olMap().getLayers();
      layers.insertAt(layers.getArray().indexOf(own) + 1, layer);
      const one = { layer, id, part };
      dress(one);
      made.push(one);
    };
    add('names', null);
    add('features', worldview, right);
    add('features', null, left);
    hidden.push({ layer: own, id });
  }
  hideOwn();
  // Tiles that other layers have loaded already are drawn without their names at first.
  olMap().once('rendercomplete', () => made.forEach(({ layer, part }) => part === 'names' && layer.changed()));
  void loadedStyle(worldview)
    .then(({ metadata }) => mine === turn && setLegend(metadata['mahwar:legend'] ?? []))
    .catch((error: unknown) => report(error));
}

/** Hides the layers that the comparison replaces. */
export const hideOwn = (): void => hidden.forEach(({ layer }) => layer.setVisible(false));

/** Styles the layers of the comparison again: another style is in force. */
export const dressViews = (): void => made.forEach(dress);

/** Layers of which the two sides have another sample, with the sample of the other side. */
export function otherSampleOf(sample: LegendSample): LegendSample | null {
  if (!BY_WORLDVIEW.includes(sample.layer)) return null;
  const other = legend.find(({ layer, title }) => layer === sample.layer && title === sample.title) ?? legend.find(({ layer }) => layer === sample.layer);
  return other && JSON.stringify(other.properties) !== JSON.stringify(sample.properties) ? other : null;
}
