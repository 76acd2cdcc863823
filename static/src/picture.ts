/** The map as a picture, with title, legend, convention and disclaimer: none of them can be left off. */

import { comparedWords, sides, split$ } from './compare-map';
import { conditionsOf } from './filter/words';
import { legendRows, swatch } from './legend';
import { date, direction, isolated, isRtl, list, t } from './language';
import { FONT } from './fonts';
import { opacity } from './catalogue';
import { save } from './dom';
import { olMap } from './map';
import { operator } from './operator';
import { colour } from './style';
import { scale, scaleText } from './scale';
import { written } from './permalink';
import { now } from './store';
import { attribution } from './shell';
import { convention, disclaimer } from './worldviews';

const PAD = 16;

/** Waits until everything is drawn, then composes the picture. */
export async function makePicture(): Promise<HTMLCanvasElement> {
  const map = olMap();
  await new Promise<void>((resolve) => {
    map.once('rendercomplete', () => resolve());
    map.renderSync();
  });
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = map.getSize() as [number, number];
  const context = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
  const notes = noteLines(context, width - 2 * PAD);
  const legend = legendGrid(context, width);
  const foot = legend.height + notes.length * 18 + PAD * 1.5;
  const head = 44;
  context.canvas.width = width * ratio;
  context.canvas.height = (head + height + foot) * ratio;
  context.scale(ratio, ratio);
  context.fillStyle = colour('paper');
  context.fillRect(0, 0, width, head + height + foot);
  context.fillStyle = colour('abroad');
  context.fillRect(0, head, width, height);
  drawMap(context, head, ratio);
  heading(context, width, head);
  dividing(context, width, head, height);
  drawLegend(context, legend, width, head + height, ratio);
  bar(context, width, head + height);
  context.fillStyle = colour('text');
  notes.forEach((note, index) => {
    context.font = note.font;
    const y = head + height + legend.height + PAD + 6 + index * 18;
    if (!note.latin) return write(context, note.text, width, y);
    context.direction = 'ltr';
    context.textAlign = 'left';
    context.fillText(note.text, PAD, y);
  });
  return context.canvas;
}

export async function savePicture(): Promise<void> {
  const canvas = await makePicture();
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) save(`mahwar-${now().worldview}-${now().language}.png`, blob);
}

/** Text starts where reading starts. */
function write(context: CanvasRenderingContext2D, text: string, width: number, y: number): void {
  context.direction = direction();
  context.textAlign = 'start';
  context.fillText(text, isRtl() ? width - PAD : PAD, y);
}

function drawMap(context: CanvasRenderingContext2D, top: number, ratio: number): void {
  for (const canvas of (olMap().getViewport() as HTMLElement).querySelectorAll<HTMLCanvasElement>('.ol-layers canvas')) {
    if (canvas.width === 0) continue;
    context.save();
    context.globalAlpha = Number(canvas.style.opacity || (canvas.parentElement as HTMLElement).style.opacity || 1);
    const matrix = canvas.style.transform.replace(/^matrix\(|\)$/g, '').split(',').map(Number);
    context.setTransform(ratio, 0, 0, ratio, 0, top * ratio);
    if (matrix.length === 6) context.transform(...(matrix as [number, number, number, number, number, number]));
    context.drawImage(canvas, 0, 0);
    context.restore();
  }
}

function heading(context: CanvasRenderingContext2D, width: number, head: number): void {
  context.fillStyle = colour('text');
  context.font = `700 19px ${FONT}`;
  context.textBaseline = 'middle';
  const { time } = now();
  write(context, `${operator.title ?? t('brand')} · ${t('tagline')}${time ? ` · ${date(time[0])} – ${date(time[1])}` : ''}`, width, head / 2 + 2);
}

/** The line between two compared sides, with the words of each. */
function dividing(context: CanvasRenderingContext2D, width: number, top: number, height: number): void {
  const both = sides();
  if (!both) return;
  const x = Math.round(width * split$.peek());
  context.fillStyle = colour('text');
  context.fillRect(x - 2, top, 5, height);
  context.fillStyle = colour('paper');
  context.fillRect(x - 1, top, 3, height);
  context.font = `700 13px ${FONT}`;
  context.direction = direction();
  context.textAlign = 'center';
  both.forEach((words, side) => {
    const wide = context.measureText(words).width + 16;
    const from = side ? x + 8 : x - 8 - wide;
    context.fillStyle = colour('paper');
    context.beginPath();
    context.roundRect(from, top + 10, wide, 24, 6);
    context.fill();
    context.fillStyle = colour('text');
    context.fillText(words, from + wide / 2, top + 23);
  });
}

