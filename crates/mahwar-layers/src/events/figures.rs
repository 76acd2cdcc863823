//! Figures of accounts, compared and never added up or averaged.

use super::Figure;
use crate::geoparse::Bound;

/// What "about" leaves open, as a share of the number.
const ABOUT: f64 = 0.2;

/// How the figures of two accounts for one thing go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// Both give the same number.
    Same,
    /// Both may be true: "at least 5" and 7.
    Compatible,
    /// They contradict each other.
    Different,
}

/// The figures of one thing in one account: each by itself, and all together where they may be parts of one number.
fn ranges(figures: &[&Figure]) -> Vec<[f64; 2]> {
    let mut all: Vec<[f64; 2]> = figures.iter().map(|figure| range(figure)).collect();
    if all.len() > 1 {
        all.push(
            all.iter()
                .fold([0.0, 0.0], |sum, one| [sum[0] + one[0], sum[1] + one[1]]),
        );
    }
    all
}

/// The least and the greatest number that a figure allows.
pub fn range(figure: &Figure) -> [f64; 2] {
    let Some(value) = figure.value else {
        return figure.range.unwrap_or([1.0, f64::INFINITY]);
    };
    match (figure.bound, figure.upper) {
        (_, Some(upper)) => [value.min(upper), value.max(upper)],
        (Bound::Exact, None) => [value, value],
        (Bound::About, None) => [value * (1.0 - ABOUT), value * (1.0 + ABOUT)],
        (Bound::AtLeast, None) => [value, f64::INFINITY],
        (Bound::MoreThan, None) => [value + 1.0, f64::INFINITY],
        (Bound::AtMost, None) => [0.0, value],
        (Bound::Vague, None) => figure.range.unwrap_or([value, f64::INFINITY]),
    }
}

/// How two accounts agree about one thing; `None` if one of them does not speak of it.
pub fn agreement(a: &[Figure], b: &[Figure], what: &str) -> Option<Agreement> {
    let of = |figures: &'_ [Figure]| -> Vec<[f64; 2]> {
        let chosen: Vec<&Figure> = figures.iter().filter(|figure| figure.what == what).collect();
        ranges(&chosen)
    };
    let (a, b) = (of(a), of(b));
    let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
    pairs
        .map(|(a, b)| match a[0] <= b[1] && b[0] <= a[1] {
            true if a == b && a[0] == a[1] => Agreement::Same,
            true => Agreement::Compatible,
            false => Agreement::Different,
        })
        .min()
}

/// The things that any two of these accounts disagree about, in alphabetical order.
pub fn differing(accounts: &[&[Figure]]) -> Vec<String> {
    let mut things: Vec<&str> = accounts
        .iter()
        .flat_map(|figures| figures.iter().map(|figure| &*figure.what))
        .collect();
    things.sort_unstable();
    things.dedup();
    let differ = |what: &&str| {
        accounts.iter().enumerate().any(|(at, a)| {
            let mut others = accounts[at + 1..].iter();
            others.any(|b| agreement(a, b, what) == Some(Agreement::Different))
        })
    };
    things.into_iter().filter(differ).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn killed(value: f64, bound: Bound) -> Figure {
        Figure {
            what: "killed".into(),
            value: Some(value),
            bound,
            ..Figure::default()
        }
    }

    #[test]
    fn a_lower_bound_does_not_contradict_a_greater_number() {
        let at_least = [killed(5.0, Bound::AtLeast)];
        let seven = [killed(7.0, Bound::Exact)];
        let three = [killed(3.0, Bound::Exact)];
        assert_eq!(agreement(&at_least, &seven, "killed"), Some(Agreement::Compatible));
        assert_eq!(agreement(&at_least, &three, "killed"), Some(Agreement::Different));
        assert_eq!(agreement(&seven, &seven, "killed"), Some(Agreement::Same));
        assert_eq!(agreement(&seven, &seven, "wounded"), None);
        assert_eq!(differing(&[&three, &at_least, &seven]), ["killed"]);
        assert!(differing(&[&at_least, &seven]).is_empty());
    }

    #[test]
    fn parts_of_a_number_agree_with_their_sum() {
        let parts = [killed(10.0, Bound::Exact), killed(3.0, Bound::Exact)];
        assert_eq!(
            agreement(&parts, &[killed(13.0, Bound::Exact)], "killed"),
            Some(Agreement::Same)
        );
    }
}
