//! Counts of a document: by place, unit, language and publisher, by type of claim and speaker, for its day, month and
//! year. A store keeps the sums of all documents in a table with these keys, so that queries for numbers read no
//! documents.

use super::{ReadDocument, TimeSpan};
use crate::{
    document::Document,
    gazetteer::{Level, Place},
    geoparse::{Claim, ClaimType, Parse, Role},
};
use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::{
    collections::BTreeMap,
    hash::{Hash, Hasher},
    ops::{AddAssign, Neg},
    sync::Arc,
};

/// The period of all documents, dated or not.
pub const EVER: &str = "*";
/// The period of documents without a date.
pub const UNDATED: &str = "";
/// The greatest length of a publisher or a speaker in a key, in characters. Longer ones with the same beginning are
/// counted together.
pub const MAX_WORDS: usize = 200;
/// Limit of the killed in one claim: a greater number is an error in the text.
const MAX_KILLED: f64 = 10_000_000.0;

/// Dimension that counts are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// Nothing: all documents together.
    All,
    /// The language of a document.
    Language,
    /// The publisher of a document.
    Publisher,
    /// A place that is drawn.
    Place,
    /// An administrative unit with everything in it.
    Unit,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Self; 5] = [Self::All, Self::Language, Self::Publisher, Self::Place, Self::Unit];

    /// Its name in a store.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Language => "language",
            Self::Publisher => "publisher",
            Self::Place => "place",
            Self::Unit => "unit",
        }
    }

    /// The dimension with a name.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// Key of a count, without its period.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountKey {
    /// Dimension of the count.
    pub dimension: Dimension,
    /// Place, unit, language or publisher; empty for [`Dimension::All`].
    pub value: String,
    /// Type of the claims that are counted; empty for everything.
    pub kind: String,
    /// Speaker of the claims that are counted; empty for everything.
    pub speaker: String,
}

impl CountKey {
    /// A key for all types of claim and all speakers.
    pub fn new(dimension: Dimension, value: impl Into<String>) -> Self {
        Self {
            dimension,
            value: value.into(),
            kind: String::new(),
            speaker: String::new(),
        }
    }

    fn said(&self, kind: &str, speaker: &str) -> Self {
        Self {
            dimension: self.dimension,
            value: self.value.clone(),
            kind: kind.to_owned(),
            speaker: speaker.to_owned(),
        }
    }
}

/// Numbers of documents, mentions and claims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents.
    pub documents: i64,
    /// Mentions that are drawn.
    pub mentions: i64,
    /// Claims.
    pub claims: i64,
    /// Killed people as reported, summed claim by claim: two claims of one event count twice.
    pub killed: i64,
}

impl Counts {
    /// True if all counts are zero.
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }

    /// The four numbers.
    pub fn numbers(self) -> [i64; 4] {
        [self.documents, self.mentions, self.claims, self.killed]
    }

    /// From the four numbers.
    pub fn from_numbers([documents, mentions, claims, killed]: [i64; 4]) -> Self {
        Self {
            documents,
            mentions,
            claims,
            killed,
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.documents += other.documents;
        self.mentions += other.mentions;
        self.claims += other.claims;
        self.killed += other.killed;
    }
}

impl Neg for Counts {
    type Output = Self;

    fn neg(self) -> Self {
        Self::from_numbers(self.numbers().map(|number| -number))
    }
}

/// Administrative units that contain each place: governorates, districts and subdistricts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Units {
    of: BTreeMap<String, Arc<[String]>>,
}

