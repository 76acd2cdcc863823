/** The frame of the page: header, panel with tabs, the map with its controls; and the same as an embed. */

import { Unreachable } from './api';
import { fill, h, iconButton } from './dom';
import { collection, collectionIds, isShown } from './catalogue';
import { ENDONYMS, LANGUAGES, learn, t } from './language';
import { legendCard } from './legend';
import { linkTo } from './link';
import { home, zoomBy } from './map';
import type { Language } from './model';
import { operator } from './operator';
import { report } from './notice';
import type { Part } from './permalink';
import { searchBox } from './search-box';
import { makeSheet } from './sheet';
import { CLOSED, now, set, TABS, watch, type Tab } from './store';
import { tabbed } from './tabs';
import { translated } from './words/attribution';
import { mounted } from './desk/parts';
import { Timeline } from './desk/timeline';
import { convention, disclaimer, onWorldviews } from './worldviews';

/** Short names of the languages, for narrow pages. */
const SHORT = { ar: 'ع', ckb: 'ک', en: 'EN' } as const;

export interface Frame {
  map: HTMLElement;
  tip: HTMLElement;
  /** Fills the parts that need the map. */
  furnish: (scaleBar: HTMLElement) => void;
}

/** Lays out the page; the map's own element comes first, so that it exists before the panel has contents. */
export function frame(embedded: boolean, parts: ReadonlySet<Part>): Frame {
  const map = h('div', { id: 'map', class: 'map', tabindex: 0, role: 'application' });
  const tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
  const stage = h('main', { class: 'stage' }, embedded ? h('h1', { class: 'sr-only' }, operator.title ?? t('brand')) : null, map, tip);
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
  const skipMap = h('a', { class: 'skip', href: '#map' }, t('skipMap'));
  watch(['language'], () => (skipMap.textContent = t('skipMap')));
  skipMap.addEventListener('click', (event) => {
    event.preventDefault();
    map.focus();
  });
  const withoutPanel = embedded && !parts.has('panel') && !parts.has('layers');
  document.body.prepend(...(withoutPanel ? [] : [skip]), skipMap, stage);
  const withPanel = !embedded || parts.has('panel') || parts.has('layers');
  const furnish = (scaleBar: HTMLElement): void => {
    put(stage, embedded, parts, scaleBar);
    if (withPanel) document.body.insertBefore(panel(embedded, parts), stage);
    else stage.append(floatingCard());
    document.body.classList.toggle('with-panel', withPanel);
  };
  return { map, tip, furnish };
}

function put(stage: HTMLElement, embedded: boolean, parts: ReadonlySet<Part>, scaleBar: HTMLElement): void {
  stage.append(buttons(), h('div', { class: 'corner' }, scaleBar));
  // On a smaller map the open legend would cover a good part of the data.
  const wide = matchMedia('(min-width: 1600px) and (min-height: 800px)').matches;
  if (!embedded || parts.has('legend')) stage.append(legendCard(wide));
  if (embedded && parts.has('search')) stage.append(h('div', { class: 'floating-search' }, searchBox()));
  if (!embedded || parts.has('time')) stage.append(mounted(Timeline, 'time-place'));
  stage.append(imprint(embedded));
  if (embedded) stage.append(wheelHint(stage));
}

/** On a map without a panel: the sentences about a dot, in a card over the map. */
function floatingCard(): HTMLElement {
  const body = h('div', { class: 'floating-body' });
  const close = iconButton('close', t('close'), () => set(CLOSED), { class: 'icon-button close' });
  const card = h('aside', { class: 'floating-card', hidden: true }, close, body);
  let made = false;
  const draw = (): void => {
    const { feature, document: id, person, event } = now();
    card.hidden = !feature && !id && !person && !event;
    card.setAttribute('aria-label', t('tab_evidence'));
    close.setAttribute('aria-label', t('close'));
    if (card.hidden || made) return;
    made = true;
    import('./evidence-panel').then(({ evidencePanel }) => body.replaceChildren(evidencePanel()), (error: unknown) => {
      made = false;
      report(new Unreachable(String(error)), draw);
    });
  };
  watch(['feature', 'document', 'person', 'event', 'language'], draw);
  draw();
  return card;
}

