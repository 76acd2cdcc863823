/** How each layer is drawn: a small function a layer. The legend draws its samples with the same functions. */

import type { FeatureLike } from 'ol/Feature';
import Point from 'ol/geom/Point';
import { Circle, Fill, RegularShape, Stroke, Style } from 'ol/style';
import { contested } from './features';
import { number, t } from './language';
import { NAME_HEIGHT, NAME_SIZE, radius, sideOf, width as widthOf } from './naming';
import { label, named, riverLabel } from './label';
import { alpha, isDark, palette, type Palette } from './palette';
import { hatch } from './pattern';
import { offset } from './placing';
import { now } from './store';

/** What a style may look at besides the feature. */
export interface View {
  zoom: number;
  /** Device pixels for one pixel of the page. */
  ratio: number;
  /** Metres of the projection for one pixel. */
  resolution?: number;
  /** Leaves out words (the legend has its own beside the sample). */
  mute?: boolean;
}

export type Draw = (feature: FeatureLike, view: View, colours: Palette) => Style | Style[] | undefined;

const cache = new Map<string, Style>();

/** Keeps a style by name, so that drawing a frame makes no garbage. */
function kept(name: string, make: () => Style): Style {
  const full = `${isDark() ? 'd' : 'l'} ${name}`;
  let style = cache.get(full);
  if (!style) cache.set(full, (style = make()));
  return style;
}

const step = (zoom: number, ...stops: [number, number][]): number => {
  let [from, value] = stops[0] as [number, number];
  for (const [to, next] of stops) {
    if (zoom <= to) return to === from ? next : value + ((zoom - from) / (to - from)) * (next - value);
    [from, value] = [to, next];
  }
  return value;
};

/** Half-pixel steps keep the cache small. */
const width = (zoom: number, ...stops: [number, number][]): number => Math.round(step(zoom, ...stops) * 4) / 4;

const line = (name: string, color: string, size: number, lineDash?: number[]): Style =>
  kept(`${name} ${color} ${size}`, () => new Style({ stroke: new Stroke({ color, width: size, lineDash, lineCap: lineDash ? 'butt' : 'round', lineJoin: 'round' }) }));

/** The ground under everything: neighbours, then the land itself. */
export const ground: Record<string, Draw> = {
  // The stroke closes slivers between the neighbours' outline and the land's, which come from different sources.
  countries: (feature, view, c) => isOwn(feature) ? ground.governorates?.(feature, view, c) : kept('abroad', () => new Style({ fill: new Fill({ color: c.abroad }), stroke: new Stroke({ color: c.abroad, width: 6 }) })),
  governorates: (_, __, c) => kept('land', () => new Style({ fill: new Fill({ color: c.land }), stroke: new Stroke({ color: c.land, width: 1 }) })),
};

const isOwn = (feature: FeatureLike): boolean => [false, 'false', 0].includes(feature.get('foreign'));

const countries: Draw = (_, { zoom }, c) => line('country', c.abroadLine, width(zoom, [4, 0.75], [9, 1.5]));

const lakes: Draw = (_, __, c) =>
  kept('lake', () => new Style({ fill: new Fill({ color: c.water }), stroke: new Stroke({ color: c.waterLine, width: 0.75 }) }));

const rivers: Draw = (feature, { zoom, mute }, c) => {
  const river = line('river', c.waterLine, width(zoom, [4, 0.75], [7, 1.5], [10, 3]));
  const words = mute || zoom < 6.5 ? undefined : riverLabel(feature, c);
  return words ? [river, words] : river;
};

const governorates: Draw = (feature, { zoom }, c) => {
  const size = width(zoom, [4, 0.75], [7, 1.25], [10, 2.25]);
  return feature.get('derived') === true || feature.get('derived') === 'true'
    ? line('governorate derived', c.governorate, size, [5, 3])
    : line('governorate', c.governorate, size);
};