impl Units {
    /// From the places of a gazetteer. A unit contains itself; a contested place is in the units of both sides.
    pub fn of_places(places: &[Place]) -> Self {
        let by_id: FxHashMap<&str, &Place> = places.iter().map(|place| (place.id.as_str(), place)).collect();
        let is_unit = |place: &Place| {
            !place.foreign && matches!(place.level, Level::Governorate | Level::District | Level::Subdistrict)
        };
        let known = places.iter().filter(|place| !place.foreign).filter_map(|place| {
            let mut units: Vec<String> = Vec::new();
            // A gazetteer may name the nearest unit only.
            let mut open: Vec<&Place> = vec![place];
            let mut seen: FxHashSet<&str> = FxHashSet::default();
            while let Some(one) = open.pop() {
                if !seen.insert(&one.id) {
                    continue;
                }
                if is_unit(one) {
                    units.push(one.id.to_string());
                }
                open.extend(one.parents.iter().filter_map(|id| by_id.get(id.as_str()).copied()));
            }
            units.sort_unstable();
            (!units.is_empty()).then(|| (place.id.to_string(), Arc::from(units)))
        });
        Self { of: known.collect() }
    }

    /// From pairs of a place and a unit that contains it.
    pub fn of_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut of: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (place, unit) in pairs {
            of.entry(place).or_default().push(unit);
        }
        let sorted = of.into_iter().map(|(place, mut units)| {
            units.sort_unstable();
            units.dedup();
            (place, Arc::from(units))
        });
        Self { of: sorted.collect() }
    }

    /// The units that contain a place; none for an unknown place.
    pub fn holding(&self, place: &str) -> &[String] {
        self.of.get(place).map_or(&[], |units| units)
    }

    /// Each place with each unit that contains it, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.of.iter();
        all.flat_map(|(place, units)| units.iter().map(move |unit| (place.as_str(), unit.as_str())))
    }

    /// True if no place is in a unit.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// A number that differs where any pair differs; the same in every process.
    pub fn fingerprint(&self) -> i64 {
        let mut hasher = FxHasher::default();
        for (place, unit) in self.pairs() {
            place.as_bytes().hash(&mut hasher);
            unit.as_bytes().hash(&mut hasher);
        }
        // 0 means that there are none.
        if self.is_empty() {
            0
        } else {
            (hasher.finish() >> 1).max(1) as i64
        }
    }
}

/// Counts of one document, each key once.
pub type Contributions = BTreeMap<CountKey, Counts>;

/// Counts of a document in the given state: as ruled, or as the machine read it.
pub fn contributions(document: &Document, parse: &Parse, units: &Units) -> Contributions {
    let mut found = Contributions::new();
    let mut whole = Counts {
        documents: 1,
        ..Counts::default()
    };
    let drawn = parse.mentions.iter().filter(|mention| mention.is_drawn());
    let mut places: BTreeMap<&str, i64> = BTreeMap::new();
    for mention in drawn {
        if let Some(place) = &mention.place {
            *places.entry(&place.id).or_default() += 1;
            whole.mentions += 1;
        }
    }
    let mut held: BTreeMap<&str, i64> = BTreeMap::new();
    for (place, mentions) in &places {
        let counts = Counts {
            documents: 1,
            mentions: *mentions,
            ..Counts::default()
        };
        *found.entry(CountKey::new(Dimension::Place, *place)).or_default() += counts;
        for unit in units.holding(place) {
            *held.entry(unit).or_default() += mentions;
        }
    }
    for (unit, mentions) in held {
        let counts = Counts {
            documents: 1,
            mentions,
            ..Counts::default()
        };
        *found.entry(CountKey::new(Dimension::Unit, unit)).or_default() += counts;
    }
    for claim in &parse.claims {
        let said = CountedClaim::of(claim, parse);
        whole.claims += 1;
        whole.killed += said.killed;
        said.count(&CountKey::new(Dimension::All, ""), false, &mut found);
        let at = said.places(claim, parse);
        let mut within: FxHashSet<&str> = FxHashSet::default();
        for place in &at {
            said.count(&CountKey::new(Dimension::Place, *place), true, &mut found);
            within.extend(units.holding(place).iter().map(String::as_str));
        }
        for unit in within {
            said.count(&CountKey::new(Dimension::Unit, unit), true, &mut found);
        }
    }
    let mut of_document = vec![
        CountKey::new(Dimension::All, ""),
        CountKey::new(Dimension::Language, document.language.tag()),
    ];
    if let Some(publisher) = document.publisher.as_deref().filter(|publisher| !publisher.is_empty()) {
        of_document.push(CountKey::new(Dimension::Publisher, cut(publisher)));
    }
    for key in of_document {
        *found.entry(key).or_default() += whole;
    }
    found
}

