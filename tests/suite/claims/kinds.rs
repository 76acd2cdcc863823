//! Kinds of sentences that a blind reading found wrong: hypotheses, figures of speech, reasons of protests, figures of those who
//! act, shares, lumps, single victims, the place inside a place. In three languages, with sentences that must still be read.

use super::reader::{attributions, read};

/// Type, places and figures (`role value`) of the claims of a text.
fn claims(text: &str) -> Vec<String> {
    let parse = read(text);
    let written = |claim: &mahwar::geoparse::Claim| {
        let named = |id: &String| parse.mention(id).map_or("?".to_owned(), |one| one.text.to_string());
        let places: Vec<_> = claim.mentions.iter().map(named).collect();
        let figures = parse.quantities_of(claim).into_iter().map(|one| {
            let role = one.role.map_or(one.unit.as_str(), |role| role.name());
            let value = one.value.map_or("-".to_owned(), |value| value.to_string());
            format!("{role} {value}")
        });
        let figures: Vec<_> = figures.collect();
        format!("{} [{}] [{}]", claim.kind.name(), places.join(", "), figures.join(", "))
    };
    parse.claims.iter().map(written).collect()
}

#[track_caller]
fn are(text: &str, expected: &[&str]) {
    assert_eq!(claims(text), expected, "{text}");
}

/// No claim of the types is made, whatever else is.
#[track_caller]
fn lacks(text: &str, kinds: &[&str]) {
    for claim in claims(text) {
        assert!(!kinds.iter().any(|kind| claim.starts_with(kind)), "{text}: {claim}");
    }
}

#[test]
fn what_is_feared_or_not_confirmed_is_no_claim() {
    for text in [
        "Aid workers fear that an assault on Daquq will drive out 4,000 families.",
        "The officer expects that militants may shell Khanaqin.",
        "A new offensive by the group would kill 12 people in Kirkuk.",
        "تخشى منظمة إغاثة أن يتسبب القصف على داقوق في تشريد ألف عائلة.",
        "يتوقع المحافظ أن تؤدي المعارك في خانقين إلى مقتل 20 شخصا.",
        "ڕێکخراوەکە دەترسێت لەوەی کە بۆردومانی داقووق ببێتە هۆی ئاوارەبوونی ٣٠٠ خێزان.",
        "وەزارەتەکە نەیتوانی پشتڕاستی بکاتەوە کە چوار سەرباز لە داقووق کوژراون.",
    ] {
        are(text, &[]);
    }
    are(
        "Four soldiers were killed in Daquq, and more attacks are feared.",
        &["casualties [Daquq] [killed 4]"],
    );
}

#[test]
fn figures_of_speech_and_games_are_no_violence() {
    for text in [
        "Share prices were bombarded in Erbil this week.",
        "A clash of views in Sulaymaniyah delayed the vote.",
        "وقع اشتباك بالكلمات داخل قاعة في أربيل.",
        "اشتباك الآراء في السليمانية أخر التصويت.",
        "پێکدادانی بیروڕا لە هەولێر دەنگدانەکەی دواخست.",
    ] {
        lacks(text, &["airstrike", "clash", "explosive", "casualties"]);
    }
    lacks("Duhok lost the game with two injured players.", &["casualties"]);
    lacks("خسر دهوك المباراة بعد إصابة لاعبين اثنين.", &["casualties"]);
    are(
        "Two players were killed when a bomb exploded at the stadium in Duhok.",
        &["casualties [Duhok] [killed 2]", "explosive_device [Duhok] []"],
    );
}

#[test]
fn the_reason_for_a_protest_is_no_event_of_its_day() {
    for text in [
        "Villagers protested in Amedi on Sunday against the bombardment of their orchards.",
        "Students rallied in Kirkuk over the killing of two classmates.",
        "تظاهر أهالي زاخو احتجاجا على قصف القرى.",
        "خۆپیشاندەران لە زاخۆ دژی بۆردومانی گوندەکان خۆپیشاندانیان کرد.",
    ] {
        lacks(text, &["airstrike", "casualties", "land_seizure", "change_of_control"]);
        assert!(claims(text).iter().any(|claim| claim.starts_with("protest")), "{text}");
    }
}

