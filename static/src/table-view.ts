/** The dialog with the table of a layer: the way to its features for those who do not use the map. */

import { h as jsx, render } from 'preact';
import { layer$, Table } from './desk/table';
import { h } from './dom';

let dialog: HTMLDialogElement | undefined;

export async function openTable(of: string): Promise<void> {
  layer$.value = of;
  if (!dialog) {
    dialog = h('dialog', { class: 'table-dialog', 'aria-labelledby': 'table-title' });
    document.body.append(dialog);
    dialog.addEventListener('close', () => dialog && render(null, dialog));
  }
  const own = dialog;
  if (own.open) return;
  render(jsx(Table, { onClose: () => own.close() }), own);
  own.showModal();
}
