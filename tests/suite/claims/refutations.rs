//! Reports that are called false, warnings of what has not happened, and whose words a relative clause repeats.

use super::reader::read;
use mahwar::geoparse::Stance;

/// Every attribution as `speaker | stance | quote`.
fn said(text: &str) -> Vec<String> {
    let written = |said: &mahwar::geoparse::Attribution| {
        let speaker = said.speaker.as_ref().map_or("-", |speaker| speaker.words.text.as_str());
        format!(
            "{speaker} | {} | {}",
            format!("{:?}", said.stance).to_lowercase(),
            said.quote.text
        )
    };
    read(text).attributions.iter().map(written).collect()
}

#[track_caller]
fn are(text: &str, expected: &[&str]) {
    assert_eq!(said(text), expected, "{text}");
    assert!(read(text).claims.is_empty(), "{text}");
}

#[test]
fn a_participle_after_the_verb_refutes_a_report_of_its_own() {
    are(
        "No one was hurt in Mandali, the mayor said, dismissing reports that three farmers had died.",
        &[
            "the mayor | said | No one was hurt in Mandali",
            "the mayor | denied | three farmers had died",
        ],
    );
    are(
        "\"The road is open,\" the officer said, rejecting claims that four men had been arrested in Kalar.",
        &[
            "the officer | said | The road is open",
            "the officer | denied | four men had been arrested in Kalar",
        ],
    );
    are(
        "The town is quiet, police said, describing as false reports that six guards were killed in Jalawla.",
        &[
            "police | said | The town is quiet",
            "police | denied | reports that six guards were killed in Jalawla",
        ],
    );
    // What a source is cited for is the statement of the main verb.
    assert_eq!(
        said("The army said, citing a source, that the bridge was open."),
        ["The army | said | the bridge was open"]
    );
}

#[test]
fn what_a_report_says_that_is_denied_is_said_by_nobody() {
    are(
        "نفى ضابط في الشرطة الأخبار التي تحدثت عن إصابة تسعة جنود في سامراء.",
        &["ضابط في الشرطة | denied | الأخبار التي تحدثت عن إصابة تسعة جنود في سامراء"],
    );
    are(
        "القيادة نفت التقارير التي أشارت إلى مقتل أربعة شرطيين في تكريت.",
        &["القيادة | denied | التقارير التي أشارت إلى مقتل أربعة شرطيين في تكريت"],
    );
    are(
        "فرماندەیی ئەو هەواڵانەی ڕەتکردەوە کە دەڵێن حەوت سەرباز لە خانەقین کوژراون.",
        &["فرماندەیی | denied | حەوت سەرباز لە خانەقین کوژراون"],
    );
    are(
        "The council denied media reports which said nine farmers were abducted in Kifri.",
        &["The council | denied | media reports which said nine farmers were abducted in Kifri"],
    );
}

#[test]
fn a_report_that_is_called_false_is_denied_and_no_claim() {
    for text in [
        "Reports that five people had died in Kalar are untrue, the hospital said.",
        "Rumours that eight families fled Jalawla are baseless, the mayor told reporters.",
        "قال المحافظ إن أنباء خطف ستة مزارعين في داقوق غير صحيحة.",
        "خبر مقتل شرطيين في سامراء عارٍ عن الصحة، بحسب القيادة.",
        "وصف مدير الناحية الأنباء عن إصابة عشرة جنود في العظيم بأنها كاذبة.",
        "استبعد قائد الشرطة سقوط ثمانية قتلى في انفجار خانقين.",
        "قایمقام وتی هەواڵی کوژرانی چوار پۆلیس لە خانەقین دوورە لە ڕاستی.",
        "وەزارەت ڕایگەیاند کە هەواڵەکە ڕاست نییە.",
        "ئاسایش دەنگۆی ڕفاندنی دوو مامۆستا لە کەلار بە درۆ دەخاتەوە.",
    ] {
        let parse = read(text);
        assert!(parse.claims.is_empty(), "{text}");
        let stances: Vec<_> = parse.attributions.iter().map(|said| said.stance).collect();
        assert_eq!(stances, [Stance::Denied], "{text}");
    }
    // Nobody says so, and nothing happened.
    for text in [
        "The claim that six soldiers were killed in Hawija is false.",
        "Contrary to reports, seven people were not killed in Kirkuk.",
        "أنباء مقتل سبعة جنود في الحويجة كاذبة.",
        "کوژرانی شەش پێشمەرگە لە گوێر دوورە لە ڕاستییەوە.",
    ] {
        assert!(read(text).claims.is_empty(), "{text}");
    }
}

