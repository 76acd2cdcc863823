//! Kinds of descriptions of positions, with sentences that must be found and sentences that must not.

use crate::positions::{KIRKUK, holds, only, read};
use mahwar::{
    geodesy::destination,
    geoparse::{PositionForm, PositionKind},
};

fn none(texts: &[&str]) {
    for text in texts {
        let parse = read(text);
        assert!(parse.positions.is_empty(), "{text}: {:#?}", parse.positions);
    }
}

/// Sentences whose descriptions are listed and not placed.
fn unplaced(texts: &[(&str, &str)]) {
    for (text, reason) in texts {
        let position = only(text);
        assert!(!position.resolved && position.extent.is_none(), "{text}: {position:#?}");
        let said = position.reason.unwrap_or_default();
        assert!(said.contains(reason), "{text}: {said}");
    }
}

#[test]
fn a_possessive_leads_on_to_the_place_that_is_meant() {
    for (text, id) in [
        (
            "The convoy was hit 25 km west of Anbar's provincial capital Ramadi.",
            "Ramadi",
        ),
        ("Farms burned 8 km east of Kirkuk's Daquq district.", "Daquq"),
        ("A cell was found south of Kirkuk's Hawija.", "Hawija"),
    ] {
        let parse = read(text);
        let position = &parse.positions[0];
        let anchor = parse.mention(&position.anchors[0]).expect("an anchor");
        assert_eq!(anchor.text, id, "{text}");
        assert!(position.resolved, "{text}: {:?}", position.reason);
    }
    unplaced(&[("Shells fell near Kirkuk's old courthouse.", "that name")]);
}

#[test]
fn a_site_or_a_road_that_takes_a_name_is_not_the_place_of_that_name() {
    unplaced(&[
        ("The rocket fell 3 km from Mosul airport.", "that name"),
        ("Students gathered near Tikrit University.", "that name"),
        (
            "The car was found 200 metres off the Mosul-Baghdad highway.",
            "that name",
        ),
    ]);
    let position = only("انفجر لغم على بعد 4 كم شمال سد الموصل.");
    assert_eq!(position.places, ["nat-mosul-dam"]);
}

#[test]
fn an_epithet_is_no_part() {
    none(&[
        "Police arrested two men in the northern city of Mosul.",
        "Schools closed in the southern province of Basra.",
        "The river flooded in Iraq's western Anbar province.",
    ]);
    assert_eq!(only("Schools closed in eastern Mosul.").kind, PositionKind::Part);
    assert_eq!(only("Schools closed in the east of Diyala.").kind, PositionKind::Part);
}

#[test]
fn names_and_lands_of_the_compass_are_no_directions_from_a_town() {
    none(&[
        "افتتحت شركة غاز الجنوب مكتبا في كركوك.",
        "أعلنت جامعة الشمال في أربيل نتائجها.",
        "وصل أبناء الجنوب إلى الموصل.",
        "کۆمپانیای نەوتی باشوور لە هەولێر کارمەند دادەمەزرێنێت.",
        "خەڵکی ڕۆژئاوا بۆ دهۆک هاتن.",
        "Families from the south of the country settled in Kirkuk.",
        "Houses north of the river in Mosul were searched.",
        "They drove north from Daquq towards Kirkuk.",
    ]);
    for text in [
        "هبطت مروحية إلى الشمال من كركوك.",
        "هبطت مروحية جنوب كركوك.",
        "فڕۆکەیەک لە باشووری کەرکووک نیشتەوە.",
        "A helicopter landed south of Kirkuk.",
    ] {
        assert!(only(text).resolved, "{text}");
    }
}

#[test]
fn nothing_is_measured_from_a_line_or_a_whole_unit() {
    unplaced(&[
        ("Patrols moved west of the Tigris.", "no single point"),
        ("The well lies 9 km south of the Hamrin Mountains.", "no single point"),
        ("انتشرت القوات شرق دجلة.", "no single point"),
        ("هێزەکان لە ڕۆژئاوای دیجلە بڵاوبوونەوە.", "no single point"),
        ("The camp lies 15 km east of Diyala.", "whole unit"),
        ("يقع المعسكر على بعد 15 كم شرق محافظة كركوك.", "whole unit"),
    ]);
    assert_eq!(only("Sandstorms reached the west of Iraq.").kind, PositionKind::Part);
}

