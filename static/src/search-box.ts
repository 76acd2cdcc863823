/** Search for a place by any of its names, with suggestions (an ARIA combobox). */

import { transformExtent } from 'ol/proj';
import * as api from './api';
import { bdi, fill, h, icon } from './dom';
import { direction, language, list, pick, t, word } from './language';
import { goTo, showGeometry } from './map';
import type { SearchHit } from './model';
import { announce, report } from './notice';
import { set, watch } from './store';

export function searchBox(): HTMLElement {
  const input = h('input', { type: 'search', role: 'combobox', autocomplete: 'off', spellcheck: 'false', 'aria-expanded': 'false', 'aria-controls': 'suggestions', 'aria-autocomplete': 'list' });
  const list = h('ul', { id: 'suggestions', class: 'suggestions', role: 'listbox', hidden: true });
  const box = h('search', { class: 'search' }, icon('search'), input, list);
  const name = (): void => {
    input.dir = input.value ? 'auto' : direction();
    input.placeholder = t('searchPlaceholder');
    input.setAttribute('aria-label', t('search'));
    list.setAttribute('aria-label', t('suggestions'));
  };
  watch(['language'], name);
  name();
  new Suggestions(input, list);
  return box;
}

class Suggestions {
  private hits: SearchHit[] = [];
  private active = -1;
  private timer = 0;
  private running: AbortController | null = null;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly list: HTMLUListElement,
  ) {
    input.addEventListener('input', () => {
      // An empty box would take its hint for left-to-right.
      input.dir = input.value ? 'auto' : direction();
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.ask(), 140);
    });
    input.addEventListener('keydown', (event) => this.key(event));
    input.addEventListener('blur', () => setTimeout(() => this.close(), 150));
    input.addEventListener('focus', () => this.hits.length && this.open());
  }

  private async ask(): Promise<void> {
    this.running?.abort();
    const text = this.input.value.trim();
    if (!text) {
      this.hits = [];
      return this.close();
    }
    this.running = new AbortController();
    try {
      this.hits = await api.search(text, language(), this.running.signal);
      this.active = -1;
      this.open();
      announce(this.hits.length ? t('hits', { count: this.hits.length }) : t('noHits'));
    } catch (error) {
      report(error, () => void this.ask());
    }
  }

  private open(): void {
    fill(this.list, ...(this.hits.length ? this.hits.map((hit, index) => this.option(hit, index)) : [h('li', { class: 'empty', role: 'option', 'aria-disabled': 'true' }, t('noHits'))]));
    this.list.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
  }

  private option(hit: SearchHit, index: number): HTMLElement {
    const own = hit.mahwar ? pick(hit.mahwar.names) || hit.name : hit.name;
    const matched = hit.mahwar?.matched;
    return h(
      'li',
      { role: 'option', id: `suggestion-${index}`, 'aria-selected': String(index === this.active), onpointerdown: (event: Event) => { event.preventDefault(); this.choose(hit); } },
      h('b', {}, bdi(own)),
      matched && matched !== own ? h('span', { class: 'matched' }, bdi(matched)) : null,
      h('small', {}, word(hit.type, hit.type), context(hit, own)),
    );
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Escape') return this.close();
    if (event.key === 'Enter') {
      const hit = this.hits[Math.max(0, this.active)];
      if (hit) this.choose(hit);
      return;
    }
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (!move || this.hits.length === 0) return;
    event.preventDefault();
    this.active = (this.active + move + this.hits.length) % this.hits.length;
    this.open();
    this.input.setAttribute('aria-activedescendant', `suggestion-${this.active}`);
    this.list.children[this.active]?.scrollIntoView({ block: 'nearest' });
  }

  private choose(hit: SearchHit): void {
    const names = hit.mahwar?.names;
    this.input.value = names ? pick(names) || hit.name : hit.name;
    this.close();
    const point: [number, number] = [Number(hit.lon), Number(hit.lat)];
    const [south, north, west, east] = hit.boundingbox.map(Number) as [number, number, number, number];
    const wide = north - south > 0.15 && north - south < 12;
    if (wide) showGeometry(transformExtent([west, south, east, north], 'EPSG:4326', 'EPSG:3857'));
    else goTo(point, 9.5);
    if (hit.mahwar) set({ feature: { layer: 'places', id: hit.mahwar.id }, document: null, mention: null, tab: 'evidence' });
    announce(this.input.value);
  }

  private close(): void {
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }
}

/** Where a hit lies, when its full name says so. */
function context(hit: SearchHit, own: string): string {
  const rest = hit.display_name.split(/[,،]\s*/).slice(1, 3).filter((part) => part !== own);
  return rest.length ? ` · ${list(rest)}` : '';
}
