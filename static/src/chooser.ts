/** Which of several things at one point is meant: a short list where the pointer is. */

import { fill, h } from './dom';
import { t } from './language';

export interface Choice {
  name: string;
  detail: string;
  choose: () => void;
}

let open: HTMLElement | null = null;

/** Closes the list; the focus goes back to where it was. */
export function closeChooser(): void {
  open?.remove();
  open = null;
}

/** Shows the list at a pixel of the stage. */
export function choose(stage: HTMLElement, [x, y]: readonly [number, number], choices: readonly Choice[]): void {
  closeChooser();
  const before = document.activeElement;
  const list = h('div', { class: 'chooser', role: 'group', 'aria-label': t('choose') });
  const take = (choice: Choice) => (): void => {
    closeChooser();
    choice.choose();
  };
  fill(list, h('p', { class: 'sub' }, t('choose')), ...choices.map((choice) => h('button', { type: 'button', onclick: take(choice) }, h('bdi', {}, choice.name), h('small', {}, choice.detail))));
  list.addEventListener('keydown', (event) => {
    const buttons = [...list.querySelectorAll('button')];
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Escape') {
      closeChooser();
      if (before instanceof HTMLElement) before.focus();
    } else if (move) {
      event.preventDefault();
      const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
      buttons[(at + move + buttons.length) % buttons.length]?.focus();
    }
  });
  list.addEventListener('focusout', (event) => {
    if (!list.contains(event.relatedTarget as Node | null)) setTimeout(closeChooser, 0);
  });
  stage.append(list);
  open = list;
  // Kept inside the stage, wherever the point is.
  const { width, height } = stage.getBoundingClientRect();
  list.style.left = `${Math.max(4, Math.min(x + 8, width - list.offsetWidth - 4))}px`;
  list.style.top = `${Math.max(4, Math.min(y + 8, height - list.offsetHeight - 4))}px`;
  list.querySelector('button')?.focus();
}