/// Type, speaker and killed of a claim, as they are counted.
struct CountedClaim<'p> {
    kind: &'static str,
    speaker: &'p str,
    killed: i64,
}

impl<'p> CountedClaim<'p> {
    fn of(claim: &Claim, parse: &'p Parse) -> Self {
        let attribution = claim.attribution.as_deref().and_then(|id| parse.attribution(id));
        let speaker = attribution.and_then(|said| said.speaker.as_ref());
        let killed = parse.quantities_of(claim).into_iter();
        let killed = killed.filter(|quantity| quantity.role == Some(Role::Killed));
        let killed: f64 = killed.filter_map(|quantity| quantity.value).sum();
        Self {
            kind: kind_word(claim.kind),
            speaker: speaker.map_or("", |speaker| cut(&speaker.words.text)),
            killed: killed.clamp(0.0, MAX_KILLED).round() as i64,
        }
    }

    /// Places of a claim: those of its mentions, or the units of a region that is named by a phrase.
    fn places<'c>(&self, claim: &'c Claim, parse: &'c Parse) -> FxHashSet<&'c str> {
        if claim.precision.is_some() || claim.given.is_some() {
            return claim.places.iter().map(String::as_str).collect();
        }
        let mentions = claim.mentions.iter().filter_map(|id| parse.mention(id));
        let drawn = mentions.filter(|mention| mention.is_drawn());
        drawn
            .filter_map(|mention| Some(mention.place.as_ref()?.id.as_str()))
            .collect()
    }

    /// Counts the claim under a key, under its type, under its speaker, and under both. `whole` is true where the claim
    /// counts under the key itself too.
    fn count(&self, key: &CountKey, whole: bool, found: &mut Contributions) {
        let mut keys = vec![key.said(self.kind, "")];
        if !self.speaker.is_empty() {
            keys.push(key.said("", self.speaker));
            keys.push(key.said(self.kind, self.speaker));
        }
        if whole {
            keys.push(key.clone());
        }
        for key in keys {
            let counts = found.entry(key).or_default();
            // The document once, however many claims it has.
            counts.documents = 1;
            counts.claims += 1;
            counts.killed += self.killed;
        }
    }
}

/// The word of a type of claim.
pub fn kind_word(kind: ClaimType) -> &'static str {
    kind.name()
}

/// The words of a publisher or a speaker in a key, cut to the limit.
pub fn cut(words: &str) -> &str {
    words
        .char_indices()
        .nth(MAX_WORDS)
        .map_or(words, |(end, _)| &words[..end])
}

/// The periods that a day belongs to: itself, its month, its year, and ever. `None` is a document without a date.
pub fn periods_of(day: Option<&str>) -> Vec<&str> {
    match day {
        None => vec![UNDATED, EVER],
        Some(day) => [10, 7, 4]
            .into_iter()
            .filter_map(|end| day.get(..end))
            .chain([EVER])
            .collect(),
    }
}

