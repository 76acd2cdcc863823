/** The code for another site: an iframe of this view with the parts that are switched on. */

import { absolute } from './api';
import { catalogue, isShown } from './catalogue';
import { comparedWords } from './compare-map';
import { h } from './dom';
import { conditionsOf } from './filter/words';
import { date, ENDONYMS, isolated, LANGUAGES, languageOf, list, t } from './language';
import type { Language } from './model';
import { operator } from './operator';
import { PARTS, written, type Part } from './permalink';
import { now, watch } from './store';

const chosen = new Set<Part>(['legend']);
let size: [number, number] = [720, 480];
/** The language of the embed; none for that of the page. */
let language: Language | null = null;

/** Pixels of the largest frame that the server's oEmbed offers. */
const OEMBED_SIZE = [720, 480] as const;

/** The address of the embedded map, with everything that this view shows. */
export const embedAddress = (): string => `${absolute('embed')}#ui=${PARTS.filter((part) => chosen.has(part)).join(',')}&${written({ ...now(), language: language ?? now().language, tab: 'evidence' })}`;

/** Attribute values need `&` and quotes escaped. */
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

export const embedCode = (): string =>
  `<iframe src="${escaped(embedAddress())}" title="${escaped(`${operator.title ?? t('brand')} · ${t('tagline')}`)}" width="${size[0]}" height="${size[1]}" style="max-width:100%;border:0" loading="lazy" allowfullscreen></iframe>`;

/** Everything of the view that the code has, in words. */
function contents(): string {
  const { time, filter } = now();
  const conditions = conditionsOf(filter).map(({ text }) => isolated(text));
  const parts = [
    ENDONYMS[language ?? now().language],
    time ? `${date(time[0])} – ${date(time[1])}` : t('allTime'),
    t('layersOn', { count: catalogue().filter(({ id }) => isShown(id)).length }),
    conditions.length ? `${t('filter')}: ${list(conditions)}` : '',
    comparedWords().replace(/\.$/, ''),
  ];
  return t('embedHas', { parts: parts.filter(Boolean).join(' · ') });
}

/** Parts of this view that the oEmbed address of the server leaves out, in words. */
function missing(): string[] {
  const isLarger = size[0] > OEMBED_SIZE[0] || size[1] > OEMBED_SIZE[1];
  return isLarger ? [`${size[0]} × ${size[1]}`] : [];
}

/** Writes the code of the builder that is shown anew. */
let refreshShown = (): void => undefined;
watch([], () => refreshShown());

export function embedBuilder(copy: (text: string, event: Event) => Promise<void>): HTMLElement {
  const code = h('textarea', { readonly: true, rows: 4, dir: 'ltr', 'aria-label': t('embedCode'), class: 'code' });
  const oembed = h('input', { type: 'text', readonly: true, dir: 'ltr', 'aria-label': 'oEmbed' });
  const preview = h('a', { class: 'link', target: '_blank', rel: 'noopener' }, t('preview'));
  const has = h('p', { class: 'sub embed-has' });
  const less = h('p', { class: 'sub oembed-less' });
  const refresh = (): void => {
    has.textContent = contents();
    const without = missing();
    less.textContent = t('oembedLess', { parts: list(without) });
    less.hidden = without.length === 0;
    code.value = embedCode();
    oembed.value = absolute('oembed', { url: embedAddress(), format: 'json', maxwidth: size[0], maxheight: size[1] });
    preview.href = embedAddress();
  };
  const flip = (part: Part, on: boolean): void => {
    if (on) chosen.add(part);
    else chosen.delete(part);
    refresh();
  };
  const side = (index: 0 | 1) =>
    h('input', { type: 'number', min: 200, max: 3000, value: size[index], dir: 'ltr', 'aria-label': t(index ? 'height' : 'width'), oninput: (event: Event) => {
      size = size.map((old, at) => (at === index ? Number((event.target as HTMLInputElement).value) || old : old)) as [number, number];
      refresh();
    } });
  const languages = h('select', { name: 'embed-language', onchange: (event: Event) => {
    language = languageOf((event.target as HTMLSelectElement).value) ?? null;
    refresh();
  } }, ...LANGUAGES.map((of) => h('option', { value: of, selected: of === (language ?? now().language) }, ENDONYMS[of])));
  refreshShown = refresh;
  refresh();
  return h(
    'section',
    { class: 'embed' },
    h('h3', {}, t('embed')),
    h('div', { class: 'checks' }, ...PARTS.map((part) => h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: chosen.has(part), 'data-part': part, onchange: (event: Event) => flip(part, (event.target as HTMLInputElement).checked) }), t(`part_of_embed_${part}`)))),
    h('p', { class: 'size' }, side(0), h('span', { 'aria-hidden': 'true' }, ' × '), side(1)),
    h('label', { class: 'field' }, h('span', {}, t('embedLanguage')), languages),
    has,
    code,
    h('div', { class: 'actions' }, h('button', { type: 'button', class: 'button quiet', onclick: (event: Event) => void copy(code.value, event) }, t('copyCode')), preview),
    h('label', { class: 'oembed' }, 'oEmbed ', oembed),
    less,
  );
}
