//! Which accounts belong together: pairs with a score and reasons, and the event of a new account.

use super::{
    Account, Figure,
    figures::{Agreement, agreement},
};
use crate::geoparse::ClaimType;
use rustc_hash::FxHashMap;

/// Pairs of this score and above belong together.
const THRESHOLD: f64 = 0.5;
/// Intervals of more days than these are linked only with intervals of about the same length.
const SHORT_DAYS: i32 = 3;
/// Taken from the score of two accounts that count different things.
const APART: f64 = 0.5;
/// The share of their days that two long intervals must have in common.
const LONG_SHARE: f64 = 0.5;

/// How well two accounts fit: a score from 0 to 1, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// 0..=1; from 0.5 on they belong together.
    pub score: f64,
    /// Short English phrases that name the evidence.
    pub reasons: Vec<String>,
}

/// An analyst's decision on two accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountRuling {
    /// They belong to one event.
    Together,
    /// They belong to different events.
    Apart,
}

/// An account near a new one, with its event.
#[derive(Clone, Copy, Debug)]
pub struct Near<'a> {
    /// Key of its event.
    pub event: i64,
    /// How many claims its event has in all, those that are not near included.
    pub members: usize,
    /// True if an analyst joined the event: then its members need not all fit each other.
    pub joined: bool,
    /// An analyst's decision on the new account and this one.
    pub ruled: Option<AccountRuling>,
    /// The account.
    pub account: &'a Account,
}

/// The event of a new account, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Key of the event.
    pub event: i64,
    /// The best score with one of its accounts.
    pub score: f64,
    /// The reasons for that score.
    pub reasons: Vec<String>,
}

/// Compares two accounts; `None` if they cannot be about the same thing: another type, or days or sites further apart than
/// their uncertainties.
pub fn compare(a: &Account, b: &Account) -> Option<Comparison> {
    if a.kind != b.kind || are_opposite(a, b) {
        return None;
    }
    let mut reasons = Vec::new();
    let days = days_score(a, b, &mut reasons)?;
    let site = site_score(a, b, &mut reasons)?;
    let figures = figures_score(a, b, &mut reasons);
    let copy = a.sketch.is_copy(&b.sketch) && a.claim.document != b.claim.document && a.site.names_same_places(&b.site);
    let words = if copy {
        reasons.push("nearly the same text".to_owned());
        0.35
    } else {
        0.0
    };
    let score = (days * site + figures + words).clamp(0.0, 1.0);
    Some(Comparison {
        score: (score * 100.0).round() / 100.0,
        reasons,
    })
}

/// True if one account says that people left and the other that people came back, or if only one of them says which.
fn are_opposite(a: &Account, b: &Account) -> bool {
    let counts = |account: &Account, what: &str| account.figures.iter().any(|figure| figure.what == what);
    let ways = |account: &Account| (counts(account, "displaced"), counts(account, "returned"));
    a.kind == ClaimType::DisplacementOrReturn && ways(a) != ways(b)
}

/// How well the days fit; `None` if they have none in common.
fn days_score(a: &Account, b: &Account, reasons: &mut Vec<String>) -> Option<f64> {
    let common = a.days.common(b.days)?;
    let (longest, shortest) = (a.days.len().max(b.days.len()), a.days.len().min(b.days.len()));
    let share = f64::from(common.len()) / f64::from(longest + shortest - common.len());
    if longest > SHORT_DAYS && share < LONG_SHARE {
        return None;
    }
    let days = match common.first == common.last {
        true => common.from_date(),
        false => format!("{} to {}", common.from_date(), common.to_date()),
    };
    Some(match (a.days.stated, b.days.stated) {
        (true, true) => {
            reasons.push(format!("both say {days}"));
            0.8 + 0.2 * share
        }
        (false, false) if a.days == b.days => {
            reasons.push(format!("published on the same day, {}", a.days.to_date()));
            0.8
        }
        (false, false) => {
            reasons.push(format!("published on two days in a row, both about {days} possibly"));
            0.6
        }
        _ => {
            reasons.push(format!("one says {days}, the other was published then"));
            0.85
        }
    })
}

