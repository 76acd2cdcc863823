//! Finds documents by their words, by their claims and mentions, and by their source.

use super::{Book, Damaged, FindQuery, Found, Order, Session, StoreError, conditions::are_few, read};
use crate::{
    layers::{Units, cut},
    store::session::Value,
};

/// Fewer documents than these are listed first; more are met on the way through the documents in order.
const FEW: i64 = 20_000;

/// A condition on a document `d`, with its values. `{n}` is replaced by the parameter of value `n`.
struct Condition<'q> {
    /// Rows with the number of a document, in a column of this name.
    column: &'static str,
    /// SQL that selects the rows, without the condition on their document.
    rows: String,
    /// The same for the rows of one document, in a form that keeps the database from reading the index of all.
    rows_of_one: String,
    values: Vec<Value<'q>>,
}

pub fn find(session: &mut dyn Session, book: &Book, units: &Units, query: &FindQuery) -> Result<Found, StoreError> {
    let mut found = Found::default();
    let mut after = query.after;
    let mut looked_at = 0;
    loop {
        let wanted = query.limit - found.documents.len() - found.damaged.len();
        let numbers = numbers(session, book, units, query, after, wanted)?;
        let is_last = numbers.len() < wanted;
        for number in numbers {
            after = Some(number);
            looked_at += 1;
            match read::numbered(session, book, number) {
                Ok(None) => {}
                Ok(Some(stored)) => {
                    if query.is_worded(&stored.read) {
                        found.documents.push(stored);
                    }
                }
                Err(StoreError::Damaged { document, cause }) => found.damaged.push(Damaged {
                    number,
                    id: document,
                    cause,
                }),
                Err(other) => return Err(other),
            }
        }
        let is_full = found.documents.len() + found.damaged.len() >= query.limit;
        found.next = after.filter(|_| !is_last);
        if is_last || is_full || looked_at >= query.looked_at {
            return Ok(found);
        }
    }
}

/// The numbers of the next documents.
pub fn numbers(
    session: &mut dyn Session,
    book: &Book,
    units: &Units,
    query: &FindQuery,
    after: Option<i64>,
    limit: usize,
) -> Result<Vec<i64>, StoreError> {
    let (sign, direction, first) = match query.order {
        Order::Newest => ("<", "DESC", i64::from(i32::MAX)),
        Order::Arrival => (">", "ASC", 0),
    };
    let mut values: Vec<Value> = vec![after.unwrap_or(first).into()];
    let words = query.question.as_ref().map(|question| session.with_words(2, question));
    let (from, number) = match &words {
        Some(words) => (words.from, words.number),
        None => ("documents d", "d.number"),
    };
    let mut all = vec![format!("{number} {sign} $1")];
    if let Some(words) = words {
        values.push(words.value);
        all.push(words.condition);
    }
    if let Some(language) = &query.language {
        values.push(language.into());
        all.push(format!("d.language = ${}", values.len()));
    }
    if let Some(publisher) = &query.publisher {
        values.push(cut(publisher).into());
        let begins = values.len();
        values.push(publisher.into());
        all.push(format!(
            "substr(d.publisher, 1, 200) = ${begins} AND d.publisher = ${}",
            values.len()
        ));
    }
    if let Some(days) = query.days {
        let rows = "SELECT number FROM documents WHERE day >= $1 AND day <= $2";
        let span = [days.first, days.last].map(|day| Value::from(day.to_string()));
        let is_listed = are_few(session, rows, &span)?;
        values.extend(span);
        let (first, last) = (values.len() - 1, values.len());
        all.push(match is_listed {
            true => format!("d.number IN (SELECT number FROM documents WHERE day >= ${first} AND day <= ${last})"),
            // A term that no index has: the documents are read in their order.
            false => format!("coalesce(d.day, '') >= ${first} AND coalesce(d.day, '') <= ${last}"),
        });
    }
    for condition in said(session, book, units, query)? {
        all.push(joined(session, condition, &mut values)?);
    }
    values.push(limit.min(1 << 31).into());
    let sql = format!(
        "SELECT d.number FROM {from} WHERE {} ORDER BY {number} {direction} LIMIT ${}",
        all.join(" AND "),
        values.len()
    );
    session.query(&sql, &values)?.iter().map(|row| row.int(0)).collect()
}

