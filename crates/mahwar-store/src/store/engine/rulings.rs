//! Rulings as rows, and their effects.

use super::{
    Book, NewRuling, Ruling, Session, StoreError,
    read::number,
    write::{Writer, day, insert, now},
};
use crate::store::{MentionRef, Verdict, in_force, session::Value};
use rustc_hash::FxHashSet;

const RULINGS: &str = "SELECT r.id, r.version, d.id, r.byte_start, r.byte_end, r.verdict, r.place, r.undoes, r.author, \
     r.reason, r.time FROM rulings r JOIN documents d ON d.number = r.document";
const COLUMNS: &str =
    "rulings (id, version, document, byte_start, byte_end, verdict, place, undoes, author, reason, time)";

/// The rulings that a condition names; it sees them as `r` and their documents as `d`.
pub fn select(
    session: &mut dyn Session,
    book: &Book,
    condition: &str,
    values: &[Value],
) -> Result<Vec<Ruling>, StoreError> {
    let rows = session.query(&format!("{RULINGS} {condition}"), values)?;
    let rulings = rows.iter().map(|row| {
        let verdict = match row.text(5)?.as_str() {
            "accept" => Verdict::Accept,
            "reject" => Verdict::Reject,
            "associative" => Verdict::Associative,
            "move" => Verdict::Move(Box::new((*book.ruled(row.int(6)?)?).clone())),
            "undo" => Verdict::Undo(row.int(7)?),
            other => return Err(StoreError::Broken(format!("{other:?} is no verdict"))),
        };
        Ok(Ruling {
            id: row.int(0)?,
            version: row.int(1)?,
            mention: MentionRef {
                document: row.text(2)?,
                span: [row.size(3)?, row.size(4)?],
            },
            verdict,
            author: row.text(8)?,
            reason: row.optional_text(9)?,
            time: row.text(10)?,
        })
    });
    rulings.collect()
}

pub fn of_document(session: &mut dyn Session, book: &Book, id: &str) -> Result<Vec<Ruling>, StoreError> {
    let number = number(session, id)?;
    select(session, book, "WHERE r.document = $1 ORDER BY r.id", &[number.into()])
}

/// The rulings on the document with a number, oldest first.
pub fn numbered(session: &mut dyn Session, book: &Book, number: i64) -> Result<Vec<Ruling>, StoreError> {
    select(session, book, "WHERE r.document = $1 ORDER BY r.id", &[number.into()])
}

pub fn after(session: &mut dyn Session, book: &Book, id: i64, limit: usize) -> Result<Vec<Ruling>, StoreError> {
    let values = [id.into(), limit.min(1 << 31).into()];
    select(session, book, "WHERE r.id > $1 ORDER BY r.id LIMIT $2", &values)
}

pub fn strays(session: &mut dyn Session, book: &Book) -> Result<Vec<Ruling>, StoreError> {
    let rows = session.query(
        "SELECT DISTINCT d.id FROM rulings r JOIN documents d ON d.number = r.document
         LEFT JOIN mentions m ON m.document = r.document AND m.byte_start = r.byte_start AND m.byte_end = r.byte_end
         WHERE m.document IS NULL ORDER BY d.id",
        &[],
    )?;
    let mut strays = Vec::new();
    for row in rows {
        let id = row.text(0)?;
        let number = number(session, &id)?;
        let spans = "SELECT byte_start, byte_end FROM mentions WHERE document = $1";
        let spans = session.query(spans, &[number.into()])?;
        let spans = spans.iter().map(|row| Ok([row.size(0)?, row.size(1)?]));
        let spans = spans.collect::<Result<FxHashSet<_>, StoreError>>()?;
        let rulings = of_document(session, book, &id)?;
        let lost = in_force(&rulings)
            .into_iter()
            .filter(|ruling| !spans.contains(&ruling.mention.span));
        strays.extend(lost.cloned());
    }
    strays.sort_by_key(|ruling| ruling.id);
    Ok(strays)
}

