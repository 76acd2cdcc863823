/** Claims of a document: their statements, speakers, words and numbers. */

import { definitions } from './api';
import { h as jsx, render } from 'preact';
import { ClaimWork, DeletedClaims } from './desk/claim-work';
import { bdi, fill, h } from './dom';
import { isolated, number, pick, t, word } from './language';
import { speaker } from './mention-card';
import { figure } from './figures';
import type { Claim, Evidence } from './model';
import { set } from './store';

export interface ClaimActions {
  onShow: (claim: Claim) => void;
  onMention: (id: string) => void;
  /** A claim was edited: the document is read again. Without it the list is for reading only. */
  onStored?: (atOnce?: boolean) => Promise<void>;
}

export function claimList(evidence: Evidence, actions: ClaimActions): HTMLElement {
  const list = evidence.claims.length === 0 ? h('p', { class: 'empty' }, t('noClaims')) : h('ol', { class: 'claims' }, ...evidence.claims.map((claim) => claimItem(evidence, claim, actions)));
  return h('div', {}, list, actions.onStored ? mounted(jsx(DeletedClaims, { evidence, onStored: actions.onStored })) : null);
}

function mounted(content: preact.ComponentChild): HTMLElement {
  const place = h('div', { class: 'rule-place' });
  render(content, place);
  return place;
}

function claimItem(evidence: Evidence, claim: Claim, actions: ClaimActions): HTMLElement {
  const language = evidence.record.language;
  const said = evidence.attributions.find((other) => other.id === claim.attribution);
  const quantities = evidence.quantities.filter((quantity) => claim.quantities.includes(quantity.id));
  const mentions = evidence.mentions.filter((mention) => claim.mentions.includes(mention.id));
  return h(
    'li',
    { class: 'claim', 'data-claim': claim.id },
    h('header', {}, h('h3', {}, word(`claim_${claim.type}`, claim.type)), h('span', { class: `status ${claim.status}` }, t(claim.status))),
    quantities.length ? h('p', { class: 'numbers' }, ...quantities.map((quantity) => h('span', { class: 'number' }, figure(quantity)))) : null,
    measured(evidence, claim),
    h('blockquote', { lang: language, dir: language === 'en' ? 'ltr' : 'rtl' }, claim.evidence.text),
    h('p', { class: 'by' }, speaker(said, language)),
    mentions.length
      ? h('p', { class: 'chips' }, ...mentions.map((mention) =>
          h('button', { type: 'button', class: 'chip', onclick: () => actions.onMention(mention.id) }, bdi(mention.place ? pick(mention.place.name) : mention.text))))
      : null,
    h('button', { type: 'button', class: 'link', onclick: () => actions.onShow(claim) }, t('showInText')),
    actions.onStored && evidence.record.id ? mounted(jsx(ClaimWork, { evidence, claim, onStored: actions.onStored })) : null,
  );
}

/** A claimed length beside the measured one; the corridor's tab has the definition and the other figures. */
function measured(evidence: Evidence, claim: Claim): HTMLElement | null {
  const lengths = evidence.quantities.filter((quantity) => quantity.unit === 'km' && claim.quantities.includes(quantity.id));
  if (lengths.length === 0 || !evidence.record.id) return null;
  const line = h('p', { class: 'beside' });
  void definitions()
    .then(({ claims }) => {
      const found = claims.find((other) => other.document === evidence.record.id && other.claim === claim.id);
      if (found) fill(line, `${t('measuredLength')}: `, h('b', {}, isolated(`${number(found.measured_km, 1)} ${t('km')}`)), ' · ', h('button', { type: 'button', class: 'link', onclick: () => set({ tab: 'corridor' }) }, t('howMeasured')));
    })
    .catch(() => line.remove());
  return line;
}
