//! Rows in the order of an indexed field, from any row on: the cost of a page depends only on its number of rows.

use super::{Book, RowPage, Session, StoreError};
use crate::{
    layers::{LayerKind, cut},
    store::{
        query::{SortField, SortedQuery, SortedRow},
        session::{Row, Value},
    },
};

/// A table whose rows can be sorted.
struct Table {
    from: &'static str,
    /// The number of the document and the ordinal in it.
    position: [&'static str; 2],
    field: String,
    /// Condition that the field has a value, as the index has it.
    present: String,
    /// Condition that every row fulfils.
    always: &'static str,
}

fn table(session: &dyn Session, query: &SortedQuery) -> Option<Table> {
    let claims = |field: &str| Table {
        from: "claims",
        position: ["document", "ordinal"],
        field: field.to_owned(),
        present: format!("{field} IS NOT NULL"),
        always: "0 = 0",
    };
    Some(match (query.layer.as_str(), query.field) {
        ("claims", SortField::Published) => claims("published"),
        ("claims", SortField::Kind) => claims("kind"),
        // The index has the first 200 characters: longer speakers with the same beginning come in the order of arrival.
        ("claims", SortField::Speaker) => Table {
            field: session.bytewise("substr(speaker, 1, 200)"),
            present: "speaker IS NOT NULL".to_owned(),
            ..claims("speaker")
        },
        ("mentions", SortField::Published) if query.ruled => Table {
            from: "mentions",
            position: ["document", "ordinal"],
            field: "published".to_owned(),
            present: "published IS NOT NULL".to_owned(),
            always: "shown IS NOT NULL",
        },
        ("documents", SortField::Published) => Table {
            from: "documents",
            position: ["number", "0"],
            field: session.bytewise("published"),
            present: "published IS NOT NULL".to_owned(),
            always: "0 = 0",
        },
        _ => return None,
    })
}

/// The position before the row at the offset of a query; `None` beyond the last row. Only the index is read: first the value
/// at the offset, then the number of rows before that value.
fn before_offset(
    session: &mut dyn Session,
    table: &Table,
    query: &SortedQuery,
) -> Result<Option<(Option<String>, i64, i64)>, StoreError> {
    let (field, from, always, present) = (&table.field, table.from, table.always, &table.present);
    let mut values: Vec<Value> = Vec::new();
    let narrowed = narrowing(session, query, &mut values);
    let order = if query.descending { "DESC" } else { "ASC" };
    let offset = values.len() + 1;
    values.push(query.skip.min(1 << 40).into());
    let sql = format!(
        "SELECT {field} FROM {from} WHERE {always} AND {present}{narrowed} ORDER BY {field} {order} LIMIT 1 OFFSET ${offset}"
    );
    let value = session.row(&sql, &values)?.map(|row| row.text(0)).transpose()?;
    let mut values: Vec<Value> = Vec::new();
    let before = match &value {
        // Rows without a value come last.
        None => String::new(),
        Some(value) => {
            values.push(value.into());
            format!(" AND {field} {} $1", if query.descending { ">" } else { "<" })
        }
    };
    let narrowed = narrowing(session, query, &mut values);
    let sql = format!("SELECT count(*) FROM {from} WHERE {always} AND {present}{before}{narrowed}");
    let row = session.row(&sql, &values)?;
    let before = row.map_or(Ok(0), |row| row.size(0))?;
    let rest = query.skip.saturating_sub(before);
    if rest == 0 {
        return Ok(Some((value, -1, -1)));
    }
    let span = Span {
        skip: rest - 1,
        limit: 1,
    };
    let last = match &value {
        Some(value) => of_value(session, table, query, value, (-1, -1), span)?,
        None => undated(session, table, query, None, span)?,
    };
    Ok(last.into_iter().next())
}

/// The rows of a page with the ids of their documents. `None` where no index has the order.
pub fn page(
    session: &mut dyn Session,
    _book: &Book,
    query: &SortedQuery,
) -> Result<Option<RowPage<SortedRow>>, StoreError> {
    let Some(table) = table(&*session, query) else {
        return Ok(None);
    };
    let mut rows: Vec<(Option<String>, i64, i64)> = Vec::new();
    let mut after = query
        .after
        .clone()
        .map(|(value, number, ordinal)| (value, number, i64::from(ordinal)));
    let skip = match &after {
        None if query.skip > 0 => {
            after = before_offset(session, &table, query)?;
            if after.is_none() {
                return Ok(Some(RowPage::default()));
            }
            0
        }
        _ => query.skip,
    };
    let wanted = skip.saturating_add(query.limit);
    // Rows of one value come in order of arrival, whichever way the values go.
    while rows.len() < wanted {
        let some = match (&after, query.descending) {
            (Some((None, number, ordinal)), _) => undated(
                session,
                &table,
                query,
                Some((*number, *ordinal)),
                Span::first(wanted - rows.len()),
            )?,
            (_, false) => ascending(session, &table, query, after.as_ref(), wanted - rows.len())?,
            (_, true) => descending(session, &table, query, after.as_ref(), wanted - rows.len())?,
        };
        let is_at_end = matches!(after, Some((None, ..))) || (some.is_empty() && matches!(&after, Some((None, ..))));
        match some.last() {
            Some(last) => after = Some(last.clone()),
            // After the last value come the rows without one.
            None if !is_at_end => {
                let some = undated(session, &table, query, None, Span::first(wanted - rows.len()))?;
                let last = some.last().cloned();
                rows.extend(some);
                match last {
                    Some(last) => after = Some(last),
                    None => break,
                }
                continue;
            }
            None => break,
        }
        rows.extend(some);
    }
    let is_full = rows.len() >= wanted;
    let rows: Vec<_> = rows.into_iter().skip(skip).collect();
    let mut page = RowPage {
        next: rows
            .last()
            .filter(|_| is_full)
            .map(|(_, number, ordinal)| (*number, *ordinal as u32)),
        ..RowPage::default()
    };
    for (value, number, ordinal) in rows {
        let row = session.row("SELECT id FROM documents WHERE number = $1", &[number.into()])?;
        match row.map(|row| row.text(0)) {
            Some(Ok(document)) => page.rows.push(SortedRow {
                document,
                number,
                ordinal: ordinal as u32,
                value,
            }),
            _ => page.damaged += 1,
        }
    }
    Ok(Some(page))
}

type Found = Vec<(Option<String>, i64, i64)>;

/// Conditions of the question beside the order.
fn narrowing<'q>(session: &dyn Session, query: &'q SortedQuery, values: &mut Vec<Value<'q>>) -> String {
    let mut sql = String::new();
    if let Some(days) = query.days {
        // Dates as texts sort in the order of their days, whatever their time and offset.
        let next = days
            .last
            .tomorrow()
            .map_or_else(|_| "A".to_owned(), |next| next.to_string());
        values.extend([days.first.to_string().into(), next.into()]);
        let last = values.len();
        let dated = format!("published >= ${} AND published < ${last}", last - 1);
        sql.push_str(&match query.field {
            SortField::Published => format!(" AND {dated}"),
            _ => format!(" AND (published IS NULL OR ({dated}))"),
        });
    }
    if LayerKind::of(&query.layer) == LayerKind::Claims {
        if let Some(kind) = &query.kind {
            values.push(kind.into());
            sql.push_str(&format!(" AND kind = ${}", values.len()));
        }
        if let Some(speaker) = &query.speaker {
            values.push(cut(speaker).into());
            let begins = session.bytewise("substr(speaker, 1, 200)");
            sql.push_str(&format!(" AND {begins} = ${}", values.len()));
            values.push(speaker.into());
            sql.push_str(&format!(" AND speaker = ${}", values.len()));
        }
    }
    sql
}

