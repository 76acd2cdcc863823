/** From a point on the map to a feature, and from the selected feature to the ring around it. */

import Feature from 'ol/Feature';
import type { FeatureLike } from 'ol/Feature';
import type MapBrowserEvent from 'ol/MapBrowserEvent';
import Point from 'ol/geom/Point';
import { fromLonLat, toLonLat } from 'ol/proj';
import * as api from './api';
import { choose, closeChooser, type Choice } from './chooser';
import { title } from './catalogue';
import * as features from './features';
import { counted } from './figures';
import { nameOf, word } from './language';
import { approach, olMap, reveal, selection, showGeometry, zoomOfLevel } from './map';
import { report } from './notice';
import { hasCertainPlace } from './certainty';
import { describe } from './gazetteer';
import { now, watch, type FeatureRef } from './store';

/** What a click means first where several layers lie on each other. */
const ORDER = ['mention_places', 'events', 'claims', 'mentions', 'positions', 'security_gap_posts', 'security_gap', 'region_line', 'coordination_axes', 'disputed_areas', 'districts', 'governorates'];

/** The tile layers among them carry the id of a feature in an attribute. */
const idOf = (feature: FeatureLike): string | undefined => {
  const id = feature.get('pcode') ?? feature.get('id') ?? feature.getId();
  return id === undefined ? undefined : String(id);
};

interface Hit {
  ref: FeatureRef;
  feature: FeatureLike;
}

/** All features at a pixel, by the priority of their layers. */
function hitsAt(pixel: number[]): Hit[] {
  const hits = new Map<string, Hit>();
  olMap().forEachFeatureAtPixel(
    pixel,
    (feature, layer) => {
      const name = String(layer?.get('id') ?? '');
      const id = idOf(feature);
      if (name && id && !hits.has(`${name}/${id}`) && !feature.get('border')) hits.set(`${name}/${id}`, { ref: { layer: name, id }, feature });
    },
    { hitTolerance: 7, layerFilter: (layer) => ORDER.includes(String(layer.get('id'))) },
  );
  return [...hits.values()].sort((a, b) => ORDER.indexOf(a.ref.layer) - ORDER.indexOf(b.ref.layer));
}

/** The feature that a click at a pixel selects. */
export const pick = (pixel: number[]): Hit | undefined => hitsAt(pixel)[0];

/** Layers of points: where two of their features lie on each other, the reader is asked which is meant. */
const POINTS = new Set(['mention_places', 'claims', 'mentions', 'security_gap_posts']);

/** Each place of a joined mark, each mention and claim on its own. */
function stacked(hits: readonly Hit[]): FeatureRef[] {
  const refs = hits
    .filter(({ ref }) => POINTS.has(ref.layer))
    .flatMap(({ ref, feature }) => ((feature.get('members') as string[] | undefined) ?? [ref.id]).map((id) => ({ layer: ref.layer, id })));
  return [...new Map(refs.map((ref) => [`${ref.layer}/${ref.id}`, ref])).values()];
}

function choices(refs: readonly FeatureRef[], take: (ref: FeatureRef) => void): Choice[] {
  return refs.slice(0, 40).map((ref) => {
    const properties = features.find(ref.layer, ref.id)?.getProperties() ?? {};
    const name = nameOf(properties) || String(properties.text ?? properties.quote ?? '').slice(0, 60) || word(`claim_${String(properties.type)}`, ref.id);
    const count = ref.layer === 'mention_places' ? counted('mentions', Number(properties.count ?? 0)) : title(ref.layer);
    return { name, detail: [word(String(properties.level ?? ''), ''), count].filter(Boolean).join(' · '), choose: () => take(ref) };
  });
}

