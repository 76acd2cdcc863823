//! Actors, targets and places of claims, and figures that are none.

use super::reader::read;
use mahwar::geoparse::{Bound, ClaimType, Role};

/// Type, actor, target and places of the claims of a text.
fn claims(text: &str) -> Vec<String> {
    let parse = read(text);
    let written = |claim: &mahwar::geoparse::Claim| {
        let party = |one: &Option<Box<mahwar::geoparse::ClaimParty>>| {
            one.as_ref().map_or("-".to_owned(), |one| one.party.to_string())
        };
        let named = |id: &String| {
            let mention = parse.mentions.iter().find(|mention| mention.id == *id);
            mention.map_or("?".to_owned(), |mention| mention.text.to_string())
        };
        let places: Vec<_> = claim.mentions.iter().map(named).collect();
        let (actor, target) = (party(&claim.actor), party(&claim.target));
        format!("{} {actor} {target} [{}]", claim.kind.name(), places.join(", "))
    };
    parse.claims.iter().map(written).collect()
}

#[track_caller]
fn is(text: &str, expected: &str) {
    assert_eq!(claims(text), [expected], "{text}");
}

#[test]
fn the_party_after_an_arabic_verb_and_before_a_figure_acts() {
    is("اعتقل تنظيم داعش 15 شاباً في تكريت.", "arrest islamic-state - [تكريت]");
    is(
        "احتجز تنظيم داعش ستة موظفين في سامراء.",
        "arrest islamic-state - [سامراء]",
    );
    is("اعتقل داعش في سامراء.", "arrest - - [سامراء]");
    is(
        "اعتقلت الشرطة عناصر داعش في كركوك.",
        "arrest iraqi-police islamic-state [كركوك]",
    );
    is(
        "قتل الجيش العراقي خمسة من عناصر داعش في حمرين.",
        "casualties iraqi-army islamic-state [حمرين]",
    );
}

#[test]
fn whose_fire_it_was_acts_and_is_no_target() {
    is(
        "جرح أربعة رعاة بنيران الحشد الشعبي في آمرلي.",
        "casualties popular-mobilization farmers [آمرلي]",
    );
    is(
        "أصيب خمسة أشخاص برصاص عناصر داعش في جلولاء.",
        "casualties islamic-state - [جلولاء]",
    );
    is(
        "دوو شوان بە تەقەی چەکدارانی داعش لە کفری کوژران.",
        "casualties islamic-state - [کفری]",
    );
    is(
        "داعش سێ جووتیاری لە جەلەولا کوشت.",
        "casualties islamic-state farmers [جەلەولا]",
    );
    is(
        "The Iraqi army killed four militants near Samarra.",
        "casualties iraqi-army - [Samarra]",
    );
    is(
        "سێ کەس بە تەقەی داعش لە تکریت کوژران و دووی تر بریندار بوون.",
        "casualties islamic-state - [تکریت]",
    );
}

#[test]
fn a_verb_that_and_joins_has_the_subject_of_the_one_before() {
    is(
        "طوق الجيش العراقي قرية في مخمور ومنع الفلاحين من الوصول إلى حقولهم.",
        "land_seizure_or_denied_access iraqi-army farmers [مخمور]",
    );
}

#[test]
fn who_did_it_is_no_place_and_who_comes_back_comes_to_one() {
    is(
        "Four villages were shelled by Turkey.",
        "airstrike_or_shelling turkey - []",
    );
    is(
        "About 80 families returned to Kifri last week.",
        "displacement_or_return - civilians [Kifri]",
    );
    is(
        "عادت 30 عائلة نازحة إلى جلولاء.",
        "displacement_or_return - displaced-people [جلولاء]",
    );
    is(
        "Police in Kifri, 40 km east of Tuz Khurmatu, arrested nine people.",
        "arrest - - [Kifri]",
    );
    is(
        "Two fighters of the Sinjar Protection Units were killed in Tal Afar.",
        "casualties - - [Tal Afar]",
    );
    is(
        "قصفت طائرات تركية مقراً لوحدات حماية سنجار في تلعفر.",
        "airstrike_or_shelling turkey - [تلعفر]",
    );
}

