/** Hatching for areas: lines at 45°, in a tile whose side divides the canvas renderer's own repeat of 512 pixels. */

const made = new Map<string, CanvasPattern>();

export interface Hatch {
  colour: string;
  width: number;
  /** Device pixels for one pixel of the page. */
  ratio: number;
  /** Side of the repeated tile in pixels of the page: a power of two. */
  side?: number;
  rising?: boolean;
}

export function hatch({ colour, width, ratio, side = 8, rising = true }: Hatch): CanvasPattern {
  const name = `${colour} ${width} ${ratio} ${side} ${rising}`;
  const known = made.get(name);
  if (known) return known;
  const canvas = document.createElement('canvas');
  const pixels = side * Math.max(1, Math.round(ratio));
  canvas.width = canvas.height = pixels;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.strokeStyle = colour;
  context.lineWidth = width * Math.max(1, Math.round(ratio));
  context.lineCap = 'square';
  context.beginPath();
  for (const shift of [-pixels, 0, pixels]) {
    context.moveTo(shift, rising ? pixels : 0);
    context.lineTo(shift + pixels, rising ? 0 : pixels);
  }
  context.stroke();
  const pattern = context.createPattern(canvas, 'repeat') as CanvasPattern;
  made.set(name, pattern);
  return pattern;
}
