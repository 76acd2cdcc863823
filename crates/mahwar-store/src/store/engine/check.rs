//! The check of a store: every hash, offset, quote, reference and count.

use super::{Book, Finding, OnProgress, Session, StoreError, read};
use crate::{
    geoparse::{Mention, Parse},
    store::{packed::unpack, session::Row},
    text::{OffsetCounter, Offsets, Span},
};
use sha2::{Digest, Sha256};

/// Documents that are in memory at a time.
const BATCH: i64 = 100;
/// More findings than these tell nothing new.
const MOST: usize = 1000;

/// References that lead nowhere, and rows that contradict each other; each query gives a document id and what is wrong.
const ORPHANS: [(&str, &str); 7] = [
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
        "a ruling on no document, or one that undoes nothing",
        "SELECT document, id FROM rulings WHERE document NOT IN (SELECT number FROM documents)
         OR (undoes IS NOT NULL AND undoes NOT IN (SELECT id FROM rulings))",
    ),
    (
        "a mention shown otherwise than ruled",
        "SELECT m.document, m.ordinal FROM mentions m LEFT JOIN places p ON p.key = m.place
         WHERE (m.ruled IS NULL OR m.ruled = 'accept') AND coalesce(m.shown, 0) <>
         coalesce(CASE WHEN m.reading = 'literal' AND p.is_foreign = 0 THEN m.place END, 0)
         OR m.ruled IN ('reject', 'associative') AND m.shown IS NOT NULL",
    ),
];

/// Counts by place and day, made anew from the rows.
const COUNTS: &str = "SELECT place, day, CAST(sum(mentions) AS BIGINT), CAST(sum(documents) AS BIGINT) FROM (
     SELECT m.shown AS place, coalesce(d.day, '') AS day, count(*) AS mentions, count(DISTINCT m.document) AS documents
     FROM mentions m JOIN documents d ON d.number = m.document WHERE m.shown IS NOT NULL GROUP BY m.shown, coalesce(d.day, '')
     UNION ALL SELECT place, day, -mentions, -documents FROM place_days) AS sums
     GROUP BY place, day HAVING sum(mentions) <> 0 OR sum(documents) <> 0";
const READ_COUNTS: &str = "SELECT place, day, CAST(sum(mentions) AS BIGINT), CAST(sum(documents) AS BIGINT) FROM (
     SELECT m.place AS place, coalesce(d.day, '') AS day, count(*) AS mentions, count(DISTINCT m.document) AS documents
     FROM mentions m JOIN documents d ON d.number = m.document JOIN places p ON p.key = m.place
     WHERE m.reading = 'literal' AND p.is_foreign = 0 GROUP BY m.place, coalesce(d.day, '')
     UNION ALL SELECT place, day, -read_mentions, -read_documents FROM place_days) AS sums
     GROUP BY place, day HAVING sum(mentions) <> 0 OR sum(documents) <> 0";

/// What was found, as far as it fits.
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

pub fn check(session: &mut dyn Session, book: &Book, progress: OnProgress<'_>) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Findings::default();
    let all = read::counts(session)?;
    let (mut after, mut seen) = (0, 0);
    loop {
        let rows = session.query(
            "SELECT d.number, d.id, d.sha256, d.text, p.parse, d.day, d.published
             FROM documents d LEFT JOIN parses p ON p.document = d.number WHERE d.number > $1 ORDER BY d.number LIMIT $2",
            &[after.into(), BATCH.into()],
        )?;
        let Some(last) = rows.last() else { break };
        after = last.int(0)?;
        for row in &rows {
            document(session, book, row, &mut findings)?;
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
    references(session, &mut findings)?;
    counts(session, book, &mut findings)?;
    versions(session, &mut findings)?;
    Ok(findings.0)
}

fn document(session: &mut dyn Session, book: &Book, row: &Row, findings: &mut Findings) -> Result<(), StoreError> {
    let (number, id, text) = (row.int(0)?, row.text(1)?, row.text(3)?);
    let mut wrong = |what: String| findings.add(Some(&id), what);
    let sha256 = Sha256::digest(text.as_bytes());
    if row.blob(2)? != sha256.as_slice() {
        wrong("the text does not have the SHA-256 that it was stored with".to_owned());
    }
    let start: String = row.blob(2)?.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    if start != id {
        wrong(format!("the id is not the beginning of the SHA-256, {start}"));
    }
    let published = row.optional_text(6)?;
    if row.optional_text(5)?.as_deref() != super::write::day(published.as_deref()) {
        wrong("the day is not that of the publication date".to_owned());
    }
    let parse = row
        .blob(4)
        .and_then(|packed| unpack(packed, &text, &|id| book.named(id)));
    let parse = match parse {
        Ok(parse) => parse,
        Err(error) => {
            wrong(error.to_string());
            return Ok(());
        }
    };
    let mentions = session.query(
        "SELECT ordinal, quote, byte_start, byte_end, cp_start, cp_end, utf16_start, utf16_end, place, confidence
         FROM mentions WHERE document = $1 ORDER BY ordinal",
        &[number.into()],
    )?;
    let claims = session.query(
        "SELECT ordinal, byte_start, byte_end, cp_start, cp_end, utf16_start, utf16_end
         FROM claims WHERE document = $1 ORDER BY ordinal",
        &[number.into()],
    )?;
    compare(&text, &parse, &mentions, &claims, book, &mut wrong)
}

fn compare(
    text: &str,
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
        spans(text, &mut counter, &offsets, &what, wrong);
        if text.get(offsets.byte[0]..offsets.byte[1]) != Some(&quote) {
            wrong(format!("{what}: the text does not say {quote:?} there"));
        }
        let place = row.optional_int(8)?.map(|key| book.get(key)).transpose();
        if let Err(error) = &place {
            wrong(format!("{what}: {error}"));
        } else if !same(mention, &offsets, place?.map(|place| place.id.as_str()), row.real(9)?) {
            wrong(format!("{what}: the row is not what the parse says"));
        }
    }
    for (row, claim) in claims.iter().zip(&parse.claims) {
        let offsets = read::offsets(row, 1)?;
        let what = format!("claim c{}", row.int(0)?);
        spans(text, &mut counter, &offsets, &what, wrong);
        if claim.evidence.offsets != offsets {
            wrong(format!("{what}: the row is not what the parse says"));
        }
    }
    Ok(())
}

fn same(mention: &Mention, offsets: &Offsets, place: Option<&str>, confidence: f64) -> bool {
    let read = mention.place.as_ref().map(|place| place.id.as_str());
    mention.offsets == *offsets && read == place && mention.confidence == confidence
}

/// Whether the three offsets name the same span of the text.
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
        for row in session.query(sql, &[])? {
            let place = row.int(0)?;
            let place = book
                .get(place)
                .map_or_else(|_| place.to_string(), |place| place.id.clone());
            let (day, mentions, documents) = (row.text(1)?, row.int(2)?, row.int(3)?);
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

fn versions(session: &mut dyn Session, findings: &mut Findings) -> Result<(), StoreError> {
    let later = session.query(
        "SELECT d.id FROM documents d JOIN store s ON d.version > s.version OR d.number > s.last_document
         UNION ALL SELECT CAST(r.id AS TEXT) FROM rulings r JOIN store s ON r.version > s.version OR r.id > s.last_ruling",
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