/// How well the sites fit, and how little else may happen there; `None` if they are too far apart.
fn site_score(a: &Account, b: &Account, reasons: &mut Vec<String>) -> Option<f64> {
    if a.site.excludes(&b.site) {
        return None;
    }
    let km = a.site.distance_km(&b.site);
    let reach = a.site.uncertainty_km + b.site.uncertainty_km;
    if km > reach {
        return None;
    }
    // In a larger area more things happen on one day.
    let coarsest = a.site.uncertainty_km.max(b.site.uncertainty_km);
    let specific = 1.0 - 0.55 * (coarsest / 60.0).min(1.0);
    if a.site.is_same_place(&b.site) {
        let names: Vec<&str> = a.site.places.iter().map(|place| name(&place.name, &place.id)).collect();
        reasons.push(format!("same place: {}", names.join(", ")));
        return Some(specific);
    }
    reasons.push(format!("{km:.0} km apart, uncertain by {reach:.0} km together"));
    // Sites of different extent: one may lie in the other.
    let nearness = 1.0 - 0.5 * (km / reach.max(0.1));
    Some(specific * (0.5 + 0.5 * nearness))
}

fn name<'n>(name: &'n crate::language::Trilingual, id: &'n str) -> &'n str {
    match name.best(crate::language::Language::English) {
        "" => id,
        name => name,
    }
}

/// Share of the score that the figures add or subtract.
fn figures_score(a: &Account, b: &Account, reasons: &mut Vec<String>) -> f64 {
    let mut things: Vec<&str> = a.figures.iter().map(|figure| &*figure.what).collect();
    things.sort_unstable();
    things.dedup();
    let (mut more, mut less) = (0.0_f64, 0.0_f64);
    // "nine killed" beside "one wounded": nothing says that the two speak of one thing.
    let shared = things
        .iter()
        .any(|what| agreement(&a.figures, &b.figures, what).is_some());
    if !shared && !a.figures.is_empty() && !b.figures.is_empty() {
        reasons.push("no figure in common".to_owned());
        less = APART;
    }
    for what in things {
        match agreement(&a.figures, &b.figures, what) {
            Some(Agreement::Same) => {
                more += 0.2;
                reasons.push(format!("{what}: {} in both", words_of(&a.figures, what)));
            }
            Some(Agreement::Compatible) => {
                more += 0.1;
                reasons.push(format!(
                    "{what}: {} and {} may both be true",
                    words_of(&a.figures, what),
                    words_of(&b.figures, what)
                ));
            }
            Some(Agreement::Different) => {
                less = less.max(distance(&a.figures, &b.figures, what));
                reasons.push(format!(
                    "{what} differs: {} and {}",
                    words_of(&a.figures, what),
                    words_of(&b.figures, what)
                ));
            }
            None => {}
        }
    }
    // One document that gives two figures for one thing speaks of two things, unless two speakers give them.
    if less > 0.0 && a.claim.document == b.claim.document && a.side() == b.side() {
        return -1.0;
    }
    more.min(0.3) - less
}

/// Share that two different figures subtract: little where they are of one size, for accounts contradict each other.
fn distance(a: &[Figure], b: &[Figure], what: &str) -> f64 {
    let sum = |figures: &[Figure]| -> f64 {
        let values = figures
            .iter()
            .filter(|figure| figure.what == what)
            .filter_map(|figure| figure.value);
        values.sum::<f64>().max(1.0)
    };
    let (a, b) = (sum(a), sum(b));
    let times = (a / b).max(b / a);
    (0.08 * times.ln()).clamp(0.0, 0.3) + 0.05
}

fn words_of(figures: &[Figure], what: &str) -> String {
    let words: Vec<String> = figures
        .iter()
        .filter(|figure| figure.what == what)
        .map(|figure| match figure.value {
            Some(value) => format!("{value}"),
            None => figure.text.clone(),
        })
        .collect();
    words.join(" + ")
}

/// Accounts of an event that a new one is compared with at most, the first of them: the cost of a report on an attack does not
/// grow with the number of earlier reports.
pub const COMPARED: usize = 32;

