/** The map: its layers in the catalogue's order, the view, and its reactions to the state. */

import 'ol/ol.css';
import type Feature from 'ol/Feature';
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
import type BaseLayer from 'ol/layer/Base';
import TileLayer from 'ol/layer/Tile';
import VectorLayer from 'ol/layer/Vector';
import VectorTileLayer from 'ol/layer/VectorTile';
import Point from 'ol/geom/Point';
import { fromLonLat, toLonLat, transformExtent } from 'ol/proj';
import VectorSource from 'ol/source/Vector';
import VectorTileSource from 'ol/source/VectorTile';
import XYZ from 'ol/source/XYZ';
import type { Style } from 'ol/style';
import { createXYZ } from 'ol/tilegrid';
import { baseMapLayer, dressBaseMap } from './basemap';
import { catalogue, collection, entry, isShown, opacity, takeStyle } from './catalogue';
import { cluster, clustered } from './clusters';
import { events$, eventsMeant } from './desk/event-store';
import { effect } from '@preact/signals';
import { timeAt } from './compare-map';
import { forgetAreas, MOST_PRESSED, rankOf, WIDE_KM } from './described-areas';
import * as features from './features';
import { isActive } from './filter/filter';
import { selection$ } from './filter/selection';
import { radius } from './naming';
import { report } from './notice';
import { Unreachable } from './api';
import { now, set, watch } from './store';
import { area, measured, selected } from './marks';
import { paint, painted } from './painter';
import { colour, drawnBy, loadStyle, onStyle, sheet } from './style';

/** Tile layers that come in one request, and those asked for only when shown. */
const BASE = ['countries', 'seas', 'urban_areas', 'borders', 'lakes', 'rivers', 'governorates', 'districts'];
const EXTRA = ['subdistricts', 'settlements_context'];

/** Seas and borders are drawn around the land only: further out the map would show the edge of its data as a coast. */
const MIN_ZOOM = 5.5;

export const selection = new VectorSource();
export const measure = new VectorSource();
/** The area of the filter. */
export const areaShown = new VectorSource();

let map: OlMap;
let small: VectorTileLayer;
let under: VectorTileLayer;
let beneath: BaseLayer | undefined;
const layers = new Map<string, VectorLayer | VectorTileLayer | TileLayer>();
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
    view: new View({ center: fromLonLat([44, 34]), zoom: 6, minZoom: MIN_ZOOM, maxZoom: 16, constrainResolution: false, enableRotation: false, smoothExtentConstraint: false }),
    moveTolerance: 4,
  });
  small = hamlets();
  under = groundLayer();
  // The ring around the selected feature is below the evidence, so that it hides no name.
  takeSheet();
  const drawn = catalogue().map((known) => layerOf(known.id));
  const evidence = catalogue().findIndex((known) => known.id === 'places');
  beneath = baseMapLayer();
  if (beneath) map.getLayers().push(beneath);
  map.getLayers().extend([under, small, ...drawn.slice(0, evidence), overlay(areaShown, area), overlay(selection, selected), ...drawn.slice(evidence), overlay(measure, measured)]);
  dress();
  onStyle(() => {
    takeSheet();
    dress();
  });
  applyVisibility();
  watch(['layers'], applyVisibility);
  watch(['worldview'], () => {
    for (const [id, source] of tiles) source.setUrl(tileUrl(id));
  });
  watch(['feature'], redraw);
  features.onLoaded((layer) => layer === 'disputed_areas' && layers.get('districts')?.changed());
  features.onLoaded((layer) => layer === 'mention_places' && layers.get('disputed_areas')?.changed());
  features.onCounted(gatherMarks);
  features.onCounted(() => {
    forgetAreas();
    for (const id of ['positions', 'events']) layers.get(id)?.changed();
  });
  watch(['feature'], gatherMarks);
  effect(() => {
    void events$.value;
    layers.get('events')?.changed();
  });
  map.on('moveend', () => {
    const resolution = map.getView().getResolution() ?? 1;
    if (now().compare?.kind === 'time' || Math.abs(Math.log2(resolution / gathered)) >= 0.04) gatherMarks();
  });
  map.on('moveend', rememberView);
  map.on('change:size', stayHome);
  for (const kind of ['pointerdown', 'wheel', 'keydown']) target.addEventListener(kind, leaveHome, { passive: true });
  return map;
}

/** The day whose holders the layer `control` shows; today's when empty. */
let controlDay = '';

export const controlShownOn = (): string => controlDay;

/** Shows who held the disputed areas on a day. */
export function showControlOn(day: string): void {
  controlDay = day;
  tiles.get('control')?.setUrl(tileUrl('control'));
  // The style shows the lasting state; for another day the tiles show theirs.
  void loadStyle();
}

/** The resolution that the marks of the places were made for. */
let gathered = 0;

