//! The check of a store: every hash, offset, quote, reference and count.

use super::{Book, Finding, OnProgress, Session, StoreError, claim_units, read, tally::Balance, write};
use crate::{
    document::Document,
    geoparse::{Claim, ClaimType, Mention, Parse, Part},
    layers::{CountKey, Counts, Dimension, EVER, UNDATED, Units},
    store::session::{Row, Value},
    text::{OffsetCounter, Offsets, Span},
};
use rustc_hash::FxHashSet;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Documents that are in memory at a time.
const BATCH: i64 = 100;
/// Limit of the findings: more than these have no further use.
const MOST: usize = 1000;

/// References that lead nowhere, and rows that contradict each other. Each query returns a document id and the fault.
const ORPHANS: [(&str, &str); 11] = [
    (
        "an edit of no document, or one that undoes nothing",
        "SELECT document, id FROM edits WHERE document NOT IN (SELECT number FROM documents)
         OR (undoes IS NOT NULL AND undoes NOT IN (SELECT id FROM edits))
         UNION ALL SELECT document, 0 FROM edited WHERE document NOT IN (SELECT document FROM edits)",
    ),
    (
        "a mention of no document",
        "SELECT document, ordinal FROM mentions WHERE document NOT IN (SELECT number FROM documents)",
    ),
    (
        "a mention at no place",
        "SELECT document, ordinal FROM mentions WHERE (place IS NOT NULL AND place NOT IN (SELECT key FROM places))
         OR (shown IS NOT NULL AND shown NOT IN (SELECT key FROM places))",
    ),
    (
        "a claim of no document",
        "SELECT document, ordinal FROM claims WHERE document NOT IN (SELECT number FROM documents)",
    ),
    (
        "a claim's place without its claim or its place",
        "SELECT cp.document, cp.claim FROM claim_places cp LEFT JOIN claims c ON c.document = cp.document AND c.ordinal = cp.claim
         WHERE c.document IS NULL OR cp.place NOT IN (SELECT key FROM places)",
    ),
    (
        "an original or a parse of no document",
        "SELECT document, 0 FROM (SELECT document FROM originals UNION ALL SELECT document FROM parses) AS beside
         WHERE document NOT IN (SELECT number FROM documents)",
    ),
    (
        "a document that was deleted and is there",
        "SELECT number, 0 FROM documents WHERE number IN (SELECT number FROM deletions)",
    ),
    (
        "a ruling on no document, or one that undoes nothing",
        "SELECT document, id FROM rulings WHERE document NOT IN (SELECT number FROM documents)
         OR (undoes IS NOT NULL AND undoes NOT IN (SELECT id FROM rulings))",
    ),
    (
        "an account of no event or of no document",
        "SELECT document, claim FROM event_claims WHERE event NOT IN (SELECT key FROM events)
         OR document NOT IN (SELECT number FROM documents)",
    ),
    (
        "an event with a wrong number of claims (its key stands for the row)",
        "SELECT 0, key FROM events e WHERE claims = 0
         OR claims <> (SELECT count(*) FROM event_claims c WHERE c.event = e.key)",
    ),
    (
        "a mention shown otherwise than ruled",
        "SELECT m.document, m.ordinal FROM mentions m LEFT JOIN places p ON p.key = m.place
         WHERE (m.ruled IS NULL OR m.ruled = 'accept') AND coalesce(m.shown, 0) <>
         coalesce(CASE WHEN m.reading = 'literal' AND p.is_foreign = 0 THEN m.place END, 0)
         OR m.ruled IN ('reject', 'associative') AND m.shown IS NOT NULL",
    ),
];

/// Counts by place and day, computed again from the rows.
const COUNTS: &str = "SELECT place, day, CAST(sum(mentions) AS BIGINT), CAST(sum(documents) AS BIGINT) FROM (
     SELECT m.shown AS place, coalesce(d.day, '') AS day, count(*) AS mentions, count(DISTINCT m.document) AS documents
     FROM mentions m JOIN documents d ON d.number = m.document WHERE m.shown IS NOT NULL GROUP BY m.shown, coalesce(d.day, '')
     UNION ALL SELECT place, day, -mentions, -documents FROM place_days) AS sums
     GROUP BY place, day HAVING sum(mentions) <> 0 OR sum(documents) <> 0";
