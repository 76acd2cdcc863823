/** Nouns after numbers, in the forms of Unicode's plural rules. `{n}` is the number; forms that name it themselves leave it out. */

import type { Language } from '../model';

export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Arabic: one, two, few (3–10), many (11–99), other (100 and on, and zero). */
const ar = (one: string, two: string, few: string, many: string, other: string): Forms => ({ zero: `{n} ${other}`, one, two, few: `{n} ${few}`, many: `{n} ${many}`, other: `{n} ${other}` });
const en = (one: string, other: string): Forms => ({ one: `{n} ${one}`, other: `{n} ${other}` });
const ckb = (noun: string): Forms => ({ other: `{n} ${noun}` });

export const FORMS: Record<Language, Record<string, Forms>> = {
  ar: {
    unit_attack: ar('هجوم واحد', 'هجومان', 'هجمات', 'هجوماً', 'هجوم'),
    unit_casualty: ar('ضحية واحدة', 'ضحيتان', 'ضحايا', 'ضحية', 'ضحية'),
    unit_person: ar('شخص واحد', 'شخصان', 'أشخاص', 'شخصاً', 'شخص'),
    unit_fighter: ar('مقاتل واحد', 'مقاتلان', 'مقاتلين', 'مقاتلاً', 'مقاتل'),
    unit_axis: ar('محور واحد', 'محوران', 'محاور', 'محوراً', 'محور'),
    unit_minute: ar('دقيقة واحدة', 'دقيقتان', 'دقائق', 'دقيقة', 'دقيقة'),
    unit_hour: ar('ساعة واحدة', 'ساعتان', 'ساعات', 'ساعة', 'ساعة'),
    unit_day: ar('يوم واحد', 'يومان', 'أيام', 'يوماً', 'يوم'),
    unit_week: ar('أسبوع واحد', 'أسبوعان', 'أسابيع', 'أسبوعاً', 'أسبوع'),
    unit_month: ar('شهر واحد', 'شهران', 'أشهر', 'شهراً', 'شهر'),
    unit_year: ar('سنة واحدة', 'سنتان', 'سنوات', 'سنة', 'سنة'),
    unit_village: ar('قرية واحدة', 'قريتان', 'قرى', 'قرية', 'قرية'),
    unit_vehicle: ar('مركبة واحدة', 'مركبتان', 'مركبات', 'مركبة', 'مركبة'),
    role_killed: ar('قتيل واحد', 'قتيلان', 'قتلى', 'قتيلاً', 'قتيل'),
    role_wounded: ar('جريح واحد', 'جريحان', 'جرحى', 'جريحاً', 'جريح'),
    role_kidnapped: ar('مختطف واحد', 'مختطفان', 'مختطفين', 'مختطفاً', 'مختطف'),
    role_displaced: ar('نازح واحد', 'نازحان', 'نازحين', 'نازحاً', 'نازح'),
    role_arrested: ar('معتقل واحد', 'معتقلان', 'معتقلين', 'معتقلاً', 'معتقل'),
    role_returned: ar('عائد واحد', 'عائدان', 'عائدين', 'عائداً', 'عائد'),
    role_missing: ar('مفقود واحد', 'مفقودان', 'مفقودين', 'مفقوداً', 'مفقود'),
    role_freed: ar('محرَّر واحد', 'محرَّران', 'محرَّرين', 'محرَّراً', 'محرَّر'),
    role_surrendered: ar('مستسلم واحد', 'مستسلمان', 'مستسلمين', 'مستسلماً', 'مستسلم'),
    sentences: ar('جملة واحدة', 'جملتان', 'جمل', 'جملة', 'جملة'),
    documents: ar('وثيقة واحدة', 'وثيقتان', 'وثائق', 'وثيقة', 'وثيقة'),
    places: ar('مكان واحد', 'مكانان', 'أماكن', 'مكاناً', 'مكان'),
    claims: ar('قول واحد', 'قولان', 'أقوال', 'قولاً', 'قول'),
    candidates: ar('احتمال واحد', 'احتمالان', 'احتمالات', 'احتمالاً', 'احتمال'),
    accounts: ar('رواية واحدة', 'روايتان', 'روايات', 'رواية', 'رواية'),
    rows: ar('صف واحد', 'صفّان', 'صفوف', 'صفاً', 'صف'),
    unit_killed: ar('قتيل واحد', 'قتيلان', 'قتلى', 'قتيلاً', 'قتيل'),
    unit_wounded: ar('جريح واحد', 'جريحان', 'جرحى', 'جريحاً', 'جريح'),
    unit_kidnapped: ar('مختطف واحد', 'مختطفان', 'مختطفين', 'مختطفاً', 'مختطف'),
  },
  ckb: {
    role_killed: ckb('کوژراو'), role_wounded: ckb('بریندار'), role_kidnapped: ckb('ڕفێندراو'), role_displaced: ckb('ئاوارە'),
    role_arrested: ckb('دەستگیرکراو'), role_returned: ckb('گەڕاوە'), role_missing: ckb('بێسەروشوێن'), role_freed: ckb('ئازادکراو'), role_surrendered: ckb('خۆبەدەستدەر'),
    unit_attack: ckb('هێرش'), unit_casualty: ckb('قوربانی'), unit_person: ckb('کەس'), unit_fighter: ckb('شەڕکەر'), unit_axis: ckb('تەوەر'),
    unit_minute: ckb('خولەک'), unit_hour: ckb('کاتژمێر'), unit_day: ckb('ڕۆژ'), unit_week: ckb('هەفتە'), unit_month: ckb('مانگ'), unit_year: ckb('ساڵ'),
    unit_village: ckb('گوند'), unit_vehicle: ckb('ئۆتۆمبێل'), unit_killed: ckb('کوژراو'), unit_wounded: ckb('بریندار'), unit_kidnapped: ckb('ڕفێندراو'),
    sentences: ckb('ڕستە'), documents: ckb('بەڵگەنامە'), places: ckb('شوێن'), claims: ckb('وتە'), candidates: ckb('ئەگەر'), accounts: ckb('گێڕانەوە'), rows: ckb('ڕیز'),
  },
  en: {
    role_killed: en('killed', 'killed'), role_wounded: en('wounded', 'wounded'), role_kidnapped: en('kidnapped', 'kidnapped'), role_displaced: en('displaced', 'displaced'),
    role_arrested: en('arrested', 'arrested'), role_returned: en('returned', 'returned'), role_missing: en('missing', 'missing'), role_freed: en('freed', 'freed'), role_surrendered: en('surrendered', 'surrendered'),
    unit_attack: en('attack', 'attacks'), unit_casualty: en('casualty', 'casualties'), unit_person: en('person', 'people'), unit_fighter: en('fighter', 'fighters'), unit_axis: en('axis', 'axes'),
    unit_minute: en('minute', 'minutes'), unit_hour: en('hour', 'hours'), unit_day: en('day', 'days'), unit_week: en('week', 'weeks'), unit_month: en('month', 'months'), unit_year: en('year', 'years'),
    unit_village: en('village', 'villages'), unit_vehicle: en('vehicle', 'vehicles'), unit_killed: en('killed', 'killed'), unit_wounded: en('wounded', 'wounded'), unit_kidnapped: en('kidnapped', 'kidnapped'),
    sentences: en('sentence', 'sentences'), documents: en('document', 'documents'), places: en('place', 'places'), claims: en('claim', 'claims'), candidates: en('candidate', 'candidates'), accounts: en('account', 'accounts'), rows: en('row', 'rows'),
  },
};