/** Clusters the marks of the places again: the counts changed, or the map shows another scale. */
export function gatherMarks(): void {
  if (!map) return;
  const view = map.getView();
  const zoom = view.getZoom() ?? 7;
  gathered = view.getResolution() ?? 1;
  cluster(gathered, (count) => radius(count, zoom) + 1, now().compare?.kind === 'time' ? countBySide : undefined);
  layers.get('governorates')?.changed();
}

/** True if the mark of a governorate that is mentioned lies where its own name would be. */
const isMarked = (name: string): boolean =>
  clustered.getFeatures().some((mark) => mark.get('level') === 'governorate' && !mark.get('members') && mark.get('name:ar') === name);

/** Of two periods that are compared, the one on whose side of the line a place is. */
function countBySide(place: Feature): number {
  const geometry = place.getGeometry();
  const pixel = geometry instanceof Point ? map.getPixelFromCoordinate(geometry.getCoordinates()) : null;
  const time = timeAt(pixel?.[0] ?? 0);
  return time === now().time ? Number(place.get('count')) : features.countIn(place, time);
}

/** The names of tile sets are the layers in them. */
const tileUrl = (set_: string): string => {
  const { worldview } = now();
  const query = new URLSearchParams();
  if (worldview !== 'neutral') query.set('worldview', worldview);
  if (set_ === 'control' && controlDay) query.set('datetime', controlDay);
  const asked = query.toString();
  return `xyz/${set_}/{z}/{x}/{y}.mvt${asked ? `?${asked}` : ''}`;
};

/** True if the style in force draws a layer: a land may not have each. */
const isStyled = (id: string): boolean => sheet()?.document.layers.some((layer) => layer['source-layer'] === id) ?? true;

function tileSource(id: string): VectorTileSource {
  const name = BASE.includes(id) ? BASE.filter(isStyled).join(',') : id;
  let source = tiles.get(name);
  if (!source) {
    const { minzoom = 0, maxzoom = 13 } = sheet()?.document.sources[`own-${id}`] ?? {};
    source = new VectorTileSource({ format: new MVT(), tileGrid: createXYZ({ tileSize: 512, minZoom: minzoom, maxZoom: maxzoom }), url: tileUrl(name), transition: 0 });
    source.on('tileloaderror', () => report(new Unreachable('tile'), refreshTiles));
    tiles.set(name, source);
  }
  return source;
}

/** Requests all tiles again; those on the screen stay until the new ones are loaded. */
export function refreshTiles(): void {
  for (const source of tiles.values()) source.refresh();
}

function takeSheet(): void {
  const style = sheet();
  if (!style) return;
  if (controlDay) for (const layer of style.document.layers) if (drawnBy(layer) === 'control') delete layer.filter;
  takeStyle(style.document);
}

/** Styles every layer by the style in force. */
function dress(): void {
  (map.getTargetElement() as HTMLElement).style.backgroundColor = colour('abroad');
  dressBaseMap(beneath);
  paint(under, 'ground');
  // At close zooms the small settlements come in tiles; the larger ones are loaded already.
  paint(small, 'places', (feature) => Number(feature.get('rank') ?? 0) < features.LEAST_RANK);
  for (const [id, layer] of layers) if (!(layer instanceof TileLayer)) paint(layer, id, keptIn[id]);
  void pictures().then(painted);
}

/** Whether a described position is drawn: it is meant, and its area is not wide and not drawn often enough. */
function isAreaDrawn(feature: FeatureLike): boolean {
  if (!isPositionMeant(feature)) return false;
  if (features.documentDrawn()) return true;
  return !(Number(feature.get('uncertainty_km')) > WIDE_KM) && rankOf(feature) < MOST_PRESSED;
}

/** Whether the period and the filter mean a described position. */
function isPositionMeant(feature: FeatureLike): boolean {
  const { time, filter } = now();
  const open = features.documentDrawn();
  if (open) return feature.get('document') === open;
  const id = String(feature.get('id'));
  if (isActive(filter)) return selection$.peek().positions.has(id);
  const published = String(feature.get('published') ?? '').slice(0, 10);
  return !time || (published >= time[0] && published <= time[1]);
}

/** Whether the period and the filter mean an event. */
function isEventMeant(feature: FeatureLike): boolean {
  const { time, filter } = now();
  if (isActive(filter)) return eventsMeant().has(String(feature.get('id')));
  return !time || (String(feature.get('to')) >= time[0] && String(feature.get('from')) <= time[1]);
}

/** Two layers name the same land: the one that says more has the word. */
const keptIn: Record<string, (feature: FeatureLike) => boolean> = {
  positions: isAreaDrawn,
  governorates: (feature) => feature.get('layer') !== 'governorates_labels' || !(isShown('mention_places') && isMarked(String(feature.get('name:ar')))),
  events: isEventMeant,
  districts: (feature) => feature.get('layer') !== 'districts_labels' || !(isShown('disputed_areas') && features.contested.has(String(feature.get('name:ar')))),
  disputed_areas: (feature) => feature.get('mvt:layer') !== 'disputed_areas_labels' || !(isShown('mention_places') && features.isMentioned(String(feature.get('name:ar')))),
};

