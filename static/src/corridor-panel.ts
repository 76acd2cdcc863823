/** The corridor: claimed figures beside measured ones, the other figures in print, and a ruler along it. */

import Feature from 'ol/Feature';
import LineString from 'ol/geom/LineString';
import Point from 'ol/geom/Point';
import type MapBrowserEvent from 'ol/MapBrowserEvent';
import { fromLonLat, toLonLat } from 'ol/proj';
import * as api from './api';
import { bdi, fill, h, icon } from './dom';
import { nameById, nameElement } from './gazetteer';
import { date, isolated, language, list, localDigits, number, percent, pick, t, word } from './language';
import { hostOf } from './link';
import { goTo, measure, olMap, reveal } from './map';
import type { Definition, Definitions, Located, MeasuredClaim, PublishedFigure } from './model';
import { announce, report } from './notice';
import { setMeasuring } from './pick';
import { now, set, watch } from './store';
import type { Word } from './words/en';

let known: Definitions | null = null;
let on = false;
const result = h('output', { class: 'located', 'aria-live': 'polite' });

export function corridorPanel(): HTMLElement {
  const panel = h('div', { class: 'panel-body scroll corridor', tabindex: 0, role: 'group' });
  const draw = (): void => {
    panel.setAttribute('aria-label', t('tab_corridor'));
    if (known) fill(panel, ...content(known));
    else fill(panel, h('p', { class: 'empty', 'aria-busy': 'true' }, t('loading')));
  };
  const begin = async (): Promise<void> => {
    try {
      known = await api.definitions();
      draw();
    } catch (error) {
      fill(panel, h('p', { class: 'empty' }, t('noAnswer')));
      report(error, () => void begin());
    }
  };
  let asked = false;
  const ask = (): void => {
    if (asked || now().tab !== 'corridor') return;
    asked = true;
    void begin();
  };
  watch(['tab'], () => {
    ask();
    if (now().tab !== 'corridor' && on) toggle(false);
  });
  watch(['language'], () => {
    draw();
    void showKilometre();
  });
  watch(['km'], () => void showKilometre());
  draw();
  ask();
  if (now().km !== null) void showKilometre();
  return panel;
}

function content({ definitions, published, claims }: Definitions): (Node | null)[] {
  const main = definitions.find((definition) => definition.default) ?? definitions[0];
  if (!main) return [h('p', { class: 'empty' }, t('emptyLayer'))];
  const claim = claims.find((other) => other.definition === main.id) ?? claims[0];
  return [
    h('h2', {}, t('tab_corridor')),
    h(
      'div',
      { class: 'versus' },
      claim ? h('div', { class: 'claimed' }, h('span', {}, t('claimedLength')), h('strong', {}, `${claim.approximate ? `${t('about')} ` : ''}${kilometres(claim.claimed_km)}`)) : null,
      h('div', { class: 'measured' }, h('span', {}, t('measuredLength')), h('strong', {}, kilometres(main.length_km))),
    ),
    claim ? comparison(claim, main) : null,
    definitionCard(main),
    ruler(),
    h('h3', {}, t('alternatives')),
    h('p', { class: 'sub' }, t('alternativesNote')),
    bars(definitions.filter((definition) => definition !== main), main.length_km),
    profileSection(),
    h('h3', {}, t('publishedFigures')),
    h('p', { class: 'sub' }, t('publishedNote')),
    h('ol', { class: 'figures' }, ...published.map(figure)),
  ];
}

function comparison(claim: MeasuredClaim, main: Definition): HTMLElement {
  const words = claim.differs ? localDigits(pick(claim.differs)) : t('ratio', { percent: percent(claim.claimed_km / main.length_km, 1) });
  const show = (): void => set({ tab: 'evidence', document: claim.document, mention: null, feature: null });
  return h('p', { class: 'sub' }, words, ' ', h('button', { type: 'button', class: 'link', onclick: show }, t('showInText')));
}

const kilometres = (km: number): string => isolated(`${number(km, 1)} ${t('km')}`);