#[test]
fn an_earlier_event_is_not_dated_to_its_remembrance() {
    for text in [
        "Relatives in Daquq commemorated on Friday the bomb that killed eight people.",
        "استذكر أهالي داقوق يوم الجمعة تفجيرا قتل ثمانية أشخاص.",
        "خەڵکی داقووق ڕۆژی هەینی یادی تەقینەوەیەکیان کردەوە کە هەشت کەسی تێدا کوژران.",
    ] {
        lacks(text, &["casualties", "explosive"]);
    }
}

#[test]
fn those_who_act_are_no_victims() {
    are("The driver was killed in Daquq by four attackers.", &[]);
    are("قتل السائق في داقوق على أيدي أربعة مسلحين.", &[]);
    are("شۆفێرەکە لە لایەن چوار چەکدارەوە لە داقووق کوژرا.", &[]);
    are(
        "Four gunmen killed seven farmers in Daquq.",
        &["casualties [Daquq] [killed 7]"],
    );
    are("قتل مسلحان سبعة مزارعين في داقوق.", &["casualties [داقوق] [killed 7]"]);
    are(
        "چوار چەکدار حەوت جووتیاریان لە داقووق کوشت.",
        &["casualties [داقووق] [killed 7]"],
    );
    are(
        "Seven farmers were killed in Daquq by four gunmen.",
        &["casualties [Daquq] [killed 7]"],
    );
}

#[test]
fn magnitudes_count_nobody() {
    are(
        "A 6.1-magnitude quake killed nine people in Halabja.",
        &["casualties [Halabja] [killed 9]"],
    );
    are(
        "زلزال بقوة 6.1 درجات أدى إلى مقتل تسعة أشخاص في حلبجة.",
        &["casualties [حلبجة] [killed 9]"],
    );
}

#[test]
fn of_a_part_the_last_verb_tells() {
    are(
        "Three of the wounded died in Kirkuk.",
        &["casualties [Kirkuk] [killed 3]"],
    );
    are("توفي ثلاثة من الجرحى في كركوك.", &["casualties [كركوك] [killed 3]"]);
    are(
        "سێ لە بریندارەکان لە کەرکووک گیانیان لەدەستدا.",
        &["casualties [کەرکووک] [killed 3]"],
    );
    are(
        "Two of the eleven people hurt in the Kirkuk blast died.",
        &["casualties [Kirkuk] [killed 2]"],
    );
}

#[test]
fn lumps_are_not_all_dead() {
    lacks("Some 9,000 people were killed or displaced in Sinjar.", &["casualties"]);
    are(
        "سقط 40 شخصا بين قتيل وجريح في سنجار.",
        &["casualties [سنجار] [casualty 40]"],
    );
    are(
        "Forty people were killed or wounded in Sinjar.",
        &["casualties [Sinjar] [casualty 40]"],
    );
}

#[test]
fn later_tolls_and_half_a_dozen_are_read() {
    are(
        "Half a dozen policemen were wounded in Kirkuk.",
        &["casualties [Kirkuk] [wounded 6]"],
    );
    are(
        "ژمارەی کوژراوانی تەقینەوەکەی کەرکووک لە ٨ەوە بوو بە ١١.",
        &["casualties [کەرکووک] [killed 11]"],
    );
    are(
        "ارتفع عدد قتلى انفجار كركوك إلى 11 بعد أن كان 8.",
        &["casualties [كركوك] [killed 11]"],
    );
    lacks("No one was killed in Kirkuk.", &["casualties"]);
}

#[test]
fn returned_families_are_not_displaced_again() {
    are(
        "٢٥٠ خێزانی ئاوارە گەڕاونەتەوە شنگال.",
        &["displacement_or_return [شنگال] [returned 250]"],
    );
}