/// The event of a new account among those nearby; `None` if it is an account of a new one.
///
/// An event takes an account only if the account fits each of its members (of many, the first [`COMPARED`]), unless an analyst
/// joined it; then one is enough.
/// An analyst's decision precedes everything else.
pub fn choose(new: &Account, near: &[Near<'_>]) -> Option<Choice> {
    let mut events: FxHashMap<i64, Vec<&Near<'_>>> = FxHashMap::default();
    for one in near {
        events.entry(one.event).or_default().push(one);
    }
    let mut choices: Vec<Choice> = events.values().filter_map(|members| fitting(new, members)).collect();
    // The older event among equals, so that the order of a map decides nothing.
    choices.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.event.cmp(&b.event)));
    choices.into_iter().next()
}

/// The best fit of an account in one event.
fn fitting(new: &Account, members: &[&Near<'_>]) -> Option<Choice> {
    let first = members.first()?;
    if members.iter().any(|member| member.ruled == Some(AccountRuling::Apart)) {
        return None;
    }
    if members
        .iter()
        .any(|member| member.ruled == Some(AccountRuling::Together))
    {
        return Some(Choice {
            event: first.event,
            // Above every score of a comparison.
            score: 2.0,
            reasons: vec!["joined by an analyst".to_owned()],
        });
    }
    let compared: Vec<Comparison> = members
        .iter()
        .filter_map(|member| compare(new, member.account))
        .collect();
    if compared.len() < first.members.min(COMPARED) && !first.joined {
        return None;
    }
    let best = compared.into_iter().max_by(|a, b| a.score.total_cmp(&b.score))?;
    (best.score >= THRESHOLD).then_some(Choice {
        event: first.event,
        score: best.score,
        reasons: best.reasons,
    })
}

/// Links accounts in their order, each with all before it: the positions of the accounts of each event, with the choice that
/// put them there. The store does the same with those nearby only.
pub fn link_all(accounts: &[Account]) -> Vec<Vec<(usize, Option<Choice>)>> {
    let mut events: Vec<Vec<(usize, Option<Choice>)>> = Vec::new();
    for (at, account) in accounts.iter().enumerate() {
        let near: Vec<Near<'_>> = events
            .iter()
            .zip(0_i64..)
            .flat_map(|(members, event)| {
                members.iter().take(COMPARED).map(move |(member, _)| Near {
                    event,
                    members: members.len(),
                    joined: false,
                    ruled: None,
                    account: &accounts[*member],
                })
            })
            .collect();
        match choose(account, &near) {
            Some(choice) => events[choice.event as usize].push((at, Some(choice))),
            None => events.push(vec![(at, None)]),
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use super::{
        super::{ClaimRef, Days, NamedPlace, Site, Sketch},
        *,
    };
    use crate::{
        geoparse::Bound,
        language::{Language, Trilingual},
    };

    const DAQUQ: (&str, [f64; 2]) = ("daquq", [44.45, 35.14]);
    const HAWIJA: (&str, [f64; 2]) = ("hawija", [43.77, 35.32]);

    fn account(number: i64, day: &str, (place, point): (&str, [f64; 2]), killed: &[(f64, Bound)]) -> Account {
        let figures = killed.iter().map(|(value, bound)| Figure {
            what: "killed".into(),
            value: Some(*value),
            bound: *bound,
            ..Figure::default()
        });
        Account {
            claim: ClaimRef {
                number,
                ordinal: 1,
                document: format!("d{number}"),
                claim: "c1".into(),
            },
            span: [0, 1],
            offsets: [0, 1],
            kind: ClaimType::Casualties,
            status: "reported".into(),
            days: Days::between(day, day, true).unwrap(),
            days_text: None,
            site: Site {
                points: vec![point],
                uncertainty_km: 5.0,
                places: vec![NamedPlace {
                    id: place.into(),
                    name: Trilingual::default(),
                    level: "settlement".into(),
                }],
                precision: "settlement".into(),
                geometry: None,
                within: Vec::new(),
                at_places: true,
            },
            speaker: None,
            outlet: None,
            title: String::new(),
            source_url: None,
            published: None,
            language: Language::English,
            quote: String::new(),
            figures: figures.collect(),
            actor: None,
            target: None,
            actor_party: None,
            target_party: None,
            sketch: Sketch::default(),
        }
    }

    fn groups(accounts: &[Account]) -> Vec<Vec<usize>> {
        let events = link_all(accounts).into_iter();
        events
            .map(|members| members.into_iter().map(|(at, _)| at).collect())
            .collect()
    }

    #[test]
    fn contradicting_accounts_of_one_day_and_place_are_one_event() {
        let three = account(1, "2022-05-02", DAQUQ, &[(3.0, Bound::Exact)]);
        let seven = account(2, "2022-05-02", DAQUQ, &[(7.0, Bound::Exact)]);
        let more = account(3, "2022-05-02", DAQUQ, &[(5.0, Bound::AtLeast)]);
        assert_eq!(groups(&[three, seven, more]), [vec![0, 1, 2]]);
    }

    #[test]
    fn another_day_and_another_place_are_other_events() {
        let one = account(1, "2022-05-02", DAQUQ, &[(3.0, Bound::Exact)]);
        let next_day = account(2, "2022-05-03", DAQUQ, &[(3.0, Bound::Exact)]);
        let elsewhere = account(3, "2022-05-02", HAWIJA, &[(3.0, Bound::Exact)]);
        assert!(compare(&one, &next_day).is_none() && compare(&one, &elsewhere).is_none());
        assert_eq!(link_all(&[one, next_day, elsewhere]).len(), 3);
    }

    #[test]
    fn an_event_takes_no_account_that_one_of_its_members_excludes() {
        let monday = account(1, "2022-05-02", DAQUQ, &[(3.0, Bound::Exact)]);
        let mut vague = account(2, "2022-05-02", DAQUQ, &[(3.0, Bound::Exact)]);
        vague.days = Days::between("2022-05-02", "2022-05-03", true).unwrap();
        let tuesday = account(3, "2022-05-03", DAQUQ, &[(3.0, Bound::Exact)]);
        assert_eq!(groups(&[monday, vague, tuesday]), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn a_count_over_months_is_no_account_of_one_day() {
        let mut months = account(1, "2021-01-01", DAQUQ, &[(206.0, Bound::Exact)]);
        months.days = Days::between("2021-01-01", "2021-10-31", true).unwrap();
        let day = account(2, "2021-05-02", DAQUQ, &[(3.0, Bound::Exact)]);
        assert!(compare(&months, &day).is_none());
    }

    #[test]
    fn a_document_with_two_figures_for_one_thing_speaks_of_two_things() {
        let one = account(1, "2022-05-02", DAQUQ, &[(3.0, Bound::Exact)]);
        let mut two = account(1, "2022-05-02", DAQUQ, &[(5.0, Bound::Exact)]);
        two.claim.ordinal = 2;
        assert_eq!(link_all(&[one.clone(), two.clone()]).len(), 2);
        two.speaker = Some("the army".into());
        assert_eq!(link_all(&[one, two]).len(), 1);
    }

    #[test]
    fn the_first_accounts_of_a_large_event_stand_for_the_others() {
        let many: Vec<Account> = (1..=COMPARED as i64)
            .map(|number| account(number, "2022-05-02", DAQUQ, &[(3.0, Bound::Exact)]))
            .collect();
        let near = |members: usize| -> Vec<Near<'_>> {
            let near = many.iter().map(|account| Near {
                event: 7,
                members,
                joined: false,
                ruled: None,
                account,
            });
            near.collect()
        };
        let new = account(1_000, "2022-05-02", DAQUQ, &[(3.0, Bound::Exact)]);
        assert_eq!(choose(&new, &near(500)).map(|choice| choice.event), Some(7));
        // Not all of them were near.
        assert!(choose(&new, &near(500)[1..]).is_none());
    }

    #[test]
    fn an_analysts_decision_goes_before_everything_else() {
        let one = account(1, "2022-05-02", DAQUQ, &[(3.0, Bound::Exact)]);
        let same = account(2, "2022-05-02", DAQUQ, &[(3.0, Bound::Exact)]);
        let other = account(3, "2022-07-02", HAWIJA, &[(3.0, Bound::Exact)]);
        let near = |account, ruled| Near {
            event: 7,
            members: 1,
            joined: false,
            ruled,
            account,
        };
        assert!(choose(&same, &[near(&one, None)]).is_some());
        assert!(choose(&same, &[near(&one, Some(AccountRuling::Apart))]).is_none());
        assert_eq!(
            choose(&other, &[near(&one, Some(AccountRuling::Together))])
                .unwrap()
                .event,
            7
        );
    }
}