#[test]
fn what_follows_a_refuted_report_in_a_clause_of_its_own_is_a_claim() {
    let parse = read("Three policemen were killed in Samarra, while reports that ten had died are false.");
    assert_eq!(parse.claims.len(), 1);
}

#[test]
fn what_is_warned_of_expected_or_averted_has_not_happened() {
    for text in [
        "The mission warned of the displacement of hundreds of families from Jalawla.",
        "حذر المحافظ من تهجير ألفي شخص من السعدية.",
        "توقع مدير الناحية نزوح 90 عائلة من العظيم.",
        "ڕێکخراوەکە هۆشداری دا لە ئاوارەبوونی سەدان خێزان لە جەلەولا.",
        "ترسی ئەوە هەیە سەدان کەس لە کەلار بکوژرێن.",
        "پۆلیس پیلانێکی ڕفاندنی چوار پزیشکی لە کەلار پووچەڵکردەوە.",
    ] {
        assert!(read(text).claims.is_empty(), "{text}");
    }
    // What a warning states in a clause is put forward as a fact.
    let parse = read("The governor warned that militants had killed two guards in Samarra.");
    assert_eq!(parse.attributions[0].stance, Stance::Warned);
    assert_eq!(parse.claims.len(), 1);
}

#[test]
fn a_denial_in_the_first_person_makes_its_statement_one() {
    are(
        "وقالت القيادة في بيان إنه \"ننفي ما تردد عن مقتل أربعة جنود في داقوق\".",
        &["القيادة | denied | ننفي ما تردد عن مقتل أربعة جنود في داقوق"],
    );
    are(
        "\"We categorically deny reports that four civilians were killed in Daquq,\" the spokesman said.",
        &["the spokesman | denied | We categorically deny reports that four civilians were killed in Daquq"],
    );
    are(
        "وتەبێژەکە ڕایگەیاند: \"ئێمە ئەو هەواڵە ڕەت دەکەینەوە کە چوار سەرباز لە داقووق کوژراون\".",
        &["وتەبێژەکە | denied | ئێمە ئەو هەواڵە ڕەت دەکەینەوە کە چوار سەرباز لە داقووق کوژراون"],
    );
    are(
        "وقال المحافظ: \"لا صحة لما يشاع عن نزوح 30 عائلة من السعدية\".",
        &["المحافظ | denied | لا صحة لما يشاع عن نزوح 30 عائلة من السعدية"],
    );
    // A negated denial is none.
    let parse = read("\"We do not deny that four civilians were killed in Daquq,\" the spokesman said.");
    assert_eq!(parse.attributions[0].stance, Stance::Said);
}

#[test]
fn a_list_after_the_occurrence_of_any_is_negated_as_a_whole() {
    let parse = read("وأكدت الشرطة عدم وقوع أي انفجار في الحويجة ومقتل أربعة مدنيين.");
    assert!(parse.claims.is_empty());
    let said = said("ونفى مسؤول محلي ذلك، حيث قال إن \"غارة أسفرت عن مقتل مزارع\".");
    assert_eq!(
        said,
        [
            "مسؤول محلي | denied | ذلك",
            "مسؤول محلي | said | غارة أسفرت عن مقتل مزارع"
        ]
    );
}
