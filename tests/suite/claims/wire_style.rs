//! Attributions, figures and parties in the manner of news agencies. The sentences are of the kinds that texts by others
//! were read wrongly in.

use super::reader::{attributions, claims, quantities, read};

#[track_caller]
fn said(text: &str, expected: &[&str]) {
    assert_eq!(attributions(text), expected, "{text}");
}

/// Type, actor and target of the claims of a text.
fn parties(text: &str) -> Vec<String> {
    let party = |one: &Option<Box<mahwar::geoparse::ClaimParty>>| {
        one.as_ref().map_or("-".to_owned(), |one| one.party.to_string())
    };
    let written = |claim: &mahwar::geoparse::Claim| {
        format!("{} {} {}", claim.kind.name(), party(&claim.actor), party(&claim.target))
    };
    read(text).claims.iter().map(written).collect()
}

#[test]
fn a_noun_before_a_verb_of_saying_is_its_subject() {
    said(
        "Media reports said the road to Hawija was closed.",
        &["Media reports | said | the road to Hawija was closed"],
    );
    said(
        "Figures published by the health ministry showed a rise, an official said.",
        &["an official | said | Figures published by the health ministry showed a rise"],
    );
    said(
        "Data released by the UN mission revealed that many families had left.",
        &["Data released by the UN mission | revealed | many families had left"],
    );
}

#[test]
fn a_participle_that_describes_a_noun_says_nothing() {
    said(
        "Officers broke up a march demanding the release of prisoners in Basra.",
        &[],
    );
}

#[test]
fn each_part_of_an_interrupted_quotation_has_its_own_verb() {
    said(
        "\"We left at night. The road was closed,\" a farmer told the agency. \"Nobody helped us,\" he noted, \"and we had no water.\"",
        &[
            "a farmer | told | \"We left at night. The road was closed",
            "^a farmer | noted | \"Nobody helped us",
        ],
    );
    said(
        "A farmer told the agency, \"we left at night. The road was closed,\" he noted, \"and we had no water.\"",
        &[
            "A farmer | told | \"we left at night. The road was closed",
            "^A farmer | noted | \"and we had no water.",
        ],
    );
}

#[test]
fn a_long_office_and_a_name_are_one_speaker() {
    said(
        "“The dam is safe,” the deputy head of the committee for water (CW), Dr. Sami Karim said.",
        &["the deputy head of the committee for water (CW), Dr. Sami Karim | said | \"The dam is safe"],
    );
    said(
        "Analyst Lara Azad, author of a book on the border, warned that the truce may end.",
        &["Analyst Lara Azad, author of a book on the border | warned | the truce may end"],
    );
}

#[test]
fn an_aside_is_between_a_verb_and_its_object() {
    said(
        "The bloc accused, on Sunday, the ministry of neglect.",
        &["The bloc | accused | the ministry of neglect"],
    );
    said(
        "The bloc accused the ministry but the ministry blamed parliament.",
        &[
            "The bloc | accused | the ministry",
            "the ministry | blamed | parliament",
        ],
    );
    said(
        "The lawmaker called the foreign ministry to publish the agreement.",
        &["The lawmaker | called | the foreign ministry to publish the agreement"],
    );
    said("The lawmaker called the agreement a mistake.", &[]);
}

#[test]
fn that_after_a_noun_opens_no_statement() {
    said(
        "The spokesman said Friday the mission is alarmed by reports that homes were burned.",
        &["The spokesman | said | the mission is alarmed by reports that homes were burned"],
    );
}

#[test]
fn an_arabic_day_with_one_comma_ends_no_search() {
    said(
        "كشف مصدر في الوزارة، اليوم الأحد عن إعداد خطة جديدة.",
        &["مصدر في الوزارة | كشف | إعداد خطة جديدة"],
    );
    said(
        "وتتهم منظمات محلية الحكومة بإهمال النازحين.",
        &["منظمات محلية | تتهم | الحكومة بإهمال النازحين"],
    );
    said(
        "انتقد النائب الكتل لعدم حث نوابها على الحضور، مؤكدا أن الوضع سيئ.",
        &[
            "النائب | انتقد | الكتل لعدم حث نوابها على الحضور",
            "النائب | مؤكدا | الوضع سيئ",
        ],
    );
}

