/** The token of whoever signed in. It is kept for this tab only and never leaves it but as a header of a write. */

import { signal } from '@preact/signals';
import * as api from '../api';
import { Refused } from '../api';

const KEY = 'mahwar-token';

const stored = (): string | null => {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
};

export const token$ = signal<string | null>(stored());

export function signOut(): void {
  token$.value = null;
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}

/** Takes a token if the server knows it; the error says why it does not. */
export async function signIn(token: string): Promise<void> {
  // A list without documents stores nothing, and the server checks the token first.
  try {
    await api.write('POST', 'documents', '', token);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    // 403 with a known token: it may do something else, or writes are off.
    if (error.status === 401 || (error.status === 403 && /--token|writes are off|no token|started without/i.test(error.detail)))
      throw error;
  }
  token$.value = token;
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // It holds until the page is left.
  }
}

/** What a refused write says; a token that is not known any more is given up. */
export function refusal(error: unknown): string {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401) signOut();
  return error.detail;
}
