//! Claims in the order of arrival, narrowed by date, type, speaker and area.

use super::{
    Book, ClaimRow, RowPage, Session, StoreError, claim_units,
    conditions::{Conditions, SORTED, are_few, bounds, holds, limit},
    read::{filled, offsets, position},
};
use crate::{
    geoparse::Part,
    layers::cut,
    store::{
        Area, ClaimQuery,
        session::{Row, Value},
    },
};
use rustc_hash::FxHashMap;

/// A date within a span, or none, in a form that keeps the database from reading an index of dates.
const UNLISTED: &str = "coalesce(c.published, ?) >= ? AND coalesce(c.published, '') < ?";

pub fn page(session: &mut dyn Session, book: &Book, query: &ClaimQuery) -> Result<RowPage<ClaimRow>, StoreError> {
    let mut conditions = Conditions::default();
    let from = narrow(session, query, &mut conditions)?;
    if let Some(area) = &query.area
        && claim_units::unplaced(session)? == 0
    {
        narrow_by_area(session, book, area, &mut conditions)?;
    }
    let (number, ordinal) = query.after;
    conditions.add(
        "(c.document, c.ordinal) > (?, ?)",
        [number.into(), i64::from(ordinal).into()],
    );
    if query.skip > 0 {
        let skip = limit(query.skip - 1);
        let at = conditions.value(skip);
        let sql = format!(
            "SELECT c.document, c.ordinal FROM {from} WHERE {} ORDER BY c.document, c.ordinal LIMIT 1 OFFSET ${at}",
            conditions.sql.join(" AND ")
        );
        let Some(row) = session.row(&sql, &conditions.values)? else {
            return Ok(RowPage::default());
        };
        let after = position(&row, 0)?;
        let rest = ClaimQuery {
            after,
            skip: 0,
            ..query.clone()
        };
        return page(session, book, &rest);
    }
    let limited = conditions.value(limit(query.limit));
    // Positions alone are sorted.
    let sql = format!(
        "SELECT d.id, c.document, c.ordinal, c.kind, c.status, c.byte_start, c.byte_end, c.cp_start, c.cp_end,
         c.utf16_start, c.utf16_end, c.speaker, d.day FROM (
         SELECT c.document, c.ordinal FROM {from} WHERE {} ORDER BY c.document, c.ordinal LIMIT ${limited}) AS f
         CROSS JOIN claims c JOIN documents d ON d.number = c.document
         WHERE c.document = f.document AND c.ordinal = f.ordinal ORDER BY f.document, f.ordinal",
        conditions.sql.join(" AND "),
    );
    let rows = session.query(&sql, &conditions.values)?;
    let mut page = filled(&rows, query.limit, claim)?;
    add_places(session, book, &mut page)?;
    Ok(page)
}

/// Adds the conditions on date, type and speaker; returns the tables. Where an index lists few claims these come first, else
/// the claims are read in their order, from which an index of dates or types would lead away.
fn narrow<'q>(
    session: &mut dyn Session,
    query: &'q ClaimQuery,
    conditions: &mut Conditions<'q>,
) -> Result<String, StoreError> {
    let mut every: Vec<String> = Vec::new();
    let mut listed = Conditions::default();
    if let Some(speaker) = &query.speaker {
        let begins = session.bytewise("substr(speaker, 1, 200)");
        every.push(listed.fill(
            &format!("{begins} = ? AND speaker = ?"),
            [cut(speaker).into(), speaker.into()],
        ));
    }
    if let Some(kind) = &query.kind {
        every.push(listed.fill("kind = ?", [kind.into()]));
    }
    let dated = query.days.map(|days| {
        let [first, next] = bounds(days);
        listed.fill("published >= ? AND published < ?", [first.into(), next.into()])
    });
    if listed.values.is_empty() {
        return Ok("claims c".to_owned());
    }
    let select = |last: Option<String>| {
        let all: Vec<String> = every.iter().cloned().chain(last).collect();
        format!("SELECT document, ordinal FROM claims WHERE {}", all.join(" AND "))
    };
    let rows = match dated {
        None => select(None),
        // A claim without a date is part of every period.
        Some(dated) => format!(
            "{} UNION ALL {}",
            select(Some(dated)),
            select(Some("published IS NULL".to_owned()))
        ),
    };
    if are_few(session, &rows, &listed.values)? {
        conditions.values = listed.values;
        // Sorted first, so that the other conditions are looked at until the page is full. The limit is not reached.
        return Ok(format!(
            "(SELECT document, ordinal FROM ({rows}) AS listed ORDER BY document, ordinal LIMIT {SORTED}) AS c"
        ));
    }
    if let Some(speaker) = &query.speaker {
        let begins = session.bytewise("substr(c.speaker, 1, 200)");
        conditions.add(
            &format!("{begins} = ? AND c.speaker = ?"),
            [cut(speaker).into(), speaker.into()],
        );
    }
    // A term that no index has.
    if let Some(kind) = &query.kind {
        conditions.add("coalesce(c.kind, '') = ?", [kind.into()]);
    }
    if let Some(days) = query.days {
        let [first, next] = bounds(days);
        conditions.add(UNLISTED, [first.clone().into(), first.into(), next.into()]);
    }
    Ok("claims c".to_owned())
}

