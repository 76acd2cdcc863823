//! Kinds of expressions of time, with sentences that must be resolved and sentences that must not.
//!
//! The texts are published on Thursday 16 June 2022.

use crate::times::{day, read, written};

const PUBLISHED: &str = "2022-06-16";

/// The only time of each text has these days.
fn resolved(rows: &[(&str, &str, &str)]) {
    for (text, from, to) in rows {
        let parse = read(text, Some(PUBLISHED));
        let times: Vec<String> = parse.times.iter().map(|time| written(time)).collect();
        assert_eq!(parse.times.len(), 1, "{text}: {times:?}");
        let time = &parse.times[0];
        let days = (day(time.from), day(time.to));
        assert_eq!(
            (days.0.as_deref(), days.1.as_deref()),
            (Some(*from), Some(*to)),
            "{text}: {times:?}"
        );
    }
}

/// No time of the texts has days.
fn unresolved(texts: &[&str]) {
    for text in texts {
        let parse = read(text, Some(PUBLISHED));
        let times: Vec<String> = parse.times.iter().map(|time| written(time)).collect();
        assert!(!parse.times.is_empty(), "{text}");
        assert!(parse.times.iter().all(|time| !time.is_resolved()), "{text}: {times:?}");
    }
}

/// The texts name no time.
fn none(texts: &[&str]) {
    for text in texts {
        let parse = read(text, Some(PUBLISHED));
        let times: Vec<String> = parse.times.iter().map(|time| written(time)).collect();
        assert!(times.is_empty(), "{text}: {times:?}");
    }
}

#[test]
fn in_two_days_lies_ahead_in_a_plan_and_behind_in_a_report() {
    resolved(&[
        ("The bridge will be closed in five days.", "2022-06-21", "2022-06-21"),
        ("Gunmen killed nine people in five days.", "2022-06-11", "2022-06-16"),
        ("سيفتتح الجسر في غضون ثلاثة أيام.", "2022-06-16", "2022-06-19"),
    ]);
    unresolved(&["In five days the bridge closes.", "The bridge closes in five days."]);
}

#[test]
fn tomorrow_is_read_after_a_part_of_the_day() {
    resolved(&[
        ("يصل الوفد صباح غد.", "2022-06-17", "2022-06-17"),
        ("يصل الوفد مساء غد الجمعة.", "2022-06-17", "2022-06-17"),
    ]);
    none(&["من أجل غد أفضل."]);
}

#[test]
fn the_edges_of_a_period_are_counted_in_it() {
    resolved(&[
        (
            "Attacks fell in the last two months of 2019.",
            "2019-11-01",
            "2019-12-31",
        ),
        (
            "Attacks fell in the first ten days of April 2021.",
            "2021-04-01",
            "2021-04-10",
        ),
        (
            "انخفضت الهجمات في الأشهر الأربعة الأولى من عام 2019.",
            "2019-01-01",
            "2019-04-30",
        ),
        (
            "انخفضت الهجمات في آخر أسبوعين من نيسان 2021.",
            "2021-04-17",
            "2021-04-30",
        ),
        ("سێ مانگی کۆتایی ساڵی ٢٠١٩", "2019-10-01", "2019-12-31"),
    ]);
}

#[test]
fn a_winter_of_two_years_ends_in_the_second_one() {
    resolved(&[
        ("Prices rose in the winter of 2018-19.", "2018-12-01", "2019-02-28"),
        ("ارتفعت الأسعار في شتاء 2018-2019.", "2018-12-01", "2019-02-28"),
        ("لە زستانی ٢٠١٨-٢٠١٩ نرخەکان بەرزبوونەوە.", "2018-12-01", "2019-02-28"),
        (
            "Enrolment fell in the school year 2018-2019.",
            "2018-01-01",
            "2019-12-31",
        ),
    ]);
}

#[test]
fn a_weekday_lies_in_the_week_that_is_named() {
    resolved(&[
        ("Last week, on Tuesday, a mine exploded.", "2022-06-07", "2022-06-07"),
        (
            "The council will meet on Monday of next week.",
            "2022-06-20",
            "2022-06-20",
        ),
        ("انفجر لغم يوم الثلاثاء من الأسبوع الماضي.", "2022-06-07", "2022-06-07"),
        ("انفجر لغم الأسبوع الماضي، يوم الثلاثاء.", "2022-06-07", "2022-06-07"),
        (
            "هەفتەی ڕابردوو ڕۆژی سێشەممە مینێک تەقییەوە.",
            "2022-06-07",
            "2022-06-07",
        ),
        ("انفجر لغم الثلاثاء قبل الماضي.", "2022-06-07", "2022-06-07"),
    ]);
    unresolved(&["The following Monday a mine exploded."]);
}

