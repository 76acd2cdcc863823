//! Speakers and their statements. The sentences are of the kinds in the report on reading, sections A8 to A11.

use super::reader::{attributions, read};
use mahwar::geoparse::Stance;

#[track_caller]
fn are(text: &str, expected: &[&str]) {
    assert_eq!(attributions(text), expected, "{text}");
}

#[test]
fn requests_accusations_and_the_like_have_their_stance() {
    for (text, speaker, stance, words) in [
        ("دعا المحافظ إلى فتح الطرق.", "المحافظ", Stance::Demanded, "فتح الطرق"),
        (
            "طالب النائب رعد الدهلكي الحكومة بإرسال تعزيزات.",
            "النائب رعد الدهلكي",
            Stance::Demanded,
            "الحكومة بإرسال تعزيزات",
        ),
        (
            "اتهم رئيس الحزب المحافظ بالفساد.",
            "رئيس الحزب",
            Stance::Accused,
            "المحافظ بالفساد",
        ),
        (
            "حذر رئيس البرلمان من انهيار الوضع.",
            "رئيس البرلمان",
            Stance::Warned,
            "انهيار الوضع",
        ),
        (
            "هدد زعيم الفصيل بقصف القاعدة.",
            "زعيم الفصيل",
            Stance::Threatened,
            "قصف القاعدة",
        ),
        (
            "نفى مجلس كركوك أمس وجود خلافات.",
            "مجلس كركوك",
            Stance::Denied,
            "وجود خلافات",
        ),
        (
            "پارێزگاری کەرکووک داوای لە حکومەت کرد کە بودجە بنێرێت.",
            "پارێزگاری کەرکووک",
            Stance::Demanded,
            "بودجە بنێرێت",
        ),
        (
            "The minister urged residents to leave.",
            "The minister",
            Stance::Demanded,
            "residents to leave",
        ),
        (
            "The MP accused the government of neglect.",
            "The MP",
            Stance::Accused,
            "the government of neglect",
        ),
        (
            "The militia threatened to attack the base.",
            "The militia",
            Stance::Threatened,
            "attack the base",
        ),
    ] {
        let parse = read(text);
        assert_eq!(parse.attributions.len(), 1, "{text}");
        let said = &parse.attributions[0];
        let who = said.speaker.as_ref().map(|speaker| speaker.words.text.as_str());
        assert_eq!(
            (who, said.stance, said.quote.text.as_str()),
            (Some(speaker), stance, words),
            "{text}"
        );
    }
}

#[test]
fn a_day_or_an_aside_may_stand_between_the_speaker_and_what_is_said() {
    are(
        "أعلنت المفوضية العليا المستقلة للانتخابات، يوم الخميس، النتائج النهائية.",
        &["المفوضية العليا المستقلة للانتخابات | أعلنت | النتائج النهائية"],
    );
    are(
        "أعلن وزير النفط الأسبوع الماضي زيادة الإنتاج.",
        &["وزير النفط | أعلن | زيادة الإنتاج"],
    );
    are(
        "قال ضابط في الشرطة، فضل عدم الكشف عن اسمه، لوكالة محلية: «نفذنا الأوامر».",
        &["ضابط في الشرطة | قال | \"نفذنا الأوامر"],
    );
    are(
        "The mayor of Kirkuk, phone 0770 123 4567, said the road was closed.",
        &["The mayor of Kirkuk | said | the road was closed"],
    );
}

#[test]
fn a_pronoun_is_no_speaker() {
    are(
        "أصدرت الوزارة بيانا أكدت فيه أن الطريق سالك.",
        &["الوزارة | أكدت | الطريق سالك"],
    );
    are(
        "He added that the road was closed.",
        &["- | added | the road was closed"],
    );
}

#[test]
fn neither_a_number_nor_an_adjective_speaks() {
    for text in [
        "Clashes erupt in the north, dozens reported dead.",
        "Tehran's alleged deployment of troops ended.",
    ] {
        are(text, &[]);
    }
    are(
        "Iraq said it would retaliate for the alleged deployment.",
        &["Iraq | said | it would retaliate for the alleged deployment"],
    );
}

#[test]
fn an_aside_in_what_is_said_is_no_source() {
    are(
        "أوضح الجهاز أن مفارزه، واستناداً إلى معلومات دقيقة، حاصرت وكراً، مشيراً إلى أن المطلوبين فروا.",
        &[
            "الجهاز | أوضح | مفارزه، واستناداً إلى معلومات دقيقة، حاصرت وكراً",
            "الجهاز | مشيراً | المطلوبين فروا",
        ],
    );
    are(
        "وقع انفجار في بغداد، وبحسب مصادر أمنية فإن سيارتين احترقتا.",
        &["مصادر أمنية | بحسب | سيارتين احترقتا"],
    );
}