#[test]
fn in_the_north_of_a_town_holds_its_own_half() {
    for (text, bearing) in [
        ("سمع انفجار في شمال كركوك.", 0.0),
        ("سمع انفجار في غربي كركوك.", 270.0),
        ("دەنگی تەقینەوە لە باکووری شاری کەرکووک بیسترا.", 0.0),
    ] {
        let position = only(text);
        assert!(holds(&position, destination(KIRKUK, bearing, 1_500.0)), "{text}");
        assert!(
            !holds(&position, destination(KIRKUK, bearing + 180.0, 1_500.0)),
            "{text}"
        );
    }
}

#[test]
fn a_length_is_no_offset() {
    for text in [
        "شق طريق بطول 18 كم شمال كركوك.",
        "کەناڵێک بە درێژی ١٨ کم لە باکووری کەرکووک لێدرا.",
        "Workers dug a canal of 18 km north of Kirkuk.",
        "Workers built a wall 18 km long north of Kirkuk.",
    ] {
        let position = only(text);
        assert_eq!(
            (position.distance_km, position.form),
            (None, PositionForm::Sector),
            "{text}"
        );
    }
}

#[test]
fn a_limit_is_an_area_up_to_it_or_beyond_it() {
    for text in [
        "Fires burned less than 6 km from Kirkuk.",
        "Fires burned within 6 km of Kirkuk.",
        "Fires burned in a 6 km radius of Kirkuk.",
        "اندلعت حرائق على بعد أقل من 6 كم عن كركوك.",
        "کەمتر لە ٦ کم لە کەرکووک ئاگر کەوتەوە.",
    ] {
        let position = only(text);
        assert_eq!(
            (position.distance_km, position.distance_upper_km),
            (Some(0.0), Some(6.0)),
            "{text}"
        );
        assert!(holds(&position, KIRKUK), "{text}");
        assert!(!holds(&position, destination(KIRKUK, 90.0, 12_000.0)), "{text}");
    }
    for text in [
        "Fires burned more than 30 km south of Kirkuk.",
        "اندلعت حرائق على بعد أكثر من 30 كم جنوب كركوك.",
        "زیاتر لە ٣٠ کم لە باشووری کەرکووک ئاگر کەوتەوە.",
    ] {
        let position = only(text);
        assert_eq!(
            (position.distance_km, position.distance_upper_km),
            (Some(30.0), Some(45.0)),
            "{text}"
        );
        assert!(!holds(&position, destination(KIRKUK, 180.0, 26_000.0)), "{text}");
        assert!(holds(&position, destination(KIRKUK, 180.0, 42_000.0)), "{text}");
        assert!(position.note.is_some(), "{text}");
    }
}

#[test]
fn halves_are_read_and_other_distances_are_not_guessed() {
    for (text, km) in [
        ("A mine exploded three and a half kilometres south of Daquq.", 3.5),
        ("A mine exploded a kilometre and a half south of Daquq.", 1.5),
        ("انفجر لغم على بعد كيلومترين ونصف جنوب داقوق.", 2.5),
        ("مینێک سێ کیلۆمەتر و نیو لە باشووری داقوق تەقییەوە.", 3.5),
        ("انفجر لغم على بعد 40 كم (25 ميلا) جنوب داقوق.", 40.0),
    ] {
        assert_eq!(only(text).distance_km, Some(km), "{text}");
    }
    let no_number = "cannot be read as a number";
    unplaced(&[
        ("A mine exploded several kilometres south of Daquq.", no_number),
        ("A mine exploded several dozen kilometres south of Daquq.", no_number),
        ("انفجر لغم على بعد عدة كيلومترات جنوب داقوق.", no_number),
        ("مینێک چەند کیلۆمەترێک لە باشووری داقوق تەقییەوە.", no_number),
        ("A mine exploded 2.500 m south of Daquq.", no_number),
        ("It is a 25-km drive north of Daquq.", "length of a way"),
    ]);
}