/// Adds the condition that the document has a mention or a claim in an area. Where few documents have one, their claims are
/// read; else the claims are read in their order.
fn narrow_by_area<'q>(
    session: &mut dyn Session,
    book: &Book,
    area: &'q Area,
    conditions: &mut Conditions<'q>,
) -> Result<(), StoreError> {
    let mut keys: Vec<i64> = book
        .keyed()
        .filter(|(_, place)| holds(area.bbox, place.point))
        .map(|(key, _)| key)
        .chain(area.places.iter().filter_map(|id| book.key(id)))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let next = conditions.values.len() + 1;
    let listed = placed(session, "", "", [1, 2]);
    let first = placed(session, "", "", [next, next + 1]);
    let there = placed(session, "+", "{}.document = c.document AND ", [next, next + 1]);
    let values: [Value; 2] = [keys.into(), Value::Words(area.units.as_slice().into())];
    let few = are_few(session, &listed, &values)?;
    conditions.values.extend(values);
    conditions.sql.push(match few {
        // The limit is not reached: it keeps the database from looking for each claim in the list.
        true => format!("c.document IN (SELECT DISTINCT document FROM ({first}) AS placed LIMIT {SORTED})"),
        false => format!("EXISTS ({there})"),
    });
    Ok(())
}

/// SQL of the documents with a mention or a claim at places whose keys and unit ids are two parameters. A prefix of a plus
/// excludes the index of places; `{}` in the condition is replaced by the name of each table.
fn placed(session: &dyn Session, prefix: &str, condition: &str, [keys, units]: [usize; 2]) -> String {
    let of = |table: &str| condition.replace("{}", table);
    // A mention that was ruled counts at the place that the machine read, too: claims are asked for in both ways.
    format!(
        "SELECT m.document FROM mentions m WHERE {}{}
         UNION ALL SELECT m.document FROM mentions m WHERE {}m.ruled IS NOT NULL AND {}
         UNION ALL SELECT p.document FROM claim_places p WHERE {}{}
         UNION ALL SELECT u.document FROM claim_units u WHERE {}{}",
        of("m"),
        session.is_one_of(&format!("{prefix}m.shown"), keys),
        of("m"),
        session.is_one_of("+m.place", keys),
        of("p"),
        session.is_one_of(&format!("{prefix}p.place"), keys),
        of("u"),
        session.is_one_of_words("u.unit", units),
    )
}

/// Reads the places of the claims of a page.
fn add_places(session: &mut dyn Session, book: &Book, page: &mut RowPage<ClaimRow>) -> Result<(), StoreError> {
    let claims = &mut page.rows;
    let mut numbers: Vec<i64> = claims.iter().map(|claim| claim.number).collect();
    numbers.dedup();
    if numbers.is_empty() {
        return Ok(());
    }
    let mut at: FxHashMap<(i64, u32), usize> = FxHashMap::default();
    let keys = claims.iter().map(|claim| (claim.number, claim.ordinal));
    at.extend(keys.zip(0..));
    let sql = format!(
        "SELECT document, claim, place FROM claim_places WHERE {} ORDER BY document, claim, ordinal",
        session.is_one_of("document", 1)
    );
    for row in session.query(&sql, &[numbers.into()])? {
        if let Some(&at) = at.get(&position(&row, 0)?) {
            match book.get(row.int(2)?) {
                Ok(place) => claims[at].places.push(place.id.clone()),
                Err(_) => page.damaged += 1,
            }
        }
    }
    Ok(())
}

fn claim(row: &Row) -> Result<ClaimRow, StoreError> {
    let (number, ordinal) = position(row, 1)?;
    Ok(ClaimRow {
        document: row.text(0)?,
        number,
        ordinal,
        kind: row.word(3)?,
        status: row.text(4)?,
        part: Part::of_key([row.size(5)?, row.size(6)?]).0,
        offsets: offsets(row, 5)?,
        speaker: row.optional_text(11)?,
        places: Vec::new(),
        day: row.optional_text(12)?,
    })
}