#[test]
fn a_plan_lies_ahead_and_a_present_is_not_guessed() {
    resolved(&[
        ("Ministers plan to meet on Sunday.", "2022-06-19", "2022-06-19"),
        ("من المقرر أن تستأنف المحكمة جلساتها الأحد.", "2022-06-19", "2022-06-19"),
        ("ستغلق المدارس الأحد.", "2022-06-19", "2022-06-19"),
        ("انفجرت سيارة الأحد.", "2022-06-12", "2022-06-12"),
        ("سيطر الجيش على القرية الأحد.", "2022-06-12", "2022-06-12"),
    ]);
    unresolved(&["The team arrives on Sunday.", "يزور الوزير الموصل الأحد."]);
}

#[test]
fn a_weekday_that_contradicts_its_day_is_not_resolved() {
    unresolved(&[
        "Two men were arrested yesterday, Tuesday.",
        "اعتقل رجلان أمس الثلاثاء.",
        "دوێنێ سێشەممە دوو پیاو گیران.",
        "Two men were arrested on Sunday (30/10).",
    ]);
    resolved(&[
        (
            "Two men were arrested yesterday, Wednesday.",
            "2022-06-15",
            "2022-06-15",
        ),
        ("Two men were arrested on Sunday (12/6).", "2022-06-12", "2022-06-12"),
    ]);
}

#[test]
fn names_of_days_are_no_times() {
    none(&[
        "The 14 July bridge was repaired.",
        "Crowds filled the Friday market.",
        "وقع الحريق في حي 7 نيسان.",
        "أغلق جسر 14 تموز.",
        "احترق سوق الجمعة.",
        "لە گەڕەکی نەورۆز ئاگر کەوتەوە.",
        "شەقامی ١٤ی تەمموز داخرا.",
    ]);
    resolved(&[
        ("وقع الحريق في 7 نيسان.", "2022-04-07", "2022-04-07"),
        ("A fire broke out on Friday.", "2022-06-10", "2022-06-10"),
        ("لە نەورۆزدا ئاگر کرایەوە.", "2022-03-21", "2022-03-21"),
    ]);
}

#[test]
fn halves_and_quarters_of_a_year_are_whole_months() {
    resolved(&[
        (
            "Exports fell in the second quarter of 2019.",
            "2019-04-01",
            "2019-06-30",
        ),
        ("Exports fell in Q4 2019.", "2019-10-01", "2019-12-31"),
        (
            "تراجعت الصادرات في الربع الثالث من عام 2019.",
            "2019-07-01",
            "2019-09-30",
        ),
        ("لە چارەکی دووەمی ساڵی ٢٠١٩ هەناردە کەمبوو.", "2019-04-01", "2019-06-30"),
        ("Exports fell in the first half of 2019.", "2019-01-01", "2019-06-30"),
        (
            "تراجعت الصادرات في النصف الثاني من عام 2019.",
            "2019-07-01",
            "2019-12-31",
        ),
        ("لە نیوەی دووەمی ساڵی ٢٠١٩ هەناردە کەمبوو.", "2019-07-01", "2019-12-31"),
    ]);
}

#[test]
fn the_same_year_is_one_that_the_text_names() {
    unresolved(&[
        "فتح الطريق في شهر آب من العام نفسه.",
        "لە مانگی ئابی هەمان ساڵدا ڕێگاکە کرایەوە.",
        "The road was opened in August of the same year.",
    ]);
    let text = "The road was closed in May 2015. It was opened in August of the same year.";
    let parse = read(text, Some(PUBLISHED));
    let first = parse.times.get(1).and_then(|time| day(time.from));
    assert_eq!(first.as_deref(), Some("2015-08-01"));
}

#[test]
fn no_part_of_an_expression_is_dropped() {
    resolved(&[
        ("لە ٥ی ئەم مانگەدا گیران.", "2022-06-05", "2022-06-05"),
        ("لە ٢٨ی مانگی ڕابردوودا گیران.", "2022-05-28", "2022-05-28"),
        ("هاوینی ساڵی ڕابردوو گیران.", "2021-06-01", "2021-08-31"),
        ("They ruled from 2014 until now.", "2014-01-01", "2022-06-16"),
        (
            "It was closed on the second day of Eid al-Fitr 2021.",
            "2021-05-14",
            "2021-05-14",
        ),
        ("أغلق في ثاني أيام عيد الفطر.", "2022-05-03", "2022-05-03"),
        ("They met in the week before last.", "2022-05-28", "2022-06-03"),
        ("حدث ذلك الليلة الماضية.", "2022-06-15", "2022-06-15"),
        ("قتل عام ألفين وأربعة عشر.", "2014-01-01", "2014-12-31"),
    ]);
    for text in [
        "Bombs exploded on 3, 5 and 7 May.",
        "انفجرت عبوات في 3 و5 و7 أيار.",
        "لە ٣ و ٥ و ٧ی ئایار بۆمب تەقینەوە.",
    ] {
        let parse = read(text, Some(PUBLISHED));
        let days: Vec<_> = parse.times.iter().filter_map(|time| day(time.from)).collect();
        assert_eq!(days, ["2022-05-03", "2022-05-05", "2022-05-07"], "{text}");
    }
}