#[test]
fn three_words_are_a_sixteenth_of_the_compass() {
    for (text, bearing) in [
        ("سقط صاروخ على بعد 14 كم جنوب-جنوب شرق كركوك.", 157.5),
        ("سقط صاروخ على بعد 14 كم شمال شمال غرب كركوك.", 337.5),
        ("مووشەکێک ١٤ کم باشوور-باشووری ڕۆژئاوای کەرکووک کەوتە خوارەوە.", 202.5),
    ] {
        let position = only(text);
        assert_eq!(
            (position.distance_km, position.bearing_deg),
            (Some(14.0), Some(bearing)),
            "{text}"
        );
    }
}

#[test]
fn between_needs_two_places_with_a_place_between_them() {
    let three = "more than two places";
    unplaced(&[
        ("Patrols clashed between Tikrit and Baiji and Samarra.", three),
        ("اندلعت اشتباكات بين تكريت وبيجي وسامراء.", three),
        ("پێکدادان لە نێوان تکریت و بێجی و سامەڕا ڕوویدا.", three),
    ]);
    none(&[
        "The game between Kirkuk and Mosul was cancelled.",
        "ألغيت مباراة بين كركوك والموصل.",
        "یاریی نێوان کەرکووک و مووسڵ هەڵوەشایەوە.",
        "المسافة بين كركوك والموصل طويلة.",
    ]);
    let border = only("Smugglers crossed the Kirkuk-Erbil border.");
    assert_eq!((border.form, border.resolved), (PositionForm::Border, true));
}

#[test]
fn a_denied_description_is_none() {
    none(&["The blast was not south of Kirkuk.", "الانفجار ليس جنوب كركوك."]);
}

#[test]
fn two_distances_in_two_directions_are_not_one_of_them() {
    let reason = "two directions";
    unplaced(&[
        ("The well lies 12 km south and 20 km west of Tikrit.", reason),
        ("A shell fell 3 km north, 2 km east of Daquq.", reason),
        ("يقع البئر على بعد 12 كم جنوب و20 كم غرب تكريت.", reason),
    ]);
    let position = only("A shell fell 3 km north of Daquq and 2 km from a school.");
    assert_eq!((position.distance_km, position.resolved), (Some(3.0), true));
}

#[test]
fn a_distance_with_its_unit_twice_is_a_range() {
    for text in [
        "The trench is 6 km to 8 km west of Kirkuk.",
        "The trench is 6km - 8km west of Kirkuk.",
        "يقع الخندق على بعد 6 كم إلى 8 كم غرب كركوك.",
    ] {
        let position = only(text);
        let range = (position.distance_km, position.distance_upper_km);
        assert_eq!(range, (Some(6.0), Some(8.0)), "{text}");
    }
}

#[test]
fn feet_and_yards_are_distances() {
    for (text, km) in [
        ("A cache was found 900 feet north of Daquq.", 0.274),
        ("A cache was found 300 yards north of Daquq.", 0.274),
        ("عثر على مخبأ على بعد 900 قدم شمال داقوق.", 0.274),
    ] {
        let position = only(text);
        assert_eq!(
            (position.distance_km, position.bearing_deg),
            (Some(km), Some(0.0)),
            "{text}"
        );
    }
}

#[test]
fn a_distance_without_a_number_or_a_unit_is_no_direction_alone() {
    unplaced(&[
        ("The camp is several kilometres from central Kirkuk.", "number"),
        ("القرية تبعد بضعة كيلومترات عن وسط مدينة كركوك.", "number"),
        ("قصفت الطائرات قرى (100 شمال أربيل).", "number"),
        ("The camp is an hour's drive north of Kirkuk.", "travel"),
    ]);
    assert!(only("Troops withdrew from central Kirkuk.").resolved);
}

