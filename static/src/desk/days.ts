/** Days as numbers since 1970, bins of a histogram and ticks of a time axis. Pure. */

export const DAY = 86_400_000;

export const toDay = (iso: string): number => Math.round(Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / DAY);
export const toIso = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

export interface Bin {
  /** First and last day, inclusive. */
  from: number;
  to: number;
  count: number;
}

/** Lengths of a bin in days. */
const STEPS = [1, 2, 7, 14, 30, 91, 182, 365, 730, 1826, 3652];

/** At most `most` bins of equal length that cover all days. */
export function bins(days: ReadonlyMap<string, number>, [first, last]: readonly [number, number], most: number): Bin[] {
  const length = last - first + 1;
  const step = STEPS.find((days) => Math.ceil(length / days) <= most) ?? Math.ceil(length / most);
  const found: Bin[] = Array.from({ length: Math.ceil(length / step) }, (_, i) => ({
    from: first + i * step,
    to: Math.min(last, first + (i + 1) * step - 1),
    count: 0,
  }));
  for (const [day, count] of days) {
    const bin = found[Math.floor((toDay(day) - first) / step)];
    if (bin) bin.count += count;
  }
  return found;
}

/** Share of the axis below which the two thumbs of a period lie on each other. */
const LEAST_SHARE = 1 / 6;

/** First and last day of the axis: all days with reports, or about three times a period that is a short part of them or reaches beyond them. */
export function axisOf(all: readonly [number, number], period: readonly [number, number] | null): [number, number] {
  if (!period) return [...all];
  const whole: [number, number] = [Math.min(all[0], period[0]), Math.max(all[1], period[1])];
  const length = period[1] - period[0] + 1;
  if (length >= (whole[1] - whole[0]) * LEAST_SHARE) return whole;
  const around = Math.max(length, 3);
  return [Math.max(whole[0], period[0] - around), Math.min(whole[1], period[1] + around)];
}

export interface Tick {
  day: number;
  /** A date with as many parts as the tick says: `2026`, `2026-03`, `2026-03-15`. */
  text: string;
}

/** First days of years, months or single days, as many as fit. */
export function ticks([first, last]: readonly [number, number], most: number): Tick[] {
  const start = new Date(first * DAY);
  for (const months of [1, 3, 6, 12, 24, 60, 120, 240]) {
    const found: Tick[] = [];
    let [year, month] = [start.getUTCFullYear(), Math.floor(start.getUTCMonth() / Math.min(12, months)) * Math.min(12, months)];
    if (months >= 12) year = Math.floor(year / (months / 12)) * (months / 12);
    for (let day = 0; day <= last; month += months) {
      day = Date.UTC(year, month, 1) / DAY;
      const iso = toIso(day);
      if (day > first && day <= last) found.push({ day, text: months >= 12 ? iso.slice(0, 4) : iso.slice(0, 7) });
    }
    if (found.length <= most && (found.length >= 2 || months > 1)) return found;
    if (months === 1 && found.length < 2) break;
  }
  const step = Math.max(1, Math.ceil((last - first) / Math.max(1, most)));
  const count = Math.floor((last - first) / step);
  return Array.from({ length: count }, (_, i) => ({ day: first + (i + 1) * step, text: toIso(first + (i + 1) * step) })).filter(
    ({ day }) => day < last,
  );
}

export const PRESETS = ['all', 'last7', 'last30', 'last90', 'last365', 'newest'] as const;
export type Preset = (typeof PRESETS)[number];

/** The period of a preset, counted back from today; `newest` is the last thirty days that have anything. Null for all time. */
export function period(preset: Preset, today: string, newest: string): [string, string] | null {
  if (preset === 'all') return null;
  const end = preset === 'newest' ? toDay(newest) : toDay(today);
  const length = { last7: 7, last30: 30, last90: 90, last365: 365, newest: 30 }[preset];
  return [toIso(end - length + 1), toIso(end)];
}

/** Mentions from which a map of all time is crowded. */
const MUCH = 5_000;
/** The least mentions that a first period is worth. */
const LEAST = 50;

/** The last ninety days that have anything; null where all time is not much, or nearly all or nearly nothing lies in them. */
export function firstPeriod(days: ReadonlyMap<string, number>): [string, string] | null {
  const total = [...days.values()].reduce((sum, count) => sum + count, 0);
  const newest = [...days.keys()].sort().at(-1);
  if (total < MUCH || newest === undefined) return null;
  const chosen = period('last90', newest, newest);
  if (!chosen) return null;
  const inside = [...days].reduce((sum, [day, count]) => (day >= chosen[0] && day <= chosen[1] ? sum + count : sum), 0);
  return inside >= LEAST && inside < total ? chosen : null;
}