const READ_COUNTS: &str = "SELECT place, day, CAST(sum(mentions) AS BIGINT), CAST(sum(documents) AS BIGINT) FROM (
     SELECT m.place AS place, coalesce(d.day, '') AS day, count(*) AS mentions, count(DISTINCT m.document) AS documents
     FROM mentions m JOIN documents d ON d.number = m.document JOIN places p ON p.key = m.place
     WHERE m.reading = 'literal' AND p.is_foreign = 0 AND m.document NOT IN (SELECT document FROM edited)
     GROUP BY m.place, coalesce(d.day, '')
     UNION ALL SELECT place, day, -read_mentions, -read_documents FROM place_days) AS sums
     GROUP BY place, day HAVING sum(mentions) <> 0 OR sum(documents) <> 0";

/// Findings, up to the limit.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, document: Option<&str>, what: impl Into<String>) {
        if self.0.len() < MOST {
            self.0.push(Finding {
                document: document.map(str::to_owned),
                what: what.into(),
            });
        }
    }
}

pub fn check(
    session: &mut dyn Session,
    book: &Book,
    units: &Units,
    progress: OnProgress<'_>,
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Findings::default();
    let all = read::counts(session)?;
    let (mut after, mut seen) = (0, 0);
    let mut tallies = Tallies::begin(session, book, units)?;
    let unplaced = claim_units::unplaced(session)?;
    if unplaced > 0 {
        findings.add(
            None,
            format!("the units of claims are missing up to document number {unplaced}; mahwar store rebuild goes on"),
        );
    }
    while let Some((last, rows)) = batch(session, after, &mut findings)? {
        after = last;
        for row in &rows {
            let checked = document(session, book, row, unplaced, &mut findings);
            unless_unreadable(checked, "the rows of a document", &mut findings)?;
            let checked = tallies.add(session, row);
            unless_unreadable(checked, "the rulings of a document", &mut findings)?;
        }
        seen += rows.len() as u64;
        progress(seen, all.documents);
    }
    if seen != all.documents {
        findings.add(
            None,
            format!("{seen} documents are there, {} were counted", all.documents),
        );
    }
    for place in book.damaged() {
        findings.add(None, place);
    }
    // A damaged block may end one of these; the others are made nevertheless.
    let checked = references(session, &mut findings);
    unless_unreadable(checked, "a reference between tables", &mut findings)?;
    let checked = counts(session, book, &mut findings);
    unless_unreadable(checked, "the counts by place and day", &mut findings)?;
    let checked = tallies.end(session, &mut findings);
    unless_unreadable(checked, "the counts", &mut findings)?;
    let checked = rulings(session, book, &mut findings);
    unless_unreadable(checked, "the rulings", &mut findings)?;
    let checked = versions(session, &mut findings);
    unless_unreadable(checked, "the versions", &mut findings)?;
    Ok(findings.0)
}

/// Makes a finding of rows that the database cannot read.
fn unless_unreadable(checked: Result<(), StoreError>, of: &str, findings: &mut Findings) -> Result<(), StoreError> {
    match checked {
        Err(StoreError::Broken(cause)) => {
            findings.add(None, format!("{of} cannot be read: {cause}"));
            Ok(())
        }
        other => other,
    }
}