#[test]
fn strikes_and_changes_of_control_are_read_from_their_plain_verbs() {
    is(
        "A Turkish drone hit a car near Kifri.",
        "airstrike_or_shelling turkey - [Kifri]",
    );
    is(
        "درۆنێکی تورکیا ئۆتۆمبێلێکی لە کەلار کردە ئامانج.",
        "airstrike_or_shelling turkey - [کەلار]",
    );
    is(
        "Islamic State captured Samarra in June.",
        "change_of_control islamic-state - [Samarra]",
    );
    is(
        "سوپای عێراق کەرکووکی گرتەوە.",
        "change_of_control iraqi-army - [کەرکووک]",
    );
    is("ئاسایش چوار کەسی لە کفری گرت.", "arrest asayish - [کفری]");
    is("أربعة رعاة اختطفهم داعش في جلولاء.", "abduction islamic-state - [جلولاء]");
    // The aircraft is the subject, and whose base it hits is no actor.
    is(
        "فڕۆکەیەکی جەنگی حەشارگەیەکی داعشی لە کفری کردە ئامانج.",
        "airstrike_or_shelling - - [کفری]",
    );
    for text in [
        "Lawmakers clashed in Baghdad over the budget.",
        "Baghdad has repeatedly protested against the decision of Ankara.",
        "ئاگر باخێکی لە کفری گرتەوە.",
        "The UN mission urged Baghdad and Erbil to hold talks.",
    ] {
        assert!(
            !claims(text).iter().any(|claim| !claim.starts_with("destruction")),
            "{text}: {:?}",
            claims(text)
        );
    }
}

#[test]
fn a_calibre_a_rate_and_an_earlier_toll_are_no_figures() {
    let figures = |text: &str| -> Vec<_> {
        let parse = read(text);
        let counted = parse.quantities.iter().filter(|one| one.role.is_some());
        counted.map(|one| (one.value, one.role, one.bound)).collect()
    };
    let killed = |value: f64| vec![(Some(value), Some(Role::Killed), Bound::Exact)];
    assert_eq!(
        figures("A 122 mm artillery shell killed six tourists in Zakho."),
        killed(6.0)
    );
    assert_eq!(figures("قتلت قذيفة عيار 120 ملم سبعة أشخاص في زاخو."), killed(7.0));
    assert_eq!(figures("One in four families in Kifri fled."), []);
    assert_eq!(figures("Half of the 600 families in Kifri were displaced."), []);
    assert_eq!(figures("ارتفع عدد القتلى من أربعة إلى تسعة في كركوك."), killed(9.0));
    assert_eq!(
        figures("The death toll in Hawija has risen to eight from five."),
        killed(8.0)
    );
    assert_eq!(
        figures("Not fewer than nine people were killed in Kirkuk."),
        [(Some(9.0), Some(Role::Killed), Bound::AtLeast)]
    );
    assert_eq!(
        figures("Two of the eight abducted farmers were released."),
        [
            (Some(2.0), Some(Role::Freed), Bound::Exact),
            (Some(8.0), Some(Role::Kidnapped), Bound::Exact),
        ]
    );
    assert_eq!(
        figures("More than 900 displaced people returned to Hawija."),
        [(Some(900.0), Some(Role::Returned), Bound::MoreThan)]
    );
    assert_eq!(
        figures("پێنج کەس کوژران و دووی تر بریندار بوون."),
        [
            (Some(5.0), Some(Role::Killed), Bound::Exact),
            (Some(2.0), Some(Role::Wounded), Bound::Exact),
        ]
    );
    assert!(
        read("The blast claimed the lives of six people in Kifri.")
            .attributions
            .is_empty()
    );
    assert_eq!(read("Two men died.").claims[0].kind, ClaimType::Casualties);
}

#[test]
fn the_agent_of_a_clause_about_another_noun_does_not_act() {
    for (text, actor) in [
        (
            "Six workers were killed in Dibis in an attack on a refinery built by a Turkish company.",
            None,
        ),
        (
            "قتل ستة عمال في هجوم على مصفى يجري تشييده من قبل شركة تركية في دبس.",
            None,
        ),
        (
            "Six workers were killed in Dibis in an attack carried out by ISIS.",
            Some("islamic-state"),
        ),
        (
            "قتل ثلاثة جنود في داقوق بعد استهدافهم من قبل داعش.",
            Some("islamic-state"),
        ),
    ] {
        let parse = read(text);
        let found = parse.claims[0].actor.as_ref().map(|one| one.party.as_str());
        assert_eq!(found, actor, "{text}");
    }
}
