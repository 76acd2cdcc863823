/** On a narrow screen the panel is a sheet at the bottom with three heights; the map keeps the rest. */

import { h } from './dom';
import { t } from './language';
import { watch } from './store';

const NARROW = matchMedia('(max-width: 759.98px)');

/** Shares of the screen's height: just the tabs, half, most of it. */
const STOPS = ['low', 'half', 'high'] as const;
type Stop = (typeof STOPS)[number];

let current: Stop = 'half';

export function makeSheet(panel: HTMLElement): void {
  const handle = h('button', { type: 'button', class: 'handle', onclick: () => place(panel, next()) });
  const name = (): void => handle.setAttribute('aria-label', t('sheet'));
  watch(['language'], name);
  name();
  panel.prepend(handle);
  drag(panel, handle);
  // Choosing a tab or a feature means wanting to read it.
  watch(['tab', 'mention', 'feature', 'document'], (_, changed) => {
    if (NARROW.matches && current === 'low' && !changed.has('document')) place(panel, 'half');
  });
  NARROW.addEventListener('change', () => place(panel, current));
  place(panel, 'half');
}

const next = (): Stop => STOPS[(STOPS.indexOf(current) + 1) % STOPS.length] as Stop;

function place(panel: HTMLElement, stop: Stop): void {
  current = stop;
  panel.dataset.sheet = stop;
  panel.style.removeProperty('block-size');
}

function drag(panel: HTMLElement, handle: HTMLElement): void {
  let from: { y: number; height: number } | null = null;
  let moved = false;
  handle.addEventListener('pointerdown', (event) => {
    if (!NARROW.matches) return;
    from = { y: event.clientY, height: panel.offsetHeight };
    moved = false;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener('pointermove', (event) => {
    if (!from) return;
    const height = from.height + from.y - event.clientY;
    if (Math.abs(from.y - event.clientY) > 6) moved = true;
    if (moved) panel.style.blockSize = `${Math.max(96, Math.min(innerHeight * 0.92, height))}px`;
  });
  handle.addEventListener('pointerup', (event) => {
    if (!from) return;
    const share = (from.height + from.y - event.clientY) / innerHeight;
    from = null;
    if (!moved) return;
    place(panel, share < 0.3 ? 'low' : share < 0.68 ? 'half' : 'high');
    handle.addEventListener('click', (click) => click.stopImmediatePropagation(), { capture: true, once: true });
  });
}
