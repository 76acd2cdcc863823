/** Folding of Arabic, Sorani and Latin for search in words: spellings of one word become equal. */

const SAME: Record<string, string> = {
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ى: 'ی',
  ي: 'ی',
  ئ: 'ی',
  ك: 'ک',
  ة: 'ه',
  ە: 'ه',
  ھ: 'ه',
  ؤ: 'و',
  ۆ: 'و',
  ڕ: 'ر',
  ڵ: 'ل',
  ێ: 'ی',
};

/** Lower case, without vowel signs, tatweel, joiners and accents; letters that are written for one another are one. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{Mn}\u0640\u200c-\u200f\u061c\u2066-\u2069]/gu, '')
    .normalize('NFC')
    .replace(/[\u0622-\u06d5]/g, (letter) => SAME[letter] ?? letter)
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .toLowerCase();
}

/** True if a text contains every word of a query; words between quotation marks must follow one another. */
export function matches(text: string, query: string): boolean {
  const folded = fold(text);
  return parts(query).every((part) => folded.includes(part));
}

/** The folded words and phrases of a query. */
export function parts(query: string): string[] {
  const found = [...query.matchAll(/[“”"«]([^“”"«»]+)[“”"»]|(\S+)/g)];
  return found.map(([, phrase, word]) => fold(phrase ?? word ?? '').trim()).filter(Boolean);
}