impl Writer<'_> {
    pub fn add_ruling(&mut self, new: &NewRuling) -> Result<Ruling, StoreError> {
        if let Verdict::Undo(_) = new.verdict {
            return Err(StoreError::Conflict("a ruling is undone by its id".to_owned()));
        }
        let [start, end] = new.mention.span;
        let number = number(self.session, &new.mention.document)?;
        if self.mention(number, new.mention.span)?.is_none() {
            let id = &new.mention.document;
            return Err(StoreError::Missing(format!(
                "mention at bytes {start} to {end} of document {id:?}"
            )));
        }
        if let Some(seen) = new.seen {
            let last = self.last_ruling_on(number, new.mention.span)?;
            if last != seen {
                return Err(StoreError::Conflict(format!(
                    "it was ruled on since it was read: its last ruling is {last}, not {seen}"
                )));
            }
        }
        self.keep(new.clone())
    }

    pub fn undo(&mut self, id: i64, author: &str, reason: Option<&str>) -> Result<Ruling, StoreError> {
        let found = select(self.session, self.book, "WHERE r.id = $1", &[id.into()])?.pop();
        let undone = found.ok_or_else(|| StoreError::Missing(format!("ruling {id}")))?;
        let all = of_document(self.session, self.book, &undone.mention.document)?;
        if is_undone(&all, id) {
            return Err(StoreError::Conflict(format!("ruling {id} is undone already")));
        }
        self.keep(NewRuling {
            mention: undone.mention,
            verdict: Verdict::Undo(id),
            author: author.to_owned(),
            reason: reason.map(str::to_owned),
            seen: None,
        })
    }

    /// Id of the last ruling on a mention, also of one that takes another back; 0 for none.
    fn last_ruling_on(&mut self, number: i64, [start, end]: [usize; 2]) -> Result<i64, StoreError> {
        let row = self.session.row(
            "SELECT max(id) FROM rulings WHERE document = $1 AND byte_start = $2 AND byte_end = $3",
            &[number.into(), start.into(), end.into()],
        )?;
        Ok(row.map(|row| row.optional_int(0)).transpose()?.flatten().unwrap_or(0))
    }

    fn keep(&mut self, new: NewRuling) -> Result<Ruling, StoreError> {
        self.version += 1;
        self.last_ruling += 1;
        let ruling = Ruling {
            id: self.last_ruling,
            version: self.version,
            mention: new.mention,
            verdict: new.verdict,
            author: new.author,
            reason: new.reason,
            time: now(),
        };
        self.insert_ruling(&ruling)?;
        Ok(ruling)
    }

    /// Writes a ruling and updates the mentions and counts.
    pub fn insert_ruling(&mut self, ruling: &Ruling) -> Result<(), StoreError> {
        let number = number(self.session, &ruling.mention.document)?;
        let book = self.present_book()?;
        let mut rulings = numbered(self.session, &book, number)?;
        self.tally_stored(number, &rulings, -1)?;
        let (place, undoes) = match &ruling.verdict {
            Verdict::Move(place) => (Some(self.place(place)?), None),
            Verdict::Undo(id) => (None, Some(*id)),
            _ => (None, None),
        };
        let [start, end] = ruling.mention.span;
        let row = vec![
            ruling.id.into(),
            ruling.version.into(),
            number.into(),
            start.into(),
            end.into(),
            ruling.verdict.word().into(),
            place.into(),
            undoes.into(),
            (&ruling.author).into(),
            ruling.reason.as_ref().into(),
            (&ruling.time).into(),
        ];
        insert(self.session, COLUMNS, vec![row])?;
        self.rulings += 1;
        self.note_changed(number);
        self.show(number, ruling.mention.span)?;
        rulings.push(ruling.clone());
        self.tally_stored(number, &rulings, 1)
    }

    /// Draws a mention by the ruling in force, and updates the counts.
    fn show(&mut self, number: i64, [start, end]: [usize; 2]) -> Result<(), StoreError> {
        let Some(mention) = self.mention(number, [start, end])? else {
            return Ok(());
        };
        let values = [number.into(), start.into(), end.into()];
        let rows = self.session.query(
            "SELECT id, verdict, place, undoes FROM rulings WHERE document = $1 AND byte_start = $2 AND byte_end = $3
             ORDER BY id DESC",
            &values,
        )?;
        let mut undone = FxHashSet::default();
        let mut force = None;
        for row in rows {
            match (undone.contains(&row.int(0)?), row.optional_int(3)?) {
                (true, _) => {}
                (false, Some(id)) => drop(undone.insert(id)),
                (false, None) => {
                    force = Some((row.text(1)?, row.optional_int(2)?));
                    break;
                }
            }
        }
        let shown = match &force {
            None => mention.read,
            Some((word, _)) if word == "accept" => mention.read,
            Some((word, Some(key))) if word == "move" && !self.is_foreign(*key)? => Some(*key),
            Some(_) => None,
        };
        let values = [
            force.map(|(word, _)| word).into(),
            shown.into(),
            number.into(),
            mention.ordinal.into(),
        ];
        let sql = "UPDATE mentions SET ruled = $1, shown = $2 WHERE document = $3 AND ordinal = $4";
        self.session.execute(sql, &values)?;
        if mention.shown == shown {
            return Ok(());
        }
        let published = "SELECT published FROM documents WHERE number = $1";
        let published = self.session.row(published, &[number.into()])?;
        let published = published.map(|row| row.optional_text(0)).transpose()?.flatten();
        for (key, change) in [(mention.shown, -1), (shown, 1)] {
            let Some(key) = key else { continue };
            let now = self.drawn(number, key)?;
            let documents = now.min(1) - (now - change).min(1);
            self.add(key, day(published.as_deref()), [change, documents, 0, 0]);
        }
        Ok(())
    }

    /// Number of mentions of a document that are drawn at a place.
    fn drawn(&mut self, number: i64, place: i64) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM mentions WHERE document = $1 AND shown = $2";
        let row = self.session.row(sql, &[number.into(), place.into()])?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    fn is_foreign(&mut self, place: i64) -> Result<bool, StoreError> {
        let row = self
            .session
            .row("SELECT is_foreign FROM places WHERE key = $1", &[place.into()])?;
        row.map_or(Ok(false), |row| Ok(row.int(0)? != 0))
    }

    fn mention(&mut self, number: i64, [start, end]: [usize; 2]) -> Result<Option<MentionPlacement>, StoreError> {
        let row = self.session.row(
            "SELECT m.ordinal, m.shown, CASE WHEN m.reading = 'literal' AND p.is_foreign = 0 THEN m.place END
             FROM mentions m LEFT JOIN places p ON p.key = m.place
             WHERE m.document = $1 AND m.byte_start = $2 AND m.byte_end = $3",
            &[number.into(), start.into(), end.into()],
        )?;
        let drawn = row.map(|row| {
            Ok(MentionPlacement {
                ordinal: row.int(0)?,
                shown: row.optional_int(1)?,
                read: row.optional_int(2)?,
            })
        });
        drawn.transpose()
    }
}

/// The place where a mention is drawn, and the one that the machine read.
struct MentionPlacement {
    ordinal: i64,
    shown: Option<i64>,
    read: Option<i64>,
}

/// True if a ruling is undone by one that is not undone itself.
fn is_undone(rulings: &[Ruling], id: i64) -> bool {
    let mut undone = FxHashSet::default();
    // An undo refers to an earlier row, so a later row never undoes the newest one.
    for ruling in rulings.iter().rev() {
        if let Verdict::Undo(earlier) = ruling.verdict
            && !undone.contains(&ruling.id)
        {
            undone.insert(earlier);
        }
    }
    undone.contains(&id)
}
