/** Which layers are drawn, how strongly, and in which worldview. */

import { collection, entry, fade, groups, isShown, opacity, show, title, type Group } from './catalogue';
import * as api from './api';
import { Compare } from './desk/compare';
import { mounted } from './desk/parts';
import { fill, h, icon } from './dom';
import { onLoaded } from './features';
import { number, percent, pick, t } from './language';
import { swatchOf } from './legend';
import { controlShownOn, showControlOn } from './map';
import type { Names } from './model';
import { report } from './notice';
import { now, set, watch, type Theme } from './store';
import { onStyle } from './style';
import { convention, onWorldviews, worldviews } from './worldviews';

export function layersPanel(): HTMLElement {
  const panel = h('div', { class: 'panel-body scroll layers', tabindex: 0, role: 'group' });
  const compared = mounted(Compare, 'compare-place');
  const draw = (): void => {
    panel.setAttribute('aria-label', t('tab_layers'));
    fill(panel, worldviewSwitch(), ...groups().map(group), compared, styleSwitch(), themeSwitch());
  };
  watch(['language', 'worldview', 'theme'], draw);
  let asked = false;
  const askStyles = async (): Promise<void> => {
    if (asked || now().tab !== 'layers') return;
    asked = true;
    offered = await api.styles().then((known) => known.styles).catch(() => []);
    if (offered.length) draw();
  };
  watch(['tab'], () => void askStyles());
  void askStyles();
  onStyle(draw);
  watch(['layers'], () => refresh(panel));
  onLoaded((layer) => ['disputed_areas', 'region_line'].includes(layer) && draw());
  onWorldviews(draw);
  draw();
  return panel;
}

function worldviewSwitch(): HTMLElement {
  return h(
    'fieldset',
    { class: 'worldview' },
    h('legend', {}, t('worldview')),
    h('div', { class: 'choices' }, ...worldviews().map((view) =>
      h('label', { class: 'choice' }, h('input', { type: 'radio', name: 'worldview', value: view.id, checked: view.id === now().worldview, onchange: () => set({ worldview: view.id }) }), h('span', {}, pick(view.title))))),
    h('p', { class: 'sub' }, convention()),
  );
}

function group({ title: name, layers }: Group): HTMLElement {
  return h('section', { class: 'layer-group' }, h('h2', {}, name), h('ul', {}, ...layers.filter((id) => collection(id) ?? entry(id)).map(row)));
}

function row(id: string): HTMLElement {
  const shown = isShown(id);
  const count = collection(id)?.count;
  const slider = h('input', { type: 'range', min: 0, max: 100, step: 5, value: Math.round(opacity(id) * 100), disabled: !shown, 'aria-label': `${t('opacity')}: ${title(id)}`, title: percent(opacity(id)), oninput: (event: Event) => fade(id, Number((event.target as HTMLInputElement).value)) });
  return h(
    'li',
    { 'data-layer': id, class: shown ? 'on' : '' },
    h(
      'label',
      { class: 'switch' },
      h('input', { type: 'checkbox', role: 'switch', checked: shown, onchange: (event: Event) => show(id, (event.target as HTMLInputElement).checked) }),
      swatchOf(id),
      h('span', { class: 'layer-title' }, title(id), count === 0 ? h('small', {}, t('emptyLayer')) : count === undefined ? null : h('small', {}, number(count)), entry(id)?.from ? h('small', { class: 'zoom-note' }, t('zoomIn')) : null),
    ),
    slider,
    id === 'control' ? dayChoice() : null,
    h('button', { type: 'button', class: 'icon-button', 'aria-label': `${t('table')}: ${title(id)}`, title: t('table'), onclick: () => void table(id) }, icon('table')),
  );
}

/** The day whose holders the map shows. */
function dayChoice(): HTMLElement {
  return h(
    'label',
    { class: 'sub' },
    h('span', {}, t('controlDay')),
    h('input', { type: 'date', value: controlShownOn(), min: '2003-04-09', onchange: (event: Event) => showControlOn((event.target as HTMLInputElement).value) }),
  );
}

/** Comes when it is first asked for. */
async function table(layer: string): Promise<void> {
  try {
    await (await import('./table-view')).openTable(layer);
  } catch (error) {
    report(new api.Unreachable(String(error)), () => void table(layer));
  }
}

/** Follows the state without building the rows again, so that a slider being moved stays the same element. */
function refresh(panel: HTMLElement): void {
  for (const item of panel.querySelectorAll<HTMLElement>('li[data-layer]')) {
    const id = item.dataset.layer as string;
    const shown = isShown(id);
    item.classList.toggle('on', shown);
    const [box, slider] = [item.querySelector<HTMLInputElement>('[role=switch]'), item.querySelector<HTMLInputElement>('[type=range]')];
    if (box) box.checked = shown;
    if (slider) {
      slider.disabled = !shown;
      slider.value = String(Math.round(opacity(id) * 100));
      slider.title = percent(opacity(id));
    }
  }
}

let offered: { id: string; titles: Names }[] = [];

/** The style of the theme, or one of the server's that is chosen for both. */
function styleSwitch(): HTMLElement | null {
  if (offered.length === 0) return null;
  const option = (id: string, name: string) => h('option', { value: id, selected: (now().style ?? '') === id }, name);
  return h(
    'label',
    { class: 'style-switch' },
    h('span', {}, t('baseStyle')),
    h('select', { onchange: (event: Event) => set({ style: (event.target as HTMLSelectElement).value || null }) }, option('', t('theme_auto')), ...offered.map(({ id, titles }) => option(id, pick(titles)))),
  );
}

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

function themeSwitch(): HTMLElement {
  return h(
    'fieldset',
    { class: 'worldview' },
    h('legend', {}, t('theme')),
    h('div', { class: 'choices' }, ...THEMES.map((theme) =>
      h('label', { class: 'choice' }, h('input', { type: 'radio', name: 'theme', value: theme, checked: theme === now().theme, onchange: () => set({ theme }) }), h('span', {}, t(`theme_${theme}`))))),
  );
}