#[test]
fn a_sorani_speaker_keeps_name_and_office() {
    are(
        "لیوا سەعد کەریم، فەرماندەی پۆلیسی هەولێر ڕایگەیاند: \"ئارامە.\"",
        &["لیوا سەعد کەریم، فەرماندەی پۆلیسی هەولێر | ڕایگەیاند | \"ئارامە."],
    );
    are(
        "لە بەیاننامەیەکی وەزارەتی پێشمەرگەدا هاتووە، هێزەکان لە ئامادەباشیدان.",
        &["بەیاننامەیەکی وەزارەتی پێشمەرگە | هاتووە | هێزەکان لە ئامادەباشیدان"],
    );
    are(
        "بەگوێرەی راگەیەنراوێکی وەزارەتی کۆچ، خێزانەکان گەڕاونەتەوە.",
        &["راگەیەنراوێکی وەزارەتی کۆچ | بەگوێرەی | خێزانەکان گەڕاونەتەوە"],
    );
}

#[test]
fn who_is_asked_is_no_part_of_the_speaker() {
    are(
        "دعت بعثة يونامي السلطات المحلية إلى فتح تحقيق.",
        &["بعثة يونامي | دعت | السلطات المحلية إلى فتح تحقيق"],
    );
    are(
        "ناشد النائب سعد حمدون وزير الدفاع إرسال تعزيزات.",
        &["النائب سعد حمدون | ناشد | وزير الدفاع إرسال تعزيزات"],
    );
    are(
        "ودعا رئيس الجبهة، خلال مؤتمر صحفي عقده أمس في داقوق، إلى حماية السكان.",
        &["رئيس الجبهة | دعا | حماية السكان"],
    );
    are(
        "پەرلەمانتارێک داوای لە حکوومەت کرد هێز بنێرێتە کفری.",
        &["پەرلەمانتارێک | داوای | هێز بنێرێتە کفری"],
    );
    are(
        "قایمقامی کفری بە ڕووداو٢٤ی گوت: ڕێگاکە کراوەیە.",
        &["قایمقامی کفری | گوت | ڕێگاکە کراوەیە"],
    );
    // A noun that belongs to another one is no verb of welcoming.
    are(
        "بەرپرسی پشتیوانی سوپا ڕایگەیاند کە ڕێگاکە کراوەیە.",
        &["بەرپرسی پشتیوانی سوپا | ڕایگەیاند | ڕێگاکە کراوەیە"],
    );
}

#[test]
fn who_speaks_may_come_after_an_arabic_statement() {
    are(
        "أصيب خمسة أشخاص في سامراء، كما أعلن متحدث باسم الشرطة.",
        &["متحدث باسم الشرطة | أعلن | أصيب خمسة أشخاص في سامراء"],
    );
    are(
        "أغلقت الطرق في تكريت، على ما أفادت قيادة الشرطة.",
        &["قيادة الشرطة | أفادت | أغلقت الطرق في تكريت"],
    );
    are(
        "ذكرت القيادة في بيان ورد لوكالة بابل إن الطريق مفتوح.",
        &["القيادة | ذكرت | الطريق مفتوح"],
    );
}

#[test]
fn english_officials_say_in_the_present_and_where_they_said_it_is_no_statement() {
    are(
        "Kurdish officials say the road to Zakho is closed.",
        &["Kurdish officials | say | the road to Zakho is closed"],
    );
    are(
        "Forty families fled Daquq, the mission said in a report released on 3 May.",
        &["the mission | said | Forty families fled Daquq"],
    );
    are(
        "KIRKUK, Iraq (AP) - The road was closed, the army said.",
        &["the army | said | The road was closed"],
    );
    are(
        "The governor of Kirkuk, Rebwar Taha, who took office in August, said the road was open.",
        &["The governor of Kirkuk, Rebwar Taha | said | the road was open"],
    );
    are(
        "Five members joined the KDP. Ali Awni said the office was open.",
        &["Ali Awni | said | the office was open"],
    );
    are(
        "A councillor denied that there were any deaths, saying one civilian was lightly injured.",
        &[
            "A councillor | denied | there were any deaths",
            "A councillor | saying | one civilian was lightly injured",
        ],
    );
}

