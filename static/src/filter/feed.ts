/** The Atom address of the filter: documents where the server's list answers it, else claims or mentions. */

import { effect } from '@preact/signals';
import { absolute } from '../api';
import { date, t } from '../language';
import { operator } from '../operator';
import { state$ } from '../store';
import { all, contains, quoted, within, type Filter } from './filter';
import { grown } from './geometry';
import { conditionsOf } from './words';

export interface Feed {
  href: string;
  /** Conditions in words that the feed does not follow. */
  left: string[];
}

/** A period as the server takes it; one that reaches today has no end, so that the feed goes on. */
export function feedPeriod(time: readonly [string, string] | null, today: string): string | undefined {
  if (!time) return undefined;
  return time[1] >= today ? `${time[0]}/..` : time.join('/');
}

/** The parameters of the feed, and the conditions that it cannot follow. */
export function feedParameters(
  filter: Filter,
  time: readonly [string, string] | null,
  today: string,
): { path: string; parameters: Record<string, string | undefined>; left: ('area' | 'documents' | 'ruled' | 'event' | 'types')[] } {
  const { words, area, types, speaker, publisher, documents, confidence, ruled, by } = filter;
  const left: ('area' | 'documents' | 'ruled' | 'event' | 'types')[] = [];
  if (ruled) left.push('ruled');
  const datetime = feedPeriod(time, today);
  const isPlain = !speaker && confidence === null && types.length <= 1 && (!area || area.kind === 'unit') && by === 'published';
  if (isPlain) {
    const unit = area?.kind === 'unit' ? area.id : undefined;
    const parameters = { f: 'atom', q: words || undefined, publisher: publisher || undefined, language: documents ?? undefined };
    return { path: 'documents', parameters: { ...parameters, type: types[0], unit, datetime }, left };
  }
  const layer = types.length && confidence === null ? 'claims' : 'mentions';
  if (layer === 'mentions' && types.length) left.push('types');
  if (documents) left.push('documents');
  // Around a place it has the box around the circle, and more than the filter means.
  if (area?.kind === 'corridor' || area?.kind === 'around') left.push('area');
  const code = (field: string, id: string): string => `${field}_code LIKE ${quoted(`%${id}%`)}`;
  const unit = area?.kind === 'unit' ? area.id : null;
  const box =
    area?.kind === 'box' ? area.box : area?.kind === 'around' ? grown([area.lon, area.lat, area.lon, area.lat], area.km) : undefined;
  const isEvent = by === 'event';
  const condition = all(
    layer === 'claims' && types.length > 0 && `type IN (${types.map(quoted).join(',')})`,
    speaker && contains('speaker', speaker),
    publisher && `publisher = ${quoted(publisher)}`,
    unit && `(${['governorate', 'district', 'subdistrict'].map((field) => code(field, unit)).join(' OR ')})`,
    !isEvent && time && datetime && (datetime.endsWith('..') ? `published >= DATE('${time[0]}')` : within('published', time)),
  );
  return {
    path: `collections/${layer}/items`,
    parameters: {
      f: 'atom',
      q: words || undefined,
      bbox: box?.map((value) => Number(value.toFixed(5))).join(','),
      filter: condition,
      'filter-lang': condition && 'cql2-text',
      min_confidence: layer === 'mentions' && confidence !== null ? String(confidence) : undefined,
      datetime: isEvent ? datetime : undefined,
      'time-of': isEvent && datetime ? 'event' : undefined,
    },
    left,
  };
}

const LEFT = { area: 'area_', documents: 'documentLanguage', ruled: 'ruling', event: 'timeBy', types: 'claimTypes' } as const;

export function feedOf(filter: Filter, time: readonly [string, string] | null): Feed {
  const { path, parameters, left } = feedParameters(filter, time, new Date().toISOString().slice(0, 10));
  return { href: absolute(path, parameters), left: left.map((key) => t(LEFT[key])) };
}

/** Keeps the feed of the filter in the head of the page, where feed readers look; its title says which statements it has. */
export function followFeed(): void {
  const link =
    document.querySelector<HTMLLinkElement>('link[rel=alternate][type="application/atom+xml"]') ?? document.createElement('link');
  link.rel = 'alternate';
  link.type = 'application/atom+xml';
  document.head.append(link);
  effect(() => {
    const { filter, time } = state$.value;
    const { href } = feedOf(filter, time);
    link.href = href;
    const conditions = conditionsOf(filter).map(({ text }) => text);
    const period = time ? [`${date(time[0])} – ${date(time[1])}`] : [];
    link.title = [operator.title ?? t('brand'), ...period, ...conditions].join(' · ');
  });
}