const districts: Draw = (_, { zoom }, c) => line('district', c.district, width(zoom, [5, 0.25], [7, 0.75], [10, 1.5]));

const subdistricts: Draw = (_, { zoom }, c) => line('subdistrict', c.subdistrict, width(zoom, [7, 0.5], [10, 1]));

/** Polygons carry the hatching, two line features made from them (`border`) the dashes. */
const disputed_areas: Draw = (feature, { zoom, ratio }, c) => {
  const border = feature.get('border');
  if (border === 'outer') {
    const size = width(zoom, [5, 1.25], [8, 2], [11, 2.5]);
    return line('disputed outer', c.disputed, size, [size * 3.5, size * 2.5]);
  }
  if (border === 'inner') return line('disputed inner', alpha(c.disputed, 0.75), 1, [3, 3]);
  // The outline says that they are disputed, in every worldview; the hatching says how that side sees them.
  const seen = String(feature.get('class') ?? 'disputed');
  const ink = { federal: c.federal, region: c.region }[seen] ?? c.disputed;
  const colour = hatch({ colour: alpha(ink, 0.42), width: 1, ratio, side: 8, rising: seen !== 'federal' });
  const area = kept(`disputed ${seen} ${ratio}`, () => new Style({ fill: new Fill({ color: colour }) }));
  if (!feature.get('sample')) return area;
  return [area, line('disputed sample', c.disputed, 1.75, [5, 3.5])];
};

const coordination_axes: Draw = (_, { ratio }, c) =>
  kept(`axis ${ratio}`, () => new Style({
    fill: new Fill({ color: hatch({ colour: alpha(c.claim, 0.38), width: 1.25, ratio, side: 16, rising: false }) }),
    stroke: new Stroke({ color: c.claim, width: 1.5, lineDash: [1, 4], lineCap: 'round' }),
  }));

/** Dashes of the Region line: one position among several, an internal limit, or a provisional one. */
const REGION_DASHES: Record<string, (size: number) => number[]> = {
  undetermined: (size) => [size * 5, size * 2, size, size * 2],
  administrative: (size) => [size * 7, size * 2],
  provisional: (size) => [size * 2, size * 2],
};

const region_line: Draw = (feature, { zoom }, c) => {
  const seen = String(feature.get('class') ?? 'undetermined');
  const size = width(zoom, [5, 1.5], [9, 2.5]) + (seen === 'undetermined' ? 0 : 0.5);
  const dashes = (REGION_DASHES[seen] ?? REGION_DASHES.undetermined)?.(size);
  return [line('region casing', alpha(c.halo, 0.7), size + 2), line(`region ${seen}`, c.region, size, dashes)];
};

const security_gap_area: Draw = (_, __, c) =>
  kept('gap area', () => new Style({ fill: new Fill({ color: alpha(c.gap, 0.13) }), stroke: new Stroke({ color: alpha(c.gap, 0.35), width: 0.75 }) }));

const security_gap: Draw = (feature, { zoom }, c) => {
  // Other definitions are drawn only when somebody chooses one.
  if (feature.get('default') === false) return undefined;
  const size = width(zoom, [5, 2.25], [8, 3.5], [11, 4.5]);
  return [line('gap casing', c.gapCasing, size + 3), line('gap', c.gap, size)];
};

const security_gap_posts: Draw = (feature, { zoom, mute }, c) => {
  const km = Number(feature.get('km'));
  if (!mute && zoom < 8 && km % 50 !== 0) return undefined;
  const post = kept('post', () => new Style({
    image: new Circle({ radius: 3, fill: new Fill({ color: c.gapCasing }), stroke: new Stroke({ color: c.gap, width: 1.75 }), declutterMode: 'none' }),
  }));
  if (mute || (zoom < 9.5 && km % 50 !== 0)) return post;
  return [post, label({ text: number(km), size: 11, weight: 600, colour: c.gap, halo: c.halo, offsetX: 15, offsetY: -8 })];
};

