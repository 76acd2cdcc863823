/** The page's one font, Vazirmatn, in two parts: the one of the page's script comes before the first map, the other right after it. */

import arabic from '@fontsource-variable/vazirmatn/files/vazirmatn-arabic-wght-normal.woff2?url';
import latin from '@fontsource-variable/vazirmatn/files/vazirmatn-latin-wght-normal.woff2?url';
import { isRtl } from './language';

export const FONT = 'Vazirmatn, sans-serif';

const face = (url: string, unicodeRange: string): FontFace => new FontFace('Vazirmatn', `url(${JSON.stringify(new URL(url, import.meta.url).href)}) format('woff2')`, { weight: '100 900', display: 'swap', unicodeRange });

const PARTS = {
  arabic: () => face(arabic, 'U+0020, U+0600-06FF, U+0750-077F, U+0870-088E, U+0890-0891, U+0897-08E1, U+08E3-08FF, U+200C-200E, U+2010-2011, U+204F, U+2E41, U+FB50-FDFF, U+FE70-FEFC'),
  latin: () => face(latin, 'U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0300-0301, U+0304, U+0308, U+0329, U+2000-200B, U+2012-206F, U+20AC, U+2122, U+2190-2193, U+2212, U+2215, U+FEFF, U+FFFD'),
};

const loading = new Map<keyof typeof PARTS, Promise<unknown>>();

function load(part: keyof typeof PARTS): Promise<unknown> {
  let work = loading.get(part);
  if (!work) {
    const made = PARTS[part]();
    // Used once it is loaded; without it the page is readable all the same.
    work = made.load().then((there) => document.fonts.add(there), () => undefined);
    loading.set(part, work);
  }
  return work;
}

/** Resolves when the part of the page's script is loaded, or after a while without it. */
export async function ownScript(): Promise<void> {
  await Promise.race([load(isRtl() ? 'arabic' : 'latin'), new Promise((resolve) => setTimeout(resolve, 2500))]);
}

/** Resolves when the whole font is loaded. */
export async function allScripts(): Promise<void> {
  await Promise.all([load('arabic'), load('latin')]);
}
