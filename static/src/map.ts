/** The map: its layers in the catalogue's order, the view, and what follows the state. */

import 'ol/ol.css';
import type { FeatureLike } from 'ol/Feature';
import OlMap from 'ol/Map';
import View from 'ol/View';
import { defaults as defaultControls } from 'ol/control/defaults';
import { boundingExtent, isEmpty } from 'ol/extent';
import MVT from 'ol/format/MVT';
import { defaults as defaultInteractions } from 'ol/interaction/defaults';
import MouseWheelZoom from 'ol/interaction/MouseWheelZoom';
import DragPan from 'ol/interaction/DragPan';
import { platformModifierKeyOnly } from 'ol/events/condition';
import BaseLayer from 'ol/layer/Base';
import VectorLayer from 'ol/layer/Vector';
import VectorTileLayer from 'ol/layer/VectorTile';
import { fromLonLat, toLonLat, transformExtent } from 'ol/proj';
import VectorSource from 'ol/source/Vector';
import VectorTileSource from 'ol/source/VectorTile';
import { createXYZ } from 'ol/tilegrid';
import { CATALOGUE, collection, entry, isShown, opacity } from './catalogue';
import * as features from './features';
import { report } from './notice';
import { Unreachable } from './api';
import { now, set, watch } from './store';
import { colours, DRAW, ground, measured, selected, unitLabels, type View as Drawing } from './style';

/** Tile layers that come in one request, and those asked for only when shown. */
const BASE = ['countries', 'lakes', 'rivers', 'governorates', 'districts'];
const EXTRA = ['subdistricts', 'settlements_context'];

export const selection = new VectorSource();
export const measure = new VectorSource();

let map: OlMap;
let small: BaseLayer;
const layers = new Map<string, BaseLayer>();
const tiles = new Map<string, VectorTileSource>();

export const olMap = (): OlMap => map;
export const mapLayer = (id: string): BaseLayer | undefined => layers.get(id);

const still = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
export const duration = (): number => (still() ? 0 : 420);

export interface MapOptions {
  /** Inside another page: the page keeps its scroll, zooming needs Ctrl or two fingers. */
  embedded: boolean;
}

export function createMap(target: HTMLElement, { embedded }: MapOptions): OlMap {
  map = new OlMap({
    target,
    controls: defaultControls({ zoom: false, rotate: false, attribution: false }),
    interactions: embedded
      ? defaultInteractions({ mouseWheelZoom: false, dragPan: false, altShiftDragRotate: false, pinchRotate: false }).extend([
          new MouseWheelZoom({ condition: platformModifierKeyOnly }),
          new DragPan({ condition: (event) => event.activePointers?.length === 2 || (event.originalEvent as PointerEvent).pointerType !== 'touch' }),
        ])
      : defaultInteractions({ altShiftDragRotate: false, pinchRotate: false }),
    view: new View({ center: fromLonLat([44, 34]), zoom: 6, minZoom: 4, maxZoom: 16, constrainResolution: false, enableRotation: false, smoothExtentConstraint: false }),
    moveTolerance: 4,
  });
  small = hamlets();
  // The ring around what is selected stands under the evidence, so that it hides no name of it.
  const drawn = CATALOGUE.map((known) => layerOf(known.id));
  const evidence = CATALOGUE.findIndex((known) => known.id === 'places');
  map.getLayers().extend([groundLayer(), small, ...drawn.slice(0, evidence), overlay(selection, selected), ...drawn.slice(evidence), overlay(measure, measured)]);
  applyVisibility();
  watch(['layers'], applyVisibility);
  watch(['worldview'], () => {
    for (const [id, source] of tiles) source.setUrl(tileUrl(id));
  });
  watch(['language', 'theme', 'feature'], redraw);
  features.onLoaded((layer) => layer === 'disputed_areas' && layers.get('districts')?.changed());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  map.on('moveend', rememberView);
  map.on('change:size', stayHome);
  for (const kind of ['pointerdown', 'wheel', 'keydown']) target.addEventListener(kind, leaveHome, { passive: true });
  return map;
}

