/** From a point on the map to a feature, and from the selected feature to the ring around it. */

import Feature from 'ol/Feature';
import type { FeatureLike } from 'ol/Feature';
import type MapBrowserEvent from 'ol/MapBrowserEvent';
import Point from 'ol/geom/Point';
import { fromLonLat, toLonLat } from 'ol/proj';
import * as api from './api';
import * as features from './features';
import { nameOf } from './language';
import { olMap, reveal, selection } from './map';
import { report } from './notice';
import { describe } from './gazetteer';
import { now, watch, type FeatureRef } from './store';

/** What a click means first where several layers lie on each other. */
const ORDER = ['mention_places', 'claims', 'mentions', 'security_gap_posts', 'security_gap', 'region_line', 'coordination_axes', 'disputed_areas', 'districts', 'governorates'];

/** The tile layers among them carry the id of a feature in an attribute. */
const idOf = (feature: FeatureLike): string | undefined => {
  const id = feature.get('pcode') ?? feature.get('id') ?? feature.getId();
  return id === undefined ? undefined : String(id);
};

export function pick(pixel: number[]): { ref: FeatureRef; feature: FeatureLike } | undefined {
  const hits = new Map<string, { ref: FeatureRef; feature: FeatureLike }>();
  olMap().forEachFeatureAtPixel(
    pixel,
    (feature, layer) => {
      const name = String(layer?.get('id') ?? '');
      const id = idOf(feature);
      if (name && id && !hits.has(name) && !feature.get('border')) hits.set(name, { ref: { layer: name, id }, feature });
    },
    { hitTolerance: 7, layerFilter: (layer) => ORDER.includes(String(layer.get('id'))) },
  );
  const first = ORDER.find((name) => hits.has(name));
  return first ? hits.get(first) : undefined;
}

export function begin(tip: HTMLElement): void {
  const map = olMap();
  const target = map.getTargetElement() as HTMLElement;
  map.on('singleclick', (event: MapBrowserEvent) => {
    if (measuring) return;
    const hit = pick(event.pixel);
    // The evidence comes with the panel's first tab; on a map without a panel it may not be there yet.
    if (hit) void import('./evidence-panel').then(({ follow }) => follow(hit.ref)).catch(report);
  });
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
  watch(['feature', 'mention', 'document', 'tab'], () => now().tab !== 'try' && void ring());
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
  const { feature, document: id, mention } = now();
  const found = feature ? await ringed(feature) : id && mention ? await candidateRings(id, mention) : [];
  if (mine !== turn) return;
  selection.clear(true);
  selection.addFeatures(found);
}

async function ringed({ layer, id }: FeatureRef): Promise<Feature[]> {
  const known = features.find(layer, id) ?? features.find('places', id);
  if (known) {
    const geometry = known.getGeometry();
    if (geometry instanceof Point) reveal([toLonLat(geometry.getCoordinates()) as [number, number]]);
    return [new Feature({ geometry: geometry?.clone(), count: known.get('count') })];
  }
  try {
    const asked = layer === 'security_gap' ? await api.corridorLine(id) : await api.item(layer, id, { worldview: now().worldview });
    return [features.FORMAT.readFeature(asked) as Feature];
  } catch {
    return [];
  }
}

async function candidateRings(document: string, mention: string): Promise<Feature[]> {
  const evidence = await api.evidence(document);
  const found = evidence.mentions.find((other) => other.id === mention);
  if (!found || found.reading === 'associative') return [];
  const described = await Promise.all(found.candidates.slice(0, 6).map(async (candidate) => ({ candidate, known: await describe(candidate.id) })));
  const points = described.flatMap(({ candidate, known }) => (candidate.point ?? known?.point ? [(candidate.point ?? known?.point) as [number, number]] : []));
  reveal(points);
  return points.map((point) => new Feature({ geometry: new Point(fromLonLat(point)), candidate: true }));
}
