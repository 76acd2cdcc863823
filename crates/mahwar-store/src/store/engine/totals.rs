//! Answers from the counts.

use super::{Book, PlaceTotal, SeriesQuery, Session, StoreError, TotalsQuery};
use crate::{
    layers::{CountKey, Counts, Days, Dimension, EVER},
    store::{
        query::SumsBy,
        session::{Row, Value},
    },
};
use rustc_hash::FxHashMap;

/// The columns of sums, as ruled or as read.
fn columns(ruled: bool) -> [&'static str; 4] {
    match ruled {
        true => ["documents", "mentions", "claims", "killed"],
        false => ["read_documents", "read_mentions", "read_claims", "read_killed"],
    }
}

fn sums(ruled: bool) -> String {
    let sums = columns(ruled).map(|column| format!("CAST(sum({column}) AS BIGINT)"));
    sums.join(", ")
}

fn counts(row: &Row, first: usize) -> Result<Counts, StoreError> {
    let at = |nth: usize| row.int(first + nth);
    Ok(Counts::from_numbers([at(0)?, at(1)?, at(2)?, at(3)?]))
}

/// Numbers of the documents that are counted, searchable and have the units of their claims, and of all documents; `None`
/// when all are.
pub fn unfinished(session: &mut dyn Session) -> Result<Option<(u64, u64)>, StoreError> {
    let row = session.row(
        "SELECT counted, searchable, last_document, last_document - unplaced FROM store",
        &[],
    )?;
    let row = row.ok_or_else(|| StoreError::Broken("the store row is missing".to_owned()))?;
    let done = row.int(0)?.min(row.int(1)?).min(row.int(3)?);
    let all = row.int(2)?;
    Ok((done < all).then(|| (done.unsigned_abs(), all.unsigned_abs())))
}

/// First and last day of all documents.
pub fn days(session: &mut dyn Session) -> Result<Option<Days>, StoreError> {
    let key = CountKey::new(Dimension::All, "");
    let Some(mut found) = first_and_last(session, &key, true)? else {
        return Ok(None);
    };
    // Documents without a mention are counted as read and as ruled.
    if let Some(read) = first_and_last(session, &key, false)? {
        found = Days {
            first: found.first.min(read.first),
            last: found.last.max(read.last),
        };
    }
    Ok(Some(found))
}

/// The first and the last day of a key: periods sort as texts, a year before its months before their days.
fn first_and_last(session: &mut dyn Session, key: &CountKey, ruled: bool) -> Result<Option<Days>, StoreError> {
    let [documents, ..] = columns(ruled);
    let base = format!(
        "SELECT period FROM counts WHERE dimension = $1 AND value = $2 AND kind = $3 AND speaker = $4 AND period > $5
         AND {documents} > 0 ORDER BY period"
    );
    let values: [Value; 5] = [
        key.dimension.word().into(),
        (&key.value).into(),
        (&key.kind).into(),
        (&key.speaker).into(),
        EVER.into(),
    ];
    let mut day = |end: &str| {
        let row = session.row(&format!("{base} {end}"), &values)?;
        let day = row.map(|row| row.text(0)).transpose()?;
        Ok::<_, StoreError>(day.and_then(|day| day.parse().ok()))
    };
    let first = day("LIMIT 1 OFFSET 2")?;
    let last = day("DESC LIMIT 1")?;
    Ok(first.zip(last).map(|(first, last)| Days { first, last }))
}

/// The periods that make up the asked days, as far as there are documents; `None` where there is none.
fn periods(session: &mut dyn Session, asked: Option<Days>) -> Result<Option<Vec<String>>, StoreError> {
    let Some(asked) = asked else {
        return Ok(Some(vec![EVER.to_owned()]));
    };
    let all = days(session)?;
    Ok(all.and_then(|all| asked.within(all)).map(Days::periods))
}

pub fn totals(session: &mut dyn Session, query: &TotalsQuery) -> Result<Vec<(String, Counts)>, StoreError> {
    let Some(periods) = periods(session, query.days)? else {
        return Ok(Vec::new());
    };
    let mut values: Vec<Value> = vec![query.dimension.word().into()];
    let mut sql = String::from("dimension = $1");
    let mut add = |column: &str, value: &str| {
        // The indexes of types and speakers are those of the rows without a speaker, and with one.
        if value.is_empty() {
            sql.push_str(&format!(" AND {column} = ''"));
            return;
        }
        values.push(value.to_owned().into());
        sql.push_str(&format!(" AND {column} = ${}", values.len()));
    };
    if let Some(value) = &query.value {
        add("value", value);
    }
    let (column, table) = match query.by {
        SumsBy::Value => {
            add("kind", &query.kind);
            add("speaker", &query.speaker);
            ("value", session.by_index("counts", "counts_period"))
        }
        SumsBy::Kind => {
            add("speaker", &query.speaker);
            // In the words of the index.
            sql.push_str(match query.speaker.is_empty() {
                true => " AND kind > ''",
                false => " AND speaker > '' AND kind > ''",
            });
            let index = if query.speaker.is_empty() {
                "counts_kinds"
            } else {
                "counts_speakers"
            };
            ("kind", session.by_index("counts", index))
        }
        SumsBy::Speaker => {
            add("kind", &query.kind);
            sql.push_str(" AND speaker > ''");
            ("speaker", session.by_index("counts", "counts_speakers"))
        }
    };
    let at = values.len() + 1;
    let in_periods = match <[String; 1]>::try_from(periods) {
        Ok([period]) => {
            values.push(period.into());
            format!("period = ${at}")
        }
        Err(periods) => {
            values.push(periods.into());
            session.is_one_of_words("period", at)
        }
    };
    let sql = format!(
        "SELECT {column}, {} FROM {table} WHERE {sql} AND {in_periods} GROUP BY {column} ORDER BY {column}",
        sums(query.ruled)
    );
    let rows = session.query(&sql, &values)?;
    let rows = rows.iter().map(|row| Ok((row.text(0)?, counts(row, 1)?)));
    let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(rows.into_iter().filter(|(_, counts)| !counts.is_zero()).collect())
}

