//! Any order of the words of positions and times is read within the limits of the Earth and of the calendar.

use crate::{positions, times};
use proptest::prelude::*;

/// Words of positions and times, numbers and marks.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "Kirkuk", "Mosul", "Erbil", "Makhmur", "كركوك", "الموصل", "کەرکووک", "هەولێر", "Nowhere", "north", "south-west", "of", "from", "to",
    "between", "and", "near", "road", "left bank of", "شمال", "جنوب غرب", "من", "بين", "و", "باکووری", "لە", "نێوان", "km", "miles", "feet",
    "كم", "قدم", "کیلۆمەتر", "a few", "بضعة", "hour's drive", "N", "E", "°", "'", "38S", "ME", "44.39", "35.468", "200.44", "1", "5", "7",
    "12", "13", "31", "99", "999999999999999999999", "1e309", "٥", "٣١", "2020", "1980", "s", "1443", "April", "December", "نيسان", "رمضان",
    "کانوونی یەکەم", "early", "late", "the", "by", "until", "since", "yesterday", "next", "week", "Friday", "Fridays", "two days ago",
    "أمس", "الثمانينات", "قبل", "الجمعة", "دوێنێ", "هەشتاکان", "/", "-", "–", "(", ")", ",", ".", " ", " ", " ", " ", " ",
];

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.join(" "))
}

fn joined() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

fn check(text: &str) {
    for position in &positions::read(text).positions {
        assert!(!position.resolved || position.extent.is_some(), "{text}: {position:#?}");
        assert_eq!(position.words.offsets.slice(text), position.words.text);
        let bearing = position.bearing_deg.unwrap_or_default();
        assert!((0.0..360.0).contains(&bearing), "{text}: {position:#?}");
        let mut limits = [position.distance_km, position.distance_upper_km].into_iter().flatten();
        assert!(limits.all(|km| km >= 0.0), "{text}: {position:#?}");
    }
    for time in &times::read(text, Some("2022-06-16")).times {
        assert_eq!(time.is_resolved(), time.unresolved.is_none(), "{text}: {time:#?}");
        assert!(
            time.from.zip(time.to).is_none_or(|(from, to)| from <= to),
            "{text}: {time:#?}"
        );
        assert_eq!(time.words.offsets.slice(text), time.words.text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn words_of_positions_and_times_in_any_order_stay_within_limits(text in words()) {
        check(&text);
    }

    #[test]
    fn joined_words_of_positions_and_times_stay_within_limits(text in joined()) {
        check(&text);
    }
}
