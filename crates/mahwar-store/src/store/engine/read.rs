//! Reading: documents, changes, drawn mentions, claims, counts.

use super::{
    Book, Changes, Counts, Damaged, DocumentPage, DocumentText, Kin, MentionQuery, MentionRow, Original, Page,
    PlaceDay, RowPage, Session, Source, StoreError, StoredDocument,
    conditions::{Conditions, are_few, bounds, holds, limit},
    deletions, edits, event_rulings, rulings, write,
};
use crate::{
    document::Document,
    geoparse::Part,
    layers::ReadDocument,
    store::{
        Change, Order,
        edit::EditState,
        packed::{decompress, unpack},
        session::{Row, Value},
    },
    text::Offsets,
};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Documents; the order of the columns is that of [`stored`].
pub const DOCUMENTS: &str = "SELECT d.number, d.version, d.added, d.id, d.sha256, d.title, d.language, d.source_url, \
     d.publisher, d.published, d.text, p.parse, o.media_type, x.details, e.edits, p.reader \
     FROM documents d LEFT JOIN parses p ON p.document = d.number LEFT JOIN originals o ON o.document = d.number \
     LEFT JOIN document_details x ON x.document = d.number LEFT JOIN edited e ON e.document = d.number";
/// Columns of a mention.
const MENTIONS: &str = "SELECT d.id, m.document, m.ordinal, m.quote, m.byte_start, m.byte_end, m.cp_start, m.cp_end, \
     m.utf16_start, m.utf16_end, m.reading, m.confidence, d.day, m.ruled, m.shown, m.place";

/// A document from its row, as every reader gets it.
///
/// # Errors
/// [`StoreError::Damaged`] if a column, the parse or a place of it cannot be read.
pub fn stored(row: &Row, book: &Book) -> Result<StoredDocument, StoreError> {
    parts(row, book).map_err(|error| StoreError::Damaged {
        document: name(row),
        cause: match error {
            StoreError::Broken(cause) => cause,
            other => other.to_string(),
        },
    })
}

/// The id of a document, or its number where the id cannot be read.
fn name(row: &Row) -> String {
    let number = || {
        row.int(0)
            .map_or_else(|_| "of no number".to_owned(), |number| format!("number {number}"))
    };
    row.text(3).unwrap_or_else(|_| number())
}