function definitionCard(definition: Definition): HTMLElement {
  return h(
    'dl',
    { class: 'facts' },
    h('dt', {}, t('definition')), h('dd', {}, h('b', {}, pick(definition.title)), definition.description ? h('span', { class: 'description' }, localDigits(pick(definition.description))) : null),
    h('dt', {}, t('method')), h('dd', {}, t('geodesic')),
    ...(definition.area_km2 ? [h('dt', {}, t('areaSize')), h('dd', {}, `${number(definition.area_km2)} ${t('km2')}`)] : []),
    ...(definition.length_generalised_km ? [h('dt', {}, t('generalised')), h('dd', {}, kilometres(definition.length_generalised_km))] : []),
    ...(definition.units.length ? [h('dt', {}, t('units')), unitNames(definition.units)] : []),
  );
}

function unitNames(ids: readonly string[]): HTMLElement {
  const names = h('dd', {}, list(ids));
  void Promise.all(ids.map(nameById)).then((known) => fill(names, list(known)));
  return names;
}

function bars(definitions: readonly Definition[], measured: number): HTMLElement {
  const most = Math.max(measured, ...definitions.map((definition) => definition.length_km));
  return h('ul', { class: 'bars' }, ...definitions.map((definition) => {
    const bar = h('span', { class: 'bar', 'aria-hidden': 'true' });
    bar.style.inlineSize = `${(definition.length_km / most) * 100}%`;
    const show = (): void => set({ feature: { layer: 'security_gap', id: definition.id } });
    return h('li', {}, h('button', { type: 'button', class: 'link name', title: pick(definition.description), onclick: show }, pick(definition.title)), h('b', {}, kilometres(definition.length_km)), bar);
  }));
}

function figure(published: PublishedFigure): HTMLElement {
  const value = typeof published.figure === 'number' ? number(published.figure) : published.figure;
  const qualifier = published.qualifier ? `${word(`qualifier_${published.qualifier}`, published.qualifier)} ` : '';
  const when = published.date && /^\d{4}/.test(published.date) ? date(published.date) : t('unknownDate');
  return h(
    'li',
    {},
    h('strong', {}, isolated(`${qualifier}${value} ${t('km')}`)),
    language() === 'en'
      ? h('span', {}, bdi(published.extent, 'en'), published.detail ? bdi(`; ${published.detail}`, 'en') : null)
      : h('details', { class: 'english' }, h('summary', {}, t('inEnglish')), h('p', { lang: 'en', dir: 'ltr' }, [published.who, published.extent === 'not stated' ? '' : published.extent, published.detail ?? ''].filter(Boolean).join('; '))),
    h('small', {}, language() === 'en' ? bdi(published.who, 'en') : null, language() === 'en' ? ' · ' : null, when),
    hostOf(published.source) ? h('a', { href: published.source, target: '_blank', rel: 'noopener noreferrer' }, t('source'), ` (${hostOf(published.source)})`) : language() === 'en' ? h('small', {}, bdi(published.source, 'en')) : null,
  );
}

/** The line from end to end as a strip: which unit it runs along, in governorates. */
function profileSection(): HTMLElement {
  const strip = h('div', { class: 'strip', 'aria-hidden': 'true' });
  const rows = h('ol', { class: 'stretches' });
  const section = h('section', {}, h('h3', {}, t('profile')), strip, rows);
  void api
    .profile('governorate')
    .then(({ stretches, length_km }) => {
      for (const [index, stretch] of stretches.entries()) {
        const part = h('span', { class: `part part-${index % 2}` });
        part.style.inlineSize = `${(stretch.km / length_km) * 100}%`;
        strip.append(part);
        const go = (): void => set({ km: Math.round(stretch.from_km * 10) / 10 });
        rows.append(
          h('li', {}, h('button', { type: 'button', class: 'link', onclick: go }, `${number(stretch.from_km)}–${number(stretch.to_km)}`), h('span', {}, nameElement(stretch.unit), stretch.facing ? ' | ' : null, stretch.facing ? nameElement(stretch.facing) : null), h('b', {}, kilometres(stretch.km))),
        );
      }
    })
    .catch(() => section.remove());
  return section;
}

