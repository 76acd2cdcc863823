/** The panel's tabs and their bodies, which are loaded when they are first opened. */

import { fill, h, icon, type Icon } from './dom';
import { isRtl, LANGUAGES, learn, t } from './language';
import { report } from './notice';
import { Unreachable } from './api';
import { now, set, watch, type Tab } from './store';

const ICONS: Record<Tab, Icon> = { evidence: 'book', layers: 'layers', corridor: 'ruler', try: 'pen', share: 'share' };

/** Each tab is a file of its own: the first map does not wait for tabs that are not open yet. */
const BODIES: Record<Tab, () => Promise<HTMLElement>> = {
  evidence: async () => (await import('./evidence-panel')).evidencePanel(),
  layers: async () => (await import('./layers-panel')).layersPanel(),
  corridor: async () => (await import('./corridor-panel')).corridorPanel(),
  try: async () => (await import('./try-panel')).tryPanel(),
  share: async () => (await import('./share-panel')).sharePanel(),
};

/** Fetches missing tabs while the page is idle, so that all tabs work when the server goes away. */
export function fetchAhead(): void {
  const work = (): void => void Promise.all([import('./layers-panel'), import('./corridor-panel'), import('./try-panel'), import('./share-panel'), import('./table-view'), import('./evidence-panel'), ...LANGUAGES.map(learn)]).catch(() => undefined);
  setTimeout(() => ('requestIdleCallback' in window ? requestIdleCallback(work, { timeout: 4000 }) : work()), 1200);
}

/** The list of tabs, and a place for each body. */
export function tabbed(tabs: readonly Tab[]): HTMLElement[] {
  const list = h('div', { class: 'tabs', role: 'tablist' });
  const places = new Map(tabs.map((tab) => [tab, h('div', { class: 'tab-panel', role: 'tabpanel', id: `panel-${tab}`, 'aria-labelledby': `tab-${tab}`, hidden: true })]));
  const made = new Set<Tab>();
  const make = async (tab: Tab, place: HTMLElement): Promise<void> => {
    made.add(tab);
    place.setAttribute('aria-busy', 'true');
    try {
      place.replaceChildren(await BODIES[tab]());
    } catch {
      made.delete(tab);
      place.replaceChildren(h('p', { class: 'empty' }, t('noAnswer')));
      report(new Unreachable(tab), () => void make(tab, place));
    } finally {
      place.removeAttribute('aria-busy');
    }
  };
  const draw = (): void => {
    list.setAttribute('aria-label', t('sections'));
    const focused = list.contains(document.activeElement);
    fill(list, ...tabs.map((tab) => tabButton(tab, tabs)));
    if (focused) list.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
    const current = tabs.includes(now().tab) ? now().tab : (tabs[0] as Tab);
    for (const [tab, place] of places) {
      place.hidden = tab !== current;
      if (tab === current && !made.has(tab)) void make(tab, place);
    }
  };
  watch(['tab', 'language'], draw);
  draw();
  return [list, ...places.values()];
}

function tabButton(tab: Tab, tabs: readonly Tab[]): HTMLElement {
  const selected = tab === now().tab;
  const step = (event: KeyboardEvent): void => {
    const move = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? tabs.length - 1 : move ? (tabs.indexOf(tab) + (isRtl() ? -move : move) + tabs.length) % tabs.length : -1;
    if (to < 0) return;
    event.preventDefault();
    set({ tab: tabs[to] as Tab });
  };
  return h('button', { type: 'button', role: 'tab', id: `tab-${tab}`, 'aria-selected': String(selected), 'aria-controls': `panel-${tab}`, tabindex: selected ? 0 : -1, onclick: () => set({ tab }), onkeydown: step }, icon(ICONS[tab]), h('span', {}, t(`tab_${tab}`)));
}