const settlements_context: Draw = (feature, { zoom, mute }, c) => {
  const dot = kept('context town', () => new Style({ image: new Circle({ radius: 2, fill: new Fill({ color: c.textSoft }), declutterMode: 'none' }) }));
  if (mute || zoom < 6) return dot;
  return [dot, label({ text: named(feature), size: 11, weight: 400, colour: c.textSoft, halo: c.abroad, offsetY: -9 })];
};

const PLACED: Record<string, 'fine' | 'middle' | 'coarse'> = {
  point: 'fine', settlement: 'fine', neighbourhood: 'fine', site: 'fine',
  subdistrict: 'middle', district: 'middle',
};

/** Below this confidence a place is drawn as uncertain. */
export const UNCERTAIN = 0.6;

/** Size says how often, look says how finely placed and how sure. */
const mention_places: Draw = (feature, { mute, zoom, resolution = 1 }, c) => {
  const count = Number(feature.get('shown') ?? feature.get('count') ?? 1);
  if (count === 0) return undefined;
  const sure = Number(feature.get('confidence') ?? 1) >= UNCERTAIN;
  const look = sure ? (PLACED[String(feature.get('precision'))] ?? 'coarse') : 'unsure';
  const size = Math.round(radius(count, zoom) + (look === 'coarse' ? 3 : 0));
  const circle = kept(`mention ${look} ${size}`, () => new Style({ image: mark(look, size, c), zIndex: 100 - size }));
  if (mute) return circle;
  const ink = look === 'fine' ? c.paper : c.mention;
  const inside = look === 'unsure' ? t('questionMark') : count > 1 || look !== 'fine' ? number(count) : '';
  // The name of what is selected is always there.
  const declutterMode = now().feature?.id === feature.getId() ? 'none' : 'declutter';
  const text = named(feature);
  const [offsetX, offsetY] = offset(sideOf(String(feature.getId()), resolution, zoom), { radius: size, width: widthOf(text), height: NAME_HEIGHT });
  const words = zoom >= 5 ? [label({ text, declutterMode, size: NAME_SIZE, weight: 700, colour: c.mention, halo: c.halo, offsetX, offsetY })] : [];
  return inside
    ? [circle, label({ text: inside, size: size > 12 ? 13 : size > 8 ? 11 : 9.5, weight: 700, colour: ink, over: true, declutterMode: 'none' }), ...words]
    : [circle, ...words];
};

function mark(look: 'fine' | 'middle' | 'coarse' | 'unsure', size: number, c: Palette): Circle {
  const looks = {
    fine: { fill: c.mentionFill, stroke: new Stroke({ color: c.gapCasing, width: 2 }) },
    middle: { fill: alpha(c.mentionFill, 0.34), stroke: new Stroke({ color: c.mention, width: 1.75 }) },
    coarse: { fill: alpha(c.mentionFill, 0.16), stroke: new Stroke({ color: c.mention, width: 1.5, lineDash: [5, 4] }) },
    unsure: { fill: alpha(c.halo, 0.8), stroke: new Stroke({ color: c.mention, width: 1.5, lineDash: [1.5, 3], lineCap: 'round' as const }) },
  }[look];
  return new Circle({ radius: size, fill: new Fill({ color: looks.fill }), stroke: looks.stroke, declutterMode: 'obstacle' });
}

const mentions: Draw = (_, __, c) =>
  kept('mention', () => new Style({ image: new Circle({ radius: 3, stroke: new Stroke({ color: c.mention, width: 1.25 }), fill: new Fill({ color: c.paper }), declutterMode: 'none' }) }));

const claims: Draw = (_, __, c) =>
  kept('claim', () => new Style({
    image: new RegularShape({ points: 4, radius: 6, displacement: [0, 22], fill: new Fill({ color: c.claim }), stroke: new Stroke({ color: c.paper, width: 1.5 }), declutterMode: 'none' }),
  }));

