/** Drawing functions from the server's style: ol-mapbox-style parses it, and this page places names where they fit. */

import type { FeatureLike } from 'ol/Feature';
import type VectorLayer from 'ol/layer/Vector';
import type VectorTileLayer from 'ol/layer/VectorTile';
import { Circle, Style, Text } from 'ol/style';
import type ImageStyle from 'ol/style/Image';
import { stylefunction } from 'ol-mapbox-style';
import { along } from './along';
import { PRESSED_ONLY, rankOf } from './described-areas';
import * as features from './features';
import { NAME_HEIGHT, radius, sideOf, width } from './naming';
import { offset } from './placing';
import { now } from './store';
import { drawnBy, ground, sheet } from './style';

export type Draw = (feature: FeatureLike, resolution: number) => Style[] | undefined;
type Painted = VectorLayer | VectorTileLayer;

/** The style's own function for each layer of the map; the legend draws its samples with the same. */
const functions = new Map<string, Draw>();

export const drawOf = (id: string): Draw | undefined => functions.get(id);

const listeners: (() => void)[] = [];

/** Calls back when the pictures of a new style are loaded and everything was painted. */
export const onPainted = (listener: () => void): void => void listeners.push(listener);
export const painted = (): void => listeners.forEach((listener) => listener());

/** Styles a layer of the map; `ground` is the name of the layer under all others. */
export function paint(layer: Painted, id: string, keep: (feature: FeatureLike) => boolean = () => true): void {
  const style = sheet();
  if (!style) return;
  const below = ground(style.document);
  const parts = id === 'ground' ? below.filter((part) => part.type !== 'background' && part.source !== 'basemap') : style.document.layers.filter((part) => drawnBy(part) === id && !below.includes(part));
  if (parts.length === 0) return;
  const ids = parts.map((part) => part.id);
  // Fonts are the page's own: nothing is to be loaded for them.
  const draw = stylefunction(layer, style.document, ids, undefined, style.sprite.index, style.sprite.url, (fonts: string[]) => fonts) as Draw;
  functions.set(id, draw);
  layer.setStyle((feature: FeatureLike, resolution: number) => {
    if (feature.get('hidden') === true || !keep(feature)) return undefined;
    const styles = draw(feature, resolution);
    return styles && adjusted(id, feature, resolution, styles);
  });
}

/** Styles a layer of tiles with all layers of the style for one source. */
export function paintSource(layer: VectorTileLayer, source: string): void {
  const style = sheet();
  const ids = style?.document.layers.filter((part) => part.source === source).map((part) => part.id) ?? [];
  if (!style || ids.length === 0) return;
  layer.setStyle(stylefunction(layer, style.document, ids, undefined, style.sprite.index, style.sprite.url, (fonts: string[]) => fonts) as Draw);
}

/** Corrects the styles of ol-mapbox-style for this map. */
function adjusted(id: string, feature: FeatureLike, resolution: number, styles: Style[]): Style[] | undefined {
  if (id === 'disputed_areas') return outlined(feature, styles);
  if (id === 'positions') return features.documentDrawn() || rankOf(feature) === 0 ? styles : [PRESSED_ONLY];
  if (id === 'rivers') return styles.filter((style) => !style.getText()?.getText() || along(feature, style));
  if (id !== 'mention_places') return styles;
  if (Number(feature.get('count')) === 0) return undefined;
  return styles.flatMap((style) => {
    if (partOf(style) === 'mention_places-names') return beside(feature, resolution, style) ?? [];
    const image = style.getImage();
    if (image instanceof Circle) style.setImage(obstacle(image));
    return style;
  });
}

const partOf = (style: Style): string | undefined => sheet()?.document.layers[style.getZIndex() ?? -1]?.id;

/** Areas are filled; their edges are features of their own, so that those of two neighbours are drawn once. */
const outlined = (feature: FeatureLike, styles: Style[]): Style[] =>
  feature.get('border') ? styles : styles.filter((style) => !style.getStroke() || style.getFill() !== null);

/** The view's zoom at a resolution. */
const zoomOf = (resolution: number): number => Math.log2(156543.03392804097 / resolution);

const obstacles = new WeakMap<ImageStyle, Circle>();

/** The same mark, which names of towns keep clear of: a place that is mentioned has its name from that. */
function obstacle(mark: Circle): Circle {
  let known = obstacles.get(mark);
  if (!known) {
    known = new Circle({ radius: mark.getRadius(), fill: mark.getFill() ?? undefined, stroke: mark.getStroke() ?? undefined, declutterMode: 'obstacle' });
    obstacles.set(mark, known);
  }
  return known;
}

/** The name on a free side of the mark; that of a selected feature is always shown. */
function beside(feature: FeatureLike, resolution: number, style: Style): Style | undefined {
  const text = style.getText();
  const name = String(text?.getText() ?? '');
  if (!text || !name) return undefined;
  const chosen = now().feature?.id === feature.getId();
  const side = sideOf(feature, resolution, zoomOf(resolution)) ?? (chosen ? 'below' : undefined);
  if (!side) return undefined;
  const count = Number(feature.get('count') ?? 1);
  const [x, y] = offset(side, { radius: radius(count, zoomOf(resolution)) + 1, width: width(name), height: NAME_HEIGHT });
  const placed = chosen ? new Text({ text: name, font: text.getFont(), fill: text.getFill() ?? undefined, stroke: text.getStroke() ?? undefined, overflow: true, declutterMode: 'none' }) : text;
  placed.setTextAlign('center');
  placed.setTextBaseline('middle');
  placed.setOffsetX(x);
  // The middle of the font's box is a little above the middle of Arabic words.
  placed.setOffsetY(y + 1);
  return placed === text ? style : new Style({ text: placed, zIndex: style.getZIndex() });
}
