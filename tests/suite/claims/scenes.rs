//! Where a claim happened. The sentences are of the kinds in the report on reading, sections A4 and A12.

use super::reader::{claims, read};
use mahwar::geoparse::Precision;

#[track_caller]
fn are(text: &str, expected: &[&str]) {
    assert_eq!(claims(text), expected, "{text}");
}

#[test]
fn a_town_that_a_distance_is_measured_from_is_no_place_of_a_claim() {
    are(
        "قتل مدنيان في الحويجة (55 كلم جنوب غربي كركوك).",
        &["casualties [الحويجة] [مدنيان] reported"],
    );
    are(
        "Four civilians were killed in Jalawla, about 70 km northeast of Baqubah.",
        &["casualties [Jalawla] [Four civilians] reported"],
    );
    are(
        "دوو سەرباز لە داقووق کوژران، ٤٠ کیلۆمەتر لە باشووری کەرکووک.",
        &["casualties [داقووق] [دوو سەرباز] reported"],
    );
}

#[test]
fn the_end_of_a_journey_is_no_scene() {
    are(
        "نقل أربعة جرحى من خانقين إلى مستشفى السليمانية.",
        &["casualties [خانقين] [أربعة جرحى] reported"],
    );
    are(
        "The wounded were flown to Baghdad after five people were killed in Samarra.",
        &["casualties [Samarra] [five people] reported"],
    );
}

#[test]
fn a_result_has_the_place_of_what_led_to_it() {
    are(
        "داهمت القوات قرية في الحويجة، ما أسفر عن مقتل مسلحين اثنين.",
        &["casualties [الحويجة] [مسلحين اثنين] reported"],
    );
    are(
        "انفجرت عبوة ناسفة في جلولاء. وأسفر الانفجار عن مقتل ثلاثة جنود.",
        &["casualties [جلولاء] [ثلاثة جنود] reported"],
    );
    are(
        "A bomb exploded in Khanaqin. The blast killed two civilians.",
        &["casualties [Khanaqin] [two civilians] reported"],
    );
}

#[test]
fn a_match_a_film_and_an_interview_are_no_meetings() {
    for text in [
        "فاز دهوك على أربيل في لقاء الدور الأول من الدوري.",
        "يضم الفيلم لقاءات مع أدباء من البصرة.",
        "ولقمة العيش صعبة في البصرة.",
        "Erbil met Duhok in the league match on Friday.",
    ] {
        are(text, &[]);
    }
}

#[test]
fn the_disputed_areas_are_the_set_of_their_units() {
    for text in [
        "سجلت المناطق المتنازع عليها 60 هجوماً هذا العام.",
        "لە ناوچە جێناکۆکەکان ٣٠ هێرش ئەنجامدراون.",
        "Militants carried out 45 attacks in the disputed territories this year.",
        include_str!("../../../seeds/000_a92614c7eb69c543.txt"),
    ] {
        let parse = read(text);
        let claim = parse
            .claims
            .iter()
            .find(|claim| super::reader::kind(claim.kind) == "attack_count");
        let claim = claim.unwrap_or_else(|| panic!("no claim in {text}"));
        assert_eq!(claim.precision, Some(Precision::Region), "{text}");
        assert!(claim.mentions.is_empty(), "{text}");
        assert!(
            claim.places.len() > 10 && claim.places.contains(&"IQG15Q07".to_owned()),
            "{:?}",
            claim.places
        );
    }
}

#[test]
fn the_ends_of_a_road_and_a_home_are_no_scenes() {
    are(
        "قتل أربعة مدنيين في بيجي على طريق بغداد - الموصل.",
        &["casualties [بيجي] [أربعة مدنيين] reported"],
    );
    are(
        "دوو هاوڵاتیی خەڵکی کەرکووک لە داقووق کوژران.",
        &["casualties [داقووق] [دوو هاوڵاتیی] reported"],
    );
}

#[test]
fn the_land_as_a_whole_is_told_once_and_no_later_clause_gives_a_place() {
    are(
        "Nearly 250 civilians were killed in Iraq in July, a significant drop from the month before with the end of the \
         operations in Mosul.",
        &["casualties [] [250 civilians] reported"],
    );
    are(
        "Two soldiers were killed in Iraq on Monday, in the city of Mosul.",
        &["casualties [Mosul] [Two soldiers] reported"],
    );
}

#[test]
fn a_road_is_not_at_the_town_that_it_is_called_after() {
    are(
        "انفجرت عبوة ناسفة في منطقة طريق بغداد وسط كركوك، ما أدى إلى مقتل شخص.",
        &["casualties [كركوك] [شخص] reported"],
    );
}

#[test]
fn a_distance_in_brackets_is_measured_from_the_town_after_the_direction() {
    are(
        "هاجم مسلحون نقطة تفتيش في منطقة جديدة الشط (30 كلم) شمال غرب مدينة بعقوبة، مما أدى إلى إصابة جنديين.",
        &["casualties [جديدة الشط] [جنديين] reported"],
    );
}

#[test]
fn of_two_towns_beside_a_scene_the_first_is_the_nearest() {
    are(
        "Two soldiers were killed south of Khanaqin, northeast of Baqubah.",
        &["casualties [Khanaqin] [Two soldiers] reported"],
    );
}

#[test]
fn what_happened_in_an_unknown_quarter_of_a_town_happened_in_the_town() {
    are(
        "قتل مدنيان في حي السنبلاوي في كركوك.",
        &["casualties [السنبلاوي, كركوك] [مدنيان] reported"],
    );
}