#[test]
fn a_present_verb_inside_a_past_statement_is_part_of_it() {
    let found = attributions("قال الوزير إن العدد يعكس تقدما، ويشير إلى قرب إغلاق المخيمات.");
    assert_eq!(found, ["الوزير | قال | العدد يعكس تقدما، ويشير إلى قرب إغلاق المخيمات"]);
}

#[test]
fn sorani_verbs_take_the_particle_for_also() {
    said(
        "پۆلیسی هەولێر ڕایگەیاند، دوو کەس گیراون. هەروەها جەختیشی لەسەر ئەوە کردەوە، لێکۆڵینەوە بەردەوامە.",
        &[
            "پۆلیسی هەولێر | ڕایگەیاند | دوو کەس گیراون",
            "^پۆلیسی هەولێر | جەختیشی لەسەر ئەوە کردەوە | لێکۆڵینەوە بەردەوامە",
        ],
    );
    said(
        "سەرۆکی ئەنجومەن بە ڕووداوی ڕاگەیاند لە دوای کۆبوونەوەکە بڕیارێک دەدرێت.",
        &["سەرۆکی ئەنجومەن | ڕاگەیاند | لە دوای کۆبوونەوەکە بڕیارێک دەدرێت"],
    );
    said(
        "ڕۆژی 6.11.2023 وەزارەتی کۆچ داخستنی کەمپی نوێی ڕاگەیاند.",
        &["وەزارەتی کۆچ | ڕاگەیاند | داخستنی کەمپی نوێی"],
    );
    said("لە ڕاپۆرتی خۆماندا داوا کراوە بەپەلە بڕیارەکە جێبەجێ بکرێت.", &[]);
}

#[test]
fn a_total_is_neither_dead_nor_wounded() {
    assert_eq!(
        quantities("Basra had 90 civilian casualties (40 killed and 50 injured)."),
        [
            "90 civilian casualties = 90 casualty",
            "40 killed = 40 killed",
            "50 injured = 50 wounded"
        ]
    );
}

#[test]
fn a_number_states_how_many_were_harmed() {
    assert_eq!(
        claims(
            "The number of farmers killed in May (not including guards) was 31, while the number of injured was 12."
        ),
        ["casualties [] [31, 12] reported"]
    );
    assert_eq!(
        quantities("The ministry announced the injury of more than 60 in Basra."),
        ["60 = ~60 wounded"]
    );
    assert_eq!(
        quantities("At least 14 more were wounded in Mosul."),
        ["14 = ~14 wounded"]
    );
    assert_eq!(
        claims("90 farmers and border guards had been killed in Diyala."),
        ["casualties [Diyala] [90 farmers] reported"]
    );
}

#[test]
fn a_family_of_which_people_are_members_is_no_figure() {
    assert_eq!(
        quantities("قتل خمسة أفراد من عائلة واحدة في كركوك."),
        ["خمسة أفراد = 5 person"]
    );
}

#[test]
fn forces_of_another_state_and_words_inside_names_are_no_party() {
    assert_eq!(
        parties("The Libyan army clashed with gunmen near Sabha."),
        ["clash - -"]
    );
    // The adjectives come from the names of the countries.
    assert_eq!(
        parties("The Bolivian army clashed with gunmen near Sucre."),
        ["clash - -"]
    );
    assert_eq!(
        parties("Clashes between Turkey and the Workers’ Party hit villages in Duhok."),
        ["clash - -"]
    );
    assert_eq!(
        parties("قصف الجيش السوري قرى قرب ربيعة."),
        ["airstrike_or_shelling - -"]
    );
}

#[test]
fn bare_words_for_forces_abroad_are_no_party() {
    assert_eq!(parties("Twelve soldiers were killed in Damascus."), ["casualties - -"]);
    assert_eq!(
        parties("Twelve soldiers were killed in Kirkuk."),
        ["casualties - iraqi-army"]
    );
}

#[test]
fn the_crime_of_people_who_are_arrested_is_no_event() {
    let kinds = |text: &str| -> Vec<&str> { read(text).claims.iter().map(|claim| claim.kind.name()).collect() };
    assert_eq!(kinds("Police arrested a kidnapping gang in Kirkuk."), ["arrest"]);
    assert_eq!(
        kinds("A raid hit a migrant detention centre in Kirkuk."),
        Vec::<&str>::new()
    );
    assert!(!kinds("اعتقلت القوات مشتبها به في منطقة التحرير بكركوك.").contains(&"change_of_control"));
}

