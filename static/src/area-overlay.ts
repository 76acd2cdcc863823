/** The area of the filter on the map, and the map brought to it when it is chosen. */

import { effect } from '@preact/signals';
import type Feature from 'ol/Feature';
import { FORMAT } from './features';
import { groundOf } from './filter/selection';
import { areaShown, bounds, showGeometry } from './map';
import { report } from './notice';
import { state$ } from './store';
import { transformExtent } from 'ol/proj';

/** Follows the filter from now on; the area of the first address does not move the map. */
export function followArea(): void {
  let shown = JSON.stringify(state$.peek().filter.area);
  let first = true;
  effect(() => {
    const { area } = state$.value.filter;
    const key = JSON.stringify(area);
    if (key === shown && !first) return;
    const moved = !first || state$.peek().view === null;
    [shown, first] = [key, false];
    areaShown.clear(true);
    areaShown.changed();
    if (!area) return;
    groundOf(area)
      .then(({ geometry, box }) => {
        if (JSON.stringify(state$.peek().filter.area) !== key) return;
        if (geometry) areaShown.addFeature(FORMAT.readFeature({ type: 'Feature', properties: {}, geometry }) as Feature);
        if (moved && area.kind !== 'box' && !inView(box)) showGeometry(transformExtent(box, 'EPSG:4326', 'EPSG:3857'));
      })
      .catch((error: unknown) => report(error));
  });
}

/** True if a box is in view and not a speck in it. */
function inView([west, south, east, north]: readonly [number, number, number, number]): boolean {
  const [w, s, e, n] = bounds();
  return west >= w && south >= s && east <= e && north <= n && north - south > (n - s) / 8;
}