/// The rows of the next documents with the number of the last; one by one where the query for all of them fails.
fn batch(
    session: &mut dyn Session,
    after: i64,
    findings: &mut Findings,
) -> Result<Option<(i64, Vec<Row>)>, StoreError> {
    let sql = read::DOCUMENTS.replacen(" FROM ", ", d.day FROM ", 1);
    let many = format!("{sql} WHERE d.number > $1 ORDER BY d.number LIMIT $2");
    match session.query(&many, &[after.into(), BATCH.into()]) {
        Ok(rows) => {
            let last = rows.last().map(|row| row.int(0)).transpose()?;
            return Ok(last.map(|last| (last, rows)));
        }
        Err(StoreError::Broken(_)) => {}
        Err(other) => return Err(other),
    }
    let end = read::counts(session)?.last;
    if after >= end {
        return Ok(None);
    }
    let last = end.min(after + BATCH);
    let one = format!("{sql} WHERE d.number = $1");
    let mut rows = Vec::new();
    for number in after + 1..=last {
        match session.query(&one, &[number.into()]) {
            Ok(found) => rows.extend(found),
            Err(StoreError::Broken(cause)) => {
                findings.add(Some(&format!("number {number}")), format!("cannot be read: {cause}"));
            }
            Err(other) => return Err(other),
        }
    }
    Ok(Some((last, rows)))
}

fn document(
    session: &mut dyn Session,
    book: &Book,
    row: &Row,
    unplaced: i64,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let stored = read::stored(row, book);
    let number = row.int(0)?;
    let id = row.text(3).unwrap_or_else(|_| format!("number {number}"));
    let mut wrong = |what: String| findings.add(Some(&id), what);
    // As the server reads it.
    if let Err(error) = &stored {
        wrong(match error {
            StoreError::Damaged { cause, .. } => cause.clone(),
            other => other.to_string(),
        });
    }
    let (Ok(text), Ok(sha256)) = (row.text(10), row.blob(4)) else {
        return Ok(());
    };
    if sha256 != Sha256::digest(text.as_bytes()).as_slice() {
        wrong("the text does not have the SHA-256 that it was stored with".to_owned());
    }
    let sha256 = read::hex(sha256);
    let title = row.text(5).unwrap_or_default();
    // The id is that of the title that was declared.
    let sql = "SELECT title FROM edited WHERE document = $1";
    let declared = session.row(sql, &[number.into()])?;
    let declared = declared.map_or_else(|| Ok(title.clone()), |row| row.text(0))?;
    if !Document::is_id(&id, &declared, &text, &sha256) {
        wrong(format!("the id is not the beginning of the SHA-256, {}", &sha256[..16]));
    }
    let Ok(stored) = stored else { return Ok(()) };
    let published = stored.read.document.published.as_deref();
    if row.optional_text(16)?.as_deref() != super::write::day(published) {
        wrong("the day is not that of the publication date".to_owned());
    }
    if stored.added.parse::<jiff::Timestamp>().is_err() {
        wrong(format!(
            "the time of arrival is {:?}, not a date and time",
            stored.added
        ));
    }
    let parse = stored.read.parse;
    if number > unplaced {
        let sql = "SELECT unit FROM claim_units WHERE document = $1";
        let rows = session.query(sql, &[number.into()])?;
        let there: BTreeSet<String> = rows.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
        if !there.iter().eq(claim_units::of(&parse, &claim_units::named(&parse))) {
            wrong("the units of the regions of its claims are not those of the parse".to_owned());
        }
    }
    let (mentions, claims) = rows_of(session, number)?;
    compare([&title, &text], &parse, &mentions, &claims, book, &mut wrong).or_else(|error| {
        wrong(error.to_string());
        Ok(())
    })
}

/// The rows of a document's mentions and claims.
fn rows_of(session: &mut dyn Session, number: i64) -> Result<(Vec<Row>, Vec<Row>), StoreError> {
    let mentions = session.query(
        "SELECT ordinal, quote, byte_start, byte_end, cp_start, cp_end, utf16_start, utf16_end, place, confidence,
         reading, level FROM mentions WHERE document = $1 ORDER BY ordinal",
        &[number.into()],
    )?;
    let claims = session.query(
        "SELECT ordinal, byte_start, byte_end, cp_start, cp_end, utf16_start, utf16_end, kind, status, speaker
         FROM claims WHERE document = $1 ORDER BY ordinal",
        &[number.into()],
    )?;
    Ok((mentions, claims))
}