fn parts(row: &Row, book: &Book) -> Result<StoredDocument, StoreError> {
    let id = row.text(3)?;
    let text = row.text(10)?;
    let title = row.text(5)?;
    let mut parse = unpack(row.blob(11)?, &title, &text, &|id| book.named(id))?;
    if let Some(edits) = row.optional_text(14)? {
        EditState::read(&edits)?.apply(&mut parse, [&title, &text], &|id| book.named(id))?;
    }
    let document = Document {
        id,
        sha256: hex(row.blob(4)?),
        title,
        language: row.word(6)?,
        source_url: row.optional_text(7)?,
        publisher: row.optional_text(8)?,
        published: row.optional_text(9)?,
        text,
        // Details that cannot be read do not affect the rest.
        details: row
            .optional_text(13)?
            .and_then(|details| serde_json::from_str(&details).ok()),
    };
    Ok(StoredDocument {
        number: row.int(0)?,
        version: row.int(1)?,
        added: row.text(2)?,
        original: row.optional_text(12)?,
        reader: row.optional_int(15)?,
        read: ReadDocument { document, parse },
    })
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn document(session: &mut dyn Session, book: &Book, id: &str) -> Result<Option<StoredDocument>, StoreError> {
    let row = session.row(&format!("{DOCUMENTS} WHERE d.id = $1"), &[id.into()])?;
    row.map(|row| stored(&row, book)).transpose()
}

pub fn numbered(session: &mut dyn Session, book: &Book, number: i64) -> Result<Option<StoredDocument>, StoreError> {
    let row = session.row(&format!("{DOCUMENTS} WHERE d.number = $1"), &[number.into()])?;
    row.map(|row| stored(&row, book)).transpose()
}

pub fn text(session: &mut dyn Session, number: i64) -> Result<Option<DocumentText>, StoreError> {
    let sql = "SELECT id, text, sha256, title, published FROM documents WHERE number = $1";
    let damaged = |document: String, cause: String| StoreError::Damaged { document, cause };
    let row = session.row(sql, &[number.into()]).map_err(|error| match error {
        StoreError::Broken(cause) => damaged(format!("number {number}"), cause),
        other => other,
    })?;
    let Some(row) = row else { return Ok(None) };
    let id = row.text(0).unwrap_or_else(|_| format!("number {number}"));
    let text = row.text(1).map_err(|error| damaged(id.clone(), error.to_string()))?;
    match row.blob(2) {
        Ok(sha256) if sha256 == Sha256::digest(text.as_bytes()).as_slice() => Ok(Some(DocumentText {
            // A title that cannot be read, or that is only the beginning of the text, is not read with it.
            title: row.text(3).ok().filter(|title| Document::is_own_title(title, &text)),
            // A text without a date that can be read is read as one without a date.
            published: row.optional_text(4).ok().flatten(),
            id,
            text,
        })),
        _ => Err(damaged(
            id,
            "the text does not have the SHA-256 that it was stored with".to_owned(),
        )),
    }
}

pub fn number(session: &mut dyn Session, id: &str) -> Result<i64, StoreError> {
    let row = session.row("SELECT number FROM documents WHERE id = $1", &[id.into()])?;
    row.ok_or_else(|| StoreError::Missing(format!("document {id:?}")))?
        .int(0)
}

pub fn original(session: &mut dyn Session, id: &str) -> Result<Option<Original>, StoreError> {
    let row = session.row(
        "SELECT o.media_type, o.bytes FROM originals o JOIN documents d ON d.number = o.document WHERE d.id = $1",
        &[id.into()],
    )?;
    let original = row.map(|row| {
        Ok(Original {
            media_type: row.text(0)?,
            bytes: decompress(row.blob(1)?)?,
        })
    });
    original.transpose()
}

pub fn kin(session: &mut dyn Session, id: &str) -> Result<Kin, StoreError> {
    let sources = session.query(
        "SELECT s.source_url, s.publisher, s.published, s.added FROM document_sources s
         JOIN documents d ON d.number = s.document WHERE d.id = $1 ORDER BY s.ordinal",
        &[id.into()],
    )?;
    let same = session.query(
        "SELECT o.id FROM documents d JOIN documents o ON o.sha256 = d.sha256 AND o.number <> d.number
         WHERE d.id = $1 ORDER BY o.number LIMIT 100",
        &[id.into()],
    )?;
    let sources = sources.iter().map(|row| {
        Ok(Source {
            source_url: row.optional_text(0)?,
            publisher: row.optional_text(1)?,
            published: row.optional_text(2)?,
            added: row.text(3)?,
        })
    });
    Ok(Kin {
        sources: sources.collect::<Result<_, StoreError>>()?,
        same_text: same.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?,
    })
}

pub fn last_changes(session: &mut dyn Session, ids: &[String]) -> Result<Vec<(String, String)>, StoreError> {
    let named = session.is_one_of_words("d.id", 1);
    // Times of rulings are in the form of those of arrival, so that the later one is the greater text.
    let sql = format!(
        "SELECT d.id, d.added, (SELECT max(r.time) FROM rulings r WHERE r.document = d.number),
         (SELECT max(e.time) FROM edits e WHERE e.document = d.number) FROM documents d WHERE {named}"
    );
    let rows = session.query(&sql, &[Value::Words(ids.into())])?;
    let latest = rows.iter().map(|row| {
        let ruled = row.optional_text(2)?.unwrap_or_default();
        let edited = row.optional_text(3)?.unwrap_or_default();
        Ok((row.text(0)?, row.text(1)?.max(ruled).max(edited)))
    });
    latest.collect()
}

pub fn page(session: &mut dyn Session, book: &Book, page: Page) -> Result<DocumentPage, StoreError> {
    let (sign, direction, first) = match page.order {
        Order::Newest => ("<", "DESC", i64::from(i32::MAX)),
        Order::Arrival => (">", "ASC", 0),
    };
    let sql = format!("{DOCUMENTS} WHERE d.number {sign} $1 ORDER BY d.number {direction} LIMIT $2");
    let rows = session.query(&sql, &[page.after.unwrap_or(first).into(), limit(page.limit)])?;
    let mut found = DocumentPage::default();
    if rows.len() == page.limit {
        found.next = rows.last().map(|row| row.int(0)).transpose()?;
    }
    for row in &rows {
        match stored(row, book) {
            Ok(document) => found.documents.push(document),
            Err(StoreError::Damaged { document, cause }) => found.damaged.push(Damaged {
                number: row.int(0)?,
                id: document,
                cause,
            }),
            Err(other) => return Err(other),
        }
    }
    Ok(found)
}

pub fn version(session: &mut dyn Session) -> Result<i64, StoreError> {
    let row = session.row("SELECT version FROM store", &[])?;
    row.ok_or_else(|| StoreError::Broken("the store row is missing".to_owned()))?
        .int(0)
}

pub fn counts(session: &mut dyn Session) -> Result<Counts, StoreError> {
    let row = session.row(
        "SELECT version, documents, rulings, (SELECT count(*) FROM places),
         CASE WHEN counted >= last_document
         THEN coalesce((SELECT mentions FROM counts WHERE dimension = 'all' AND value = '' AND kind = '' AND speaker = ''
             AND period = '*'), 0)
         ELSE (SELECT CAST(coalesce(sum(mentions), 0) AS BIGINT) FROM place_days) END, last_document FROM store",
        &[],
    )?;
    let row = row.ok_or_else(|| StoreError::Broken("the store row is missing".to_owned()))?;
    let count = |at| row.size(at).map(|count| count as u64);
    Ok(Counts {
        version: row.int(0)?,
        documents: count(1)?,
        rulings: count(2)?,
        places: count(3)?,
        drawn: count(4)?,
        last: row.int(5)?,
    })
}

pub fn changes(session: &mut dyn Session, book: &Book, since: i64, most: usize) -> Result<Changes, StoreError> {
    let values = [since.into(), limit(most.saturating_add(1))];
    let sql = "SELECT version, number, id FROM documents WHERE version > $1 ORDER BY version LIMIT $2";
    let mut changes = Vec::new();
    for row in session.query(sql, &values)? {
        let change = Change::Document {
            number: row.int(1)?,
            id: row.text(2)?,
        };
        changes.push((row.int(0)?, change));
    }
    let ruled = rulings::select(
        session,
        book,
        "WHERE r.version > $1 ORDER BY r.version LIMIT $2",
        &values,
    )?;
    changes.extend(ruled.into_iter().map(|ruling| (ruling.version, Change::Ruling(ruling))));
    let deleted = deletions::select(session, "WHERE version > $1 ORDER BY version LIMIT $2", &values)?;
    let deleted = deleted.into_iter();
    changes.extend(deleted.map(|deletion| (deletion.version, Change::Deletion(deletion))));
    let events = event_rulings::select(session, "WHERE version > $1 ORDER BY version LIMIT $2", &values)?;
    changes.extend(
        events
            .into_iter()
            .map(|ruling| (ruling.version, Change::Events(ruling))),
    );
    let edits = edits::select(
        session,
        book,
        "WHERE e.version > $1 ORDER BY e.version LIMIT $2",
        &values,
    )?;
    changes.extend(edits.into_iter().map(|edit| (edit.version, Change::Edit(edit))));
    changes.sort_by_key(|(version, _)| *version);
    let more = changes.len() > most;
    changes.truncate(most);
    let now = book.moment().clone();
    let version = match changes.last() {
        Some((version, _)) if more => *version,
        _ => now.version,
    };
    Ok(Changes {
        changes,
        version,
        now,
        more,
    })
}

pub fn offsets(row: &Row, first: usize) -> Result<Offsets, StoreError> {
    // Those in a title are further on.
    let pair = |at: usize| Ok::<_, StoreError>(Part::of_key([row.size(first + at)?, row.size(first + at + 1)?]).1);
    Ok(Offsets {
        byte: pair(0)?,
        codepoint: pair(2)?,
        utf16: pair(4)?,
    })
}

pub fn mentions(
    session: &mut dyn Session,
    book: &Book,
    query: &MentionQuery,
) -> Result<RowPage<MentionRow>, StoreError> {
    let mut conditions = Conditions::default();
    let mut from = dated(session, query, &mut conditions)?;
    let (number, ordinal) = query.after;
    conditions.add(
        "(m.document, m.ordinal) > (?, ?)",
        [number.into(), i64::from(ordinal).into()],
    );
    if let Some(id) = &query.document {
        conditions.add("m.document = (SELECT number FROM documents WHERE id = ?)", [id.into()]);
    }
    let [first, last] = &query.days;
    if first.is_some() || last.is_some() {
        from.push_str(" JOIN documents d ON d.number = m.document");
    }
    if let Some(first) = first {
        conditions.add("d.day >= ?", [first.into()]);
    }
    if let Some(last) = last {
        conditions.add("d.day <= ?", [last.into()]);
    }
    places(session, book, query, &mut conditions)?;
    if query.skip > 0 {
        let at = conditions.value(limit(query.skip - 1));
        let sql = format!(
            "SELECT m.document, m.ordinal FROM {from} WHERE {} ORDER BY m.document, m.ordinal LIMIT 1 OFFSET ${at}",
            conditions.sql.join(" AND "),
        );
        let Some(row) = session.row(&sql, &conditions.values)? else {
            return Ok(RowPage::default());
        };
        let rest = MentionQuery {
            after: position(&row, 0)?,
            skip: 0,
            ..query.clone()
        };
        return mentions(session, book, &rest);
    }
    let most = conditions.value(limit(query.limit));
    // Positions alone are sorted.
    let sql = format!(
        "{MENTIONS} FROM (
         SELECT m.document, m.ordinal FROM {from} WHERE {} ORDER BY m.document, m.ordinal LIMIT ${most}) AS f
         CROSS JOIN mentions m JOIN documents d ON d.number = m.document
         WHERE m.document = f.document AND m.ordinal = f.ordinal ORDER BY f.document, f.ordinal",
        conditions.sql.join(" AND "),
    );
    let rows = session.query(&sql, &conditions.values)?;
    filled(&rows, query.limit, |row| mention(row, book, query.ruled))
}

