/** Rulings of analysts on a mention: the ruling in force, and all before it. */

import * as api from './api';
import { bdi, fill, h } from './dom';
import { date, isolated, pick, t, word } from './language';
import type { Mention, Ruling } from './model';

/** "accepted · A. Author · 2 August 2026", with the reason. */
function told(ruling: Ruling): HTMLElement {
  const place = ruling.place ? [' → ', bdi(pick(ruling.place.name) || ruling.place.id)] : [];
  return h(
    'div',
    { class: `ruling ${ruling.ruling}` },
    h('p', {}, h('b', {}, word(`ruling_${ruling.ruling}`, ruling.ruling)), ...place, ' · ', bdi(ruling.author), said(ruling), ' · ', date(ruling.time)),
    ruling.reason ? h('p', { class: 'sub' }, bdi(ruling.reason)) : null,
  );
}

/** The client's name for itself, beside the name of its token: in quotation marks, since nothing proves it. */
function said({ author, author_said: remark }: Ruling): string {
  return remark && remark !== author ? ` (“${isolated(remark)}”)` : '';
}

/** The ruling on a mention of a stored document; nothing where nobody ruled. */
export function rulingCard(document: string, mention: Mention): HTMLElement | null {
  if (!mention.ruling || !document) return null;
  const list = h('ol', { class: 'rulings' });
  const more = h('details', { class: 'more' }, h('summary', {}, t('rulingHistory')), list);
  let asked = false;
  more.addEventListener('toggle', () => {
    if (asked || !more.open) return;
    asked = true;
    void history(document, mention, list).catch(() => {
      asked = false;
      fill(list, h('li', { class: 'empty' }, t('noAnswer')));
    });
  });
  return h('section', { class: 'ruled', 'aria-label': t('ruling') }, h('h4', {}, t('ruling')), told(mention.ruling), more);
}

/** Oldest first, as the server keeps them; those that hold no more say so. */
async function history(document: string, mention: Mention, into: HTMLElement): Promise<void> {
  fill(into, h('li', { class: 'empty', 'aria-busy': 'true' }, t('loading')));
  const { rulings } = await api.rulings(`${document}-${mention.id}`);
  fill(into, ...rulings.map((ruling) => h('li', { class: ruling.in_force ? 'in-force' : 'past' }, told(ruling))));
}
