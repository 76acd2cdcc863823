/** The map's style as the server sends it to every client, for the language, the worldview and the theme in force. */

import * as api from './api';
import type { StyleLayer, StyleSheet } from './model';
import { report } from './notice';
import { now, watch } from './store';
import { isDark, onSystem } from './theme';

/** The pictures that a style names, in one image. */
export interface Sprite {
  index: Record<string, unknown>;
  /** An address of the image within this page. */
  url: string;
}

/** A style with its pictures. */
export interface Sheet {
  document: StyleSheet;
  sprite: Sprite;
}

let current: Sheet | null = null;
const listeners: (() => void)[] = [];
const sprites = new Map<string, Promise<Sprite>>();

/** The style in force; null before the first was loaded. */
export const sheet = (): Sheet | null => current;

/** A colour of the theme by its name in the style's metadata. */
export const colour = (name: string): string => current?.document.metadata['mahwar:colours']?.[name] ?? '#808080';

/** A colour with an opacity, as `#rrggbbaa`. */
export const alpha = (of: string, share: number): string => of + Math.round(share * 255).toString(16).padStart(2, '0');

/** Calls back when another style is in force. */
export const onStyle = (listener: () => void): void => void listeners.push(listener);

/** The layer of the map that a layer of the style draws. */
export const drawnBy = ({ metadata }: StyleLayer): string | undefined => metadata?.['mahwar:layer'];

/** The ground: all layers of the style before the first one with the name of a map layer. */
export function ground(document: StyleSheet): StyleLayer[] {
  const first = document.layers.findIndex((layer) => layer.id === drawnBy(layer));
  return document.layers.slice(0, Math.max(0, first));
}

const ratio = (): string => (window.devicePixelRatio > 1 ? '@2x' : '');

async function fetchSprite(id: string): Promise<Sprite> {
  const path = `sprites/${encodeURIComponent(id)}${ratio()}`;
  const [index, image] = await Promise.all([api.json<Sprite['index']>(`${path}.json`), api.blob(`${path}.png`)]);
  return { index, url: URL.createObjectURL(image) };
}

/** The pictures of a theme, asked for once. */
function sprite(id: string): Promise<Sprite> {
  let known = sprites.get(id);
  if (!known) {
    known = fetchSprite(id);
    known.catch(() => sprites.delete(id));
    sprites.set(id, known);
  }
  return known;
}

async function fetchSheet(id: string): Promise<Sheet> {
  const { language: lang, worldview } = now();
  const [document, pictures] = await Promise.all([api.styleSheet(id, { lang, worldview: worldview === 'neutral' ? undefined : worldview }), sprite(id)]);
  // Which layers are seen is for the page's switches to say.
  for (const layer of document.layers) delete layer.layout?.visibility;
  return { document, sprite: pictures };
}

/** The style in force as another worldview has it; only its legend differs. */
export function loadedStyle(worldview: string): Promise<StyleSheet> {
  const { language: lang, style } = now();
  return api.styleSheet(style ?? (isDark() ? 'dark' : 'light'), { lang, worldview: worldview === 'neutral' ? undefined : worldview });
}

/** The style that was chosen, else the one of the theme; a server that has none of that name has a first one. */
async function wanted(): Promise<Sheet> {
  const own = now().style ?? (isDark() ? 'dark' : 'light');
  try {
    return await fetchSheet(own);
  } catch (error) {
    const first = error instanceof api.Refused ? (await api.styles()).default : own;
    if (first === own) throw error;
    return fetchSheet(first);
  }
}

let turn = 0;

/** Puts the style in force that the state asks for. */
export async function loadStyle(): Promise<void> {
  const mine = ++turn;
  try {
    const next = await wanted();
    if (mine !== turn) return;
    current = next;
    for (const listener of listeners) listener();
  } catch (error) {
    if (mine === turn) report(error, () => void loadStyle());
  }
}

/** Follows the state from now on. */
export function followState(): void {
  watch(['language', 'worldview', 'theme', 'style'], () => void loadStyle());
  onSystem(() => void loadStyle());
}