export function begin(tip: HTMLElement): void {
  const map = olMap();
  const target = map.getTargetElement() as HTMLElement;
  map.on('singleclick', (event: MapBrowserEvent) => {
    if (measuring) return;
    closeChooser();
    const hits = hitsAt(event.pixel);
    // The evidence comes with the panel's first tab; on a map without a panel it may not be there yet.
    const take = (ref: FeatureRef): void => void import('./evidence-panel').then(({ follow }) => follow(ref)).catch(report);
    const several = stacked(hits);
    if (several.length > 1) choose(target.parentElement as HTMLElement, event.pixel as [number, number], choices(several, take));
    else if (hits[0]) take(hits[0].ref);
  });
  map.on('movestart', closeChooser);
  let waiting = 0;
  map.on('pointermove', (event: MapBrowserEvent) => {
    if (event.dragging || measuring) return void (tip.hidden = true);
    // Looking is dear; once a frame is enough.
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => hover(event));
  });
  const hover = (event: MapBrowserEvent): void => {
    const hit = pick(event.pixel);
    target.style.cursor = hit ? 'pointer' : '';
    const text = hit ? nameOf(hit.feature.getProperties()) : '';
    tip.hidden = !text;
    if (!text) return;
    tip.textContent = text;
    tip.style.transform = `translate(${event.pixel[0]}px, ${event.pixel[1]}px)`;
  };
  target.addEventListener('pointerleave', () => (tip.hidden = true));
  // A text being tried has its own rings.
  watch(['feature', 'mention', 'document', 'event', 'tab'], () => now().tab !== 'try' && void ring());
  features.onLoaded(() => now().tab !== 'try' && void ring());
  void ring();
}

let measuring = false;

/** While the corridor is measured a click means a point, not a feature. */
export function setMeasuring(on: boolean): void {
  measuring = on;
  olMap().getTargetElement()?.classList.toggle('measuring', on);
}

let turn = 0;

/** Rings around the selected feature, or around the candidates of a mention that has no certain place. */
async function ring(): Promise<void> {
  const mine = ++turn;
  const { feature, document: id, mention, event, view } = now();
  // For an address without a view the page chooses the part of the map.
  const isFree = view === null;
  // The first view of the map is set meanwhile.
  await Promise.resolve();
  const found = feature ? await ringed(feature, isFree) : id && mention ? await candidateRings(id, mention) : event && ofEvent?.id === event ? [pointAt(ofEvent.point)] : [];
  if (mine !== turn) return;
  selection.clear(true);
  selection.addFeatures(found);
}

/** The event whose card is open, and where it happened. */
let ofEvent: { id: string; point: [number, number] } | null = null;

/** Marks the place of an event on the map. */
export function ringEvent(id: string, point: [number, number]): void {
  ofEvent = { id, point };
  void ring();
}

const pointAt = (point: readonly [number, number]): Feature => new Feature({ geometry: new Point(fromLonLat([...point])) });

/** Brings the map to a feature: near it where the map may choose its view, else only as far as needed. */
function bring(feature: Feature, isFree: boolean): void {
  const geometry = feature.getGeometry();
  if (geometry instanceof Point) {
    const point = toLonLat(geometry.getCoordinates()) as [number, number];
    if (isFree) approach(point, zoomOfLevel(String(feature.get('level') ?? '')));
    else reveal([point]);
  } else if (geometry && isFree) showGeometry(geometry.getExtent());
}

async function ringed({ layer, id }: FeatureRef, isFree: boolean): Promise<Feature[]> {
  const known = features.find(layer, id) ?? features.find('places', id);
  if (known) {
    const geometry = known.getGeometry();
    bring(known, isFree);
    return [new Feature({ geometry: geometry?.clone(), count: known.get('count') })];
  }
  try {
    const asked = layer === 'security_gap' ? await api.corridorLine(id) : await api.item(layer, id, { worldview: now().worldview });
    const read = features.FORMAT.readFeature(asked) as Feature;
    bring(read, isFree);
    return [read];
  } catch {
    return [];
  }
}

async function candidateRings(document: string, mention: string): Promise<Feature[]> {
  const evidence = await api.evidence(document);
  const found = evidence.mentions.find((other) => other.id === mention);
  if (!found || found.reading === 'associative' || found.ruling?.ruling === 'reject') return [];
  if (found.place && hasCertainPlace(found)) {
    reveal([found.place.point]);
    return [new Feature({ geometry: new Point(fromLonLat(found.place.point)) })];
  }
  const described = await Promise.all(found.candidates.slice(0, 6).map(async (candidate) => ({ candidate, known: await describe(candidate.id) })));
  const points = described.flatMap(({ candidate, known }) => (candidate.point ?? known?.point ? [(candidate.point ?? known?.point) as [number, number]] : []));
  reveal(points);
  return points.map((point) => new Feature({ geometry: new Point(fromLonLat(point)), candidate: true }));
}
