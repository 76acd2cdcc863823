/** Colours of the map. Evidence, territory and ground differ in lightness and in pattern too, for eyes that do not tell hues apart. */

export interface Palette {
  sea: string;
  land: string;
  abroad: string;
  abroadLine: string;
  water: string;
  waterLine: string;
  governorate: string;
  district: string;
  subdistrict: string;
  text: string;
  textSoft: string;
  waterText: string;
  halo: string;
  disputed: string;
  region: string;
  federal: string;
  gap: string;
  gapCasing: string;
  mention: string;
  mentionFill: string;
  claim: string;
  select: string;
  paper: string;
}

const light: Palette = {
  sea: '#d5e3e8',
  land: '#fbf8f1',
  abroad: '#eeeae0',
  abroadLine: '#b9b1a1',
  water: '#cfe0e7',
  waterLine: '#9dbfcd',
  governorate: '#857c6c',
  district: '#c6bdab',
  subdistrict: '#d9d2c3',
  text: '#3d3830',
  textSoft: '#6f6757',
  waterText: '#3f7186',
  halo: '#fbf8f1',
  disputed: '#a8690f',
  region: '#1f6f63',
  federal: '#4a5d8a',
  gap: '#a01552',
  gapCasing: '#fffdf8',
  mention: '#1c4f8f',
  mentionFill: '#2f6db5',
  claim: '#5b3a8e',
  select: '#0b2d57',
  paper: '#ffffff',
};

const dark: Palette = {
  sea: '#0f2028',
  land: '#22262a',
  abroad: '#191c1f',
  abroadLine: '#4a4f54',
  water: '#16303c',
  waterLine: '#2f5566',
  governorate: '#8b8f8f',
  district: '#4d5357',
  subdistrict: '#3a3f43',
  text: '#e9e5da',
  textSoft: '#b3afa5',
  waterText: '#86b6ca',
  halo: '#16191c',
  disputed: '#e0a24a',
  region: '#5cc0ae',
  federal: '#9fb2df',
  gap: '#f06aa0',
  gapCasing: '#16191c',
  mention: '#9cc7ff',
  mentionFill: '#5c9bec',
  claim: '#bfa0f2',
  select: '#ffffff',
  paper: '#1b1e21',
};

/** Whether the page is dark now: its own setting, or the system's. */
export function isDark(): boolean {
  const theme = document.documentElement.dataset.theme;
  if (theme === 'dark' || theme === 'light') return theme === 'dark';
  return matchMedia('(prefers-color-scheme: dark)').matches;
}

export const palette = (): Palette => (isDark() ? dark : light);
export const lightPalette = light;

/** A colour with an opacity, as `#rrggbbaa`. */
export const alpha = (colour: string, share: number): string =>
  colour + Math.round(share * 255).toString(16).padStart(2, '0');
