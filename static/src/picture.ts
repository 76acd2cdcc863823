/** The map as a picture, with title, legend, convention and disclaimer: none of them can be left off. */

import { legendRows, swatch } from './legend';
import { date, direction, isRtl, t } from './language';
import { FONT } from './fonts';
import { opacity } from './catalogue';
import { save } from './dom';
import { olMap } from './map';
import { operator } from './operator';
import { alpha, colour } from './style';
import { scale, scaleText } from './scale';
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
  const foot = notes.length * 18 + PAD * 1.5;
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
  legendBox(context, head, ratio);
  bar(context, width, head + height);
  context.fillStyle = colour('text');
  notes.forEach((note, index) => {
    context.font = note.font;
    const y = head + height + PAD + 6 + index * 18;
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

function legendBox(context: CanvasRenderingContext2D, top: number, ratio: number): void {
  const rows = legendRows();
  context.font = `500 12px ${FONT}`;
  const wide = Math.max(...rows.map((row) => context.measureText(row.title).width), 60) + 34 + 3 * 10;
  const [x, y, tall] = [12, top + 12, rows.length * 24 + 16];
  context.fillStyle = alpha(colour('paper'), 0.92);
  context.beginPath();
  context.roundRect(x, y, wide, tall, 8);
  context.fill();
  rows.forEach((row, index) => {
    const middle = y + 20 + index * 24;
    context.globalAlpha = opacity(row.layer);
    context.drawImage(swatch(row, ratio), isRtl() ? x + wide - 44 : x + 10, middle - 10, 34, 20);
    context.globalAlpha = 1;
    context.fillStyle = colour('text');
    context.direction = direction();
    context.textAlign = 'start';
    context.fillText(row.title, isRtl() ? x + wide - 54 : x + 54, middle + 1);
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

/** Convention, disclaimer and sources, broken into lines. */
function noteLines(context: CanvasRenderingContext2D, width: number): Note[] {
  const notes = [
    { text: convention(), font: `600 12px ${FONT}`, latin: false },
    { text: disclaimer(), font: `400 12px ${FONT}`, latin: false },
    { text: attribution(), font: `400 10.5px ${FONT}`, latin: true },
  ];
  return notes.filter((note) => note.text).flatMap((note) => {
    context.font = note.font;
    return broken(context, note.text, width).map((text) => ({ ...note, text }));
  });
}

function broken(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const part of text.split(' ')) {
    const longer = `${lines.at(-1)} ${part}`.trim();
    if (context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}