/// A page of rows whose second and third columns are their position. A row that cannot be read is counted as damaged.
pub(super) fn filled<T>(
    rows: &[Row],
    limit: usize,
    read: impl Fn(&Row) -> Result<T, StoreError>,
) -> Result<RowPage<T>, StoreError> {
    let mut page = RowPage::default();
    if rows.len() == limit {
        page.next = rows.last().map(|row| position(row, 1)).transpose()?;
    }
    for row in rows {
        match read(row) {
            Ok(row) => page.rows.push(row),
            Err(_) => page.damaged += 1,
        }
    }
    Ok(page)
}

/// Adds the condition on the date; returns the tables. Where the index of dates lists few mentions these come first.
fn dated(
    session: &mut dyn Session,
    query: &MentionQuery,
    conditions: &mut Conditions<'_>,
) -> Result<String, StoreError> {
    let Some(days) = query.within else {
        return Ok("mentions m".to_owned());
    };
    let [first, next] = bounds(days);
    // The index has the mentions that are drawn as ruled. A mention without a date is part of every period.
    let rows = "SELECT document, ordinal FROM mentions WHERE shown IS NOT NULL AND published >= $1 AND published < $2
         UNION ALL SELECT document, ordinal FROM mentions WHERE shown IS NOT NULL AND published IS NULL";
    let values = [first, next].map(Value::from);
    if query.ruled && are_few(session, rows, &values)? {
        conditions.values.extend(values);
        conditions
            .sql
            .push("m.document = listed.document AND m.ordinal = listed.ordinal".to_owned());
        return Ok(format!("({rows}) AS listed CROSS JOIN mentions m"));
    }
    let [first, next] = values;
    // A form that keeps the database from reading the index of dates.
    conditions.add(
        "coalesce(m.published, ?) >= ? AND coalesce(m.published, '') < ?",
        [first.clone(), first, next],
    );
    Ok("mentions m".to_owned())
}

