//! Who said it, with which verb, which words.

use super::reader::attributions;

#[track_caller]
fn are(text: &str, expected: &[&str]) {
    assert_eq!(attributions(text), expected, "{text}");
}

#[test]
fn an_arabic_speaker_follows_the_verb() {
    are("قال مصدر أمني إن القوات انسحبت.", &["مصدر أمني | قال | القوات انسحبت"]);
    are(
        "وأكدت الوزارة في بيان لها أنها لن تتراجع.",
        &["الوزارة | أكدت | لن تتراجع"],
    );
    are("قال جبار ياور: \"لن نتراجع\".", &["جبار ياور | قال | \"لن نتراجع"]);
}

#[test]
fn titles_and_appositions_belong_to_the_speaker() {
    are(
        "وأكد الأمين العام لوزارة البشمركة، جبار ياور، من جهته أن القوات جاهزة.",
        &["الأمين العام لوزارة البشمركة، جبار ياور | أكد | القوات جاهزة"],
    );
    are(
        "Jabbar Yawar, secretary-general of the ministry, said the forces were ready.",
        &["Jabbar Yawar, secretary-general of the ministry | said | the forces were ready"],
    );
    are(
        "Lt. Gen. Talaat said the forces were ready.",
        &["Lt. Gen. Talaat | said | the forces were ready"],
    );
    are(
        "قال د. فاضل أبو رغيف إن القوات جاهزة.",
        &["د. فاضل أبو رغيف | قال | القوات جاهزة"],
    );
}

#[test]
fn a_hearer_is_no_speaker() {
    are(
        "وقال المتحدث باسم القيادة، يحيى رسول، لـ\"العربي الجديد\"، إن \"القوات قتلت إرهابيين\".",
        &["المتحدث باسم القيادة، يحيى رسول | قال | \"القوات قتلت إرهابيين"],
    );
    are(
        "المصدر أوضح لشفق نيوز أن الهجوم وقع ليلا.",
        &["المصدر | أوضح | الهجوم وقع ليلا"],
    );
    are(
        "سەرچاوەیەکی ئەمنی بە ڕووداوی گوت، هێزەکان گەڕاونەتەوە.",
        &["سەرچاوەیەکی ئەمنی | گوت | هێزەکان گەڕاونەتەوە"],
    );
    are(
        "The mayor told Reuters that the road was open.",
        &["The mayor | told | the road was open"],
    );
}

#[test]
fn a_speaker_may_stand_before_the_verb() {
    are("جبار ياور أكد أن القوات جاهزة.", &["جبار ياور | أكد | القوات جاهزة"]);
    are(
        "وكان وزير الدفاع قد أكد أن الجيش جاهز.",
        &["وزير الدفاع | أكد | الجيش جاهز"],
    );
}

#[test]
fn a_sentence_without_a_speaker_carries_the_last_one() {
    are(
        "قال الوزير إن الجيش جاهز. وأضاف أن القوات انتشرت.",
        &["الوزير | قال | الجيش جاهز", "^الوزير | أضاف | القوات انتشرت"],
    );
    are(
        "پارێزگار ڕایگەیاند کە ڕێگاکە کراوەتەوە. هەروەها گوتی: \"هێزەکان لەوێن\".",
        &[
            "پارێزگار | ڕایگەیاند | ڕێگاکە کراوەتەوە",
            "^پارێزگار | گوتی | \"هێزەکان لەوێن",
        ],
    );
    are(
        "The mayor said the road was open. He added that forces had left.",
        &[
            "The mayor | said | the road was open",
            "^The mayor | added | forces had left",
        ],
    );
}

#[test]
fn a_feminine_verb_carries_on_a_feminine_speaker() {
    are(
        "قالت الوزارة إن الجيش جاهز. وقال ضابط إن الطريق مغلق. وأضافت أن القوات انتشرت.",
        &[
            "الوزارة | قالت | الجيش جاهز",
            "ضابط | قال | الطريق مغلق",
            "^الوزارة | أضافت | القوات انتشرت",
        ],
    );
}

#[test]
fn a_participle_has_the_speaker_of_its_sentence() {
    are(
        "أكد القائد أن القوات جاهزة، مبيناً أن العملية ستستمر.",
        &["القائد | أكد | القوات جاهزة", "القائد | مبيناً | العملية ستستمر"],
    );
    are(
        "استقبل رئيس الوزراء السفير، مؤكداً أن الحوار مستمر.",
        &["رئيس الوزراء السفير | مؤكداً | الحوار مستمر"],
    );
}

#[test]
fn bayn_is_a_verb_only_where_something_is_stated() {
    are("بين الحكومة والبرلمان خلاف حول القانون.", &[]);
    are("وقع الهجوم بين ديالى وكركوك.", &[]);
    are("وبين المصدر أن القوات انسحبت.", &["المصدر | بين | القوات انسحبت"]);
    are("بيّن الناطق أن القوات انسحبت.", &["الناطق | بيّن | القوات انسحبت"]);
}

#[test]
fn a_source_may_follow_what_it_says() {
    are(
        "قتل جنديان قرب داقوق، بحسب مصدر أمني.",
        &["مصدر أمني | بحسب | قتل جنديان قرب داقوق"],
    );
    are(
        "ارتفع عدد القتلى، وفق ما أعلنته دائرة الصحة.",
        &["دائرة الصحة | أعلنته | ارتفع عدد القتلى"],
    );
    are(
        "Two soldiers were killed, according to police.",
        &["police | according to | Two soldiers were killed"],
    );
    are(
        "\"لن نسمح بعودة الإرهاب\"، قال قائد العمليات.",
        &["قائد العمليات | قال | \"لن نسمح بعودة الإرهاب"],
    );
    are(
        "\"We will not go back,\" Jabbar Yawar said.",
        &["Jabbar Yawar | said | \"We will not go back"],
    );
    are(
        "Two soldiers were killed, a police captain said.",
        &["a police captain | said | Two soldiers were killed"],
    );
}

#[test]
fn a_statement_may_begin_with_a_noun_of_action() {
    are(
        "أكد رئيس الوزراء ضرورة الإسراع في التنسيق.",
        &["رئيس الوزراء | أكد | ضرورة الإسراع في التنسيق"],
    );
    are(
        "أعلنت وزارة الدفاع العراقية إطلاق عملية عسكرية.",
        &["وزارة الدفاع العراقية | أعلنت | إطلاق عملية عسكرية"],
    );
    are("شدد الرئيس على أهمية الحوار.", &["الرئيس | شدد | أهمية الحوار"]);
    are("حذر خبير أمني من فراغ أمني.", &["خبير أمني | حذر | فراغ أمني"]);
}

#[test]
fn a_quoted_name_is_no_quotation() {
    are(
        "أكد أن وفد \"البشمركة\" وصل إلى المدينة.",
        &["- | أكد | وفد \"البشمركة\" وصل إلى المدينة"],
    );
}

#[test]
fn nothing_is_said_where_no_verb_of_saying_stands() {
    for text in [
        "وسط تأكيد التعاون الأمني المشترك.",
        "تم تأكيد ضرورة الإسراع في التنسيق.",
        "نفذ داعش 206 هجمات.",
        "The attack added three names to the list.",
        "بەپێی یاسا ئەم بڕیارە جێبەجێ دەکرێت.",
        "وفقا للقانون تعاد الأراضي.",
    ] {
        are(text, &[]);
    }
}
