//! Names that a text gives to another place than the one of the land, or to no place at all.

use crate::common::geoparser;
use mahwar::geoparse::Mention;

/// Words of the mentions of a text that are drawn.
fn drawn(text: &str) -> Vec<String> {
    let mentions = geoparser().geoparse(text).mentions;
    let mentions = mentions.into_iter().filter(Mention::is_drawn);
    mentions.map(|mention| mention.text.to_string()).collect()
}

/// Each text, and a name in it that is not drawn.
fn assert_not_drawn(texts: &[(&str, &str)]) {
    for (text, name) in texts {
        let drawn = drawn(text);
        assert!(drawn.iter().all(|found| !found.contains(name)), "{text}: {drawn:?}");
    }
}

/// Each text, and the names in it that are drawn.
fn assert_drawn(texts: &[(&str, &[&str])]) {
    for (text, names) in texts {
        let drawn = drawn(text);
        for name in *names {
            assert!(
                drawn.iter().any(|found| found.contains(name)),
                "{text}: {name} of {drawn:?}"
            );
        }
    }
}

/// A city, where news are written and people flee to, says nothing against a town or a village elsewhere.
#[test]
fn a_city_opens_no_town_of_another_governorate() {
    for (text, name, place) in [
        (
            "BAGHDAD - A bomb exploded in the town of Jalawla on Friday.",
            "Jalawla",
            "wof-1226028523",
        ),
        (
            "ERBIL - Shells fell on the town of Zummar on Friday.",
            "Zummar",
            "wof-1310188085",
        ),
        (
            "Thousands fled from the town of Bashiqa to Erbil.",
            "Bashiqa",
            "wof-1293275021",
        ),
        ("بغداد - انفجرت عبوة ناسفة في بلدة آمرلي.", "آمرلي", "wof-1293076979"),
        ("وصل سكان قرية بلكانة إلى بغداد.", "بلكانة", "wof-1327420113"),
        (
            "هەولێر - لە شارۆچکەی زوممار تەقینەوەیەک ڕوویدا.",
            "زوممار",
            "wof-1310188085",
        ),
    ] {
        let mentions = geoparser().geoparse(text).mentions;
        let found = mentions.iter().find(|mention| mention.text == name);
        let found = found.unwrap_or_else(|| panic!("{text}: {mentions:?}"));
        assert_eq!(
            found.place.as_ref().map(|place| place.id.as_str()),
            Some(place),
            "{text}"
        );
    }
}

/// A spelling one letter away is only that of a place in the unit that is named, or right beside a place that is.
#[test]
fn a_respelt_name_lies_in_the_unit_that_is_named() {
    assert_not_drawn(&[
        ("قصفت طائرة قرية بالين في ناحية سيدكان بمحافظة أربيل.", "بالين"),
        ("Shells hit the village of Kuna Re in Choman district.", "Kuna"),
    ]);
    assert_drawn(&[(
        "The hollow lies in the village of Solag, just north of Sinjar.",
        &["Solag"],
    )]);
}

/// A village or a quarter is not the city abroad that has its name, nor is a place of a list in which nothing is known.
#[test]
fn a_famous_city_abroad_is_no_village() {
    for (text, name) in [
        ("قصف الطيران التركي قرية باريس في ناحية كاني ماسي.", "باريس"),
        ("دمر القصف قريتي حلب والزهراء جنوب كركوك.", "حلب"),
        (
            "The Turkish army bombed the village of Damascus in Zakho district.",
            "Damascus",
        ),
        ("لە گوندی کۆبانی لە قەزای داقووق شەڕ روویدا.", "کۆبانی"),
    ] {
        let mentions = geoparser().geoparse(text).mentions;
        let mut named = mentions.iter().filter(|mention| mention.text.contains(name));
        assert!(named.all(|mention| mention.place.is_none()), "{text}");
    }
}

#[test]
fn a_namesake_abroad_is_not_drawn() {
    assert_not_drawn(&[
        (
            "Government forces entered the town of Rabia in the Latakia countryside.",
            "Rabia",
        ),
        ("سيطر الجيش السوري على بلدة سنجار في ريف إدلب الجنوبي.", "سنجار"),
        ("The council of Nineveh, Ind., met on Tuesday.", "Nineveh"),
        ("They drove to Bagdad, Florida, in the spring.", "Bagdad"),
        ("Babylon is a hamlet in Otsego County, New York.", "Babylon"),
        (
            "Reporters visited Bagdad in Arizona. In Bagdad the mine had closed.",
            "Bagdad",
        ),
    ]);
    assert_drawn(&[
        (
            "The New York Times reported a blast in Falluja on Sunday.",
            &["Falluja"],
        ),
        (
            "A Marine from Arizona, aged 20, was killed in Anbar province.",
            &["Anbar"],
        ),
        ("Islamic State took women from Sinjar to Raqqa.", &["Sinjar"]),
        ("Turkish drones hit Sinjar on Sunday.", &["Sinjar"]),
        ("Protests were held in Baghdad, New York and London.", &["Baghdad"]),
    ]);
}