pub fn places(
    session: &mut dyn Session,
    book: &Book,
    ruled: bool,
    days: Option<Days>,
) -> Result<Vec<PlaceTotal>, StoreError> {
    let [documents, mentions, claims, killed] = columns(ruled);
    // The first period after '*' is a year, then comes its first month, then its first day; the greatest is a day.
    let day = |end: &str| {
        format!(
            "(SELECT d.period FROM counts d WHERE d.dimension = 'place' AND d.value = c.value AND d.kind = ''
             AND d.speaker = '' AND d.period > '*' AND d.{mentions} > 0 ORDER BY d.period {end})"
        )
    };
    let sql = format!(
        "SELECT c.value, c.{documents}, c.{mentions}, c.{claims}, c.{killed}, {}, {} FROM counts c
         WHERE c.dimension = 'place' AND c.kind = '' AND c.speaker = '' AND c.period = '*' AND c.{mentions} > 0
         ORDER BY c.value",
        day("LIMIT 1 OFFSET 2"),
        day("DESC LIMIT 1")
    );
    let within = match days {
        None => None,
        Some(_) => {
            let query = TotalsQuery {
                days,
                ruled,
                ..TotalsQuery::of(Dimension::Place)
            };
            let totals: FxHashMap<String, Counts> = totals(session, &query)?.into_iter().collect();
            Some(totals)
        }
    };
    let mut places = Vec::new();
    for row in session.query(&sql, &[])? {
        let id = row.text(0)?;
        let days = [row.optional_text(5)?, row.optional_text(6)?].map(|day| day.and_then(|day| day.parse().ok()));
        let days = days[0].zip(days[1]).map(|(first, last)| Days { first, last });
        let found = match &within {
            None => counts(&row, 1)?,
            // Rows without a date are in no period.
            Some(within) => within.get(&id).copied().unwrap_or_default(),
        };
        // A place whose row is damaged is not drawn; see `Store::damaged_places`.
        if let (true, Ok(Some(place))) = (found.mentions > 0, book.named(&id)) {
            places.push(PlaceTotal {
                place,
                counts: found,
                days,
            });
        }
    }
    Ok(places)
}

pub fn series(session: &mut dyn Session, query: &SeriesQuery) -> Result<Vec<(String, Counts)>, StoreError> {
    let key = &query.key;
    let mut values: Vec<Value> = vec![
        key.dimension.word().into(),
        (&key.kind).into(),
        (&key.speaker).into(),
        query.letters.into(),
    ];
    let of_value = match query.values.is_empty() {
        true => {
            values.push((&key.value).into());
            "value = $5".to_owned()
        }
        false => {
            values.push(query.values.clone().into());
            session.is_one_of_words("value", 5)
        }
    };
    let next = values.len() + 1;
    let span = match (query.letters, steps(session, query)?) {
        // Documents without a date.
        (0, _) => "period = ''".to_owned(),
        (_, Some(steps)) => {
            values.push(steps.into());
            session.is_one_of_words("period", next)
        }
        (_, None) => match query.days {
            None => "period > '*'".to_owned(),
            Some(days) => {
                let [first, last] = [days.first, days.last].map(|day| day.to_string());
                let cut = |day: &str| day.get(..query.letters).unwrap_or_default().to_owned();
                values.extend([cut(&first).into(), cut(&last).into()]);
                format!("period >= ${next} AND period <= ${}", next + 1)
            }
        },
    };
    let sql = format!(
        "SELECT period, {} FROM counts WHERE dimension = $1 AND kind = $2 AND speaker = $3
         AND length(period) = CAST($4 AS INTEGER) AND {of_value} AND {span} GROUP BY period ORDER BY period",
        sums(query.ruled)
    );
    let rows = session.query(&sql, &values)?;
    let rows = rows.iter().map(|row| Ok((row.text(0)?, counts(row, 1)?)));
    let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(rows.into_iter().filter(|(_, counts)| !counts.is_zero()).collect())
}

/// The months or years of a series, where they are few: between two of them are the rows of all their days. `None` for days.
fn steps(session: &mut dyn Session, query: &SeriesQuery) -> Result<Option<Vec<String>>, StoreError> {
    /// More years than these are read with their days.
    const MAX_YEARS: i16 = 200;
    if !matches!(query.letters, 4 | 7) {
        return Ok(None);
    }
    let all = days(session)?;
    let Some(span) = all.and_then(|all| query.days.map_or(Some(all), |asked| asked.within(all))) else {
        return Ok(Some(Vec::new()));
    };
    let years = span.first.year()..=span.last.year();
    if span.last.year() - span.first.year() > MAX_YEARS {
        return Ok(None);
    }
    let [first, last] = [span.first, span.last].map(|day| day.to_string());
    let within = |step: &String| **step >= first[..query.letters] && **step <= last[..query.letters];
    let steps = years.flat_map(|year| {
        let months = if query.letters == 7 { 1..=12 } else { 0..=0 };
        months.map(move |month| match month {
            0 => format!("{year:04}"),
            month => format!("{year:04}-{month:02}"),
        })
    });
    Ok(Some(steps.filter(within).collect()))
}
