//! The number of documents that fit a query, from the counts where they have it.

use super::{Book, FindQuery, Session, StoreError, TotalsQuery, find, totals};
use crate::layers::{Dimension, Units, cut};

/// Limit of documents that are counted one by one for a total.
const COUNTED: i64 = 20_000;

/// How many documents fit. `None` where their texts would have to be read, or more than [`COUNTED`] rows, since no counts are
/// kept for the filters together.
pub fn count(
    session: &mut dyn Session,
    book: &Book,
    units: &Units,
    query: &FindQuery,
) -> Result<Option<u64>, StoreError> {
    if query.reads_texts() {
        return Ok(None);
    }
    if totals::unfinished(session)?.is_some() {
        return Ok(None);
    }
    if query.question.is_none()
        && query.min_confidence.is_none()
        && let Some(totals) = totals_of(query)
    {
        return Ok(Some(documents(session, &totals)?.unsigned_abs()));
    }
    if least(session, query)? > COUNTED {
        return Ok(None);
    }
    let numbers = find::numbers(session, book, units, query, None, usize::MAX)?;
    Ok(Some(numbers.len() as u64))
}

/// The counts that have the number of documents of a query; `None` where none are kept for its filters together.
fn totals_of(query: &FindQuery) -> Option<TotalsQuery> {
    let dimensions = [
        (&query.place, Dimension::Place),
        (&query.unit, Dimension::Unit),
        (&query.language, Dimension::Language),
        (&query.publisher, Dimension::Publisher),
    ];
    let mut given = dimensions
        .into_iter()
        .filter_map(|(value, dimension)| Some((value.as_deref()?, dimension)));
    let first = given.next();
    let says = query.kind.is_some() || query.speaker.is_some();
    // A claim of a document need not be about each of its places.
    if given.next().is_some() || (first.is_some() && says) {
        return None;
    }
    let (value, dimension) = first.unwrap_or(("", Dimension::All));
    let speaker = query.speaker.as_deref().unwrap_or_default();
    // Words beyond the limit are not in the counts.
    if cut(value) != value || cut(speaker) != speaker {
        return None;
    }
    Some(TotalsQuery {
        value: Some(value.to_owned()),
        kind: query.kind.clone().unwrap_or_default(),
        speaker: speaker.to_owned(),
        days: query.days,
        ..TotalsQuery::of(dimension)
    })
}

fn documents(session: &mut dyn Session, query: &TotalsQuery) -> Result<i64, StoreError> {
    let totals = totals::totals(session, query)?;
    Ok(totals.iter().map(|(_, counts)| counts.documents).sum::<i64>().max(0))
}

/// The least number of documents that one of the filters alone leaves, counted up to the limit and one more.
fn least(session: &mut dyn Session, query: &FindQuery) -> Result<i64, StoreError> {
    let alone = FindQuery {
        days: query.days,
        ..FindQuery::default()
    };
    let filters = [
        FindQuery {
            place: query.place.clone(),
            ..alone.clone()
        },
        FindQuery {
            unit: query.unit.clone(),
            ..alone.clone()
        },
        FindQuery {
            language: query.language.clone(),
            ..alone.clone()
        },
        FindQuery {
            publisher: query.publisher.clone(),
            ..alone.clone()
        },
        FindQuery {
            kind: query.kind.clone(),
            speaker: query.speaker.clone(),
            ..alone
        },
    ];
    let mut least = i64::MAX;
    for totals in filters.iter().filter_map(totals_of) {
        least = least.min(documents(session, &totals)?);
    }
    if let Some(question) = query.question.as_ref().filter(|_| least > COUNTED) {
        let words = session.with_words(1, question);
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} LIMIT {}) AS first",
            words.alone,
            words.condition,
            COUNTED + 1
        );
        let row = session.row(&sql, &[words.value])?;
        least = least.min(row.map_or(Ok(0), |row| row.int(0))?);
    }
    Ok(least)
}
