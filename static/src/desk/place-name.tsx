/** Names of places that a form is about. */

import { useEffect, useState } from 'preact/hooks';
import { describe, type Described } from '../gazetteer';
import { pick, word } from '../language';
import { Own } from './parts';

/** How finely a text places what has no name in the gazetteer. */
export const PRECISIONS = ['point', 'quarter', 'settlement', 'subdistrict', 'district', 'governorate'] as const;
export type Precision = (typeof PRECISIONS)[number];

export type Where = { id: string; name: string } | { point: [lon: number, lat: number]; precision: Precision };

/** The members of a write that name a place. */
export const membersOf = (where: Where): Record<string, unknown> =>
  'id' in where ? { place: where.id } : { point: where.point, precision: where.precision };

/** A short name for a button. */
export const nameOfWhere = (where: Where): string =>
  'id' in where ? where.name : `${where.point[1].toFixed(4)}, ${where.point[0].toFixed(4)}`;

/** A place by its id: name, kind, and the units that hold it. */
export function PlaceName({ id, names, level }: { id: string; names?: Parameters<typeof pick>[0]; level?: string }) {
  const [known, setKnown] = useState<Described | null>(null);
  useEffect(() => void describe(id).then((found) => setKnown(found ?? null)), [id]);
  const kind = level ?? known?.level ?? '';
  // A point that an analyst set has an id of its position and precision, and no name.
  const [, lat, lon, precision] = /^point-(-?[\d.]+)-(-?[\d.]+)-(\w+)$/.exec(id) ?? [];
  if (lat && lon && precision) {
    return (
      <>
        <bdi dir="ltr">{`${Number(lat).toFixed(4)}, ${Number(lon).toFixed(4)}`}</bdi> <small>{word(precision, precision)}</small>
      </>
    );
  }
  return (
    <>
      <Own text={pick(names) || pick(known?.names) || id} />{' '}
      <small>
        {[kind && word(kind, kind), ...(known?.parents ?? [])].filter(Boolean).map((part, index) => (
          <span key={index}>
            {index > 0 && ' · '}
            <bdi>{part}</bdi>
          </span>
        ))}
      </small>
    </>
  );
}
