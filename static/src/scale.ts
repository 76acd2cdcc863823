/** A scale bar that knows that a pixel of this projection is not the same length everywhere. */

import { getPointResolution } from 'ol/proj';
import { h } from './dom';
import { isolated, number, t } from './language';
import { olMap } from './map';
import { watch } from './store';

const WIDEST = 110;

/** The length in metres of the longest round number that fits, and its pixels, at the middle of the map. */
export function scale(): { metres: number; pixels: number } {
  const view = olMap().getView();
  const perPixel = getPointResolution('EPSG:3857', view.getResolution() ?? 1, view.getCenter() ?? [0, 0], 'm');
  const most = perPixel * WIDEST;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = ([5, 2, 1].find((step) => step * power <= most) ?? 1) * power;
  return { metres, pixels: metres / perPixel };
}

export const scaleText = (metres: number): string => isolated(metres >= 1000 ? `${number(metres / 1000)} ${t('km')}` : `${number(metres)} ${t('metre')}`);

export function scaleBar(): HTMLElement {
  const bar = h('span', { class: 'scale-bar' });
  const text = h('span', { class: 'scale-text' });
  const draw = (): void => {
    const { metres, pixels } = scale();
    bar.style.inlineSize = `${Math.round(pixels)}px`;
    text.textContent = scaleText(metres);
  };
  olMap().on('postrender', draw);
  watch(['language'], draw);
  return h('div', { class: 'scale' }, bar, text);
}