/// True if the rows of a document are those of a parse.
pub fn has_rows(session: &mut dyn Session, book: &Book, number: i64, parse: &Parse) -> Result<bool, StoreError> {
    let (mentions, claims) = rows_of(session, number)?;
    if (mentions.len(), claims.len()) != (parse.mentions.len(), parse.claims.len()) {
        return Ok(false);
    }
    let mention = |(row, mention): (&Row, &Mention)| {
        let place = row.optional_int(8)?.map(|key| book.get(key)).transpose()?;
        let place = place.map(|place| place.id.as_str());
        Ok::<_, StoreError>(*row.text(1)? == *mention.text && same(mention, &read::offsets(row, 2)?, place, row)?)
    };
    let claim = |(row, claim): (&Row, &Claim)| is_claim(claim, &read::offsets(row, 1)?, row);
    let same = mentions
        .iter()
        .zip(&parse.mentions)
        .all(|pair| mention(pair).unwrap_or(false))
        && claims
            .iter()
            .zip(&parse.claims)
            .all(|pair| claim(pair).unwrap_or(false));
    Ok(same)
}

fn compare(
    [title, text]: [&str; 2],
    parse: &Parse,
    mentions: &[Row],
    claims: &[Row],
    book: &Book,
    wrong: &mut dyn FnMut(String),
) -> Result<(), StoreError> {
    if (mentions.len(), claims.len()) != (parse.mentions.len(), parse.claims.len()) {
        wrong(format!(
            "{} mentions and {} claims stand as rows, {} and {} in the parse",
            mentions.len(),
            claims.len(),
            parse.mentions.len(),
            parse.claims.len()
        ));
        return Ok(());
    }
    let mut counter = OffsetCounter::new(text);
    for (row, mention) in mentions.iter().zip(&parse.mentions) {
        let (offsets, quote) = (read::offsets(row, 2)?, row.text(1)?);
        let what = format!("mention m{}", row.int(0)?);
        let of = match mention.part {
            Part::Text => {
                spans(text, &mut counter, &offsets, &what, wrong);
                text
            }
            Part::Title => {
                spans(title, &mut OffsetCounter::new(title), &offsets, &what, wrong);
                title
            }
        };
        if of.get(offsets.byte[0]..offsets.byte[1]) != Some(&quote) {
            wrong(format!("{what}: the text does not say {quote:?} there"));
        }
        let place = row.optional_int(8)?.map(|key| book.get(key)).transpose();
        if let Err(error) = &place {
            wrong(format!("{what}: {error}"));
        } else if !same(mention, &offsets, place?.map(|place| place.id.as_str()), row)? {
            wrong(format!("{what}: the row is not what the parse says"));
        }
    }
    for (row, claim) in claims.iter().zip(&parse.claims) {
        let offsets = read::offsets(row, 1)?;
        let what = format!("claim c{}", row.int(0)?);
        match claim.evidence.part {
            Part::Text => spans(text, &mut counter, &offsets, &what, wrong),
            Part::Title => spans(title, &mut OffsetCounter::new(title), &offsets, &what, wrong),
        }
        if !is_claim(claim, &offsets, row)? {
            wrong(format!("{what}: the row is not what the parse says"));
        }
    }
    Ok(())
}

/// True if a row agrees with the parse on a mention.
fn same(mention: &Mention, offsets: &Offsets, place: Option<&str>, row: &Row) -> Result<bool, StoreError> {
    let read = mention.place.as_ref().map(|place| place.id.as_str());
    Ok(mention.offsets == *offsets
        && read == place
        && mention.confidence == row.real(9)?
        && write::reading(mention) == row.text(10)?
        && mention.level.map(|level| level.word()) == row.optional_text(11)?.as_deref())
}

/// True if a row agrees with the parse on a claim.
fn is_claim(claim: &Claim, offsets: &Offsets, row: &Row) -> Result<bool, StoreError> {
    Ok(claim.evidence.offsets == *offsets
        && claim.kind == row.word::<ClaimType>(7)?
        && claim.status == row.text(8)?
        && row.optional_text(9).is_ok())
}