#[test]
fn a_plan_that_is_over_moves_no_date_to_the_next_year() {
    resolved(&[
        (
            "The minister canceled a planned visit scheduled on May 3.",
            "2022-05-03",
            "2022-05-03",
        ),
        (
            "The court will investigate reports of abuses in Tikrit in January.",
            "2022-01-01",
            "2022-01-31",
        ),
        ("The vote will be held in January.", "2023-01-01", "2023-01-31"),
    ]);
}

#[test]
fn a_part_of_a_day_and_a_month_called_after_a_feast() {
    resolved(&[
        ("هاجم مسلحون البلدة قبل فجر اليوم الخميس.", "2022-06-16", "2022-06-16"),
        ("لە 5ی نەورۆزی 2722 لە هەولێر کۆبوونەوە.", "2022-03-25", "2022-03-25"),
    ]);
    unresolved(&[
        "The team will return in the coming days.",
        "Troops swept the area in a two-day campaign.",
    ]);
    none(&["وتعرف اليوم باسم القلعة."]);
}

#[test]
fn today_in_speech_is_the_day_of_the_speech() {
    let parse = read(
        "قال المصدر، الاثنين، إن مسلحين دخلوا القرية مساء اليوم.",
        Some(PUBLISHED),
    );
    let days: Vec<_> = parse.times.iter().filter_map(|time| day(time.from)).collect();
    assert_eq!(days, ["2022-06-13", "2022-06-13"]);
}

#[test]
fn a_claim_does_not_take_the_time_of_another_clause_or_event() {
    for text in [
        "Three days after the October 16, 2017 handover, 40 families fled Kirkuk.",
        "بعد يومين من سقوط الموصل في 10 حزيران 2014 قتل 12 شخصا في كركوك.",
        "قتل مدنيان في غارة على قرية سنجارية دمرها تنظيم داعش عام 2014.",
    ] {
        let parse = read(text, Some(PUBLISHED));
        let time = parse.claims[0].time.as_ref();
        assert!(time.is_none_or(|time| !time.is_resolved()), "{text}");
    }
}

#[test]
fn a_part_of_a_decade_is_no_part_of_its_first_year() {
    resolved(&[
        ("The villages were razed in the late 1980s.", "1986-09-01", "1989-12-31"),
        ("They fled in the early 1990s.", "1990-01-01", "1993-05-01"),
        ("دمرت القرى في الثمانينات.", "1980-01-01", "1989-12-31"),
        ("دمرت القرى في السبعينيات من القرن الماضي.", "1970-01-01", "1979-12-31"),
    ]);
    none(&[
        "كان الشيخ في الثمانينات من عمره.",
        "It was built in the late 1800s.",
        "فاز الفريق بنتيجة 1-صفر.",
    ]);
}

#[test]
fn two_nights_or_listed_days_are_an_interval() {
    resolved(&[
        ("The raid began on the night of 12/13 May.", "2022-05-12", "2022-05-13"),
        ("The raid began on 12/13 November 2020.", "2020-11-12", "2020-11-13"),
        ("Shells fell on May 3rd, 4th and 5th.", "2022-05-03", "2022-05-05"),
        ("Shells fell on May 12 and 13, 2020.", "2020-05-12", "2020-05-13"),
        ("شنت الغارة ليلة 12/13 أيار.", "2022-05-12", "2022-05-13"),
        ("لە نێوان (1991 - 1994) شەڕ بوو.", "1991-01-01", "1994-12-31"),
    ]);
}

#[test]
fn a_shortened_month_keeps_its_year() {
    resolved(&[
        ("He was arrested on 12 Nov. 2020.", "2020-11-12", "2020-11-12"),
        ("He was arrested on 3 Feb. 2019 in Kirkuk.", "2019-02-03", "2019-02-03"),
        ("سقطت المدينة في حزيران (2014).", "2014-06-01", "2014-06-30"),
        ("لە حوزەیرانی (2014ز) شار کەوت.", "2014-06-01", "2014-06-30"),
    ]);
}