/// The number of a document and an ordinal in it, in two columns.
pub fn position(row: &Row, first: usize) -> Result<(i64, u32), StoreError> {
    Ok((row.int(first)?, row.size(first + 1)? as u32))
}

/// Adds the condition where a mention must be drawn. The places in a box are looked up in memory.
fn places(
    session: &mut dyn Session,
    book: &Book,
    query: &MentionQuery,
    conditions: &mut Conditions<'_>,
) -> Result<(), StoreError> {
    let all = query.bbox.is_none() && query.place.is_none();
    if all && query.ruled {
        conditions.sql.push("m.shown IS NOT NULL".to_owned());
        return Ok(());
    }
    let named = query.place.as_ref().map(|id| book.key(id));
    let inside = |point: [f64; 2]| query.bbox.is_none_or(|bbox| holds(bbox, point));
    let mut keys: Vec<i64> = book
        .drawn()
        .filter(|(key, place)| named.is_none_or(|named| named == Some(*key)) && inside(place.point))
        .map(|(key, _)| key)
        .collect();
    if keys.is_empty() {
        conditions.sql.push("0 = 1".to_owned());
        return Ok(());
    }
    keys.sort_unstable();
    let few = !all && (keys.len() == 1 || are_few_at(session, &keys)?);
    let parameter = conditions.value(keys.into());
    // The plus excludes the index of places: rows then come in order, and reading ends with the last one requested.
    let column = if few { "m.shown" } else { "+m.shown" };
    let shown = match all {
        true => "m.shown IS NOT NULL".to_owned(),
        false => session.is_one_of(column, parameter),
    };
    conditions.sql.push(match query.ruled {
        true => shown,
        false => format!(
            "((m.ruled IS NULL AND {shown}) OR (m.ruled IS NOT NULL AND m.reading = 'literal' AND {}))",
            session.is_one_of("m.place", parameter)
        ),
    });
    Ok(())
}

