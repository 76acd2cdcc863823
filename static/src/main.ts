/** The page from its beginning: state from the address, the frame, the map, then everything that fills them. */

import './css/base.css';
import './css/tabs.css';
import './css/panel.css';
import './css/evidence.css';
import './css/map.css';
import './css/desk.css';
import './css/print.css';
import * as api from './api';
import { followArea } from './area-overlay';
import { followComparison } from './compare-map';
import { serve } from './catalogue';
import { followDrops } from './drop';
import * as features from './features';
import { followFeed } from './filter/feed';
import { followFilter } from './filter/selection';
import { allScripts, ownScript } from './fonts';
import { learn, speak } from './language';
import { createMap, redraw, startView, stayHome } from './map';
import * as neighbours from './neighbours';
import { place as placeNotice, report } from './notice';
import { arrive, partsOf, read, unreadOf, written } from './permalink';
import * as picking from './pick';
import { followPrinting } from './print';
import { scaleBar } from './scale';
import { frame } from './shell';
import { begin, now, set, START, unread$, watch, type State } from './store';
import { keepTitle } from './title';
import { chooseFirstPeriod } from './first-period';
import { followState, loadStyle } from './style';
import { fetchAhead } from './tabs';
import { dress } from './theme';
import { loadWorldviews } from './worldviews';

async function main(): Promise<void> {
  const url = new URL(location.href);
  const embedded = /\/embed\/?$/.test(url.pathname);
  arrive(url);
  begin(read(url, navigator.languages));
  if (!embedded) chooseFirstPeriod(url);
  unread$.value = unreadOf(url, now());
  await learn(now().language);
  speak(now().language);
  dress();
  watch(['language'], (state) => {
    speak(state.language);
  });
  keepTitle();
  watch(['theme'], dress);
  const page = frame(embedded, partsOf(url));
  placeNotice(page.map.parentElement as HTMLElement);
  // Labels drawn in another font would stay in the tiles' images.
  await Promise.all([ownScript(), collections(), loadStyle()]);
  const map = createMap(page.map, { embedded });
  startView();
  features.onLoaded((layer) => layer === 'disputed_areas' && stayHome());
  features.begin();
  followFilter();
  followArea();
  followComparison(page.map.parentElement as HTMLElement);
  page.furnish(scaleBar());
  neighbours.begin();
  followState();
  picking.begin(page.tip);
  keepAddress(embedded);
  if (!embedded) {
    followFeed();
    followDrops();
  }
  followPrinting(page.map.parentElement as HTMLElement);
  map.once('rendercomplete', () => {
    performance.mark('first-map');
    document.documentElement.dataset.ready = 'true';
    void allScripts().then(redraw);
    fetchAhead();
    if (!embedded) void import('./desk/news').then(({ followNews }) => followNews());
  });
  // Tests and scripts that take pictures wait until this number no longer changes.
  let drawn = 0;
  map.on('rendercomplete', () => (document.documentElement.dataset.drawn = String(++drawn)));
  await loadWorldviews();
}

async function collections(): Promise<void> {
  try {
    serve((await api.collections()).collections);
  } catch (error) {
    report(error, () => location.reload());
  }
}

/** True while the page changes to a state from the browser's history or a link. */
let following = false;

/** Takes up the state of a link that was followed on the page, or of a step back. */
async function follow(next: State): Promise<void> {
  try {
    await learn(next.language);
  } catch (error) {
    return report(new api.Unreachable(String(error)), () => void follow(next));
  }
  arrive(new URL(location.href));
  following = true;
  set(next);
  following = false;
  unread$.value = unreadOf(new URL(location.href), next);
  startView();
  redraw();
}

/** A change of these is a step that the browser's Back takes back; the others are corrections of the step. */
const STEPS = ['document', 'mention', 'feature', 'person', 'event', 'tab', 'filter', 'worldview', 'compare'] as const;

/** The address follows the state; a link that is followed on the page, or Back, brings its state back. */
function keepAddress(embedded: boolean): void {
  let own = location.hash;
  /** The same as it was written, before the browser encoded it. */
  let last = own;
  let timer = 0;
  let step = false;
  const write = (): void => {
    clearTimeout(timer);
    const ui = embedded ? `ui=${[...partsOf(new URL(location.href))].join(',')}&` : '';
    const next = `#${ui}${written(now())}`;
    const asStep = step && !embedded;
    step = false;
    // A link was followed just now, and its state is about to come.
    if (location.hash !== own) return;
    if (next === last && location.search === '') return;
    last = next;
    // A query that the page came with is in the fragment now.
    if (asStep) history.pushState(null, '', location.pathname + next);
    else history.replaceState(null, '', location.pathname + next);
    own = location.hash;
  };
  watch([], () => {
    // A step is written soon, however long the map moves on its way there.
    if (step) return;
    clearTimeout(timer);
    timer = window.setTimeout(write, 200);
  });
  watch(STEPS, () => {
    if (following || step) return;
    // Changes before this step belong to the history entry that is left.
    step = true;
    clearTimeout(timer);
    timer = window.setTimeout(write, 0);
  });
  addEventListener('hashchange', () => {
    if (location.hash === own) return;
    own = last = location.hash;
    void follow(read(new URL(location.href), [now().language]));
  });
  if (START.language !== now().language) write();
}

main().catch((error: unknown) => {
  // Not even the words came: the three sentences of the page itself are left.
  console.error(error);
  document.querySelector('template#away')?.replaceWith((document.querySelector('template#away') as HTMLTemplateElement).content);
});