/// Checks that the three offsets are the same span of the text.
fn spans(text: &str, counter: &mut OffsetCounter<'_>, offsets: &Offsets, what: &str, wrong: &mut dyn FnMut(String)) {
    let [start, end] = offsets.byte;
    if text.get(start..end).is_none() {
        wrong(format!("{what}: bytes {start} to {end} are no part of the text"));
    } else if counter.offsets(Span { start, end }) != *offsets {
        wrong(format!("{what}: its offsets in bytes, code points and UTF-16 differ"));
    }
}

fn references(session: &mut dyn Session, findings: &mut Findings) -> Result<(), StoreError> {
    for (what, sql) in ORPHANS {
        for row in session.query(&format!("{sql} LIMIT {MOST}"), &[])? {
            let found = format!("{what}: document number {}, row {}", row.int(0)?, row.int(1)?);
            findings.add(None, found);
        }
    }
    Ok(())
}

fn counts(session: &mut dyn Session, book: &Book, findings: &mut Findings) -> Result<(), StoreError> {
    for (sql, kind) in [(COUNTS, "as ruled"), (READ_COUNTS, "as read")] {
        let mut wrong: BTreeMap<(String, String), [i64; 2]> = BTreeMap::new();
        for row in session.query(sql, &[])? {
            let place = row.int(0)?;
            let place = book
                .get(place)
                .map_or_else(|_| place.to_string(), |place| place.id.clone());
            wrong.insert((place, row.text(1)?), [row.int(2)?, row.int(3)?]);
        }
        if kind == "as read" {
            // Rows of edited documents are those of the edited reading.
            for number in super::edits::edited(session)? {
                let Some(declared) = super::edits::declared(session, book, number)? else {
                    continue;
                };
                let day = super::write::day(declared.document.published.as_deref()).unwrap_or_default();
                for (place, count) in super::edits::drawn_places(&declared.parse) {
                    let sums = wrong.entry((place.to_owned(), day.to_owned())).or_default();
                    sums[0] += count;
                    sums[1] += 1;
                }
            }
        }
        wrong.retain(|_, sums| *sums != [0, 0]);
        for ((place, day), [mentions, documents]) in wrong {
            findings.add(
                None,
                format!(
                    "the count of {place} on {day:?} {kind} is wrong by {mentions} mentions in {documents} documents"
                ),
            );
        }
    }
    Ok(())
}

/// Compares the counts with the documents.
struct Tallies<'c> {
    book: &'c Book,
    units: &'c Units,
    balance: Balance,
    ruled: FxHashSet<i64>,
    counted: i64,
    /// Documents that may be searched.
    searchable: i64,
    last: i64,
}

impl<'c> Tallies<'c> {
    fn begin(session: &mut dyn Session, book: &'c Book, units: &'c Units) -> Result<Self, StoreError> {
        let row = session.row("SELECT counted, searchable, last_document FROM store", &[])?;
        let row = row.ok_or_else(|| StoreError::Broken("the store row is missing".to_owned()))?;
        let ruled = session.query("SELECT DISTINCT document FROM rulings", &[])?;
        Ok(Self {
            book,
            units,
            balance: Balance::default(),
            ruled: ruled.iter().filter_map(|row| row.int(0).ok()).collect(),
            counted: row.int(0)?,
            searchable: row.int(1)?,
            last: row.int(2)?,
        })
    }

    fn add(&mut self, session: &mut dyn Session, row: &Row) -> Result<(), StoreError> {
        let number = row.int(0)?;
        // A document that cannot be read has no counts, and is a finding of its own.
        let Ok(stored) = read::stored(row, self.book) else {
            return Ok(());
        };
        if number > self.counted {
            return Ok(());
        }
        let rulings = match self.ruled.contains(&number) {
            true => super::rulings::numbered(session, self.book, number)?,
            false => Vec::new(),
        };
        let declared = super::edits::declared(session, self.book, number)?;
        self.balance.add(&stored.read, declared.as_ref(), &rulings, self.units);
        Ok(())
    }

