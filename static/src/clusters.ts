/** Places mentioned whose marks would cover each other are drawn as one, with the sum of their counts. */

import Feature from 'ol/Feature';
import Point from 'ol/geom/Point';
import VectorSource from 'ol/source/Vector';
import * as features from './features';
import type { Language } from './model';
import { join, type Mark } from './joining';
import { now } from './store';

/** Drawn features of the layer `mention_places`. */
export const clustered = new VectorSource();

const DIGITS: Record<Language, string> = { ar: 'ar-u-nu-arab', ckb: 'ar-u-nu-arab', en: 'en' };

const drawnCount = (place: Feature): number => Number(place.get('count'));

/** Clusters the marks again for a resolution in metres a pixel. */
export function cluster(resolution: number, radius: (count: number) => number, countOf: (place: Feature) => number = drawnCount): void {
  const chosen = now().feature?.id;
  const places = features
    .real('mention_places')
    .filter((place) => countOf(place) > 0)
    .sort((a, b) => Number(b.getId() === chosen) - Number(a.getId() === chosen) || countOf(b) - countOf(a));
  const byId = new Map(places.map((place) => [String(place.getId()), place]));
  const marks = places.flatMap((place): Mark[] => {
    const geometry = place.getGeometry();
    if (!(geometry instanceof Point)) return [];
    const [x, y] = geometry.getCoordinates() as [number, number];
    return [{ id: String(place.getId()), x: x / resolution, y: y / resolution, count: countOf(place) }];
  });
  const drawn = join(marks, radius).flatMap(({ head, members, count }): Feature[] => {
    const place = byId.get(head.id);
    if (!place) return [];
    if (members.length === 1 && count === drawnCount(place)) return [place];
    if (members.length === 1) {
      const other = new Feature({ ...place.getProperties(), count });
      other.setId(head.id);
      return [other];
    }
    const one = new Feature({ ...place.getProperties(), geometry: place.getGeometry()?.clone(), count, members: members.map(({ id }) => id) });
    for (const language of ['ar', 'ckb', 'en'] as const) {
      const name = place.get(`name:${language}`) as string | undefined;
      if (name) one.set(`name:${language}`, `${name} +${new Intl.NumberFormat(DIGITS[language]).format(members.length - 1)}`, true);
    }
    one.setId(head.id);
    return [one];
  });
  clustered.clear(true);
  clustered.addFeatures(drawn);
}