#[test]
fn a_bank_of_a_town_is_some_part_of_it() {
    for text in [
        "دارت اشتباكات في الساحل الأيمن لمدينة الموصل.",
        "الجانب الأيسر من الموصل آمن.",
        "Shells fell on the left bank of Mosul.",
    ] {
        let position = only(text);
        assert_eq!(
            (position.kind, position.form),
            (PositionKind::Part, PositionForm::Quarter),
            "{text}"
        );
        assert!(position.resolved, "{text}");
    }
}

#[test]
fn the_noun_of_a_road_is_no_type_of_its_last_place() {
    for text in [
        "A bomb exploded on the Erbil-Makhmur road.",
        "A bomb exploded on the Baiji–Haditha highway.",
    ] {
        let position = only(text);
        assert_eq!((position.form, position.resolved), (PositionForm::Road, true), "{text}");
        assert_eq!(position.places.len(), 2, "{text}");
    }
}

/// The points of the coordinates of a text.
fn points(text: &str) -> Vec<[f64; 2]> {
    let positions = read(text).positions;
    let coordinates = positions
        .iter()
        .filter(|position| position.kind == PositionKind::Coordinates);
    coordinates
        .filter_map(|position| Some(position.extent.as_ref()?.point))
        .collect()
}

#[test]
fn a_list_of_pairs_keeps_its_pairs() {
    let two = vec![[42.7556, 36.5108], [43.348, 36.4532]];
    for text in [
        "The pits lie at 36.5108, 42.7556; 36.4532, 43.3480.",
        "المواقع: 36.5108، 42.7556؛ 36.4532، 43.3480.",
        "Points: 36.5108;42.7556 and 36.4532;43.3480.",
        "N36.5108 E42.7556, N36.4532 E43.3480",
    ] {
        assert_eq!(points(text), two, "{text}");
    }
    // Numbers in a row are no pairs.
    for text in [
        "The values were 36.5108, 42.7556, 36.4532, 43.3480.",
        "The values were 36.5108, 42.7556; 36.4532.",
    ] {
        assert!(points(text).is_empty(), "{text}");
    }
}

#[test]
fn a_word_for_a_hemisphere_may_carry_the_verb() {
    assert_eq!(points("گۆڕەکە لە 36.335 باکوور و 43.119 ڕۆژهەڵاتە."), [[43.119, 36.335]]);
}

#[test]
fn a_bank_of_a_river_lies_along_it_and_is_no_part_of_it() {
    for text in [
        "There was an attack in Mosul on the west bank of the Tigris.",
        "لە مووسڵ هێرشێک لە کەناری ڕۆژهەڵاتی ڕووباری دیجلە کرا.",
    ] {
        let position = only(text);
        assert_eq!(
            (position.form, position.resolved),
            (PositionForm::River, true),
            "{text}"
        );
    }
}

#[test]
fn villages_south_of_a_town_lie_outside_it() {
    let position = only("قتل راعيان في قرى جنوب غرب كركوك.");
    assert_eq!(
        (position.kind, position.form),
        (PositionKind::Offset, PositionForm::Sector)
    );
    assert!(holds(&position, [43.771, 35.325]) && !holds(&position, KIRKUK));
}

#[test]
fn a_checkpoint_at_the_entrance_is_no_quarter_of_that_name() {
    let position = only("هاجم مسلحون سيطرة عند المدخل الشمالي لكركوك.");
    assert_eq!(position.form, PositionForm::Entrance);
}

#[test]
fn a_district_and_a_subdistrict_have_a_place_between_them() {
    for (text, form) in [
        ("قتل شخص بين قضاء داقوق وناحية تازة خورماتو.", PositionForm::Border),
        // The subdistrict lies in the district: no border is between them.
        ("انفجرت عبوة بين قضاء الحويجة وناحية الرياض.", PositionForm::Between),
    ] {
        let position = only(text);
        assert_eq!((position.kind, position.form), (PositionKind::Between, form), "{text}");
        assert!(position.resolved, "{text}: {:?}", position.reason);
    }
}

