/** Reasons for a candidate, in the page's language. The server sends them as English sentences of a few forms. */

import { isolated, t } from './language';
import type { Word } from './words/en';

const FORMS: [RegExp, Word][] = [
  [/^type noun (.+)$/u, 'reasonTypeNoun'],
  [/^lies in (.+), named beside it$/u, 'reasonWithin'],
  [/^holds (.+), named beside it$/u, 'reasonHolds'],
  [/^listed with (.+)$/u, 'reasonListed'],
  [/^lies near (.+), named beside it$/u, 'reasonBeside'],
  [/^no other place bears the name$/u, 'reasonOnly'],
  [/^the best known of its bearers$/u, 'reasonKnown'],
];

/** The reason in the page's language; null for one of a form that this page does not know. */
export function reasonInWords(reason: string): string | null {
  for (const [form, word] of FORMS) {
    const found = form.exec(reason);
    if (found) return t(word, { name: isolated(found[1] ?? '') });
  }
  return null;
}
