/** The base map under all layers: vector tiles drawn by the style, or pictures of another server. */

import MVT from 'ol/format/MVT';
import type BaseLayer from 'ol/layer/Base';
import TileLayer from 'ol/layer/Tile';
import VectorTileLayer from 'ol/layer/VectorTile';
import VectorTileSource from 'ol/source/VectorTile';
import XYZ from 'ol/source/XYZ';
import { createXYZ } from 'ol/tilegrid';
import { paintSource } from './painter';
import { sheet } from './style';

/** The source of the style that the base map is, and the layer that its parts name. */
const BASEMAP = 'basemap';

/** The base map, if the style has one. */
export function baseMapLayer(): BaseLayer | undefined {
  const source = sheet()?.document.sources[BASEMAP];
  const url = source?.tiles?.[0];
  if (!source || !url) return undefined;
  const { minzoom = 0, maxzoom = 19 } = source;
  if (source.type === 'raster') {
    const layer = new TileLayer({ source: new XYZ({ url, minZoom: minzoom, maxZoom: maxzoom, attributions: source.attribution, transition: 0 }), opacity: 0.85 });
    layer.set('id', BASEMAP);
    return layer;
  }
  const tiles = new VectorTileSource({ format: new MVT(), tileGrid: createXYZ({ tileSize: 512, minZoom: minzoom, maxZoom: maxzoom }), url, transition: 0 });
  const layer = new VectorTileLayer({ source: tiles, declutter: 'names', renderBuffer: 64 });
  layer.set('id', BASEMAP);
  return layer;
}

/** Styles the base map by the style in force. */
export function dressBaseMap(layer: BaseLayer | undefined): void {
  if (layer instanceof VectorTileLayer) paintSource(layer, BASEMAP);
}