#[test]
fn parts_of_kurdistan_in_other_states_are_not_the_region() {
    assert_not_drawn(&[
        ("لە کوردستانی ڕۆژئاوا شەڕ روویدا.", "کوردستان"),
        ("لە باکوور و ڕۆژاوای کوردستان شەڕ هەیە.", "کوردستان"),
        ("لە هەر چوار پارچەی کوردستان ئاهەنگ گێڕدرا.", "کوردستان"),
        ("ناوچە کوردستانیەکانی دەرەوەی هەرێم باسیان لێ کرا.", "کوردستان"),
    ]);
    assert_drawn(&[
        ("لە کوردستانی باشوور نیشتەجێیە.", &["کوردستان"]),
        (
            "Villages in the northern Kurdistan Region were bombed by Turkey.",
            &["Kurdistan Region"],
        ),
    ]);
}

#[test]
fn a_club_is_no_town_and_a_list_of_venues_is() {
    assert_not_drawn(&[
        ("يحتل دهوك المركز العاشر برصيد 31 نقطة.", "دهوك"),
        ("الملعب الافتراضي للموصل في الدوري خارج المدينة.", "موصل"),
        ("Dohuk tied with Zakho without goals.", "Dohuk"),
        ("Ali Hassan scored for Erbil in the 75th minute.", "Erbil"),
    ]);
    assert_drawn(&[
        (
            "تقام أربع مباريات ضمن دوري نجوم العراق في بغداد والنجف وأربيل والأنبار.",
            &["بغداد", "النجف", "أربيل", "الأنبار"],
        ),
        (
            "A medical team reached Mosul after the last round of fighting.",
            &["Mosul"],
        ),
        ("احتلت محافظة البصرة المركز الأول في إنتاج النفط.", &["البصرة"]),
    ]);
}

#[test]
fn persons_outlets_lists_and_species_are_no_towns() {
    assert_not_drawn(&[
        ("Abd Allah ibn al-Zubayr ruled from Mecca.", "Zubayr"),
        (
            "Maj. Gen. Qassim al-Muhammadi said the operation in western Anbar was over.",
            "Qassim",
        ),
        ("Linda Kirkuk scored twice.", "Kirkuk"),
        ("رەشاد گەڵاڵی، جێگری بەرپرسی مەڵبەند، گوتی هێرشەکە روویدا.", "رەشاد"),
        ("وقال مصدر أمني لكركوك ناو إن الهجوم وقع في داقوق.", "كركوك"),
        ("فاز حزب تقدم بـ6 مقاعد، والأنبار هويتنا 3 مقاعد.", "الأنبار"),
        ("The Basra Reed Warbler Acrocephalus griseldis is endangered.", "Basra"),
        (
            "Deposits of the Hassuna, Samarra, Halaf and Ubaid periods were identified.",
            "Samarra",
        ),
        ("The Syrian army advanced to the key Abu al-Duhur Air Base.", "Duhur"),
    ]);
    assert_drawn(&[
        (
            "Halabja and Kirkuk suffered in the same period.",
            &["Halabja", "Kirkuk"],
        ),
        ("هل وقع الانفجار في بغداد أم البصرة؟", &["البصرة"]),
    ]);
}

#[test]
fn a_market_of_another_town_and_the_seat_of_the_presidency() {
    assert_not_drawn(&[
        ("افتتح سوق الموصل في مدينة الصدر ببغداد.", "الموصل"),
        ("استقبل مسعود بارزاني في صلاح الدين وفدا أمريكيا.", "صلاح الدين"),
    ]);
    assert_drawn(&[
        ("انفجار في سوق بعقوبة المركزي وسط ديالى.", &["بعقوبة"]),
        ("انفجرت عبوة في صلاح الدين وقتل شرطيان.", &["صلاح الدين"]),
        ("کوژرانی سێ پۆلیس لە سەلاحەدین و کەرکووک.", &["سەلاحەدین", "کەرکووک"]),
    ]);
}
