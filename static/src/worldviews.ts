/** The worldviews of the server, the convention of the one in force, and the disclaimer: they are on every map. */

import * as api from './api';
import { localDigits, pick } from './language';
import type { Worldview, Worldviews } from './model';
import { report } from './notice';
import { now } from './store';

let known: Worldviews = { worldviews: [], disclaimer: {} };
const listeners: (() => void)[] = [];

export const worldviews = (): readonly Worldview[] => known.worldviews;
export const convention = (): string => localDigits(pick(known.worldviews.find((view) => view.id === now().worldview)?.convention));
export const disclaimer = (): string => localDigits(pick(known.disclaimer));

/** Calls back when the worldviews have come. */
export const onWorldviews = (listener: () => void): void => void listeners.push(listener);

export async function loadWorldviews(): Promise<void> {
  try {
    known = await api.worldviews();
    for (const listener of listeners) listener();
  } catch (error) {
    report(error, () => void loadWorldviews());
  }
}