/** The names of tile sets are the layers in them. */
const tileUrl = (set_: string): string => {
  const { worldview } = now();
  return `xyz/${set_}/{z}/{x}/{y}.mvt${worldview === 'neutral' ? '' : `?worldview=${encodeURIComponent(worldview)}`}`;
};

function tileSource(id: string): VectorTileSource {
  const name = BASE.includes(id) ? BASE.join(',') : id;
  let source = tiles.get(name);
  if (!source) {
    source = new VectorTileSource({ format: new MVT(), tileGrid: createXYZ({ tileSize: 512, maxZoom: 13 }), url: tileUrl(name), transition: 0 });
    source.on('tileloaderror', () => report(new Unreachable('tile'), refreshTiles));
    tiles.set(name, source);
  }
  return source;
}

/** Asks for all tiles again; those on the screen stay until the new ones are there. */
export function refreshTiles(): void {
  for (const source of tiles.values()) source.refresh();
}

/** Styles are made for a zoom and a density of pixels, which the renderer gives as a resolution. */
const drawing = (resolution: number): Drawing => ({
  zoom: map.getView().getZoomForResolution(resolution) ?? 6,
  resolution,
  ratio: window.devicePixelRatio || 1,
});

function groundLayer(): BaseLayer {
  const style = (feature: FeatureLike, resolution: number) =>
    ground[String(feature.get('layer'))]?.(feature, drawing(resolution), colours());
  const layer = new VectorTileLayer({ source: tileSource('governorates'), style, renderBuffer: 32 });
  layer.set('id', 'ground');
  return layer;
}

function layerOf(id: string): BaseLayer {
  const known = entry(id);
  const draw = DRAW[id];
  const from = known?.from;
  const inRange = (feature: FeatureLike, resolution: number) => {
    const view = drawing(resolution);
    if (!draw || (from !== undefined && view.zoom < from) || feature.get('hidden') === true) return undefined;
    return draw(feature, view, colours());
  };
  const layer =
    known?.source === 'tiles'
      ? new VectorTileLayer({
          source: EXTRA.includes(id) ? undefined : tileSource(id),
          style: (feature, resolution) => {
            const part = String(feature.get('layer'));
            if (part === id) return inRange(feature, resolution);
            return part === `${id}_labels` ? unitLabels[part]?.(feature, drawing(resolution), colours()) : undefined;
          },
          declutter: 'names',
          renderBuffer: 64,
        })
      : new VectorLayer({
          source: features.sources.get(id),
          style: inRange,
          declutter: 'names',
          renderBuffer: 96,
          updateWhileAnimating: id !== 'places',
          ...(id === 'places' && { renderOrder: byWeight }),
        });
  layer.set('id', id);
  layers.set(id, layer);
  return layer;
}

/** Larger places get their name first. */
const byWeight = (a: FeatureLike, b: FeatureLike): number =>
  Number(b.get('rank') ?? 0) - Number(a.get('rank') ?? 0) || Number(b.get('population') ?? 0) - Number(a.get('population') ?? 0);

/** Small settlements: too many to load at once, wanted only close by. */
function hamlets(): BaseLayer {
  const style = (feature: FeatureLike, resolution: number) =>
    Number(feature.get('rank') ?? 0) < features.LEAST_RANK && feature.get('level') === 'settlement' ? DRAW.places?.(feature, drawing(resolution), colours()) : undefined;
  const layer = new VectorTileLayer({ source: tileSource('places'), style, minZoom: 9, declutter: 'names', renderBuffer: 64, renderOrder: byWeight });
  layer.set('id', 'places');
  return layer;
}

function overlay(source: VectorSource, draw: (feature: FeatureLike, c: ReturnType<typeof colours>) => ReturnType<typeof selected> | ReturnType<typeof measured>): BaseLayer {
  return new VectorLayer({ source, style: (feature) => draw(feature, colours()), updateWhileAnimating: true, updateWhileInteracting: true });
}

