//! Claims of the five types.

use super::reader::{claims, read};

#[track_caller]
fn are(text: &str, expected: &[&str]) {
    assert_eq!(claims(text), expected, "{text}");
}

#[test]
fn killed_and_wounded_of_one_event_are_one_claim() {
    are(
        "مقتل 3 جنود وإصابة خمسة آخرين بهجوم لداعش قرب داقوق",
        &["casualties [داقوق] [3 جنود, خمسة آخرين] reported"],
    );
    are(
        "Nine killed, 14 injured in attack near Khanaqin",
        &["casualties [Khanaqin] [Nine killed, 14 injured] reported"],
    );
    are(
        "سێ سەرباز کوژران و پێنجی دیکەش بریندار بوون لە هێرشێکی داعش لە نزیک کەرکووک.",
        &["casualties [کەرکووک] [سێ سەرباز, پێنجی دیکەش] reported"],
    );
}

#[test]
fn two_figures_for_one_thing_stay_two_claims() {
    are(
        "قال مصدر إن 3 جنود قتلوا، فيما أكد مصدر آخر مقتل 5 جنود في الهجوم نفسه.",
        &["casualties [] [3 جنود] claimed", "casualties [] [5 جنود] claimed"],
    );
    are(
        "Police reported that 3 people died. The governor said the toll had risen to five dead.",
        &["casualties [] [3 people] claimed", "casualties [] [five dead] claimed"],
    );
}

#[test]
fn attacks_are_counted_with_their_period() {
    are(
        "نفذ التنظيم 12 هجوما في قضاء خانقين خلال الشهرين الماضيين",
        &["attack_count [خانقين] [12 هجوما, الشهرين] reported"],
    );
    are(
        "The group launched 206 attacks in 10 months, according to the ministry.",
        &["attack_count [] [206 attacks, 10 months] claimed"],
    );
}

#[test]
fn a_vacuum_has_its_places_and_its_length() {
    are(
        "فراغ أمني بين ديالى وكركوك بطول 40 كم",
        &["security_vacuum [ديالى, كركوك] [40 كم] reported"],
    );
    are(
        "There is a security gap between Kirkuk and Khanaqin, about 40 kilometres long.",
        &["security_vacuum [Kirkuk, Khanaqin] [40 kilometres] reported"],
    );
    are(
        "بۆشاییەکی ئەمنی لە نێوان کەرکووک و خانەقین هەیە.",
        &["security_vacuum [کەرکووک, خانەقین] [] reported"],
    );
}

#[test]
fn axes_need_coordination_along_them() {
    are(
        "اتفق الجانبان على التنسيق في محاور كركوك وديالى ومخمور.",
        &["coordination_axis [كركوك, ديالى, مخمور] [] reported"],
    );
    are("ناقش المؤتمر ثلاثة محاور اقتصادية.", &[]);
}

#[test]
fn a_meeting_is_claimed_once_and_not_again_in_passing() {
    are(
        "اجتمع وفد من البيشمركة مع القيادة في بغداد.",
        &["meeting [بغداد] [] reported"],
    );
    are(
        "اجتمع وفد من البيشمركة مع القيادة في بغداد. وجرى خلال الاجتماع بحث التنسيق.",
        &["meeting [بغداد] [] reported"],
    );
    are(
        "وأوضحت أنه جرى خلال الاجتماع بحث توحيد الجهود.",
        &["meeting [] [] claimed"],
    );
    are(
        "شاندێکی پێشمەرگە لە بەغدا لەگەڵ وەزیری بەرگری کۆبووەوە.",
        &["meeting [بەغدا] [] reported"],
    );
    are(
        "The minister met Peshmerga commanders in Erbil on Sunday.",
        &["meeting [Erbil] [] reported"],
    );
    are("ظهر الوزير في لقاء متلفز.", &[]);
}

#[test]
fn what_is_denied_or_only_supposed_is_no_claim() {
    for text in [
        "لا يوجد فراغ أمني في كركوك.",
        "نفى قائد الشرطة مقتل 5 جنود في كركوك.",
        "لو حدث فراغ أمني في كركوك لاستغله داعش.",
        "قد يؤدي الانسحاب إلى فراغ أمني في كركوك.",
        "لم يقتل 5 جنود في الهجوم.",
        "هیچ بۆشاییەکی ئەمنی لە سنووری مەخموور نییە.",
        "There is no security gap in Makhmour.",
        "If a security vacuum emerges in Kirkuk, militants could return.",
        "No casualties were reported.",
    ] {
        are(text, &[]);
    }
}

#[test]
fn a_place_may_stand_in_the_clause_beside() {
    are(
        "وفي كركوك، قتل جنديان برصاص قناص.",
        &["casualties [كركوك] [جنديان] reported"],
    );
    are(
        "قُتل ثلاثة مدنيين، بينهم امرأة، بانفجار عبوة في الطوز.",
        &["casualties [الطوز] [ثلاثة مدنيين] reported"],
    );
}

#[test]
fn an_actor_is_no_place_of_a_claim() {
    let parse = read("اتفقت حكومة بغداد على التنسيق في محور كركوك.");
    let claim = &parse.claims[0];
    let named: Vec<_> = claim
        .mentions
        .iter()
        .filter_map(|id| parse.mentions.iter().find(|mention| mention.id == *id))
        .map(|mention| mention.text.as_str())
        .collect();
    assert_eq!(named, ["كركوك"]);
    assert_eq!(claim.places.len(), 1);
}

#[test]
fn people_who_are_not_harmed_are_no_casualties() {
    are("أكد القائد أن 300 مقاتل يتحصنون في الوديان.", &[]);
    are("اعتقلت القوات 5 مسلحين في كركوك.", &[]);
    are("عاد 500 نازح إلى كركوك.", &[]);
}

#[test]
fn a_figure_that_another_one_includes_is_no_figure_of_the_claim() {
    are(
        "قتل ستة أشخاص بينهم امرأتان في انفجار في كركوك.",
        &["casualties [كركوك] [ستة أشخاص] reported"],
    );
    are(
        "Five people, including two children, were killed in Kirkuk.",
        &["casualties [Kirkuk] [Five people] reported"],
    );
}

#[test]
fn those_who_die_of_a_disease_are_no_casualties() {
    are("توفي 12 شخصا بفيروس كورونا في بغداد.", &[]);
    are("لە عێراق ١٢ کەس بەهۆی کۆرۆناوە گیانیان لەدەستدا.", &[]);
}

#[test]
fn a_noun_for_an_event_without_place_figure_and_party_is_no_claim() {
    for text in [
        "تصدرت أخبار المعارك نشرات الليل.",
        "The intelligence service beat him during his arrest.",
    ] {
        assert_eq!(super::reader::read(text).claims, [], "{text}");
    }
}

#[test]
fn nothing_changes_hands_where_no_place_is_named() {
    are("I heard the blast and just fell to the ground.", &[]);
}

#[test]
fn one_of_the_attacks_is_no_number_of_attacks() {
    are("In one of the attacks, a bomber drove his truck into an office.", &[]);
}

#[test]
fn others_are_harmed_in_the_event_of_those_named_before() {
    are(
        "A bomber killed 13 policemen in an attack on a police station in a crowded neighbourhood of Kirkuk, which also \
         wounded over 50 others.",
        &["casualties [Kirkuk] [13 policemen, 50 others] reported"],
    );
}
