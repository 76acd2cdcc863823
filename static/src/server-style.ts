/** Drawing the base with one of the server's own MapLibre styles, as other clients see it. Loaded only when chosen. */

import LayerGroup from 'ol/layer/Group';
import * as api from './api';
import { CATALOGUE } from './catalogue';
import { applyVisibility, mapLayer, olMap } from './map';
import { report } from './notice';
import { now, watch } from './store';

export interface StyleEntry {
  id: string;
  title: string;
}

const STYLES = 'http://www.opengis.net/def/rel/ogc/1.0/styles';

/** A style draws everything but the evidence: that stays the viewer's. */
export const leftToStyle = (id: string): boolean => CATALOGUE.some((entry) => entry.id === id && entry.group !== 'evidence');

/** Styles of this server; none where it does not advertise any. */
export async function styles(): Promise<StyleEntry[]> {
  const landing = await api.landing();
  if (!landing.links.some((link) => link.rel === STYLES || link.rel === 'styles')) return [];
  const { styles: found } = await api.styles();
  return found.map(({ id, title }) => ({ id, title: title ?? id }));
}

let group: LayerGroup | null = null;

/** Follows the state: takes the group of the chosen style up or away. */
export function begin(): void {
  watch(['style', 'language', 'worldview'], () => void change());
  watch(['layers'], hideOwn);
  if (now().style) void change();
}

async function change(): Promise<void> {
  const { style, language, worldview } = now();
  if (group) olMap().removeLayer(group);
  group = null;
  if (!style) return restore();
  const next = new LayerGroup();
  group = next;
  hideOwn();
  try {
    const [{ apply }, sheet] = await Promise.all([import('ol-mapbox-style'), api.styleSheet(style, { lang: language, worldview })]);
    if (group !== next) return;
    // Fonts come with the page; another address would be another host.
    sheet.metadata = { ...sheet.metadata, 'ol:webfonts': './' };
    await apply(next, sheet, { styleUrl: api.absolute(`styles/${style}.json`) });
    if (group === next) olMap().getLayers().insertAt(0, next);
  } catch (error) {
    if (group === next) restore();
    report(error, () => void change());
  }
}

/** While a style draws the base, the viewer's own layers of it are away. */
function hideOwn(): void {
  for (const { id } of CATALOGUE) if (group && leftToStyle(id)) mapLayer(id)?.setVisible(false);
  ground(!group);
}

function restore(): void {
  group = null;
  applyVisibility();
  ground(true);
}

function ground(visible: boolean): void {
  olMap().getLayers().getArray().find((layer) => layer.get('id') === 'ground')?.setVisible(visible);
}