    fn end(mut self, session: &mut dyn Session, findings: &mut Findings) -> Result<(), StoreError> {
        if self.counted.min(self.searchable) < self.last {
            let done = self.counted.min(self.searchable);
            findings.add(
                None,
                format!(
                    "documents up to number {done} of {} are counted and searchable; mahwar store rebuild goes on",
                    self.last
                ),
            );
        }
        let mut after = [
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        ];
        loop {
            let mut values: Vec<Value> = after.iter().map(Value::from).collect();
            values.push(5_000_i64.into());
            let rows = session.query(
                "SELECT dimension, value, kind, speaker, period, documents, mentions, claims, killed, read_documents,
                 read_mentions, read_claims, read_killed FROM counts
                 WHERE (dimension, value, kind, speaker, period) > ($1, $2, $3, $4, $5)
                 ORDER BY dimension, value, kind, speaker, period LIMIT $6",
                &values,
            )?;
            let Some(last) = rows.last() else { break };
            after = [
                last.text(0)?,
                last.text(1)?,
                last.text(2)?,
                last.text(3)?,
                last.text(4)?,
            ];
            for row in &rows {
                let word = row.text(0)?;
                let Some(dimension) = Dimension::named(&word) else {
                    findings.add(None, format!("something is counted by {word:?}, which is not known"));
                    continue;
                };
                let key = CountKey {
                    dimension,
                    value: row.text(1)?,
                    kind: row.text(2)?,
                    speaker: row.text(3)?,
                };
                let four = |first: usize| {
                    let at = |nth: usize| row.int(first + nth);
                    Ok::<_, StoreError>(Counts::from_numbers([at(0)?, at(1)?, at(2)?, at(3)?]))
                };
                self.balance.take(&key, &row.text(4)?, four(5)?, four(9)?);
            }
        }
        for (dimension, period) in self.balance.wrong() {
            let when = match period.as_str() {
                UNDATED => "documents without a date".to_owned(),
                EVER => "all documents".to_owned(),
                period => period.to_owned(),
            };
            findings.add(
                None,
                format!("the counts by {dimension} of {when} are not those of the documents; mahwar store rebuild mends them"),
            );
        }
        Ok(())
    }
}

/// Every ruling, read as the server reads it.
fn rulings(session: &mut dyn Session, book: &Book, findings: &mut Findings) -> Result<(), StoreError> {
    let ids = session.query("SELECT id, document FROM rulings ORDER BY id", &[])?;
    for row in ids {
        let id = row.int(0)?;
        if let Err(error) = super::rulings::select(session, book, "WHERE r.id = $1", &[id.into()]) {
            findings.add(None, format!("ruling {id} on document number {}: {error}", row.int(1)?));
        }
    }
    let ids = session.query("SELECT id, document FROM edits ORDER BY id", &[])?;
    for row in ids {
        let id = row.int(0)?;
        if let Err(error) = super::edits::select(session, book, "WHERE e.id = $1", &[id.into()]) {
            findings.add(None, format!("edit {id} of document number {}: {error}", row.int(1)?));
        }
    }
    Ok(())
}

fn versions(session: &mut dyn Session, findings: &mut Findings) -> Result<(), StoreError> {
    let later = session.query(
        "SELECT d.id FROM documents d JOIN store s ON d.version > s.version OR d.number > s.last_document
         UNION ALL SELECT e.id FROM deletions e JOIN store s ON e.version > s.version OR e.number > s.last_document
         UNION ALL SELECT CAST(r.id AS TEXT) FROM rulings r JOIN store s ON r.version > s.version OR r.id > s.last_ruling
         UNION ALL SELECT CAST(e.id AS TEXT) FROM edits e JOIN store s ON e.version > s.version OR e.id > s.last_edit",
        &[],
    )?;
    for row in later {
        findings.add(
            None,
            format!("{} is newer than the store says that it is", row.text(0)?),
        );
    }
    Ok(())
}
