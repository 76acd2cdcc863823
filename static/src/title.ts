/** The title of the page follows the state, so that entries of the browser's history can be distinguished. */

import { effect, signal } from '@preact/signals';
import { t } from './language';
import { operator } from './operator';
import { state$ } from './store';

const shown = signal('');

/** Sets the name of the panel's contents; an empty text where it is a whole tab. */
export const nameView = (name: string): void => void (shown.value = name);

/** Keeps the title of the page from now on. */
export function keepTitle(): void {
  effect(() => {
    const { tab, document: id, feature, person, event } = state$.value;
    const open = tab === 'evidence' && (id || feature || person || event) ? shown.value : '';
    const site = operator.title ?? t('brand');
    const what = open || (tab === 'evidence' ? t('tagline') : t(`tab_${tab}`));
    document.title = open || tab !== 'evidence' ? `${what} · ${site}` : `${site} · ${what}`;
  });
}
