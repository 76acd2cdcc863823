/** The code for another site: an iframe of this view with the parts that are switched on. */

import { absolute } from './api';
import { h } from './dom';
import { t } from './language';
import { operator } from './operator';
import { PARTS, written, type Part } from './permalink';
import { now } from './store';

const chosen = new Set<Part>(['legend']);
let size: [number, number] = [720, 480];

/** The address of the embedded map, with everything that this view shows. */
export const embedAddress = (): string => `${absolute('embed')}#ui=${PARTS.filter((part) => chosen.has(part)).join(',')}&${written({ ...now(), tab: 'evidence' })}`;

/** Attribute values need `&` and quotes escaped. */
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

export const embedCode = (): string =>
  `<iframe src="${escaped(embedAddress())}" title="${escaped(`${operator.title ?? t('brand')} · ${t('tagline')}`)}" width="${size[0]}" height="${size[1]}" loading="lazy" allowfullscreen></iframe>`;

export function embedBuilder(copy: (text: string, event: Event) => Promise<void>): HTMLElement {
  const code = h('textarea', { readonly: true, rows: 4, dir: 'ltr', 'aria-label': t('embedCode'), class: 'code' });
  const oembed = h('input', { type: 'text', readonly: true, dir: 'ltr', 'aria-label': 'oEmbed' });
  const preview = h('a', { class: 'link', target: '_blank', rel: 'noopener' }, t('preview'));
  const refresh = (): void => {
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
  refresh();
  return h(
    'section',
    { class: 'embed' },
    h('h3', {}, t('embed')),
    h('div', { class: 'checks' }, ...PARTS.map((part) => h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: chosen.has(part), 'data-part': part, onchange: (event: Event) => flip(part, (event.target as HTMLInputElement).checked) }), t(`part_of_embed_${part}`)))),
    h('p', { class: 'size' }, side(0), h('span', { 'aria-hidden': 'true' }, ' × '), side(1)),
    code,
    h('div', { class: 'actions' }, h('button', { type: 'button', class: 'button quiet', onclick: (event: Event) => void copy(code.value, event) }, t('copyCode')), preview),
    h('label', { class: 'oembed' }, 'oEmbed ', oembed),
  );
}
