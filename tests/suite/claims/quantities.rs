//! Numbers and their units.

use super::reader::quantities;

#[track_caller]
fn are(text: &str, expected: &[&str]) {
    assert_eq!(quantities(text), expected, "{text}");
}

#[test]
fn digits_of_three_kinds_are_one_number() {
    are("نزحت 1,200 عائلة", &["1,200 عائلة = 1200 family"]);
    are("نزحت ١٬٢٠٠ عائلة", &["١٬٢٠٠ عائلة = 1200 family"]);
    are("١٢٠ گوند چۆڵ کراون لە ناوچەکەدا", &["١٢٠ گوند = 120 village"]);
    are("۱۲۰ گوند چۆڵ کراون لە ناوچەکەدا", &["۱۲۰ گوند = 120 village"]);
    are("بعمق ٣٫٥ كيلومتر", &["٣٫٥ كيلومتر = 3.5 km"]);
    are("some 3.5 miles of road", &["3.5 miles = ~3.5 mile"]);
    are("قتل 1.250 شخصا", &["1.250 شخصا = 1250 person"]);
}

#[test]
fn arabic_number_words_add_up() {
    are("قتل ثلاثة وعشرون مدنيا", &["ثلاثة وعشرون مدنيا = 23 person"]);
    are("اعتقل خمسة عشر مسلحا", &["خمسة عشر مسلحا = 15 fighter"]);
    are("وصل اثنا عشر جنديا", &["اثنا عشر جنديا = 12 person"]);
    are("سقط مئتي جريح", &["مئتي جريح = 200 wounded"]);
    are("مئة وخمسة وعشرون قتيلا", &["مئة وخمسة وعشرون قتيلا = 125 killed"]);
    are("ألفان وثلاثمئة دونم", &["ألفان وثلاثمئة دونم = 2300 dunam"]);
    are(
        "ثلاثة ملايين ومئتا ألف نازح",
        &["ثلاثة ملايين ومئتا ألف نازح = 3200000 person"],
    );
    are("خمسة آلاف عائلة", &["خمسة آلاف عائلة = 5000 family"]);
    are("5 آلاف و500 عائلة", &["5 آلاف و500 عائلة = 5500 family"]);
    are("نصف مليون دولار", &["نصف مليون دولار = 500000 dollar"]);
    are("انتشرت في ثلاثة محاور", &["ثلاثة محاور = 3 axis"]);
}

#[test]
fn sorani_number_words_add_up() {
    are(
        "بیست و پێنج هەزار خێزان گەڕانەوە",
        &["بیست و پێنج هەزار خێزان = 25000 family"],
    );
    are("سێ سەرباز کوژران لە ناوچەکە", &["سێ سەرباز = 3 person"]);
    are("سی سەرباز کوژران لە ناوچەکە", &["سی سەرباز = 30 person"]);
    are("دووسەد و پەنجا کیلۆمەتر ڕێگا", &["دووسەد و پەنجا کیلۆمەتر = 250 km"]);
    are("لە ماوەی دە ڕۆژدا هێرشیان کرد", &["دە ڕۆژدا = 10 day"]);
}

#[test]
fn english_number_words_add_up() {
    are("twenty-five villages", &["twenty-five villages = 25 village"]);
    are(
        "two hundred and six attacks",
        &["two hundred and six attacks = 206 attack"],
    );
    are("two dozen people", &["two dozen people = 24 person"]);
    are("4.5 million dollars", &["4.5 million dollars = 4500000 dollar"]);
    are("$4.5 million", &["$4.5 million = 4500000 dollar"]);
}

#[test]
fn a_dual_is_two_of_a_unit() {
    are("قتل جنديان قبل يومين", &["جنديان = 2 person", "يومين = 2 day"]);
    are("قتل جنديين اثنين", &["جنديين اثنين = 2 person"]);
    are("خلال الأسبوعين الماضيين", &["الأسبوعين = 2 week"]);
    are("قبل العملية بيومين", &["يومين = 2 day"]);
}

#[test]
fn a_construct_dual_needs_a_name_after_it() {
    are("التنسيق في محوري ديالى وكركوك", &["محوري = 2 axis"]);
    are("للعراق دور محوري في المنطقة", &[]);
    are("دور العراق محوري", &[]);
}

#[test]
fn an_indefinite_singular_is_a_quantity_only_as_a_victim() {
    are("قتل جندي في هجوم", &["جندي = 1 person"]);
    are("وصل جندي إلى كركوك", &[]);
    are("خلال شهر واحد", &["شهر واحد = 1 month"]);
    are("a soldier was killed", &["a soldier = 1 person"]);
    are("a soldier was promoted", &[]);
    are("سەربازێک گەیشتە کەرکووک", &[]);
    are("one soldier was killed", &["one soldier = 1 person"]);
}

#[test]
fn ranges_have_an_upper_end() {
    are("بين 5 و7 قتلى", &["5 و7 قتلى = 5..7 killed"]);
    are("5-7 قتلى", &["5-7 قتلى = 5..7 killed"]);
    are("من 20 إلى 30 مسلحا", &["20 إلى 30 مسلحا = 20..30 fighter"]);
    are("من 5 إلى 7 آلاف عائلة", &["5 إلى 7 آلاف عائلة = 5000..7000 family"]);
    are("between 50 and 60 fighters", &["50 and 60 fighters = 50..60 fighter"]);
    are("from 5 to 7 kilometres", &["5 to 7 kilometres = 5..7 km"]);
    are("لە ٥ بۆ ٧ کیلۆمەتر دوورە", &["٥ بۆ ٧ کیلۆمەتر = 5..7 km"]);
}