#[test]
fn by_a_day_is_the_end_of_a_plan_or_of_the_past() {
    resolved(&[
        ("Negotiators hope for a deal by 20 July.", "2022-07-20", "2022-07-20"),
        ("يأمل الطرفان في اتفاق بحلول 20 تموز.", "2022-07-20", "2022-07-20"),
        ("By 20 July, the town had fallen.", "2021-07-20", "2021-07-20"),
    ]);
    unresolved(&["A deal by 20 July is a matter of trust."]);
}

#[test]
fn days_that_come_back_are_no_single_day() {
    unresolved(&["Markets close on Fridays.", "He came two Fridays ago."]);
    none(&["Sermons are held every Friday.", "تقام الخطبة كل جمعة."]);
    unresolved(&["بعد ثلاثة أيام من الهجوم عاد الأهالي."]);
    resolved(&[("قتلوا الأول من أمس.", "2022-06-14", "2022-06-14")]);
}

#[test]
fn the_end_of_the_month_is_that_of_the_publication_unless_the_text_says_otherwise() {
    resolved(&[
        ("The work will end at the end of the month.", "2022-06-21", "2022-06-30"),
        ("سينتهي العمل نهاية الشهر.", "2022-06-21", "2022-06-30"),
        ("کۆتایی مانگ کارەکە تەواو دەبێت.", "2022-06-21", "2022-06-30"),
        (
            "Two were killed at the beginning of the month.",
            "2022-06-01",
            "2022-06-10",
        ),
    ]);
    unresolved(&["Two were killed at the end of the month."]);
    let parse = read(
        "On 3 May 2022 two were killed. At the end of the month three were.",
        Some(PUBLISHED),
    );
    assert_eq!(parse.times.len(), 2);
    assert!(!parse.times[1].is_resolved(), "{:?}", parse.times[1]);
}

#[test]
fn slashes_with_blanks_and_names_of_months_keep_the_day() {
    resolved(&[
        ("وقع الهجوم في 18 / تموز / 2010.", "2010-07-18", "2010-07-18"),
        ("وقع الهجوم في 18/تموز/2010.", "2010-07-18", "2010-07-18"),
        ("وقع الهجوم في 5 / 6 / 2019.", "2019-06-05", "2019-06-05"),
        ("لە 23ی مردادی 1392 هێرش کرا.", "2013-08-14", "2013-08-14"),
    ]);
    none(&["Scores were 5 / 6 and 4 / 6."]);
}

#[test]
fn a_numbered_week_of_a_month_has_its_days() {
    resolved(&[
        (
            "A raid took place in the fourth week of May.",
            "2022-05-22",
            "2022-05-28",
        ),
        (
            "A raid took place in the second week of May 2018.",
            "2018-05-08",
            "2018-05-14",
        ),
        (
            "A raid took place in the fifth week of May 2018.",
            "2018-05-29",
            "2018-05-31",
        ),
        ("وقع الهجوم خلال الأسبوع الرابع من أيار.", "2022-05-22", "2022-05-28"),
    ]);
    // Four weeks are all of this month.
    unresolved(&["A raid took place in the fifth week of February 2018."]);
}

#[test]
fn sorani_nights_are_counted_and_the_beginning_of_this_year_is_one() {
    resolved(&[
        ("لە ماوەی دوو شەوی ڕابردوودا هێرش کرا.", "2022-06-14", "2022-06-16"),
        ("لە سەرەتای ئەمساڵەوە هێرش کراوە.", "2022-01-01", "2022-06-16"),
        ("لە سەرەتای ئەمساڵدا هێرش کرا.", "2022-01-01", "2022-05-01"),
    ]);
}

#[test]
fn a_quarter_without_a_year_is_one_of_the_publication() {
    resolved(&[
        ("Attacks fell in the first quarter.", "2022-01-01", "2022-03-31"),
        ("انخفضت الهجمات خلال الربع الأول.", "2022-01-01", "2022-03-31"),
        ("انخفضت الهجمات في الربع الأول من العام.", "2022-01-01", "2022-03-31"),
    ]);
    // It lies ahead of a text that reports it.
    unresolved(&["Attacks fell in the fourth quarter."]);
    none(&[
        "The team scored twice in the first quarter of the match.",
        "The old quarter was shelled.",
        "First quarter profits rose.",
    ]);
    let parse = read("Attacks fell in the first quarter.", None);
    assert!(parse.times.len() == 1 && !parse.times[0].is_resolved());
}

#[test]
fn a_weekend_is_kept_without_days() {
    unresolved(&["Three were killed over the weekend.", "قتل ثلاثة خلال عطلة نهاية الأسبوع."]);
}
