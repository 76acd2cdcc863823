/** Time: a histogram of mentions by day, a range to look at, and play. */

import * as features from './features';
import { fill, h, icon } from './dom';
import { date, isRtl, number, t } from './language';
import { now, set, watch } from './store';

const DAY = 86_400_000;
const BINS = 48;

let root: HTMLElement;
let span: [number, number] | null = null;
let counts: number[] = [];
let playing = 0;

const toDay = (iso: string): number => Math.round(Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / DAY);
const toIso = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

export function timeline(): HTMLElement {
  root = h('section', { class: 'timeline', hidden: true });
  features.onLoaded((layer) => layer === 'mention_places' && take());
  watch(['language'], draw);
  watch(['time'], follow);
  return root;
}

/** Takes the days on which anything is dated; without two of them there is no time to choose. */
function take(): void {
  const days = features.days();
  const first = [...days.keys()].at(0);
  const last = [...days.keys()].at(-1);
  root.hidden = !first || !last || first === last;
  if (!first || !last || first === last) return;
  span = [toDay(first), toDay(last)];
  const length = span[1] - span[0] + 1;
  counts = new Array<number>(Math.min(BINS, length)).fill(0);
  for (const [day, count] of days) {
    const bin = Math.floor(((toDay(day) - span[0]) / length) * counts.length);
    counts[bin] = (counts[bin] ?? 0) + count;
  }
  draw();
}

/** The range shown, in days since 1970. */
function range(): [number, number] {
  const [first, last] = span as [number, number];
  const { time } = now();
  if (!time) return [first, last];
  const clamp = (day: number): number => Math.max(first, Math.min(last, day));
  return [clamp(toDay(time[0])), clamp(toDay(time[1]))];
}

function choose(from: number, to: number): void {
  const [first, last] = span as [number, number];
  set({ time: from <= first && to >= last ? null : [toIso(from), toIso(to)] });
}

function draw(): void {
  if (!span || root.hidden) return;
  root.setAttribute('aria-label', t('time'));
  const [first, last] = span;
  const [from, to] = range();
  const slider = (which: 0 | 1): HTMLInputElement =>
    h('input', {
      type: 'range', min: first, max: last, value: which ? to : from, class: which ? 'to' : 'from',
      'aria-label': t(which ? 'timeTo' : 'timeFrom'), 'aria-valuetext': date(toIso(which ? to : from)),
      oninput: (event: Event) => {
        stop();
        const value = Number((event.target as HTMLInputElement).value);
        const [a, b] = range();
        if (which) choose(Math.min(a, value), value);
        else choose(value, Math.max(b, value));
      },
    });
  fill(
    root,
    h('button', { type: 'button', class: 'icon-button play', 'aria-label': t(playing ? 'pause' : 'play'), 'aria-pressed': String(playing !== 0), onclick: () => (playing ? stop() : play()) }, icon(playing ? 'pause' : 'play')),
    h('div', { class: 'time-body' }, histogram(), h('div', { class: 'range' }, slider(0), slider(1))),
    h('p', { class: 'time-text' }, words()),
    h('button', { type: 'button', class: 'link all-time', hidden: now().time === null, onclick: () => { stop(); set({ time: null }); } }, t('allTime')),
  );
  paint();
}

const words = (): string => {
  if (!now().time) return t('allTime');
  const [from, to] = range();
  const undated = features.undated();
  return `${date(toIso(from))} – ${date(toIso(to))}${undated ? ` · ${t('undatedHidden', { count: undated })}` : ''}`;
};

function histogram(): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const most = Math.max(1, ...counts);
  svg.setAttribute('viewBox', `0 0 ${counts.length * 10} 100`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', t('histogram', { total: number(counts.reduce((sum, count) => sum + count, 0)) }));
  counts.forEach((count, index) => {
    const bar = document.createElementNS(space, 'rect');
    const height = count ? 8 + (count / most) * 92 : 0;
    bar.setAttribute('x', String((isRtl() ? counts.length - 1 - index : index) * 10 + 1));
    bar.setAttribute('y', String(100 - height));
    bar.setAttribute('width', '8');
    bar.setAttribute('height', String(height));
    bar.dataset.bin = String(index);
    svg.append(bar);
  });
  return svg;
}

/** Bars within the range are strong, the others faint. */
function paint(): void {
  if (!span) return;
  const [first, last] = span;
  const [from, to] = range();
  const length = last - first + 1;
  for (const bar of root.querySelectorAll<SVGRectElement>('rect')) {
    const index = Number(bar.dataset.bin);
    const [start, end] = [first + (index / counts.length) * length, first + ((index + 1) / counts.length) * length];
    bar.classList.toggle('in', end > from && start <= to);
  }
}

/** The state changed: move the sliders without making them anew. */
function follow(): void {
  if (!span || root.hidden) return;
  const [from, to] = range();
  const move = (name: string, day: number): void => {
    const slider = root.querySelector<HTMLInputElement>(`input.${name}`);
    if (!slider) return;
    slider.value = String(day);
    slider.setAttribute('aria-valuetext', date(toIso(day)));
  };
  move('from', from);
  move('to', to);
  const text = root.querySelector('.time-text');
  if (text) text.textContent = words();
  const all = root.querySelector<HTMLElement>('.all-time');
  if (all) all.hidden = now().time === null;
  paint();
}

/** Moves a window of a twelfth of all time from the beginning to the end. */
function play(): void {
  if (!span) return;
  const [first, last] = span;
  const window_ = Math.max(1, Math.round((last - first) / 12));
  const [from, to] = range();
  const whole = from <= first && to >= last;
  const width = whole ? window_ : to - from;
  let start = whole ? first : from;
  choose(start, start + width);
  playing = window.setInterval(() => {
    start += Math.max(1, Math.round(window_ / 4));
    if (start > last) return stop();
    choose(start, Math.min(last, start + width));
  }, 400);
  draw();
}

function stop(): void {
  if (!playing) return;
  clearInterval(playing);
  playing = 0;
  draw();
}