#[test]
fn approximations_are_kept_with_their_words() {
    for (text, words) in [
        ("نحو 40 كيلومترا", "نحو"),
        ("حوالي 40 كيلومترا", "حوالي"),
        ("قرابة 40 كيلومترا", "قرابة"),
        ("زهاء 40 كيلومترا", "زهاء"),
        ("مسافة تقدر بـ40 كيلومترا", "تقدر بـ"),
        ("مسافة تقدر بنحو 40 كيلومترا", "تقدر بنحو"),
        ("أكثر من 40 كيلومترا", "أكثر من"),
        ("ما لا يقل عن 40 كيلومترا", "ما لا يقل عن"),
        ("40 كيلومترا تقريبا", "تقريبا"),
        ("نزیکەی ٤٠ کیلۆمەتر دوورە لەوێوە", "نزیکەی"),
        ("زیاتر لە ٤٠ کیلۆمەتر دوورە لەوێوە", "زیاتر لە"),
        ("about 40 kilometres", "about"),
        ("some 40 kilometres", "some"),
        ("at least 40 kilometres", "at least"),
    ] {
        let found = super::reader::read(text).quantities;
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!((found[0].value, found[0].unit.as_str()), (Some(40.0), "km"), "{text}");
        assert_eq!(found[0].approximation.as_deref(), Some(words), "{text}");
        assert!(found[0].approximate);
    }
}

#[test]
fn dozens_and_hundreds_give_no_number() {
    for (text, words, range) in [
        ("قتل عشرات المدنيين", "عشرات المدنيين = ~- person", [20.0, 99.0]),
        (
            "نزح مئات الآلاف من السكان",
            "مئات الآلاف من السكان = ~- person",
            [100_000.0, 999_999.0],
        ),
        ("عاد آلاف النازحين", "آلاف النازحين = ~- person", [1000.0, 9999.0]),
        (
            "سەدان خێزان ئاوارە بوون لە ناوچەکە",
            "سەدان خێزان = ~- family",
            [100.0, 999.0],
        ),
        (
            "hundreds of families",
            "hundreds of families = ~- family",
            [100.0, 999.0],
        ),
        ("several weeks", "several weeks = ~- week", [3.0, 9.0]),
    ] {
        are(text, &[words]);
        let found = super::reader::read(text).quantities;
        assert_eq!(
            (found[0].bound, found[0].range),
            (mahwar::geoparse::Bound::Vague, Some(range)),
            "{text}"
        );
    }
}

#[test]
fn what_names_and_dates_is_no_quantity() {
    for text in [
        "في 16 أكتوبر 2017 دخلت القوات",
        "منذ عام 2017 تشن هجمات",
        "الفرقة 14 واللواء 45 والفوج الثالث",
        "حقل K1 قرب كركوك",
        "قاعدة كي وان",
        "طائرات من طراز F-16",
        "هاتف 07701234567",
        "في الساعة 5 مساء",
        "المادة 140 من الدستور",
        "الهجوم الثالث في اليوم الخامس",
        "14/7/1958 و2020-05-12",
        "لە ساڵی ٢٠١٧ دا هێرشیان کرد",
        "کاتژمێر ٥ی ئێوارە هێرشیان کرد",
        "On October 16, 2017 the army moved",
        "the 14th Division and Brigade 45",
        "in 2017 attacks fell",
        "بين الحكومة والبرلمان خلاف",
        "حكومتي بغداد وأربيل",
    ] {
        are(text, &[]);
    }
}

#[test]
fn percentages_money_and_areas_have_their_units() {
    are("ارتفعت 25% هذا العام", &["25% = 25 percent"]);
    are("أن ٪60 من النازحين عادوا", &["٪60 = 60 percent"]);
    are("نسبة 40 بالمئة", &["40 بالمئة = 40 percent"]);
    are("لەسەدا ٧٠ی پرۆژەکە تەواو بووە", &["لەسەدا ٧٠ = 70 percent"]);
    are("مساحتها 37 ألف كيلومتر مربع", &["37 ألف كيلومتر مربع = 37000 km2"]);
    are("an area of 120 km²", &["120 km² = 120 km2"]);
    are("an area of 120 square kilometres", &["120 square kilometres = 120 km2"]);
    are("إنتاج 4 ملايين برميل", &["4 ملايين برميل = 4000000 barrel"]);
}

#[test]
fn the_noun_may_stand_apart() {
    are("قتلت القوات خمسة من عناصر التنظيم", &["خمسة من عناصر = 5 fighter"]);
    are("206 terrorist attacks", &["206 terrorist attacks = 206 attack"]);
    are("five other Iraqi soldiers", &["five other Iraqi soldiers = 5 person"]);
    are("ارتفع عدد القتلى إلى 17", &["17 = 17 killed"]);
    are("مقتل أربعة وإصابة ستة", &["أربعة = 4 killed", "ستة = 6 wounded"]);
    are(
        "killed three and wounded five.",
        &["three = 3 killed", "five = 5 wounded"],
    );
}

#[test]
fn a_number_and_the_next_one_stay_apart() {
    are("3 قتلى و5 جرحى", &["3 قتلى = 3 killed", "5 جرحى = 5 wounded"]);
    are(
        "خمسة قتلى وثمانية جرحى",
        &["خمسة قتلى = 5 killed", "ثمانية جرحى = 8 wounded"],
    );
    are("عثروا على 3 أنفاق و7 عجلات", &["7 عجلات = 7 vehicle"]);
}