/** Pointing at the map, or typing a kilometre. */
function ruler(): HTMLElement {
  const button = h('button', { type: 'button', class: 'button', 'aria-pressed': String(on), onclick: () => { toggle(!on); button.setAttribute('aria-pressed', String(on)); } }, icon('ruler'), t('measure'));
  const input = h('input', { type: 'number', min: 0, max: 2000, step: 'any', inputmode: 'decimal', value: now().km ?? '', 'aria-label': t('kilometre'), dir: 'ltr' });
  const form = h('form', { class: 'km-form', onsubmit: (event: Event) => { event.preventDefault(); const km = Number.parseFloat(input.value); if (Number.isFinite(km)) set({ km }); } }, h('label', {}, t('kilometre'), ' ', input), h('button', { type: 'submit', class: 'button quiet' }, t('go')));
  return h('section', { class: 'ruler' }, h('h3', {}, t('ruler')), h('p', { class: 'sub' }, t('measureHint')), h('div', { class: 'row' }, button, form), result);
}

let running: AbortController | null = null;

function toggle(next: boolean): void {
  on = next;
  setMeasuring(on);
  const map = olMap();
  if (on) map.on('click', point);
  else map.un('click', point);
}

function point(event: MapBrowserEvent): void {
  void locateAt(toLonLat(event.coordinate) as [number, number]);
}

/** Where a point lies along the corridor: drawn on the map, said in words. */
export async function locateAt(from: [number, number]): Promise<void> {
  running?.abort();
  running = new AbortController();
  try {
    const located = await api.locate(from[0], from[1], running.signal);
    draw(located, from);
    await say(located, from);
  } catch (error) {
    report(error);
  }
}

async function showKilometre(): Promise<void> {
  const { km } = now();
  if (km === null) return void measure.clear();
  try {
    const located = await api.atKilometre(km);
    if (now().km !== km) return;
    draw(located);
    await say(located);
    reveal([located.point]);
  } catch (error) {
    fill(result, h('p', {}, error instanceof api.Refused ? bdi(error.detail, 'en') : t('noAnswer')));
    if (!(error instanceof api.Refused)) report(error, () => void showKilometre());
  }
}

function draw(located: Located, from?: [number, number]): void {
  const foot = fromLonLat(located.point);
  measure.clear(true);
  const features = [new Feature({ geometry: new Point(foot), foot: true })];
  if (from) features.push(new Feature({ geometry: new Point(fromLonLat(from)) }), new Feature({ geometry: new LineString([fromLonLat(from), foot]) }) as unknown as Feature<Point>);
  measure.addFeatures(features);
}

/** "km 214, 3.2 km west of the line, Daquq | Tuz Khurmatu". */
async function say(located: Located, from?: [number, number]): Promise<void> {
  const [left, right] = await Promise.all([nameById(located.left), nameById(located.right)]);
  const parts = [t('kmAt', { km: number(located.chainage_km, 1) })];
  if (from && located.distance_km !== undefined) {
    parts.push(located.distance_km < 0.05 ? t('onLine') : t('beside', { km: number(located.distance_km, 1), direction: t(compass(located.point, from)) }));
  }
  if (left || right) parts.push(`${isolated(left)} | ${isolated(right)}`);
  const text = list(parts);
  fill(result, h('p', {}, text), located.outside ? h('p', { class: 'sub' }, t('beyondEnd')) : null, h('button', { type: 'button', class: 'link', onclick: () => goTo(located.point, 10) }, t('showOnMap')));
  announce(text);
}

const WINDS: readonly Word[] = ['north', 'northeast', 'east', 'southeast', 'south', 'southwest', 'west', 'northwest'];

/** In which of eight directions a point lies from another; good enough over some tens of kilometres. */
export function compass([lon, lat]: readonly [number, number], [toLon, toLat]: readonly [number, number]): Word {
  const east = (toLon - lon) * Math.cos((lat * Math.PI) / 180);
  const turn = Math.atan2(east, toLat - lat) / (Math.PI / 4);
  return WINDS[(Math.round(turn) + 8) % 8] as Word;
}
