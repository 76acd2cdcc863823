/** Places of the gazetteer by id: requested together, cached. */

import * as api from './api';
import { bdi, fill } from './dom';
import { language, pick } from './language';
import type { Names } from './model';

export interface Described {
  names: Names;
  level: string;
  point: [number, number];
  /** Names of the units that hold it, the smallest first, in the page's language. */
  parents: string[];
}

/** Ids that the server takes in one request. */
const MOST = 50;

const known = new Map<string, Described | null>();
let wanted = new Set<string>();
let asking: Promise<void> | null = null;

/** Everything that is asked for in the same moment goes in one request. */
async function ask(): Promise<void> {
  await Promise.resolve();
  const of = language();
  const ids = [...wanted];
  wanted = new Set();
  asking = null;
  try {
    for (let at = 0; at < ids.length; at += MOST) {
      for (const hit of await api.lookup(ids.slice(at, at + MOST), of)) {
        const id = hit.mahwar?.id;
        if (!id || !hit.mahwar) continue;
        const parents = hit.display_name.split(/[,،]\s*/).slice(1, 4);
        known.set(`${of} ${id}`, { names: hit.mahwar.names, level: hit.type, point: [Number(hit.lon), Number(hit.lat)], parents });
      }
    }
    for (const id of ids) if (!known.has(`${of} ${id}`)) known.set(`${of} ${id}`, null);
  } catch {
    // The id itself is shown; the next one who asks tries again.
  }
}

/** Name, level and label point of a place. */
export async function describe(id: string): Promise<Described | undefined> {
  const key = `${language()} ${id}`;
  if (!known.has(key)) {
    wanted.add(id);
    asking ??= ask();
    await asking;
  }
  return known.get(key) ?? undefined;
}

/** The name of a place, or its id when it has none. */
export async function nameById(id: string | null | undefined): Promise<string> {
  if (!id) return '';
  const found = await describe(id);
  return (found && pick(found.names)) || id;
}

/** The name of a place as an element, which contains the id until the name is loaded. */
export function nameElement(id: string): HTMLElement {
  const element = bdi(id);
  void nameById(id).then((name) => fill(element, name));
  return element;
}