#[test]
fn a_road_of_one_end_is_listed_and_not_drawn() {
    let reason = "the other end of the road";
    unplaced(&[
        ("انفجرت العبوة على جانب الطريق المؤدي إلى داقوق.", reason),
        ("نصبت القوات سيطرة على الطريق الرئيسي لقضاء الحويجة.", reason),
        ("Two were shot on the road to Daquq.", reason),
        ("Two were shot on the main road leading to Hawija.", reason),
    ]);
    none(&["أعلن الوزير خارطة طريق لكركوك.", "وصل السلاح عن طريق كركوك."]);
}

#[test]
fn a_sorani_road_is_named_by_a_dash_or_between() {
    for text in [
        "ڕووداوەکە لە ڕێگای هەولێر – کەرکووک ڕوویدا.",
        "ڕووداوەکە لە ڕێگای هەولێر-کەرکووک ڕوویدا.",
        "ڕووداوەکە لە ڕێگای نێوان هەولێر و کەرکووک ڕوویدا.",
    ] {
        let position = only(text);
        assert_eq!((position.form, position.resolved), (PositionForm::Road, true), "{text}");
    }
    // By way of Erbil, or on the road from there.
    none(&["کەلوپەلەکان لە ڕێگای هەولێر بۆ کەرکووک هاتن."]);
}

#[test]
fn a_bank_in_arabic_and_sorani_lies_along_its_river() {
    for text in [
        "هاجم مسلحون دورية على الضفة الشرقية لنهر دجلة في الموصل.",
        "هاجم مسلحون دورية على الضفة الغربية لنهر دجلة في الموصل.",
        "لە مووسڵ تەرمێک لە ڕۆخی دیجلە دۆزرایەوە.",
    ] {
        let position = only(text);
        assert_eq!(
            (position.form, position.resolved),
            (PositionForm::River, true),
            "{text}"
        );
    }
    none(&["زار الوفد الضفة الغربية وقطاع غزة."]);
}

#[test]
fn the_countryside_is_a_side_of_the_unit_and_not_of_the_town() {
    const TAL_AFAR: [f64; 2] = [42.448, 36.379];
    for text in [
        "قصفت طائرات مواقع في ريف تلعفر الغربي.",
        "Jets struck sites in the western countryside of Tal Afar.",
    ] {
        let position = only(text);
        assert_eq!(
            (position.kind, position.bearing_deg),
            (PositionKind::Part, Some(270.0)),
            "{text}"
        );
        assert!(position.resolved, "{text}: {:?}", position.reason);
        let west = destination(TAL_AFAR, 270.0, 12_000.0);
        assert!(holds(&position, west), "{text}");
    }
    // A governorate and a district have the name of the town.
    unplaced(&[("هاجم مسلحون قرى في ريف كركوك الجنوبي.", "countryside")]);
    let position = only("قصفت طائرات مواقع في مناطق ديالى الشمالية.");
    assert_eq!((position.kind, position.resolved), (PositionKind::Part, true));
}

#[test]
fn a_site_of_the_arabic_script_is_not_the_place_of_its_name() {
    unplaced(&[
        ("سقط صاروخ قرب مطار كركوك.", "that name"),
        ("انفجار بين مطار أربيل وكركوك.", "that name"),
        ("تەقینەوەیەک نزیک فڕۆکەخانەی کەرکووک بوو.", "that name"),
    ]);
    let position = only("سقطت طائرة مسيرة قرب سد الموصل.");
    assert_eq!(position.places, ["nat-mosul-dam"]);
}

#[test]
fn impossible_numbers_are_kept_and_not_drawn() {
    unplaced(&[
        ("The site is at MGRS 38S LE 1234 56789.", "different numbers of digits"),
        ("The grave lies at UTM 38S 99999999 3999999.", "6 digits"),
        ("The site is 45°75'00\"N 44°10'00\"E.", "0 to 59"),
        ("The site is 35°15'75\"N 44°10'00\"E.", "0 to 59"),
        ("Shots were fired -5 km north of Kirkuk.", "read as a number"),
        ("Shots were fired minus 5 km north of Kirkuk.", "read as a number"),
    ]);
    // A dash of the sentence has blanks on both sides.
    assert!(only("One village - 5 km north of Kirkuk - was hit.").resolved);
    assert!(only("It fell 3-5 km north of Kirkuk.").resolved);
}