/// A span of days, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Days {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Days {
    /// The days in UTC that a span of time overlaps. `None` if it overlaps no day from the year 0 to 9999.
    pub fn meeting(span: TimeSpan) -> Option<Self> {
        const DAY: i64 = 86_400_000;
        let (least, most) = (jiff::civil::date(0, 1, 1), jiff::civil::date(9999, 12, 31));
        let epoch = jiff::civil::date(1970, 1, 1);
        let number = |date: Date| epoch.until(date).map_or(0, |span| i64::from(span.get_days()));
        let (low, high) = (number(least), number(most));
        let at = |days: i64| epoch.checked_add(jiff::Span::new().days(days)).ok();
        let (first, last) = (span.start.div_euclid(DAY), span.end.div_euclid(DAY));
        if first > high || last < low || first > last {
            return None;
        }
        Some(Self {
            first: at(first.max(low))?,
            last: at(last.min(high))?,
        })
    }

    /// The intersection of two spans.
    pub fn within(self, other: Self) -> Option<Self> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(Self { first, last })
    }

    /// Days, months and years that make up the span, none twice: at most 60 days and 22 months beside the years.
    pub fn periods(self) -> Vec<String> {
        let mut periods = Vec::new();
        let mut at = self.first;
        loop {
            let year_ends = at.last_of_year();
            let month_ends = at.last_of_month();
            let end = if at.day() == 1 && at.month() == 1 && year_ends <= self.last {
                periods.push(format!("{:04}", at.year()));
                year_ends
            } else if at.day() == 1 && month_ends <= self.last {
                periods.push(format!("{:04}-{:02}", at.year(), at.month()));
                month_ends
            } else {
                periods.push(at.to_string());
                at
            };
            match end.tomorrow() {
                Ok(next) if next <= self.last => at = next,
                _ => return periods,
            }
        }
    }
}

/// The steps of a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Step {
    Day,
    /// From Monday, as in ISO 8601.
    Week,
    Month,
    Year,
}

impl Step {
    /// The words for the steps, in order.
    pub const WORDS: &'static [&'static str] = &["day", "week", "month", "year"];

    /// The step with a name.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "day" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Month,
            "year" => Self::Year,
            _ => return None,
        })
    }

    /// Length in characters of the periods that a step is made of.
    pub fn letters(self) -> usize {
        match self {
            Self::Day | Self::Week => 10,
            Self::Month => 7,
            Self::Year => 4,
        }
    }

    /// The step that a period is part of, by its first day or its own name; `None` for a text of another length.
    pub fn of(self, period: &str) -> Option<String> {
        if period.len() != self.letters() {
            return None;
        }
        match self {
            Self::Week => {
                let day: Date = period.parse().ok()?;
                let back = i64::from(day.weekday().to_monday_zero_offset());
                day.checked_sub(jiff::Span::new().days(back))
                    .ok()
                    .map(|monday| monday.to_string())
            }
            _ => Some(period.to_owned()),
        }
    }
}

/// Counts of some documents in memory; it answers the same queries as a store.
#[derive(Clone, Debug, Default)]
pub struct CountTable {
    rows: FxHashMap<CountKey, BTreeMap<String, Counts>>,
}

impl CountTable {
    /// Counts documents.
    pub fn of<'d>(documents: impl IntoIterator<Item = &'d ReadDocument>, units: &Units) -> Self {
        let mut table = Self::default();
        for read in documents {
            let day = day_of(read.document.published.as_deref());
            for (key, counts) in contributions(&read.document, &read.parse, units) {
                let row = table.rows.entry(key).or_default();
                for period in periods_of(day) {
                    *row.entry(period.to_owned()).or_default() += counts;
                }
            }
        }
        table
    }

    /// Sums over periods by value, in the order of the values.
    pub fn totals(&self, dimension: Dimension, kind: &str, speaker: &str, periods: &[String]) -> Vec<(String, Counts)> {
        let mut sums: BTreeMap<&str, Counts> = BTreeMap::new();
        for (key, row) in &self.rows {
            if (key.dimension, key.kind.as_str(), key.speaker.as_str()) != (dimension, kind, speaker) {
                continue;
            }
            for counts in periods.iter().filter_map(|period| row.get(period)) {
                *sums.entry(&key.value).or_default() += *counts;
            }
        }
        sums.into_iter()
            .map(|(value, counts)| (value.to_owned(), counts))
            .collect()
    }

    /// The sums of each period of a key, in order.
    pub fn series(&self, key: &CountKey) -> impl Iterator<Item = (&str, Counts)> {
        let row = self.rows.get(key).into_iter().flatten();
        row.map(|(period, counts)| (period.as_str(), *counts))
    }

    /// Sums by type of claim or by speaker: the keys of a dimension and value that differ only in it.
    pub fn said(&self, value: &CountKey, by_speaker: bool, periods: &[String]) -> Vec<(String, Counts)> {
        let mut sums: BTreeMap<&str, Counts> = BTreeMap::new();
        for (key, row) in &self.rows {
            let (part, fixed, asked) = match by_speaker {
                true => (&key.speaker, &key.kind, &value.kind),
                false => (&key.kind, &key.speaker, &value.speaker),
            };
            if part.is_empty() || fixed != asked || key.dimension != value.dimension || key.value != value.value {
                continue;
            }
            for counts in periods.iter().filter_map(|period| row.get(period)) {
                *sums.entry(part).or_default() += *counts;
            }
        }
        sums.into_iter()
            .map(|(value, counts)| (value.to_owned(), counts))
            .collect()
    }

    /// First and last day of all documents.
    pub fn days(&self) -> Option<Days> {
        let all = self.rows.get(&CountKey::new(Dimension::All, ""))?;
        let mut days = all
            .keys()
            .filter(|period| period.len() == 10)
            .filter_map(|day| day.parse().ok());
        let first = days.next()?;
        Some(Days {
            first,
            last: days.next_back().unwrap_or(first),
        })
    }
}