/// True if so few mentions are drawn at these places that all of them may be sorted.
fn are_few_at(session: &mut dyn Session, keys: &[i64]) -> Result<bool, StoreError> {
    let drawn = session.is_one_of("shown", 1);
    let rows = format!("SELECT document FROM mentions WHERE {drawn}");
    are_few(session, &rows, &[Value::Keys(keys.into())])
}

fn mention(row: &Row, book: &Book, ruled: bool) -> Result<MentionRow, StoreError> {
    let verdict = row.optional_text(13)?;
    let place = if ruled || verdict.is_none() {
        row.int(14)
    } else {
        row.int(15)
    };
    Ok(MentionRow {
        document: row.text(0)?,
        number: row.int(1)?,
        ordinal: row.size(2)? as u32,
        quote: row.text(3)?,
        part: Part::of_key([row.size(4)?, row.size(5)?]).0,
        offsets: offsets(row, 4)?,
        place: Arc::clone(book.get(place?)?),
        reading: write::reading_of(&row.text(10)?)
            .ok_or_else(|| StoreError::Broken("a mention has an unknown reading".to_owned()))?,
        confidence: row.real(11)?,
        day: row.optional_text(12)?,
        ruled: verdict,
    })
}

pub fn mention_places(session: &mut dyn Session, book: &Book, ruled: bool) -> Result<Vec<PlaceDay>, StoreError> {
    let (mentions, documents) = match ruled {
        true => ("mentions", "documents"),
        false => ("read_mentions", "read_documents"),
    };
    let sql =
        format!("SELECT place, day, {mentions}, {documents} FROM place_days WHERE {mentions} > 0 ORDER BY place, day");
    let rows = session.query(&sql, &[])?;
    let day = |row: &Row| {
        Ok::<_, StoreError>(PlaceDay {
            place: Arc::clone(book.get(row.int(0)?)?),
            day: Some(row.text(1)?).filter(|day| !day.is_empty()),
            mentions: row.size(2)? as u64,
            documents: row.size(3)? as u64,
        })
    };
    // A place whose row is damaged is not drawn; see `Store::damaged_places`.
    Ok(rows.iter().filter_map(|row| day(row).ok()).collect())
}