/// Rows to read of a selection.
#[derive(Clone, Copy)]
struct Span {
    /// So many are passed over first.
    skip: usize,
    /// At most so many.
    limit: usize,
}

impl Span {
    fn first(limit: usize) -> Self {
        Self { skip: 0, limit }
    }
}

fn select(
    session: &mut dyn Session,
    table: &Table,
    condition: &str,
    order: &str,
    mut values: Vec<Value<'_>>,
    span: Span,
) -> Result<Found, StoreError> {
    let [number, ordinal] = table.position;
    let (field, from, always) = (&table.field, table.from, table.always);
    values.push(span.limit.min(1 << 31).into());
    let limit = values.len();
    let mut offset = String::new();
    if span.skip > 0 {
        values.push(span.skip.min(1 << 40).into());
        offset = format!(" OFFSET ${}", values.len());
    }
    let sql = format!(
        "SELECT {field}, {number}, {ordinal} FROM {from} WHERE {always} AND {condition} ORDER BY {order} LIMIT ${limit}{offset}"
    );
    let row = |row: &Row| Ok((row.optional_text(0)?, row.int(1)?, row.int(2)?));
    session.query(&sql, &values)?.iter().map(row).collect()
}

fn ascending(
    session: &mut dyn Session,
    table: &Table,
    query: &SortedQuery,
    after: Option<&(Option<String>, i64, i64)>,
    limit: usize,
) -> Result<Found, StoreError> {
    let [number, ordinal] = table.position;
    let field = &table.field;
    let mut values: Vec<Value> = Vec::new();
    let place = match after {
        Some((Some(value), after_number, after_ordinal)) => {
            values.extend([value.into(), (*after_number).into(), (*after_ordinal).into()]);
            match ordinal {
                "0" => format!("({field}, {number}) > ($1, $2) AND CAST($3 AS BIGINT) >= 0"),
                _ => format!("({field}, {number}, {ordinal}) > ($1, $2, $3)"),
            }
        }
        _ => table.present.clone(),
    };
    let condition = format!(
        "{place} AND {}{}",
        table.present,
        narrowing(session, query, &mut values)
    );
    let order = match ordinal {
        "0" => format!("{field}, {number}"),
        _ => format!("{field}, {number}, {ordinal}"),
    };
    select(session, table, &condition, &order, values, Span::first(limit))
}