/// The day of a publication date (`2021-12-03` or a date-time).
pub fn day_of(published: Option<&str>) -> Option<&str> {
    let day = published?.get(..10)?;
    day.parse::<Date>().ok().map(|_| day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn days(first: &str, last: &str) -> Days {
        Days {
            first: first.parse().unwrap(),
            last: last.parse().unwrap(),
        }
    }

    #[test]
    fn a_span_is_made_of_years_months_and_days() {
        assert_eq!(
            days("2019-11-29", "2022-02-02").periods(),
            [
                "2019-11-29",
                "2019-11-30",
                "2019-12",
                "2020",
                "2021",
                "2022-01",
                "2022-02-01",
                "2022-02-02"
            ]
        );
        assert_eq!(days("2021-12-03", "2021-12-03").periods(), ["2021-12-03"]);
        assert_eq!(days("9999-12-01", "9999-12-31").periods(), ["9999-12"]);
        assert_eq!(days("0001-01-01", "0001-12-31").periods(), ["0001"]);
    }

    #[test]
    fn open_spans_of_time_are_days_of_the_calendar() {
        let all = Days::meeting(TimeSpan::ALWAYS).unwrap();
        assert_eq!((all.first.year(), all.last.to_string().as_str()), (0, "9999-12-31"));
        let noon: TimeSpan = "2021-12-03T12:00:00Z".parse().unwrap();
        assert_eq!(Days::meeting(noon), Some(days("2021-12-03", "2021-12-03")));
        let last: TimeSpan = "9999-12-31T23:59:59Z".parse().unwrap();
        assert_eq!(Days::meeting(last), Some(days("9999-12-31", "9999-12-31")));
    }

    #[test]
    fn a_week_begins_on_monday() {
        assert_eq!(Step::Week.of("2021-12-05").as_deref(), Some("2021-11-29"));
        assert_eq!(Step::Week.of("2021-11-29").as_deref(), Some("2021-11-29"));
        assert_eq!(Step::Month.of("2021-11-29"), None);
        assert_eq!(Step::Year.of("0001").as_deref(), Some("0001"));
    }

    proptest! {
        #[test]
        fn periods_cover_each_day_once(from in 0i64..20_000, length in 0i64..3_000) {
            let start = jiff::civil::date(1990, 1, 1).checked_add(jiff::Span::new().days(from)).unwrap();
            let end = start.checked_add(jiff::Span::new().days(length)).unwrap();
            let periods = Days { first: start, last: end }.periods();
            let (mut at, mut covered) = (start, 0);
            while at <= end {
                let day = at.to_string();
                covered += periods_of(Some(&day)).iter().filter(|period| periods.iter().any(|one| one == *period)).count();
                at = at.tomorrow().unwrap();
            }
            prop_assert_eq!(covered as i64, length + 1);
        }
    }
}
