/** Files that are dropped anywhere on the page: the browser would open them and leave the page. */

import { signal } from '@preact/signals';
import { set } from './store';

/** The file that was dropped last, until the tab that adds texts has read it. */
export const dropped$ = signal<File | null>(null);

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;

/** Follows drops from now on; each opens the tab that adds texts. */
export function followDrops(): void {
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
  });
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    dropped$.value = file;
    set({ tab: 'try' });
  });
}
