//! Numbers that count nothing. The sentences are of the kinds in the report on ingest and search, section A1.

use super::reader::quantities;

#[track_caller]
fn none(text: &str) {
    assert_eq!(quantities(text), Vec::<String>::new(), "{text}");
}

#[test]
fn a_year_is_no_count() {
    for text in [
        "The 2017 attacks near Hawija shocked the town.",
        "2015 militants were driven from the town.",
        "From 2003 to 2011 soldiers were based there.",
        "On March 3, 2019, attacks were few.",
        "شهد آذار 2019 هجمات متفرقة في ديالى.",
        "بين عامي 2014 و2017 نزح مدنيون من تلعفر.",
        "لە ئازاری ٢٠٢٠ هێرش کرایە سەر داقووق.",
        "لە نێوان ٢٠١٤ و ٢٠١٧ خەڵک لە شنگال هەڵاتن.",
    ] {
        none(text);
    }
}

#[test]
fn a_number_of_four_digits_that_counts_is_kept() {
    for (text, quantity) in [
        ("About 2,000 people fled.", "2,000 people = ~2000 person"),
        ("قتل 2000 شخص في سنجار.", "2000 شخص = 2000 person"),
        ("نزیکەی ٢٠٠٠ خێزان گەڕانەوە بۆ شنگال.", "٢٠٠٠ خێزان = ~2000 family"),
        ("The shelling displaced 1950 families.", "1950 families = 1950 family"),
    ] {
        assert_eq!(quantities(text), [quantity], "{text}");
    }
}

#[test]
fn times_telephones_units_versions_and_ages_are_no_counts() {
    for text in [
        "At 9.15 people gathered in the square.",
        "عند الساعة 6:45 مساء هاجم مسلحون نقطة تفتيش.",
        "کاتژمێر ٧:٣٠ی بەیانی تەقینەوەیەک ڕوویدا.",
        "Call 0750 445 6677 residents of Erbil.",
        "للاتصال 0781 555 4321 مواطني كركوك.",
        "Platoons 3 and 4 attacks were stopped.",
        "Group 7 killed nobody.",
        "وصل اللواء 16 جنوب كركوك أمس.",
        "Version 5 soldiers can be downloaded.",
        "The club finished 4th.",
        "A 25-year-old man was killed in Mosul.",
        "توفي المختار (62 عاماً) في الحويجة.",
        "گەنجێکی تەمەن ٢٢ ساڵ لە کەرکووک کوژرا.",
    ] {
        none(text);
    }
}

#[test]
fn brackets_and_the_article_around_a_number_do_not_hide_it() {
    for (text, quantity) in [
        ("عاد (120) نازحاً إلى سنجار.", "(120) نازحاً = 120 person"),
        ("خلال الساعات الـ24 الماضية.", "الساعات الـ24 = 24 hour"),
        ("تحتاج المحافظة إلى 21 ألف ميغاوات.", "21 ألف ميغاوات = 21000 megawatt"),
        (
            "The camp received two thousand IDPs.",
            "two thousand IDPs = 2000 person",
        ),
        ("12 500 families returned.", "12 500 families = 12500 family"),
    ] {
        assert_eq!(quantities(text), [quantity], "{text}");
    }
}
