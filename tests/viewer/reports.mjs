// Reports that a program makes, always the same: three languages, several places, publishers and speakers, many days.
const PLACES = {
  en: ['Makhmour', 'Daquq', 'Khanaqin', 'Tuz Khurmatu', 'Hawija', 'Kirkuk', 'Jalawla', 'Altun Kupri'],
  ar: ['مخمور', 'داقوق', 'خانقين', 'طوزخورماتو', 'الحويجة', 'كركوك', 'جلولاء', 'ألتون كوبري'],
  ckb: ['مەخموور', 'داقووق', 'خانەقین', 'دووزخورماتوو', 'حەویجە', 'کەرکووک', 'جەلەولا', 'پردێ'],
};
const TEXTS = {
  en: (place, killed, wounded, n) => `Gunmen attacked a checkpoint near ${place} on report number ${n}. At least ${killed} soldiers were killed and ${wounded} others were wounded in ${place}, the Security Media Cell said. The army sent reinforcements to ${place}.`,
  ar: (place, killed, wounded, n) => `هاجم مسلحون نقطة تفتيش قرب ${place} بحسب التقرير رقم ${n}. وقالت خلية الإعلام الأمني إن ${killed} جنود قتلوا وأصيب ${wounded} آخرون في ${place}.`,
  ckb: (place, killed, wounded, n) => `چەکدارەکان هێرشیان کردە سەر بازگەیەک لە نزیک ${place}، ڕاپۆرتی ژمارە ${n}. وەزارەتی پێشمەرگە ڕایگەیاند کە ${killed} کەس کوژران و ${wounded} بریندار بوون لە ${place}.`,
};
const PUBLISHERS = ['Example Wire', 'وكالة المثال', 'هەواڵی نموونە'];
export const LAST_DAY = '2026-11-28';

/** `count` documents, one a day and place in turn, back from the last day; every tenth has no date. */
export function reports(count) {
  return Array.from({ length: count }, (_, n) => {
    const language = ['en', 'ar', 'ckb'][n % 3];
    // Some places more than others, and not the same ones in each month.
    const place = PLACES[language][(n + Math.floor(n / 60)) % (n % 5 === 0 ? 3 : 8)];
    const day = new Date(Date.parse(`${LAST_DAY}T00:00:00Z`) - Math.floor(n / 4) * 86_400_000).toISOString().slice(0, 10);
    return {
      text: TEXTS[language](place, 3 + (n % 5), 4 + (n % 6), n),
      title: `${place} ${n}`,
      publisher: PUBLISHERS[n % 3],
      language,
      source_url: `https://reports.example.org/${n}`,
      ...(n % 10 !== 9 && { published: day }),
    };
  });
}
