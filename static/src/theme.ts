/** Light or dark: the page's own setting, or the system's. */

import { now } from './store';

const SYSTEM = matchMedia('(prefers-color-scheme: dark)');

export function isDark(): boolean {
  const { theme } = now();
  return theme === 'auto' ? SYSTEM.matches : theme === 'dark';
}

/** Calls back when the system changes between light and dark. */
export const onSystem = (listener: () => void): void => SYSTEM.addEventListener('change', listener);

/** The theme is an attribute, so that style sheets see it. */
export function dress(): void {
  const { theme } = now();
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