/// Conditions on the mentions and claims of a document.
fn said<'q>(
    session: &mut dyn Session,
    book: &Book,
    units: &Units,
    query: &'q FindQuery,
) -> Result<Vec<Condition<'q>>, StoreError> {
    let mut conditions = Vec::new();
    match (&query.kind, &query.speaker) {
        (None, None) => {}
        (Some(kind), None) => conditions.push(Condition {
            column: "document",
            rows: "FROM claims WHERE kind = {0}".to_owned(),
            rows_of_one: "FROM claims WHERE coalesce(kind, '') = {0}".to_owned(),
            values: vec![kind.into()],
        }),
        (kind, Some(speaker)) => {
            let begins = session.bytewise("substr(speaker, 1, 200)");
            let mut rows = format!("FROM claims WHERE {begins} = {{0}} AND speaker = {{1}}");
            let mut values: Vec<Value> = vec![cut(speaker).into(), speaker.into()];
            let mut rows_of_one =
                "FROM claims WHERE coalesce(substr(speaker, 1, 200), '') = {0} AND speaker = {1}".to_owned();
            if let Some(kind) = kind {
                rows.push_str(" AND kind = {2}");
                rows_of_one.push_str(" AND coalesce(kind, '') = {2}");
                values.push(kind.into());
            }
            conditions.push(Condition {
                column: "document",
                rows,
                rows_of_one,
                values,
            });
        }
    }
    // The plus excludes the index of a column.
    let at = |keys: Vec<i64>| {
        let shown = |column| {
            format!(
                "FROM mentions WHERE {}",
                session.is_one_of(column, 0).replace("$0", "{0}")
            )
        };
        let (mut rows, mut rows_of_one) = (shown("shown"), shown("+shown"));
        let mut values: Vec<Value> = vec![keys.into()];
        if let Some(least) = query.min_confidence {
            rows.push_str(" AND +confidence >= {1}");
            rows_of_one.push_str(" AND +confidence >= {1}");
            values.push(least.into());
        }
        Condition {
            column: "document",
            rows,
            rows_of_one,
            values,
        }
    };
    if let (Some(least), None, None) = (query.min_confidence, &query.place, &query.unit) {
        conditions.push(Condition {
            column: "document",
            rows: "FROM mentions WHERE shown IS NOT NULL AND confidence >= {0}".to_owned(),
            rows_of_one: "FROM mentions WHERE shown IS NOT NULL AND +confidence >= {0}".to_owned(),
            values: vec![least.into()],
        });
    }
    if let Some(place) = &query.place {
        conditions.push(at(book.key(place).into_iter().collect()));
    }
    if let Some(unit) = &query.unit {
        let inside = book
            .drawn()
            .filter(|(_, place)| units.holding(&place.id).contains(unit));
        let mut keys: Vec<i64> = inside.map(|(key, _)| key).collect();
        keys.sort_unstable();
        conditions.push(at(keys));
    }
    Ok(conditions)
}

/// A condition in the way that is quick: few rows are listed first, many are met soon in order.
fn joined<'q>(
    session: &mut dyn Session,
    condition: Condition<'q>,
    values: &mut Vec<Value<'q>>,
) -> Result<String, StoreError> {
    let numbered = |rows: &str, first: usize| {
        let places = condition.values.iter().enumerate();
        places.fold(rows.to_owned(), |rows, (at, _)| {
            rows.replace(&format!("{{{at}}}"), &format!("${}", first + at))
        })
    };
    let listed = numbered(&condition.rows, 1);
    let count = format!("SELECT count(*) FROM (SELECT 1 {listed} LIMIT {FEW}) AS first");
    let few = session.row(&count, &condition.values)?;
    let few = few.map_or(Ok(0), |row| row.int(0))? < FEW;
    let first = values.len() + 1;
    let column = condition.column;
    let joined = match few {
        true => format!("d.number IN (SELECT {column} {})", numbered(&condition.rows, first)),
        false => format!(
            "EXISTS (SELECT 1 {} AND {column} = d.number)",
            numbered(&condition.rows_of_one, first)
        ),
    };
    values.extend(condition.values);
    Ok(joined)
}