#[test]
fn words_in_quotation_marks_inside_an_english_statement_do_not_shorten_it() {
    are(
        "The cleric said the attack was \"criminal\" and that people were angry.",
        &["The cleric | said | the attack was \"criminal\" and that people were angry"],
    );
}

#[test]
fn adverbs_and_adverbials_before_a_sorani_verb_are_no_part_of_the_speaker() {
    are(
        "سەردار قادر هەروەها رایگەیاند، ڕێگاکە کراوەتەوە.",
        &["سەردار قادر | رایگەیاند | ڕێگاکە کراوەتەوە"],
    );
    are(
        "ئاراس جەمال لە کۆنفرانسێکی ڕۆژنامەوانیدا لە شاری هەولێر ڕایگەیاند، نرخەکان بەرز بوونەتەوە.",
        &["ئاراس جەمال | ڕایگەیاند | نرخەکان بەرز بوونەتەوە"],
    );
    // The verb that "and" joins has the speaker of the verb before.
    are(
        "پارێزگار ڕایگەیاند، ئاو کەمە و داوای لە خەڵک کرد پاشەکەوتی بکەن.",
        &["پارێزگار | ڕایگەیاند | ئاو کەمە", "پارێزگار | داوای | پاشەکەوتی بکەن"],
    );
    // "those who" is a relative clause.
    are("ئەوانەی داوای هەڵبژاردنیان کرد گەڕانەوە.", &[]);
}

#[test]
fn a_quotation_that_is_never_closed_goes_on_to_the_end_of_its_paragraph() {
    are(
        "پارێزگار وتی، \"ئاو کەمە. باران نییە.\n\nئەمە هەواڵێکی دیکەیە لە شارەکەوە.",
        &["پارێزگار | وتی | \"ئاو کەمە. باران نییە"],
    );
    are(
        "The mayor said: \"Water is short. Rain is rare.",
        &["The mayor | said | \"Water is short. Rain is rare"],
    );
}

#[test]
fn english_takes_that_only_where_it_belongs_to_the_verb() {
    are(
        "The minister said the figures appeared to show that prices fell.",
        &["The minister | said | the figures appeared to show that prices fell"],
    );
    are(
        "The governor said in a statement on his website that the road was open.",
        &["The governor | said | the road was open"],
    );
    are(
        "Voters' \"deep anger\" could change the election, Karwan Salih has said.",
        &["Karwan Salih | said | Voters' \"deep anger\" could change the election"],
    );
    are(
        "Salaries would be paid late, Ms Hamid told the morning programme.",
        &["Ms Hamid | told | Salaries would be paid late"],
    );
    are("In a written statement, the ministry said:", &[]);
}

#[test]
fn a_verb_of_demanding_in_a_relative_clause_says_nothing() {
    are("شهدت البصرة مظاهرات حاشدة تطالب بتحسين الخدمات.", &[]);
    are(
        "وقال الوزير إن الطريق سالك. لكنه نفى وصول قوات جديدة.",
        &["الوزير | قال | الطريق سالك", "^الوزير | نفى | وصول قوات جديدة"],
    );
    are(
        "اتهمت «حركة الشباب» الوطنية الحكومة بالتقصير.",
        &["«حركة الشباب» الوطنية | اتهمت | الحكومة بالتقصير"],
    );
}

#[test]
fn a_bare_name_before_a_colon_speaks_where_the_text_lets_it_speak_again() {
    are(
        "العبيدي: المدينة آمنة بالكامل\n\nقال الوزير خالد العبيدي إن المدينة آمنة.",
        &[
            "العبيدي | : | المدينة آمنة بالكامل",
            "الوزير خالد العبيدي | قال | المدينة آمنة",
        ],
    );
    are("الخلاصة: المدينة آمنة بالكامل.", &[]);
}

#[test]
fn only_who_can_speak_is_a_speaker() {
    are(
        "The road is closed, said an official at the North Oil Company.",
        &["an official at the North Oil Company | said | The road is closed"],
    );
    are(
        "Officials gave conflicting reports regarding the number of casualties.",
        &[],
    );
    are(
        "The army shelled the area at 7:00 p.m. on Tuesday, the mayor said.",
        &["the mayor | said | The army shelled the area at 7:00 p.m. on Tuesday"],
    );
    are(
        "The group has not claimed the attack but it said it had fighters there.",
        &["^The group | said | it had fighters there"],
    );
    are(
        "وصرح مدير عام صحة كركوك بأن المستشفى مغلق.",
        &["مدير عام صحة كركوك | صرح | المستشفى مغلق"],
    );
    are("وبعد أن طلبت الشرطة تعزيزات، وصل الجيش إلى القرية.", &[]);
}