#[test]
fn a_single_victim_counts_as_one() {
    for (text, expected) in [
        ("Gunfire in Kirkuk killed a teacher.", "casualties [Kirkuk] [killed 1]"),
        (
            "A young shepherd was killed in Makhmour on Friday.",
            "casualties [Makhmour] [killed 1]",
        ),
        (
            "A policeman was killed and a driver wounded in Kirkuk.",
            "casualties [Kirkuk] [killed 1, wounded 1]",
        ),
        (
            "مقتل شرطي وإصابة آخر في كركوك.",
            "casualties [كركوك] [killed 1, wounded 1]",
        ),
        (
            "A policeman, a guard and two drivers were killed in Kirkuk.",
            "casualties [Kirkuk] [killed 1, killed 1, killed 2]",
        ),
        ("قتل معلم في كركوك.", "casualties [كركوك] [killed 1]"),
        (
            "أصيب جنديان ومدني في كركوك.",
            "casualties [كركوك] [wounded 2, wounded 1]",
        ),
        ("پزیشکێک لە کەرکووک کوژرا.", "casualties [کەرکووک] [killed 1]"),
        ("شوانێک لە مەخموور بریندار بوو.", "casualties [مەخموور] [wounded 1]"),
    ] {
        are(text, &[expected]);
    }
    for text in [
        "A gunman opened fire in Kirkuk.",
        "A soldier met the mayor in Kirkuk.",
        "لم يقتل أي مدني في كركوك.",
        "التقى جندي بالمحافظ في كركوك.",
        "سەربازێک لە کەرکووک چاوی بە پارێزگار کەوت.",
    ] {
        let wrong = claims(text)
            .iter()
            .any(|claim| claim.contains("killed 3") || claim.contains("wounded"));
        assert!(!wrong, "{text}: {:?}", claims(text));
    }
    are("قتل جندي ثلاثة مدنيين في كركوك.", &["casualties [كركوك] [killed 3]"]);
}

#[test]
fn the_place_inside_a_unit_is_the_place() {
    for (text, place) in [
        ("قصفت طائرات إيرانية ناحية سيدكان في قضاء سوران وقتلت شخصين.", "سيدكان"),
        ("قصفت طائرات تركية قرية هرورو في قضاء العمادية.", "هرورو"),
        ("تۆپخانەی تورکیا گوندی نەناسراو لە ئامێدی تۆپباران کرد.", "نەناسراو"),
        (
            "Two herders were kidnapped from Zanqar village in Daquq on Monday.",
            "Zanqar",
        ),
    ] {
        let parse = read(text);
        assert!(!parse.claims.is_empty(), "{text}");
        for claim in &parse.claims {
            let names: Vec<_> = claim
                .mentions
                .iter()
                .filter_map(|id| parse.mention(id))
                .map(|one| one.text.as_str())
                .collect();
            assert_eq!(names, [place], "{text}: {}", claim.kind.name());
        }
    }
}

#[test]
fn parties_that_no_text_names_are_not_given() {
    let parties = |text: &str| {
        let parse = read(text);
        let claim = parse.claims.first().unwrap_or_else(|| panic!("{text}"));
        let of = |one: &Option<Box<mahwar::geoparse::ClaimParty>>| one.as_ref().map(|one| one.party.to_string());
        (of(&claim.actor), of(&claim.target))
    };
    let some = |id: &str| Some(id.to_owned());
    assert_eq!(parties("Kurdish forces detained six men in Daquq.").0, None);
    assert_eq!(parties("YBS fighters detained six men in Sinjar.").0, some("ybs"));
    assert_eq!(
        parties("Iraqi army troops and Peshmerga arrested six men in Daquq.").0,
        None
    );
    assert_eq!(
        parties("اندلعت اشتباكات بين الجيش العراقي ووحدات مقاومة سنجار في سنجار."),
        (some("iraqi-army"), some("ybs"))
    );
    let killing = read("ISIS militants ambushed a patrol in Daquq, killing three policemen.");
    let casualties = killing
        .claims
        .iter()
        .find(|claim| claim.kind.name() == "casualties")
        .unwrap();
    assert_eq!(casualties.actor.as_ref().unwrap().party, "islamic-state");
}

#[test]
fn speakers_of_a_statement_are_whole() {
    assert_eq!(
        attributions("A mine exploded in Daquq, army and hospital officials said."),
        ["army and hospital officials | said | A mine exploded in Daquq"]
    );
    assert_eq!(
        attributions("زعم التنظيم مقتل 9 جنود في داقوق."),
        ["التنظيم | زعم | مقتل 9 جنود في داقوق"]
    );
}