const LEGEND_ROW = 24;
/** Pixels of a sample with the gaps beside it. */
const LEGEND_SAMPLE = 34 + 3 * 10;

interface LegendGrid {
  rows: ReturnType<typeof legendRows>;
  columns: number;
  /** Pixels of one column. */
  wide: number;
  height: number;
}

/** The legend in columns below the map: on the map it would cover land. */
function legendGrid(context: CanvasRenderingContext2D, width: number): LegendGrid {
  const rows = legendRows();
  context.font = `500 12px ${FONT}`;
  const widest = Math.max(...rows.map((row) => context.measureText(row.title).width), 60) + LEGEND_SAMPLE;
  const columns = Math.max(1, Math.min(rows.length, Math.floor((width - 2 * PAD) / widest)));
  const height = rows.length ? Math.ceil(rows.length / columns) * LEGEND_ROW + PAD : 0;
  return { rows, columns, wide: (width - 2 * PAD) / columns, height };
}

function drawLegend(context: CanvasRenderingContext2D, { rows, columns, wide }: LegendGrid, width: number, top: number, ratio: number): void {
  const each = Math.ceil(rows.length / columns);
  context.font = `500 12px ${FONT}`;
  context.direction = direction();
  context.textAlign = 'start';
  rows.forEach((row, index) => {
    const x = PAD + Math.floor(index / each) * wide;
    const middle = top + PAD + LEGEND_ROW / 2 + (index % each) * LEGEND_ROW;
    context.globalAlpha = opacity(row.layer);
    context.drawImage(swatch(row, ratio), isRtl() ? width - x - 34 : x, middle - 10, 34, 20);
    context.globalAlpha = 1;
    context.fillStyle = colour('text');
    context.fillText(row.title, isRtl() ? width - x - 44 : x + 44, middle + 1);
  });
}

function bar(context: CanvasRenderingContext2D, width: number, bottom: number): void {
  const { metres, pixels } = scale();
  const x = width - PAD - pixels;
  context.strokeStyle = colour('text');
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, bottom - 22);
  context.lineTo(x, bottom - 16);
  context.lineTo(x + pixels, bottom - 16);
  context.lineTo(x + pixels, bottom - 22);
  context.stroke();
  context.font = `500 12px ${FONT}`;
  context.fillStyle = colour('text');
  context.textAlign = 'center';
  context.fillText(scaleText(metres), x + pixels / 2, bottom - 28);
}

interface Note {
  text: string;
  font: string;
  /** Sources are in English in every language of the page. */
  latin: boolean;
}

/** The period, the filter, the comparison and the day, as on paper. */
function viewWords(): string {
  const { filter } = now();
  const conditions = conditionsOf(filter).map(({ text }) => isolated(text));
  const made = t('pictureOf', { day: date(new Date().toISOString().slice(0, 10)) });
  return [conditions.length && `${t('filter')}: ${list(conditions)}.`, comparedWords(), made].filter(Boolean).join(' ');
}

/** The address of this view. */
const viewAddress = (): string => new URL(`./#${written({ ...now(), tab: 'evidence' })}`, location.href.replace(/[#?].*$/, '')).href;

/** View, convention, disclaimer, sources and address, broken into lines. */
function noteLines(context: CanvasRenderingContext2D, width: number): Note[] {
  const notes = [
    { text: viewWords(), font: `500 12px ${FONT}`, latin: false },
    { text: convention(), font: `600 12px ${FONT}`, latin: false },
    { text: disclaimer(), font: `400 12px ${FONT}`, latin: false },
    { text: attribution(), font: `400 10.5px ${FONT}`, latin: true },
    { text: viewAddress(), font: `400 10.5px ${FONT}`, latin: true },
  ];
  return notes.filter((note) => note.text).flatMap((note) => {
    context.font = note.font;
    return broken(context, note.text, width).map((text) => ({ ...note, text }));
  });
}

function broken(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [''];
  // An address has no spaces: it may break after its separators.
  const isAddress = /^https?:/.test(text);
  for (const part of text.split(isAddress ? /(?<=[&/,])/ : ' ')) {
    const longer = `${lines.at(-1)}${isAddress ? '' : ' '}${part}`.trim();
    if (context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}
