/** Time: how much each stretch has, an axis with dates, two thumbs, presets, a calendar, and play. */

import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as features from '../features';
import { isActive } from '../filter/filter';
import { selection$ } from '../filter/selection';
import { date, isRtl, number, plainNumber, t } from '../language';
import { set, state$ } from '../store';
import { axisOf, bins, period, PRESETS, ticks, toDay, toIso, type Preset } from './days';
import { Icon } from './parts';

/** Days with a count each, of everything that the filter means. */
const days$ = signal<ReadonlyMap<string, number>>(new Map());
const undated$ = signal(0);

features.onCounted(() => {
  days$.value = features.days();
  undated$.value = features.undated();
});

/** Counts by day of what is selected, or of everything. */
function daysShown(): ReadonlyMap<string, number> {
  const selection = selection$.value;
  if (!isActive(state$.value.filter) || selection.state !== 'ready') return days$.value;
  const counts = new Map<string, number>();
  for (const { day } of selection.statements) if (day) counts.set(day.slice(0, 10), (counts.get(day.slice(0, 10)) ?? 0) + 1);
  return counts;
}

const today = (): string => new Date().toISOString().slice(0, 10);

export function Timeline() {
  const { time } = state$.value;
  const all = days$.value;
  const keys = [...all.keys()].sort();
  const [first, last] = [keys[0], keys.at(-1)];
  const body = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(480);
  const playing = usePlay(first, last);
  const axis = useRef<[number, number] | null>(null);
  const dragged = useRef(false);
  const [released, setReleased] = useState(0);
  // On a phone the fields are shown when they are asked for.
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (!body.current) return;
    const watcher = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 480));
    watcher.observe(body.current);
    return () => watcher.disconnect();
  }, [Boolean(first)]);
  if (!first || !last || (first === last && !time)) return null;
  const span: [number, number] = [toDay(first), Math.max(toDay(last), toDay(first) + 1)];
  const [from, to]: [number, number] = time ? [toDay(time[0]), toDay(time[1])] : span;
  // While a thumb is dragged the axis stays under it.
  if (!dragged.current) axis.current = playing.on ? span : axisOf(span, time && [from, to]);
  const shownSpan = axis.current ?? span;
  const release = (): void => {
    dragged.current = false;
    setReleased(released + 1);
  };
  const choose = (a: number, b: number): void => {
    playing.stop();
    set({ time: a <= span[0] && b >= span[1] ? null : [toIso(a), toIso(b)] });
  };
  const shown = bins(daysShown(), shownSpan, Math.max(12, Math.floor(width / 9)));
  const total = shown.reduce((sum, { count }) => sum + count, 0);
  const thumb = (which: 'from' | 'to') => (
    <input
      type="range"
      class={which}
      min={shownSpan[0]}
      max={shownSpan[1]}
      value={which === 'to' ? to : from}
      aria-label={t(which === 'to' ? 'timeTo' : 'timeFrom')}
      aria-valuetext={date(toIso(which === 'to' ? to : from))}
      onPointerDown={() => (dragged.current = true)}
      onPointerUp={release}
      onPointerCancel={release}
      onInput={(event) => {
        const value = Number(event.currentTarget.value);
        if (which === 'to') choose(Math.min(from, value), value);
        else choose(value, Math.max(to, value));
      }}
    />
  );
  return (
    <section class="timeline" aria-label={t('time')} data-open={time !== null || asked || undefined}>
      <button
        type="button"
        class="icon-button play"
        aria-label={t(playing.on ? 'pause' : 'play')}
        aria-pressed={playing.on}
        onClick={() => (playing.on ? playing.stop() : playing.start())}
      >
        <Icon name={playing.on ? 'pause' : 'play'} />
      </button>
      <div class="time-body" ref={body}>
        <Bars shown={shown} range={[from, to]} total={total} span={shownSpan} />
        <div class="range">
          {thumb('from')}
          {thumb('to')}
        </div>
        <Axis span={shownSpan} width={width} />
      </div>
      <button type="button" class="link time-more" aria-expanded={time !== null || asked} onClick={() => setAsked(!asked)}>
        {t('period')}
      </button>
      <div class="time-fields">
        <p class="time-text">{words(time, undated$.value)}</p>
        <label>
          <span class="sr-only">{t('period')}</span>
          <select
            class="presets"
            onChange={(event) =>
              event.currentTarget.value && (playing.stop(), set({ time: period(event.currentTarget.value as Preset, today(), last) }))
            }
          >
            <option value="" selected={presetOf(time, last) === null}>
              {t('period')}
            </option>
            {PRESETS.map((preset) => (
              <option key={preset} value={preset} selected={presetOf(time, last) === preset}>
                {t(`preset_${preset}`)}
              </option>
            ))}
          </select>
        </label>
        <Calendar time={time} span={span} onChoose={(next) => (playing.stop(), set({ time: next }))} />
        <button type="button" class="link all-time" hidden={time === null} onClick={() => (playing.stop(), set({ time: null }))}>
          {t('allTime')}
        </button>
      </div>
    </section>
  );
}

