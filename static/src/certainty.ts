/** How sure the reading of a mention is. */

import type { Mention } from './model';

/** Below this confidence a place is shown as uncertain, as the map's style draws it. */
export const UNCERTAIN = 0.6;

/** True if a mention has a place that an analyst chose or that the machine is sure of. */
export const hasCertainPlace = ({ place, ruling, confidence }: Mention): boolean => place !== null && (ruling !== undefined || confidence >= UNCERTAIN);
