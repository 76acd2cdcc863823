/** Addresses from documents: none of them may break the page. */

import { bdi, h } from './dom';

/** The host of a web address; null for an address that a browser cannot parse, or of another kind. */
export function hostOf(address: string): string | null {
  if (!/^https?:\/\//i.test(address)) return null;
  try {
    return new URL(address).hostname || null;
  } catch {
    return null;
  }
}

/** A link with a name, or the name alone where the address leads nowhere. */
export function linkTo(address: string, name: string): HTMLElement {
  return hostOf(address) === null ? bdi(name) : h('a', { href: address, rel: 'noopener noreferrer', target: '_blank', dir: 'auto' }, bdi(name));
}
