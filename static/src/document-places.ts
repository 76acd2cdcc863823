/** While a document is open the map shows its places, and everything else steps back. */

import * as features from './features';
import { reveal } from './map';
import type { Evidence } from './model';
import { gaveViewOf } from './permalink';
import { now } from './store';

/** Kinds of positions that are not in the place that they are described from. */
const ELSEWHERE = new Set(['offset', 'between', 'along', 'near']);

let open: Evidence | null = null;

/** Shows the places of a document, or those of all again. The map moves to them when the document is opened. */
export function showPlacesOf(evidence: Evidence | null): void {
  if (evidence === open) return;
  const moved = evidence?.record.id !== open?.record.id;
  open = evidence;
  if (!evidence) return features.drawOnly(null, null);
  const counts = new Map<string, number>();
  const points: [number, number][] = [];
  for (const { place, position, reading } of evidence.mentions) {
    if (!place || reading !== 'literal' || place.foreign) continue;
    points.push(place.point);
    // The place from which a position elsewhere is described is no scene: the layer of described positions shows where it is.
    if (position && ELSEWHERE.has(position.kind)) continue;
    counts.set(place.id, (counts.get(place.id) ?? 0) + 1);
  }
  features.drawOnly(counts, evidence.record.id);
  // The map shows a chosen mention or feature instead, and a link with a view keeps that view.
  const { mention, feature } = now();
  if (moved && !gaveViewOf('document', evidence.record.id) && !mention && !feature) reveal(points);
}
