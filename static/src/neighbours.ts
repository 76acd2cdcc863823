/** Names of the neighbouring countries, each once, in the middle of its visible part. */

import Feature from 'ol/Feature';
import type { FeatureLike } from 'ol/Feature';
import Point from 'ol/geom/Point';
import VectorLayer from 'ol/layer/Vector';
import type VectorTileLayer from 'ol/layer/VectorTile';
import type RenderFeature from 'ol/render/Feature';
import VectorSource from 'ol/source/Vector';
import { isShown } from './catalogue';
import { nameOf } from './language';
import { mapLayer, olMap } from './map';
import { neighbour } from './marks';
import { watch } from './store';
import { onStyle } from './style';

const COLUMNS = 28;
const ROWS = 18;

const source = new VectorSource();

export function begin(): void {
  const map = olMap();
  const layer = new VectorLayer({
    source,
    declutter: 'names',
    style: (feature: FeatureLike) => neighbour(nameOf(feature.getProperties())),
  });
  map.getLayers().insertAt(2, layer);
  let seen = '';
  map.on('rendercomplete', () => {
    // The same view with the same tiles needs no second look.
    const view = map.getView();
    const name = `${view.getCenter()?.map(Math.round).join()} ${view.getZoom()?.toFixed(2)} ${map.getSize()?.join()} ${isShown('countries')}`;
    if (name === seen) return;
    seen = name;
    place();
  });
  onStyle(() => layer.changed());
  watch(['worldview'], () => (seen = ''));
}

function place(): void {
  source.clear(true);
  const countries = mapLayer('countries') as VectorTileLayer | undefined;
  const size = olMap().getSize();
  if (!countries || !isShown('countries') || !size) return;
  const extent = olMap().getView().calculateExtent(size);
  const parts = countries.getFeaturesInExtent(extent).filter((feature) => feature.get('layer') === 'countries' && ![false, 'false'].includes(feature.get('foreign'))) as RenderFeature[];
  const [west, south, east, north] = extent as [number, number, number, number];
  const [dx, dy] = [(east - west) / COLUMNS, (north - south) / ROWS];
  const at = (column: number, row: number): [number, number] => [west + (column + 0.5) * dx, south + (row + 0.5) * dy];
  const owner = Array.from({ length: ROWS }, (_, row) => Array.from({ length: COLUMNS }, (_, column) => ownerOf(parts, at(column, row))));
  const best = new Map<string, { depth: number; point: [number, number]; part: RenderFeature }>();
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const part = owner[row]?.[column];
      if (!part) continue;
      const name = key(part);
      const depth = depthAt(owner, row, column, name);
      if (depth >= 2 && depth > (best.get(name)?.depth ?? 0)) best.set(name, { depth, point: at(column, row), part });
    }
  }
  source.addFeatures([...best.values()].map(({ point, part }) => new Feature({ ...part.getProperties(), geometry: new Point(point) })));
}

const key = (part: RenderFeature): string => String(part.get('name:en') ?? part.get('name') ?? part.getId());

/** How many cells away the nearest other land, or the edge of the map, is. */
function depthAt(owner: (RenderFeature | undefined)[][], row: number, column: number, name: string): number {
  for (let reach = 1; reach < ROWS; reach++) {
    for (let i = -reach; i <= reach; i++) {
      for (const [r, c] of [[row - reach, column + i], [row + reach, column + i], [row + i, column - reach], [row + i, column + reach]] as const) {
        const other = owner[r]?.[c];
        if (!other || key(other) !== name) return reach;
      }
    }
  }
  return ROWS;
}

function ownerOf(parts: readonly RenderFeature[], [x, y]: [number, number]): RenderFeature | undefined {
  return parts.find((part) => {
    const [west, south, east, north] = part.getExtent() as [number, number, number, number];
    return x >= west && x <= east && y >= south && y <= north && contains(part, x, y);
  });
}

/** Even-odd rule over all rings of a polygon. */
function contains(part: RenderFeature, x: number, y: number): boolean {
  const flat = part.getFlatCoordinates();
  let inside = false;
  let start = 0;
  for (const end of part.getEnds() ?? []) {
    for (let i = start, j = end - 2; i < end; j = i, i += 2) {
      const [x1, y1, x2, y2] = [flat[i], flat[i + 1], flat[j], flat[j + 1]] as [number, number, number, number];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    }
    start = end;
  }
  return inside;
}
