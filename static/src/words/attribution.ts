/** The project's own words in the attribution of the data, in the languages of the page. Titles of sources, names of licences and addresses stay as their owners write them. */

import type { Language } from '../model';

interface Own {
  /** Beginnings of sentences; the rest of each is the title of the source. */
  begin: string;
  words: Partial<Record<Language, string>>;
  /** True if the words are the whole sentence. */
  whole?: boolean;
}

const OWN: readonly Own[] = [
  { begin: 'Administrative boundaries:', words: { ar: 'الحدود الإدارية:', ckb: 'سنوورە کارگێڕییەکان:' } },
  { begin: 'List of disputed areas:', words: { ar: 'قائمة المناطق المتنازع عليها:', ckb: 'لیستی ناوچە جێناکۆکەکان:' } },
  { begin: 'Data from', words: { ar: 'بيانات من', ckb: 'داتا لە' } },
  { begin: 'Made with', words: { ar: 'أُعدّت من بيانات', ckb: 'ئامادەکراوە بە داتای' } },
  {
    begin: 'Names and natural features: compiled by the Mahwar project.',
    words: { ar: 'الأسماء والمعالم الطبيعية: جمعها مشروع محور.', ckb: 'ناوەکان و دیاردە سروشتییەکان: پڕۆژەی تەوەر کۆی کردوونەتەوە.' },
    whole: true,
  },
  {
    begin: 'De facto control: the public sources named in each feature.',
    words: { ar: 'السيطرة الفعلية: المصادر العلنية المذكورة مع كل معلم.', ckb: 'کۆنترۆڵی کردەیی: سەرچاوە ئاشکراکان کە لەگەڵ هەر دیاردەیەکدا ناویان هاتووە.' },
    whole: true,
  },
  {
    begin: 'Statements from the documents named in each feature; claimed, not verified.',
    words: { ar: 'أقوال من الوثائق المذكورة مع كل معلم؛ ادّعاءات لم يُتحقق منها.', ckb: 'وتەکان لەو بەڵگەنامانەوەن کە لەگەڵ هەر دیاردەیەکدا ناویان هاتووە؛ ئیدیعان و پشتڕاست نەکراونەتەوە.' },
    whole: true,
  },
  {
    begin: 'The boundaries and names shown do not imply official endorsement or acceptance by the United Nations.',
    words: { ar: 'لا تعني الحدود والأسماء المبيّنة إقراراً أو قبولاً رسمياً من الأمم المتحدة.', ckb: 'سنوور و ناوە پیشاندراوەکان واتای پشتگیری یان پەسەندکردنی فەرمیی نەتەوە یەکگرتووەکان نادەن.' },
    whole: true,
  },
];

/** A sentence of the attribution: the words in the page's language, and the rest that stays as it is. */
export function translated(sentence: string, language: Language): { own: string; rest: string } {
  const known = OWN.find(({ begin, whole }) => (whole ? sentence === begin : sentence.startsWith(begin)));
  const own = known?.words[language];
  return own === undefined ? { own: '', rest: sentence } : { own, rest: sentence.slice(known?.begin.length).trim() };
}
