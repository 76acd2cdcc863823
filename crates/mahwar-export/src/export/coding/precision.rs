//! Codes for how precisely a place and a day are known.

use crate::events::{Account, Days, Figure};
use crate::geoparse::Bound;

/// ACLED's geo-precision: 1 a place, 2 a part of a region near a named place, 3 a larger region.
pub fn acled_place(account: &Account) -> u8 {
    match account.site.uncertainty_km {
        km if km <= 10.0 => 1,
        km if km <= 35.0 => 2,
        _ => 3,
    }
}

/// ACLED's time-precision: 1 a day, 2 within a week, 3 within a month or longer.
pub fn acled_days(days: Days) -> u8 {
    match days.len() {
        1 => 1,
        2..=7 => 2,
        _ => 3,
    }
}

/// UCDP's where-precision: 1 an exact place, 2 within 25 km of one, 3 a second-order unit, 4 a first-order unit, 5 a line or
/// an area without a border of its own.
pub fn ucdp_place(account: &Account) -> u8 {
    let site = &account.site;
    match site.precision.as_str() {
        "governorate" => 4,
        "district" => 3,
        "river" | "lake" | "mountain" | "valley" | "area" | "road" | "along" | "between" => 5,
        _ if site.uncertainty_km <= 5.0 => 1,
        _ if site.uncertainty_km <= 25.0 => 2,
        _ => 3,
    }
}

/// UCDP's date-precision: 1 a day, 2 two to six days, 3 a week, 4 a month, 5 longer.
pub fn ucdp_days(days: Days) -> u8 {
    match days.len() {
        1 => 1,
        2..=6 => 2,
        7 => 3,
        8..=31 => 4,
        _ => 5,
    }
}

/// The exact number, the least and the greatest number that figures of one thing allow. Several figures are parts of a
/// number that the text does not state: the greatest of them is a lower bound.
pub fn numbers(figures: &[&Figure]) -> [Option<f64>; 3] {
    match figures {
        [] => [None; 3],
        [one] => number(one),
        several => {
            let least = several.iter().filter_map(|figure| number(figure)[1]);
            [None, least.reduce(f64::max), None]
        }
    }
}

fn number(figure: &Figure) -> [Option<f64>; 3] {
    if let (Some(value), Some(upper)) = (figure.value, figure.upper) {
        return [None, Some(value), Some(upper)];
    }
    match (figure.bound, figure.value) {
        (Bound::Exact, Some(value)) => [Some(value); 3],
        (Bound::AtLeast, value) => [None, value, None],
        (Bound::MoreThan, value) => [None, value.map(|value| value + 1.0), None],
        (Bound::AtMost, value) => [None, None, value],
        (Bound::About, _) => [None; 3],
        (Bound::Vague | Bound::Exact, _) => {
            let range = figure.range;
            [None, range.map(|range| range[0]), range.map(|range| range[1])]
        }
    }
}

/// The number of a figure that is only about right. Several figures have none.
pub fn about(figures: &[&Figure]) -> Option<f64> {
    match figures {
        [one] if one.bound == Bound::About && one.upper.is_none() => one.value,
        _ => None,
    }
}

/// A number of a cell; empty for none.
pub fn cell(number: Option<f64>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: Option<f64>, bound: Bound) -> Figure {
        Figure {
            value,
            bound,
            ..Figure::default()
        }
    }

    #[test]
    fn only_an_exact_figure_has_a_best_number() {
        let exact = figure(Some(3.0), Bound::Exact);
        let at_least = figure(Some(5.0), Bound::AtLeast);
        assert_eq!(numbers(&[&exact]), [Some(3.0); 3]);
        assert_eq!(numbers(&[&at_least]), [None, Some(5.0), None]);
        assert_eq!(numbers(&[&figure(Some(5.0), Bound::MoreThan)]), [None, Some(6.0), None]);
        assert_eq!(numbers(&[&figure(Some(9.0), Bound::AtMost)]), [None, None, Some(9.0)]);
        assert_eq!(numbers(&[&figure(None, Bound::Vague)]), [None; 3]);
        assert_eq!(numbers(&[&exact, &at_least]), [None, Some(5.0), None]);
        let around = figure(Some(4000.0), Bound::About);
        assert_eq!((numbers(&[&around]), about(&[&around])), ([None; 3], Some(4000.0)));
    }

    #[test]
    fn days_have_the_codes_of_the_codebooks() {
        let days = |from, to| Days::between(from, to, true).unwrap();
        let lengths = [
            days("2022-01-01", "2022-01-01"),
            days("2022-01-01", "2022-01-03"),
            days("2022-01-01", "2022-01-07"),
            days("2022-01-01", "2022-01-31"),
            days("2022-01-01", "2022-10-31"),
        ];
        assert_eq!(lengths.map(ucdp_days), [1, 2, 3, 4, 5]);
        assert_eq!(lengths.map(acled_days), [1, 2, 2, 3, 3]);
    }
}
