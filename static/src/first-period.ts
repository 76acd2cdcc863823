/** The period that is shown first where there is much: the last ninety days that have reports. */

import { firstPeriod } from './desk/days';
import * as features from './features';
import { now, set, whole$ } from './store';

/** Parts of an address that name a subject: its reader sees exactly that. */
const MEANT = ['time', 'feature', 'document', 'mention', 'event', 'person', 'compare', 'km', 'area', 'type', 'speaker', 'publisher', 'q', 'doclang', 'min_confidence', 'ruled', 'by'];

/** Sets the first period as soon as the days are counted, unless the address or the reader chose a subject. */
export function chooseFirstPeriod(url: URL): void {
  const given = new URLSearchParams(url.hash.slice(1));
  for (const [key, value] of url.searchParams) if (!given.has(key)) given.set(key, value);
  whole$.value = given.get('time') === 'all';
  let waiting = !MEANT.some((key) => given.has(key));
  if (!waiting) return;
  features.onCounted(() => {
    const days = features.days();
    if (!waiting || days.size === 0) return;
    waiting = false;
    const chosen = firstPeriod(days);
    if (!chosen) return;
    // From now an address without a period would mean the first one.
    whole$.value = true;
    const { time, document, feature, event, person } = now();
    if (!time && !document && !feature && !event && !person) set({ time: chosen });
  });
}