/** Which features of a layer are drawn; all where nothing is said. */
export const keepOf = (id: string): ((feature: FeatureLike) => boolean) | undefined => keptIn[id];

/** Resolves when the style's pictures are loaded: the style's functions read the same image, and requested it earlier. */
async function pictures(): Promise<void> {
  const image = new Image();
  image.src = sheet()?.sprite.url ?? '';
  await image.decode().catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 40));
}

function groundLayer(): VectorTileLayer {
  const layer = new VectorTileLayer({ source: tileSource('governorates'), renderBuffer: 32 });
  layer.set('id', 'ground');
  return layer;
}

/** An archive of pictures that the operator brought. */
function pictureLayer(id: string): TileLayer | undefined {
  const source = sheet()?.document.sources[`own-${id}`];
  if (source?.type !== 'raster' || !source.tiles?.[0]) return undefined;
  const layer = new TileLayer({ source: new XYZ({ url: source.tiles[0], minZoom: source.minzoom, maxZoom: source.maxzoom, transition: 0 }) });
  layer.set('id', id);
  layers.set(id, layer);
  return layer;
}

function layerOf(id: string): VectorLayer | VectorTileLayer | TileLayer {
  const pictures = pictureLayer(id);
  if (pictures) return pictures;
  const known = entry(id);
  const layer =
    known?.source === 'tiles'
      ? new VectorTileLayer({
          source: EXTRA.includes(id) ? undefined : tileSource(id),
          // Where the style draws nothing, the server may have no tiles.
          minZoom: known.from === undefined ? undefined : known.from - 0.01,
          declutter: 'names',
          renderBuffer: 64,
        })
      : new VectorLayer({
          source: id === 'mention_places' ? clustered : features.sources.get(id),
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
function hamlets(): VectorTileLayer {
  const layer = new VectorTileLayer({ source: tileSource('places'), minZoom: 9, declutter: 'names', renderBuffer: 64, renderOrder: byWeight });
  layer.set('id', 'places');
  return layer;
}

function overlay(source: VectorSource, style: (feature: FeatureLike) => Style | Style[]): BaseLayer {
  return new VectorLayer({ source, style, updateWhileAnimating: true, updateWhileInteracting: true });
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

/** Draws every layer again: the selection changed, or the font was loaded. */
export function redraw(): void {
  for (const layer of map.getLayers().getArray()) layer.changed();
}

function rememberView(): void {
  const view = map.getView();
  const [lon, lat] = toLonLat(view.getCenter() ?? [0, 0]) as [number, number];
  set({ view: { lon: Number(lon.toFixed(4)), lat: Number(lat.toFixed(4)), zoom: Number((view.getZoom() ?? 6).toFixed(2)) } });
}

/** The visible part of the map, in degrees: west, south, east, north. */
export function bounds(): [number, number, number, number] {
  return transformExtent(map.getView().calculateExtent(map.getSize()), 'EPSG:3857', 'EPSG:4326').map((value) => Number(value.toFixed(5))) as [number, number, number, number];
}

/** The first view: the one in the address, or the disputed areas. */
export function startView(): void {
  const { view } = now();
  if (view) {
    leaveHome();
    map.getView().setCenter(fromLonLat([view.lon, view.lat]));
    map.getView().setZoom(view.zoom);
  } else home(0);
}

/** While nobody has moved the map, it keeps to its given view when its size or its content changes. */
let given: ((time: number) => void) | null = null;

export function stayHome(): void {
  given?.(0);
}

function leaveHome(): void {
  given = null;
}

function fit(extent: number[], padding: number, maxZoom: number): void {
  given = (time) => map.getView().fit(extent, { padding: [padding, padding, padding, padding], maxZoom, duration: time });
  given(duration());
}

export function home(time = duration()): void {
  const extent = homeExtent();
  given = home;
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
  fit(boundingExtent(points.map((point) => fromLonLat([...point]))), 70, 9);
}

/** The zoom at which a place with an uncertainty in kilometres fills a good part of the map. */
export const zoomFor = (km: number): number => (km > 100 ? 6.5 : km > 40 ? 7.5 : km > 12 ? 8.5 : 9.5);

/** The zoom at which the surroundings of a place of a level are seen. */
export const zoomOfLevel = (level: string): number => ({ country: 0, region: 6.5, governorate: 7.5, district: 8.5 })[level] ?? 9.5;

/** Brings a place into view, and the map nearer where it is too small a scale to see where the place is. */
export function approach(point: readonly [number, number], zoom: number): void {
  if ((map.getView().getZoom() ?? 0) < zoom - 1) goTo(point, zoom);
  else reveal([point]);
}

export function showGeometry(extent: number[]): void {
  fit(extent, 50, 10.5);
}