/** Settlements with their names; other places are found by search. */
const places: Draw = (feature, { zoom, mute }, c) => {
  const rank = Number(feature.get('rank') ?? 0);
  if (mute) return town(c, 2.25);
  if (feature.get('level') !== 'settlement' || rank < townRank(zoom)) return undefined;
  const large = rank >= 90;
  return [town(c, large ? 3 : 2.25), label({ text: named(feature), size: large ? 13 : 11.5, weight: large ? 700 : 500, colour: c.text, halo: c.halo, offsetY: -10 })];
};

/** Names of units, one a unit, which the tiles carry in layers of their own. */
export const unitLabels: Record<string, Draw> = {
  governorates_labels: (feature, { zoom }, c) =>
    zoom < 5.25 ? undefined : label({ text: named(feature), size: step(zoom, [5, 12], [7, 15], [10, 19]), weight: 600, colour: alpha(c.textSoft, 0.95), halo: c.halo }),
  districts_labels: (feature, { zoom }, c) => {
    const disputed = contested.has(String(feature.get('name:ar')));
    if (zoom < (disputed ? 6.8 : 7.8)) return undefined;
    return label({ text: named(feature), size: step(zoom, [7, 11], [10, 14]), weight: disputed ? 600 : 400, colour: disputed ? c.disputed : c.textSoft, halo: c.halo });
  },
  subdistricts_labels: (feature, { zoom }, c) =>
    zoom < 9.5 ? undefined : label({ text: named(feature), size: 11, weight: 400, colour: alpha(c.textSoft, 0.85), halo: c.halo }),
};

/** Which rank a settlement needs to be named at a zoom. */
const townRank = (zoom: number): number => (zoom < 5.6 ? 101 : zoom < 6.4 ? 90 : zoom < 8.4 ? 80 : zoom < 9.4 ? 65 : zoom < 10.4 ? 45 : zoom < 11.4 ? 10 : 0);

const town = (c: Palette, size: number): Style =>
  kept(`town ${size}`, () => new Style({ image: new Circle({ radius: size, fill: new Fill({ color: c.text }), stroke: new Stroke({ color: c.halo, width: 1.25 }), declutterMode: 'none' }) }));

export const DRAW: Record<string, Draw> = {
  countries, lakes, rivers, governorates, districts, subdistricts, disputed_areas, coordination_axes, region_line,
  security_gap_area, security_gap, security_gap_posts, settlements_context, places, mention_places, mentions, claims,
};

/** Around what is selected, in any layer. */
export function selected(feature: FeatureLike, c: Palette): Style[] {
  const geometry = feature.getGeometry();
  if (geometry?.getType() === 'Point') {
    const count = Number(feature.get('count') ?? 1);
    const size = feature.get('candidate') ? 9 : Math.round(radius(count)) + 7;
    return [
      new Style({ image: new Circle({ radius: size, stroke: new Stroke({ color: c.paper, width: 5 }) }) }),
      new Style({ image: new Circle({ radius: size, stroke: new Stroke({ color: c.select, width: 2.5, ...(feature.get('candidate') ? { lineDash: [3, 3] } : {}) }) }) }),
    ];
  }
  return [
    new Style({ stroke: new Stroke({ color: c.paper, width: 6 }) }),
    new Style({ stroke: new Stroke({ color: c.select, width: 2.5 }), fill: new Fill({ color: alpha(c.select, 0.06) }) }),
  ];
}

/** A point referred to the corridor, and the way to it. */
export function measured(feature: FeatureLike, c: Palette): Style {
  if (feature.getGeometry() instanceof Point) {
    const foot = feature.get('foot') === true;
    return new Style({ image: new Circle({ radius: foot ? 6 : 4, fill: new Fill({ color: foot ? c.gap : c.select }), stroke: new Stroke({ color: c.paper, width: 2 }) }) });
  }
  return new Style({ stroke: new Stroke({ color: c.select, width: 1.75, lineDash: [4, 4] }) });
}

export const colours = palette;