#[test]
fn an_aircraft_without_a_pilot_strikes() {
    assert_eq!(
        parties("بارەگاکە لە کەرکووک لە ڕێگەی فڕۆکەیەکی بێ فڕۆکەوان پەلاماردرا."),
        ["airstrike_or_shelling - -"]
    );
}

#[test]
fn votes_and_seats_are_counted() {
    assert_eq!(
        quantities("The list won six seats and 40,000 votes in Kirkuk."),
        ["six seats = 6 seat", "40,000 votes = 40000 vote"]
    );
    assert_eq!(
        quantities("حصلت القائمة على 12 مقعدا و45 ألف صوت في كركوك."),
        ["12 مقعدا = 12 seat", "45 ألف صوت = 45000 vote"]
    );
    assert_eq!(
        quantities("لیستەکە ١٢ کورسی لە کەرکووک بەدەستهێنا."),
        ["١٢ کورسی = 12 seat"]
    );
}

#[test]
fn control_is_over_the_place_that_follows_its_words() {
    let parse = read("أحكم مسلحون سيطرتهم على قضاء سنجار ليكون ثاني منطقة بعد قضاء زمار.");
    let claim = &parse.claims[0];
    let mention = parse.mentions.iter().find(|mention| mention.id == claim.mentions[0]);
    assert_eq!(
        (claim.kind.name(), mention.map(|mention| mention.text.as_str())),
        ("change_of_control", Some("سنجار"))
    );
}

#[test]
fn another_clause_gives_no_place() {
    assert_eq!(
        claims("بلغ عدد الضحايا 23 قتيلا و80 جريحا، كما تقرر حظر التجوال في البصرة."),
        ["casualties [] [23 قتيلا, 80 جريحا] reported"]
    );
}

#[test]
fn a_name_after_the_verb_that_ends_the_sentence_speaks() {
    said(
        "Nearly 200 wounded civilians were taken to hospital, the highest level since the campaign began on 17 October, \
         said Lise Grande, the humanitarian coordinator for Iraq.",
        &[
            "Lise Grande, the humanitarian coordinator for Iraq | said | Nearly 200 wounded civilians were taken to \
             hospital, the highest level since the campaign began on 17 October",
        ],
    );
}

#[test]
fn who_goes_on_speaking_in_a_relative_clause_is_the_speaker_before_it() {
    said(
        "The share of civilians is on the rise, according to an official of the health ministry, who claimed that part of \
         the increase was due to better access.",
        &[
            "an official of the health ministry | according to | The share of civilians is on the rise",
            "an official of the health ministry | claimed | part of the increase was due to better access",
        ],
    );
}

#[test]
fn a_sorani_verb_that_begins_its_sentence_has_its_statement_after_it() {
    said(
        "قایمقامی شنگال ڕایگەیاند، کێشەکە وەک خۆی ماوە. گوتیشی دوای ساڵی 2003 بڕیار بوو لیژنەیەک کێشەکە چارەسەر بکات.",
        &[
            "قایمقامی شنگال | ڕایگەیاند | کێشەکە وەک خۆی ماوە",
            "^قایمقامی شنگال | گوتیشی | دوای ساڵی 2003 بڕیار بوو لیژنەیەک کێشەکە چارەسەر بکات",
        ],
    );
}

#[test]
fn the_main_clause_after_a_sorani_clause_of_time_is_no_statement() {
    said(
        "دوای ئەوەی سەرۆک وەزیران بڕیارەکەی ڕاگەیاند، چەکداران هێرشیان کردە سەر بنکەیەکی پۆلیس لە داقووق.",
        &[],
    );
}

#[test]
fn a_message_that_was_posted_and_a_description_are_beside_the_speaker() {
    said(
        "President Nechirvan Barzani in a tweet published on Wednesday said he condemns the attack on Kifri.",
        &["President Nechirvan Barzani | said | he condemns the attack on Kifri"],
    );
    said(
        "Sabreen News, a news agency of the militia, reported that one person was injured in Jalawla.",
        &["Sabreen News, a news agency of the militia | reported | one person was injured in Jalawla"],
    );
}

#[test]
fn an_official_and_the_name_before_the_office_are_one_sorani_speaker() {
    said(
        "خودێدا ئەلیاس، لێپرسراوی ئەنجومەنی شنگال وتی، دوو کەس شەهید بوون.",
        &["خودێدا ئەلیاس، لێپرسراوی ئەنجومەنی شنگال | وتی | دوو کەس شەهید بوون"],
    );
}
