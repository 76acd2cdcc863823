/** The filter as parameters of a picture that the server draws. Pure. */

import { all, contains, isActive, quoted, type Filter } from './filter';

/** Layers of statements. The server counts places by period only, and applies other conditions only to layers that have their fields. */
const STATEMENTS = new Set(['mention_places', 'mentions', 'claims', 'positions', 'events', 'coordination_axes', 'unit_counts']);

/** The most statements that are named one by one: an address of about 4,000 characters. */
export const MOST_NAMED = 100;

/** Conditions that a picture may not follow. */
export type LeftOut = 'words' | 'documents' | 'ruled' | 'area' | 'confidence';

export interface PictureQuery {
  layers: string[];
  parameters: Record<string, string | undefined>;
  /** Conditions that the picture does not follow. */
  left: LeftOut[];
  /** True if statements are drawn as dots of their own instead of counted places. */
  isDotted: boolean;
}

/**
 * Layers and parameters of a picture. `selected` are the ids of all mentions and described positions that the filter means, where they are
 * known: few enough are named one by one, which is exact for every condition.
 */
export function pictureQuery(
  shown: readonly string[],
  filter: Filter,
  time: readonly [string, string] | null,
  selected: readonly string[] | null,
): PictureQuery {
  // A period alone is counted by the server as the page counts it.
  if (!isActive(filter)) return { layers: [...shown], parameters: time ? { datetime: time.join('/') } : {}, left: [], isDotted: false };
  const { words, area, types, speaker, publisher, documents, confidence, ruled, by } = filter;
  const ground = shown.filter((layer) => !STATEMENTS.has(layer));
  const isDotted = ground.length < shown.length;
  const drawn = (layer: string): string[] => (isDotted ? [...ground, layer] : ground);
  if (isActive(filter) && selected && selected.length <= MOST_NAMED) {
    // The field `document` keeps the condition from the layers of the land, which have ids too.
    const named = selected.length ? `document IS NOT NULL AND id IN (${selected.map(quoted).join(',')})` : `document = ''`;
    const positions = shown.includes('positions') ? ['positions'] : [];
    return { layers: [...drawn('mentions'), ...positions], parameters: { filter: named, 'filter-lang': 'cql2-text' }, left: [], isDotted };
  }
  const layer = types.length ? 'claims' : 'mentions';
  const left: LeftOut[] = [];
  if (words) left.push('words');
  if (documents) left.push('documents');
  if (ruled) left.push('ruled');
  if (area && area.kind !== 'unit' && area.kind !== 'box') left.push('area');
  if (confidence !== null && layer === 'claims') left.push('confidence');
  const unit = area?.kind === 'unit' ? area.id : null;
  const condition = all(
    types.length > 0 && `type IN (${types.map(quoted).join(',')})`,
    speaker && contains('speaker', speaker),
    publisher && `publisher = ${quoted(publisher)}`,
    unit && `(${['governorate', 'district', 'subdistrict'].map((field) => `${field}_code LIKE ${quoted(`%${unit}%`)}`).join(' OR ')})`,
    area?.kind === 'box' && `document IS NOT NULL AND S_INTERSECTS(geometry, BBOX(${area.box.join(',')}))`,
  );
  return {
    layers: drawn(layer),
    parameters: {
      datetime: time?.join('/'),
      'time-of': by === 'event' && time ? 'event' : undefined,
      filter: condition,
      'filter-lang': condition && 'cql2-text',
      min_confidence: layer === 'mentions' && confidence !== null ? String(confidence) : undefined,
    },
    left,
    isDotted,
  };
}