function presetOf(time: [string, string] | null, newest: string): Preset | null {
  return PRESETS.find((preset) => JSON.stringify(period(preset, today(), newest)) === JSON.stringify(time)) ?? null;
}

function words(time: [string, string] | null, undated: number): string {
  if (!time) return t('allTime');
  const hidden = undated > 0 ? ` · ${t('undatedHidden', { count: undated })}` : '';
  return `${time[0] === time[1] ? date(time[0]) : `${date(time[0])} – ${date(time[1])}`}${hidden}`;
}

/** First and last day, by the browser's own calendar. */
function Calendar({
  time,
  span,
  onChoose,
}: {
  time: [string, string] | null;
  span: [number, number];
  onChoose: (time: [string, string]) => void;
}) {
  const [from, to] = time ?? [toIso(span[0]), toIso(span[1])];
  const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);
  return (
    <details class="calendar">
      <summary>{t('dates')}</summary>
      <div class="calendar-fields">
        <label>
          <span>{t('timeFrom')}</span>
          <input
            type="date"
            class="day-from"
            value={from}
            onChange={(event) =>
              isDay(event.currentTarget.value) &&
              onChoose([event.currentTarget.value, event.currentTarget.value > to ? event.currentTarget.value : to])
            }
          />
        </label>
        <label>
          <span>{t('timeTo')}</span>
          <input
            type="date"
            class="day-to"
            value={to}
            onChange={(event) =>
              isDay(event.currentTarget.value) &&
              onChoose([event.currentTarget.value < from ? event.currentTarget.value : from, event.currentTarget.value])
            }
          />
        </label>
      </div>
    </details>
  );
}

/** Bars within the range are strong, the others faint; each says its days and its count. */
function Bars({
  shown,
  range: [from, to],
  total,
  span: [first, last],
}: {
  shown: ReturnType<typeof bins>;
  range: [number, number];
  total: number;
  span: [number, number];
}) {
  const most = Math.max(1, ...shown.map(({ count }) => count));
  const length = last - first + 1;
  return (
    <svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label={t('histogram', { total: number(total) })}>
      {shown.map((bin) => {
        const height = bin.count ? 8 + (bin.count / most) * 92 : 0;
        const wide = ((bin.to - bin.from + 1) / length) * 1000;
        const x = ((bin.from - first) / length) * 1000;
        const name = bin.from === bin.to ? date(toIso(bin.from)) : `${date(toIso(bin.from))} – ${date(toIso(bin.to))}`;
        return (
          <rect
            key={bin.from}
            class={bin.to >= from && bin.from <= to ? 'in' : ''}
            x={isRtl() ? 1000 - x - wide : x}
            y={100 - height}
            width={Math.max(0.8, wide * 0.85)}
            height={height}
          >
            <title>{`${name}: ${number(bin.count)}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}

function Axis({ span, width }: { span: [number, number]; width: number }) {
  const length = span[1] - span[0];
  const at = (day: number): string => `${((day - span[0]) / length) * 100}%`;
  return (
    <div class="axis" aria-hidden="true">
      {ticks(span, Math.max(2, Math.floor(width / 90))).map(({ day, text }) => (
        <span class="tick" key={day} style={{ insetInlineStart: at(day) }}>
          {text.length === 4 ? plainNumber(Number(text)) : shortDate(text)}
        </span>
      ))}
    </div>
  );
}

/** "3/2026" or "15/3": short enough for an axis. */
function shortDate(text: string): string {
  const [year, month, day] = text.split('-').map(Number);
  return day ? `${plainNumber(day)}/${plainNumber(month ?? 0)}` : `${plainNumber(month ?? 0)}/${plainNumber(year ?? 0)}`;
}

/** Moves a window of a twelfth of all time from the beginning to the end. */
function usePlay(first: string | undefined, last: string | undefined) {
  const timer = useRef(0);
  const [on, setOn] = useState(false);
  const stop = (): void => {
    clearInterval(timer.current);
    timer.current = 0;
    setOn(false);
  };
  const start = (): void => {
    if (!first || !last) return;
    const [begin, end] = [toDay(first), toDay(last)];
    const { time } = state$.peek();
    const window_ = Math.max(1, Math.round((end - begin) / 12));
    const width = time ? Math.max(0, toDay(time[1]) - toDay(time[0])) : window_;
    let at = time && toDay(time[1]) < end ? Math.max(begin, toDay(time[0])) : begin;
    const show = (): void => set({ time: [toIso(at), toIso(Math.min(end, at + width))] });
    show();
    setOn(true);
    timer.current = window.setInterval(() => {
      at += Math.max(1, Math.round(window_ / 4));
      if (at > end) return stop();
      show();
    }, 600);
  };
  useEffect(() => () => clearInterval(timer.current), []);
  return { on, start, stop };
}