export function applyVisibility(): void {
  for (const [id, layer] of layers) {
    const shown = isShown(id);
    layer.setVisible(shown);
    if (id === 'places') small.setVisible(shown);
    layer.setOpacity(opacity(id));
    // A tile set that nobody looks at is not asked for.
    if (shown && EXTRA.includes(id) && layer instanceof VectorTileLayer && !layer.getSource()) layer.setSource(tileSource(id));
  }
}

/** Draws every layer anew: the language, the theme or what is selected changed. */
export function redraw(): void {
  for (const layer of map.getLayers().getArray()) layer.changed();
}

function rememberView(): void {
  const view = map.getView();
  const [lon, lat] = toLonLat(view.getCenter() ?? [0, 0]) as [number, number];
  set({ view: { lon: Number(lon.toFixed(4)), lat: Number(lat.toFixed(4)), zoom: Number((view.getZoom() ?? 6).toFixed(2)) } });
}

/** What the map shows, in degrees: west, south, east, north. */
export function bounds(): [number, number, number, number] {
  return transformExtent(map.getView().calculateExtent(map.getSize()), 'EPSG:3857', 'EPSG:4326').map((value) => Number(value.toFixed(5))) as [number, number, number, number];
}

/** The first view: the one in the address, or the disputed areas. */
export function startView(): void {
  const { view } = now();
  if (view) {
    map.getView().setCenter(fromLonLat([view.lon, view.lat]));
    map.getView().setZoom(view.zoom);
  } else home(0);
}

/** While nobody has moved the map, it keeps to its first view when its size or its content changes. */
let atHome = false;

export function stayHome(): void {
  if (atHome) home(0);
}

function leaveHome(): void {
  atHome = false;
}

export function home(time = duration()): void {
  const extent = homeExtent();
  atHome = true;
  if (extent) map.getView().fit(extent, { padding: [36, 36, 36, 36], duration: time, maxZoom: 9 });
}

function homeExtent(): number[] | undefined {
  const loaded = features.sources.get('disputed_areas')?.getExtent();
  if (loaded && !isEmpty(loaded)) return loaded;
  const boxes = (collection('disputed_areas') ?? collection('governorates')) as { extent?: { spatial?: { bbox?: number[][] } } } | undefined;
  const box = boxes?.extent?.spatial?.bbox?.[0];
  return box ? transformExtent(box, 'EPSG:4326', 'EPSG:3857') : undefined;
}

export function zoomBy(steps: number): void {
  leaveHome();
  const view = map.getView();
  view.animate({ zoom: (view.getZoom() ?? 6) + steps, duration: duration() / 2 });
}

/** Brings a place into view, without zooming out of where the reader is. */
export function goTo(lonLat: readonly [number, number], zoom = 8.2): void {
  leaveHome();
  const view = map.getView();
  view.animate({ center: fromLonLat([...lonLat]), zoom: Math.max(view.getZoom() ?? 0, zoom), duration: duration() });
}

/** Makes sure that points are in view; moves no further than needed. */
export function reveal(points: readonly (readonly [number, number])[]): void {
  if (points.length === 0) return;
  if (points.length === 1) {
    const [west, south, east, north] = bounds();
    const [lon, lat] = points[0] as [number, number];
    const [dx, dy] = [(east - west) * 0.12, (north - south) * 0.12];
    if (lon > west + dx && lon < east - dx && lat > south + dy && lat < north - dy) return;
    leaveHome();
    return void map.getView().animate({ center: fromLonLat([lon, lat]), duration: duration() });
  }
  leaveHome();
  const extent = boundingExtent(points.map((point) => fromLonLat([...point])));
  map.getView().fit(extent, { padding: [70, 70, 70, 70], maxZoom: 9, duration: duration() });
}

export function showGeometry(extent: number[]): void {
  leaveHome();
  map.getView().fit(extent, { padding: [50, 50, 50, 50], maxZoom: 10.5, duration: duration() });
}
