/** The frame of the page: header, panel with tabs, the map with what stands on it; and the same as an embed. */

import { corridorPanel } from './corridor-panel';
import { fill, h, icon, iconButton, type Icon } from './dom';
import { evidencePanel } from './evidence-panel';
import { collection, collectionIds } from './catalogue';
import { ENDONYMS, isRtl, LANGUAGES, t } from './language';
import { convention, disclaimer, layersPanel, onWorldviews } from './layers-panel';
import { legendCard } from './legend';
import { home, zoomBy } from './map';
import type { Part } from './permalink';
import { searchBox } from './search-box';
import { sharePanel } from './share-panel';
import { makeSheet } from './sheet';
import { now, set, TABS, watch, type Tab } from './store';
import { timeline } from './timeline';
import { tryPanel } from './try-panel';

/** Where there is no room for a language's whole name. */
const SHORT = { ar: 'ع', ckb: 'ک', en: 'EN' } as const;

const TAB_ICONS: Record<Tab, Icon> = { evidence: 'book', layers: 'layers', corridor: 'ruler', try: 'pen', share: 'share' };

export interface Frame {
  map: HTMLElement;
  tip: HTMLElement;
  /** Fills what needs the map to exist. */
  furnish: (scaleBar: HTMLElement) => void;
}

/** Lays out the page; the map's own element comes first, so that it is there before the panel has anything to show. */
export function frame(embedded: boolean, parts: ReadonlySet<Part>): Frame {
  const map = h('div', { id: 'map', class: 'map', tabindex: 0, role: 'application' });
  const tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
  const stage = h('main', { class: 'stage' }, map, tip);
  const name = (): void => map.setAttribute('aria-label', t('mapLabel'));
  watch(['language'], name);
  name();
  document.body.classList.toggle('embedded', embedded);
  const skip = h('a', { class: 'skip', href: '#panel' }, t('skip'));
  watch(['language'], () => (skip.textContent = t('skip')));
  skip.addEventListener('click', (event) => {
    event.preventDefault();
    document.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus();
  });
  document.body.prepend(skip, stage);
  const withPanel = !embedded || parts.has('panel') || parts.has('layers');
  const furnish = (scaleBar: HTMLElement): void => {
    put(stage, embedded, parts, scaleBar);
    if (withPanel) document.body.insertBefore(panel(embedded, parts), stage);
    document.body.classList.toggle('with-panel', withPanel);
  };
  return { map, tip, furnish };
}

function put(stage: HTMLElement, embedded: boolean, parts: ReadonlySet<Part>, scaleBar: HTMLElement): void {
  stage.append(buttons(), h('div', { class: 'corner' }, scaleBar));
  const wide = matchMedia('(min-width: 760px)').matches;
  if (!embedded || parts.has('legend')) stage.append(legendCard(wide));
  if (embedded && parts.has('search')) stage.append(h('div', { class: 'floating-search' }, searchBox()));
  if (!embedded || parts.has('time')) stage.append(timeline());
  stage.append(imprint(embedded));
  if (embedded) stage.append(wheelHint(stage));
}

function buttons(): HTMLElement {
  const group = h('div', { class: 'map-buttons' });
  const draw = (): void => fill(group, iconButton('plus', t('zoomIn_'), () => zoomBy(1)), iconButton('minus', t('zoomOut'), () => zoomBy(-1)), iconButton('home', t('home'), () => home()));
  watch(['language'], draw);
  draw();
  return group;
}

/** Sources of what is drawn, each once. */
export const attribution = (): string => {
  const named = collectionIds().map((id) => collection(id)?.attribution).filter((text): text is string => Boolean(text));
  return [...new Set(named)].join(' · ') || t('attribution');
};

/** Convention and disclaimer stand on every map, embedded or not; where there is little room the rest of them is a touch away. */
function imprint(embedded: boolean): HTMLElement {
  const line = h('footer', { class: 'imprint' });
  const draw = (): void =>
    fill(
      line,
      h(
        'details',
        {},
        h('summary', {}, h('span', { class: 'convention' }, convention()), ' ', h('span', { class: 'disclaimer' }, disclaimer()), ' ', h('span', { class: 'more-sources' }, t('sources'))),
        h('p', { class: 'sources', lang: 'en', dir: 'ltr' }, attribution()),
      ),
      embedded ? h('a', { href: `./${location.hash}`, target: '_blank', rel: 'noopener' }, t('openFull')) : null,
    );
  watch(['language', 'worldview'], draw);
  onWorldviews(draw);
  draw();
  return line;
}

/** Inside another page the wheel belongs to that page. */
function wheelHint(stage: HTMLElement): HTMLElement {
  const hint = h('p', { class: 'wheel-hint', hidden: true });
  let timer = 0;
  stage.addEventListener('wheel', (event) => {
    if (event.ctrlKey || event.metaKey) return;
    hint.textContent = t('wheelHint');
    hint.hidden = false;
    clearTimeout(timer);
    timer = window.setTimeout(() => (hint.hidden = true), 1400);
  }, { passive: true });
  return hint;
}

function panel(embedded: boolean, parts: ReadonlySet<Part>): HTMLElement {
  const tabs: readonly Tab[] = embedded ? (parts.has('panel') ? TABS : ['layers']) : TABS;
  const bodies: Record<Tab, () => HTMLElement> = { evidence: evidencePanel, layers: layersPanel, corridor: corridorPanel, try: tryPanel, share: sharePanel };
  const list = h('div', { class: 'tabs', role: 'tablist' });
  const places = new Map(tabs.map((tab) => [tab, h('div', { class: 'tab-panel', role: 'tabpanel', id: `panel-${tab}`, 'aria-labelledby': `tab-${tab}`, hidden: true })]));
  const made = new Set<Tab>();
  const draw = (): void => {
    list.setAttribute('aria-label', t('sections'));
    const focused = list.contains(document.activeElement);
    fill(list, ...tabs.map((tab) => tabButton(tab, tabs)));
    if (focused) list.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
    const current = tabs.includes(now().tab) ? now().tab : (tabs[0] as Tab);
    for (const [tab, place] of places) {
      place.hidden = tab !== current;
      if (tab !== current || made.has(tab)) continue;
      made.add(tab);
      place.append(bodies[tab]());
    }
  };
  watch(['tab', 'language'], draw);
  const aside = h('aside', { class: 'panel', id: 'panel' }, embedded ? null : header(), list, ...places.values());
  makeSheet(aside);
  draw();
  return aside;
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
  return h('button', { type: 'button', role: 'tab', id: `tab-${tab}`, 'aria-selected': String(selected), 'aria-controls': `panel-${tab}`, tabindex: selected ? 0 : -1, onclick: () => set({ tab }), onkeydown: step }, icon(TAB_ICONS[tab]), h('span', {}, t(`tab_${tab}`)));
}

function header(): HTMLElement {
  const brand = h('div', { class: 'brand' });
  const languages = h('div', { class: 'languages', role: 'group' });
  const draw = (): void => {
    fill(brand, h('h1', {}, t('brand')), h('p', {}, t('tagline')));
    languages.setAttribute('aria-label', t('language'));
    fill(languages, ...LANGUAGES.map((language) => h('button', { type: 'button', lang: language, 'aria-pressed': String(language === now().language), 'data-short': SHORT[language], onclick: () => set({ language }) }, h('span', {}, ENDONYMS[language]))));
  };
  watch(['language'], draw);
  draw();
  return h('header', { class: 'head' }, h('div', { class: 'head-row' }, brand, languages), searchBox());
}