function buttons(): HTMLElement {
  const group = h('div', { class: 'map-buttons' });
  const draw = (): void => fill(group, iconButton('plus', t('zoomIn_'), () => zoomBy(1)), iconButton('minus', t('zoomOut'), () => zoomBy(-1)), iconButton('home', t('home'), () => home()));
  watch(['language'], draw);
  draw();
  return group;
}

/** Sentences about the sources of the drawn layers, each once. */
function sentences(): string[] {
  const named = collectionIds().filter(isShown).map((id) => collection(id)?.attribution ?? '');
  const each = named.flatMap((text) => text.split(/(?<=\.)\s+(?=[A-Z])/)).filter(Boolean);
  return [...new Set(each)];
}

/** Sources of the drawn layers as the server names them. */
export const attribution = (): string => sentences().join(' ') || t('attribution');

/** The same in the page's language as far as the words are the project's own. */
function sources(): HTMLElement {
  const parts = sentences().map((sentence) => {
    const { own, rest } = translated(sentence, now().language);
    return h('span', {}, own, own && rest ? ' ' : '', rest ? h('bdi', { lang: 'en', dir: 'ltr' }, rest) : '', ' ');
  });
  return h('p', { class: 'sources' }, ...(parts.length ? parts : [t('attribution')]));
}

/** Convention and disclaimer are on every map, embedded or not; on narrow pages the rest of them opens at a touch. */
function imprint(embedded: boolean): HTMLElement {
  const line = h('footer', { class: 'imprint' });
  const draw = (): void =>
    fill(
      line,
      h(
        'details',
        {},
        h('summary', {}, h('span', { class: 'convention' }, convention()), ' ', h('span', { class: 'disclaimer' }, disclaimer()), ' ', h('span', { class: 'more-sources' }, t('sources'))),
        sources(),
      ),
      operator.imprint ? h('p', { class: 'operator', dir: 'auto' }, linked(operator.imprint)) : null,
      embedded ? h('a', { href: `./${location.hash}`, target: '_blank', rel: 'noopener' }, t('openFull')) : null,
    );
  watch(['language', 'worldview', 'layers'], draw);
  onWorldviews(draw);
  draw();
  return line;
}

/** A text whose web addresses are links. */
function linked(text: string): HTMLElement {
  return h('span', {}, ...text.split(/(https?:\/\/[^\s,;]+)/).map((part, index) => (index % 2 ? linkTo(part, part.replace(/^https?:\/\//, '')) : part)));
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
  const aside = h('aside', { class: 'panel', id: 'panel' }, embedded ? null : header(), ...tabbed(tabs));
  makeSheet(aside);
  return aside;
}

/** Changes to a language when its dictionary is loaded. */
async function speakAs(language: Language): Promise<void> {
  try {
    await learn(language);
    set({ language });
  } catch (error) {
    report(new Unreachable(String(error)), () => void speakAs(language));
  }
}

function header(): HTMLElement {
  const brand = h('div', { class: 'brand' });
  const languages = h('div', { class: 'languages', role: 'group' });
  const draw = (): void => {
    const words = h('div', {}, h('h1', {}, operator.title ?? t('brand')), h('p', {}, t('tagline')));
    // The title says the same in words.
    fill(brand, operator.logo ? h('img', { class: 'logo', src: operator.logo.href, alt: '' }) : null, words);
    languages.setAttribute('aria-label', t('language'));
    fill(languages, ...LANGUAGES.map((language) => h('button', { type: 'button', lang: language, 'aria-pressed': String(language === now().language), 'data-short': SHORT[language], onclick: () => void speakAs(language) }, h('span', {}, ENDONYMS[language]))));
  };
  watch(['language'], draw);
  draw();
  return h('header', { class: 'head' }, h('div', { class: 'head-row' }, brand, languages), searchBox());
}