/// The rest of the rows of one value, or the rows of the next smaller one.
fn descending(
    session: &mut dyn Session,
    table: &Table,
    query: &SortedQuery,
    after: Option<&(Option<String>, i64, i64)>,
    limit: usize,
) -> Result<Found, StoreError> {
    if let Some((Some(value), number, ordinal)) = after {
        let rest = of_value(session, table, query, value, (*number, *ordinal), Span::first(limit))?;
        if !rest.is_empty() {
            return Ok(rest);
        }
    }
    let field = &table.field;
    let mut values: Vec<Value> = Vec::new();
    let below = match after {
        Some((Some(value), ..)) => {
            values.push(value.into());
            format!("{field} < $1")
        }
        _ => table.present.clone(),
    };
    let condition = format!(
        "{below} AND {}{}",
        table.present,
        narrowing(session, query, &mut values)
    );
    let next = select(
        session,
        table,
        &condition,
        &format!("{field} DESC"),
        values,
        Span::first(1),
    )?;
    match next.into_iter().next() {
        Some((Some(value), ..)) => of_value(session, table, query, &value, (-1, -1), Span::first(limit)),
        _ => Ok(Vec::new()),
    }
}

fn of_value(
    session: &mut dyn Session,
    table: &Table,
    query: &SortedQuery,
    value: &str,
    (number, ordinal): (i64, i64),
    span: Span,
) -> Result<Found, StoreError> {
    let mut values: Vec<Value> = vec![value.into()];
    let after = beyond(table, &mut values, (number, ordinal));
    let condition = format!(
        "{} = $1 AND {} AND {after}{}",
        table.field,
        table.present,
        narrowing(session, query, &mut values)
    );
    select(session, table, &condition, &arrival(table), values, span)
}

fn undated(
    session: &mut dyn Session,
    table: &Table,
    query: &SortedQuery,
    after: Option<(i64, i64)>,
    span: Span,
) -> Result<Found, StoreError> {
    // Rows without a date are part of every period.
    let everywhen = SortedQuery {
        days: if query.field == SortField::Published {
            None
        } else {
            query.days
        },
        ..query.clone()
    };
    let mut values: Vec<Value> = Vec::new();
    let after = beyond(table, &mut values, after.unwrap_or((-1, -1)));
    let condition = format!(
        "{} IS NULL AND {after}{}",
        table.field,
        narrowing(session, &everywhen, &mut values)
    );
    select(session, table, &condition, &arrival(table), values, span)
}

/// The condition that a row came after one.
fn beyond(table: &Table, values: &mut Vec<Value<'_>>, (after_number, after_ordinal): (i64, i64)) -> String {
    let [number, ordinal] = table.position;
    values.push(after_number.into());
    let first = values.len();
    match ordinal {
        "0" => format!("{number} > ${first}"),
        _ => {
            values.push(after_ordinal.into());
            format!("({number}, {ordinal}) > (${first}, ${})", first + 1)
        }
    }
}

/// The order of arrival.
fn arrival(table: &Table) -> String {
    let [number, ordinal] = table.position;
    match ordinal {
        "0" => number.to_owned(),
        _ => format!("{number}, {ordinal}"),
    }
}
