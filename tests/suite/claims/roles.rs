//! Role and bound of figures. The sentences are of the kinds in the report on reading, sections A3 and A12.

use super::reader::read;
use mahwar::geoparse::{Bound, Role};

#[track_caller]
fn are(text: &str, expected: &[(Option<f64>, Option<Role>, Bound)]) {
    let found: Vec<_> = read(text)
        .quantities
        .iter()
        .filter(|one| one.role.is_some() || one.unit == "attack")
        .map(|one| (one.value, one.role, one.bound))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn the_verb_gives_the_role() {
    use Bound::Exact;
    for (text, value, role) in [
        ("اختطف مسلحون ثلاثة مزارعين قرب داقوق.", 3.0, Role::Kidnapped),
        ("اعتقلت القوات 5 مطلوبين في كركوك.", 5.0, Role::Arrested),
        ("عادت 450 عائلة نازحة إلى سنجار.", 450.0, Role::Returned),
        ("حررت القوات 11 مختطفاً جنوب كركوك.", 11.0, Role::Freed),
        ("پۆلیس حەوت تۆمەتباری لە هەولێر دەستگیر کرد.", 7.0, Role::Arrested),
        ("٣٥٠ خێزان گەڕانەوە بۆ گوندەکانیان.", 350.0, Role::Returned),
        ("The district has 500 families displaced.", 500.0, Role::Displaced),
        (
            "In December 2020, 15 fighters surrendered in Hawija.",
            15.0,
            Role::Surrendered,
        ),
        ("Eleven people remain missing.", 11.0, Role::Missing),
    ] {
        are(text, &[(Some(value), Some(role), Exact)]);
    }
}

#[test]
fn each_figure_has_the_verb_of_its_own() {
    let killed_and_wounded = |killed: f64, wounded: f64| {
        [
            (Some(killed), Some(Role::Killed), Bound::Exact),
            (Some(wounded), Some(Role::Wounded), Bound::Exact),
        ]
    };
    are("ثلاثة جنود قتلوا وأصيب خمسة في الهجوم.", &killed_and_wounded(3.0, 5.0));
    are(
        "سێ سەرباز کوژران و چواری دیکە بریندار بوون.",
        &killed_and_wounded(3.0, 4.0),
    );
    are(
        "Three policemen were killed and six people wounded when a bomb exploded.",
        &killed_and_wounded(3.0, 6.0),
    );
}

#[test]
fn victims_are_not_attacks() {
    are(
        "قتل 3 بتفجير في الفلوجة.",
        &[(Some(3.0), Some(Role::Killed), Bound::Exact)],
    );
    let parse = read("قتل 4 بهجوم في ديالى.");
    assert_eq!(parse.quantities.len(), 1);
    assert_eq!(parse.claims.len(), 1);
}

#[test]
fn the_approximator_gives_the_bound() {
    for (text, value, bound) in [
        ("قتل ما لا يقل عن ثمانية أشخاص.", Some(8.0), Bound::AtLeast),
        ("مقتل 6 أشخاص على الأقل.", Some(6.0), Bound::AtLeast),
        ("قتل أكثر من 30 شخصا.", Some(30.0), Bound::MoreThan),
        ("قتل نحو 30 شخصا.", Some(30.0), Bound::About),
        ("لم يتجاوز عدد الضحايا 10 قتلى.", Some(10.0), Bound::AtMost),
        ("قتل العشرات من المدنيين.", None, Bound::Vague),
        ("دەیان کەس کوژران.", None, Bound::Vague),
        ("لانیکەم شەش کەس کوژران.", Some(6.0), Bound::AtLeast),
        ("Up to 30 people were killed.", Some(30.0), Bound::AtMost),
        ("Dozens of civilians were killed.", None, Bound::Vague),
    ] {
        are(text, &[(value, Some(Role::Killed), bound)]);
    }
}

#[test]
fn what_leaves_open_who_is_dead_has_no_role() {
    are("مقتل وإصابة 19 شخصا في انفجار في كركوك.", &[]);
    are("١١ چەکدار لە دیالە کوژران و بریندار بوون.", &[]);
    are("Nine people were killed or wounded in Kirkuk.", &[]);
    // Those who die of a disease were not killed.
    are("لە عێراق ١٢ کەس بەهۆی کۆرۆناوە گیانیان لەدەستدا.", &[]);
}

#[test]
fn a_clause_with_when_has_a_verb_of_its_own() {
    are(
        "قتل 12 شخصا عندما هاجم انتحاريان سوقا في كركوك.",
        &[(Some(12.0), Some(Role::Killed), Bound::Exact)],
    );
}

#[test]
fn one_of_several_and_those_who_came_back() {
    let killed = (Some(1.0), Some(Role::Killed), Bound::Exact);
    let wounded = |count| (Some(count), Some(Role::Wounded), Bound::Exact);
    let returned = |count| (Some(count), Some(Role::Returned), Bound::Exact);
    are(
        "أودى الهجوم بحياة شرطي وإصابة اثنين آخرين في داقوق.",
        &[killed, wounded(2.0)],
    );
    are(
        "أدى الهجوم إلى مقتل أحد عناصر الشرطة وإصابة أربعة مدنيين.",
        &[killed, wounded(4.0)],
    );
    are(
        "A Peshmerga member was killed and two others injured in Daquq.",
        &[killed, wounded(2.0)],
    );
    are("Three individuals were injured in Sinjar.", &[wounded(3.0)]);
    are("٤٥٠ ئاوارە گەڕانەوە شنگال.", &[returned(450.0)]);
    are("بلغ عدد العائدين إلى سنجار 90 نازحا.", &[returned(90.0)]);
    are(
        "The group claimed five attacks, killing and injuring 31 people.",
        &[(Some(5.0), None, Bound::Exact)],
    );
}

#[test]
fn the_sorani_compound_verb_for_dying_is_read_in_one_word() {
    use Bound::Exact;
    let pair = |killed, wounded| {
        [
            (Some(killed), Some(Role::Killed), Exact),
            (Some(wounded), Some(Role::Wounded), Exact),
        ]
    };
    for (text, killed, wounded) in [
        (
            "لە تەقینەوەکەدا دوو کەس گیانلەدەستدەدەن و سێی تر برینداردەکەن.",
            2.0,
            3.0,
        ),
        (
            "لە ھێرشەکەدا چوار کەس گیانیانلەدەستداوە، سیانی تر برینداربوون.",
            4.0,
            3.0,
        ),
        (
            "لە کەرکووک پێنج کەس گیانیان لەدەستدا و دووانی دیکە بریندار بوون.",
            5.0,
            2.0,
        ),
    ] {
        are(text, &pair(killed, wounded));
    }
}

#[test]
fn victims_are_not_wounded_by_the_figure_beside_them() {
    use Bound::Exact;
    for text in [
        "Baghdad came in second place with 86 victims and 22 injured.",
        "The hospital received 22 injured and 86 victims.",
    ] {
        are(text, &[(Some(22.0), Some(Role::Wounded), Exact)]);
    }
    are(
        "Three victims and two soldiers were killed in Hawija.",
        &[
            (Some(3.0), Some(Role::Killed), Exact),
            (Some(2.0), Some(Role::Killed), Exact),
        ],
    );
}
