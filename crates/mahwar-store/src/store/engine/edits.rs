//! Edits as rows, and their effects: on the row of the document, its reading, its mentions and claims, its counts and words.

use super::{
    Book, Session, StoreError,
    read::{self, number},
    rulings,
    write::{Dated, Force, Rows, Writer, day, insert, now},
};
use crate::{
    document::Document,
    geoparse::{Mention, MentionPlace, Parse},
    layers::ReadDocument,
    store::{
        Edit, EditTarget, EditVerdict, NewEdit,
        edit::{ADDED_BASE, EditState, corrected, edits_in_force},
        in_force,
        packed::{pack, unpack},
        session::Value,
        words::words_of,
    },
};
use rustc_hash::FxHashMap;

const EDITS: &str = "SELECT e.id, e.version, d.id, e.target, e.number, e.verdict, e.body, e.undoes, e.author, e.reason, e.time \
     FROM edits e JOIN documents d ON d.number = e.document";
const COLUMNS: &str = "edits (id, version, document, target, number, verdict, body, undoes, author, reason, time)";
const EDITED: &str = "edited (document, title, language, source_url, publisher, published, parse, edits)";

/// Reads a document again whose title or date was corrected.
pub type Reread<'r> = &'r dyn Fn(&Document) -> Parse;

/// The edits that a condition names; it sees them as `e` and their documents as `d`.
pub fn select(
    session: &mut dyn Session,
    book: &Book,
    condition: &str,
    values: &[Value],
) -> Result<Vec<Edit>, StoreError> {
    let rows = session.query(&format!("{EDITS} {condition}"), values)?;
    let edits = rows.iter().map(|row| {
        let kind = row.text(3)?;
        let target = EditTarget::of_columns(&kind, row.size(4)? as u32);
        let target = target.ok_or_else(|| StoreError::Broken(format!("{kind:?} cannot be edited")))?;
        let verdict = EditVerdict::of_body(target, &row.text(5)?, &row.text(6)?, row.optional_int(7)?)?;
        let places = verdict.places().into_iter().map(|id| book.named(id));
        let places = places.collect::<Result<Vec<_>, _>>()?;
        let places: Vec<MentionPlace> = places.into_iter().flatten().map(|place| (*place).clone()).collect();
        Ok(Edit {
            id: row.int(0)?,
            version: row.int(1)?,
            document: row.text(2)?,
            target,
            verdict,
            places,
            author: row.text(8)?,
            reason: row.optional_text(9)?,
            time: row.text(10)?,
        })
    });
    edits.collect()
}

/// All edits of the document with a number, oldest first.
pub fn numbered(session: &mut dyn Session, book: &Book, number: i64) -> Result<Vec<Edit>, StoreError> {
    select(session, book, "WHERE e.document = $1 ORDER BY e.id", &[number.into()])
}

/// All edits of a document, oldest first.
pub fn of_document(session: &mut dyn Session, book: &Book, id: &str) -> Result<Vec<Edit>, StoreError> {
    let number = number(session, id)?;
    numbered(session, book, number)
}

/// The numbers of all documents with edits in force.
pub fn edited(session: &mut dyn Session) -> Result<Vec<i64>, StoreError> {
    let rows = session.query("SELECT document FROM edited ORDER BY document", &[])?;
    rows.iter().map(|row| row.int(0)).collect()
}

/// The numbers of all documents that were ever edited.
pub fn with_history(session: &mut dyn Session) -> Result<Vec<i64>, StoreError> {
    let rows = session.query("SELECT DISTINCT document FROM edits ORDER BY document", &[])?;
    rows.iter().map(|row| row.int(0)).collect()
}

/// The machine's reading of a document whose title or date was corrected; `None` for others.
pub fn corrected_reading(session: &mut dyn Session, book: &Book, number: i64) -> Result<Option<Parse>, StoreError> {
    let row = session.row(
        "SELECT p.parse, d.title, d.text FROM edited e JOIN documents d ON d.number = e.document
         JOIN parses p ON p.document = e.document WHERE e.document = $1 AND e.parse IS NOT NULL",
        &[number.into()],
    )?;
    let read =
        |row: &super::super::session::Row| unpack(row.blob(0)?, &row.text(1)?, &row.text(2)?, &|id| book.named(id));
    row.as_ref().map(read).transpose()
}

/// A document as it was declared, with the machine's reading of it; `None` without edits in force.
pub fn declared(session: &mut dyn Session, book: &Book, number: i64) -> Result<Option<ReadDocument>, StoreError> {
    let row = session.row(
        "SELECT d.id, d.sha256, e.title, e.language, e.source_url, e.publisher, e.published, d.text,
         coalesce(e.parse, p.parse), x.details FROM edited e JOIN documents d ON d.number = e.document
         LEFT JOIN parses p ON p.document = d.number LEFT JOIN document_details x ON x.document = d.number
         WHERE e.document = $1",
        &[number.into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let (title, text) = (row.text(2)?, row.text(7)?);
    let parse = unpack(row.blob(8)?, &title, &text, &|id| book.named(id))?;
    let document = Document {
        id: row.text(0)?,
        sha256: read::hex(row.blob(1)?),
        title,
        language: row.word(3)?,
        source_url: row.optional_text(4)?,
        publisher: row.optional_text(5)?,
        published: row.optional_text(6)?,
        text,
        details: row
            .optional_text(9)?
            .and_then(|details| serde_json::from_str(&details).ok()),
    };
    Ok(Some(ReadDocument { document, parse }))
}

/// The same by the id of the document.
pub fn declared_of(session: &mut dyn Session, book: &Book, id: &str) -> Result<Option<ReadDocument>, StoreError> {
    let row = session.row("SELECT number FROM documents WHERE id = $1", &[id.into()])?;
    match row {
        Some(row) => declared(session, book, row.int(0)?),
        None => Ok(None),
    }
}

/// Edits in force on the claims and mentions of a document; `None` without edits.
pub fn state(session: &mut dyn Session, number: i64) -> Result<Option<EditState>, StoreError> {
    let row = session.row("SELECT edits FROM edited WHERE document = $1", &[number.into()])?;
    row.map(|row| EditState::read(&row.text(0)?)).transpose()
}

/// The spans of the mentions that analysts added to a document.
pub fn added_spans(session: &mut dyn Session, number: i64) -> Result<Vec<[usize; 2]>, StoreError> {
    Ok(state(session, number)?
        .map(|state| state.added_spans())
        .unwrap_or_default())
}

/// Number of drawn mentions of each place in a reading, by its id.
pub fn drawn_places(parse: &Parse) -> FxHashMap<&str, i64> {
    let mut drawn: FxHashMap<&str, i64> = FxHashMap::default();
    let mentions = parse.mentions.iter().filter(|mention| mention.is_drawn());
    for place in mentions.filter_map(|mention| mention.place.as_deref()) {
        *drawn.entry(&place.id).or_default() += 1;
    }
    drawn
}

impl Writer<'_> {
    /// Keeps an edit and applies it.
    pub fn edit(&mut self, new: &NewEdit, reread: Reread<'_>) -> Result<Edit, StoreError> {
        let number = number(self.session, &new.document)?;
        let book = self.present_book()?;
        let mut all = numbered(self.session, &book, number)?;
        let target = match (new.target, &new.verdict) {
            (Some(target), _) => target,
            (None, EditVerdict::AddClaim(_)) => EditTarget::Claim(free(&all, |target| match target {
                EditTarget::Claim(number) => Some(number),
                _ => None,
            })),
            (None, EditVerdict::AddMention(..)) => EditTarget::Mention(free(&all, |target| match target {
                EditTarget::Mention(number) => Some(number),
                _ => None,
            })),
            (None, _) => EditTarget::Document,
        };
        let own = || all.iter().filter(|edit| edit.target == target);
        let last = own().map(|edit| edit.id).max().unwrap_or(0);
        if let Some(seen) = new.seen.filter(|seen| *seen != last) {
            return Err(StoreError::Conflict(format!(
                "it was edited since it was read: its last edit is {last}, not {seen}"
            )));
        }
        let verdict = match &new.verdict {
            EditVerdict::Undo(_) => {
                let force = edits_in_force(&all);
                let newest = force.into_iter().rev().find(|edit| edit.target == target);
                let newest = newest.ok_or_else(|| StoreError::Missing("edit that could be taken back".to_owned()))?;
                EditVerdict::Undo(newest.id)
            }
            other => other.clone(),
        };
        if let EditVerdict::AddMention([start, end], _) = &verdict {
            let sql = "SELECT ordinal FROM mentions WHERE document = $1 AND byte_start = $2 AND byte_end = $3";
            let values = [number.into(), (*start).into(), (*end).into()];
            if let Some(row) = self.session.row(sql, &values)? {
                return Err(StoreError::Conflict(format!(
                    "these words are mention {}-m{} already",
                    new.document,
                    row.int(0)?
                )));
            }
        }
        for place in &new.places {
            self.place(place)?;
        }
        let row = self.session.row("SELECT last_edit FROM store", &[])?;
        self.version += 1;
        let edit = Edit {
            id: row.map_or(Ok(0), |row| row.int(0))? + 1,
            version: self.version,
            document: new.document.clone(),
            target,
            verdict,
            places: new.places.clone(),
            author: new.author.clone(),
            reason: new.reason.clone(),
            time: now(),
        };
        self.insert_edit(number, &edit)?;
        all.push(edit.clone());
        self.apply_edits(number, &all, reread)?;
        Ok(edit)
    }

    /// Writes the row of an edit.
    pub fn insert_edit(&mut self, number: i64, edit: &Edit) -> Result<(), StoreError> {
        for place in &edit.places {
            self.place(place)?;
        }
        let (kind, of) = edit.target.columns();
        let undoes = match edit.verdict {
            EditVerdict::Undo(id) => Some(id),
            _ => None,
        };
        let row = vec![
            edit.id.into(),
            edit.version.into(),
            number.into(),
            kind.into(),
            i64::from(of).into(),
            edit.verdict.word().into(),
            edit.verdict.body()?.into(),
            undoes.into(),
            (&edit.author).into(),
            edit.reason.as_ref().into(),
            (&edit.time).into(),
        ];
        insert(self.session, COLUMNS, vec![row])?;
        self.rulings += 1;
        let sql = "UPDATE store SET last_edit = $1 WHERE last_edit < $2";
        self.session.execute(sql, &[edit.id.into(), edit.id.into()]).map(drop)
    }

    /// Writes a document again with its edits. `reread` is called only if title or date differ from those of the stored
    /// reading.
    pub fn apply_edits(&mut self, number: i64, all: &[Edit], reread: Reread<'_>) -> Result<(), StoreError> {
        self.apply_edits_at(number, all, self.version, reread)
    }

    /// [`Self::apply_edits`], where the document gets this version.
    pub fn apply_edits_at(
        &mut self,
        number: i64,
        all: &[Edit],
        version: i64,
        reread: Reread<'_>,
    ) -> Result<(), StoreError> {
        let book = self.present_book()?;
        let missing = || StoreError::Missing(format!("document number {number}"));
        let before = read::numbered(self.session, &book, number)?.ok_or_else(missing)?;
        let declared = match declared(self.session, &book, number)? {
            Some(declared) => declared,
            None => ReadDocument {
                document: before.read.document.clone(),
                parse: self.parse(number, &before.read.document.title, &before.read.document.text)?,
            },
        };
        let document = corrected(&declared.document, all);
        let is_read_with =
            |other: &Document| (&other.title, &other.published) == (&document.title, &document.published);
        let is_as_declared = is_read_with(&declared.document);
        let reading = if is_as_declared {
            None
        } else if is_read_with(&before.read.document) {
            Some(self.parse(number, &document.title, &document.text)?)
        } else {
            Some(reread(&document))
        };
        // Its counts are subtracted as they were stored.
        self.tally_out(number)?;
        let day_before = day(before.read.document.published.as_deref());
        self.forget_parse(number, day_before)?;
        let values = [
            (&document.title).into(),
            document.language.tag().into(),
            document.source_url.as_ref().into(),
            document.publisher.as_ref().into(),
            document.published.as_ref().into(),
            day(document.published.as_deref()).into(),
            version.into(),
            number.into(),
        ];
        let sql = "UPDATE documents SET title = $1, language = $2, source_url = $3, publisher = $4, published = $5, day = $6, \
             version = $7 WHERE number = $8";
        self.session.execute(sql, &values)?;
        let base = reading.as_ref().unwrap_or(&declared.parse);
        let values = [pack(base)?.into(), number.into()];
        self.session
            .execute("UPDATE parses SET parse = $1 WHERE document = $2", &values)?;
        let state = EditState::of(all);
        self.session
            .execute("DELETE FROM edited WHERE document = $1", &[number.into()])?;
        let is_edited = !edits_in_force(all).is_empty();
        if is_edited {
            let original = match is_as_declared {
                true => None,
                false => Some(pack(&declared.parse)?),
            };
            let declared = &declared.document;
            let row = vec![
                number.into(),
                (&declared.title).into(),
                declared.language.tag().into(),
                declared.source_url.as_ref().into(),
                declared.publisher.as_ref().into(),
                declared.published.as_ref().into(),
                original.map_or(Value::Null, Value::from),
                state.write()?.into(),
            ];
            insert(self.session, EDITED, vec![row])?;
        }
        let mut parse = base.clone();
        let texts = [document.title.as_str(), document.text.as_str()];
        let present = self.present_book()?;
        state.apply(&mut parse, texts, &|id| present.named(id))?;
        self.write_reading(number, &document, &parse, is_edited.then_some(&declared))?;
        if document.title != before.read.document.title && number <= self.searchable() {
            self.session.drop_words([number, number])?;
            let words = words_of(&document.title, &document.text);
            self.session.put_words(&[(number, &words)])?;
        }
        let rulings = rulings::numbered(self.session, &present, number)?;
        self.tally_stored(number, &rulings, 1)?;
        self.note_changed(number);
        Ok(())
    }

    /// Replaces the machine's reading of a document as it was declared, where title or date were corrected since; true if it
    /// was another one.
    pub fn reparse_declared(&mut self, id: &str, parse: &Parse) -> Result<bool, StoreError> {
        let number = number(self.session, id)?;
        let sql = "SELECT 1 FROM edited WHERE document = $1 AND parse IS NOT NULL";
        if self.session.row(sql, &[number.into()])?.is_none() {
            return Ok(false);
        }
        let book = self.present_book()?;
        let Some(mut declared) = declared(self.session, &book, number)? else {
            return Ok(false);
        };
        if declared.parse == *parse {
            return Ok(false);
        }
        self.tally_out(number)?;
        self.count_declared(&declared, -1)?;
        declared.parse = parse.clone();
        self.count_declared(&declared, 1)?;
        let sql = "UPDATE edited SET parse = $1 WHERE document = $2";
        self.session.execute(sql, &[pack(parse)?.into(), number.into()])?;
        self.version += 1;
        let sql = "UPDATE documents SET version = $1 WHERE number = $2";
        self.session.execute(sql, &[self.version.into(), number.into()])?;
        // Its candidates may be new in the table of places.
        for place in parse.mentions.iter().filter_map(|mention| mention.place.as_deref()) {
            self.place(place)?;
        }
        let book = self.present_book()?;
        let rulings = rulings::numbered(self.session, &book, number)?;
        self.tally_stored(number, &rulings, 1)?;
        Ok(true)
    }

    /// The rows of a reading, whose counts by place and day are those of the declared document where it was edited.
    pub fn write_reading(
        &mut self,
        number: i64,
        document: &Document,
        parse: &Parse,
        declared: Option<&ReadDocument>,
    ) -> Result<(), StoreError> {
        let book = self.present_book()?;
        let rulings = rulings::numbered(self.session, &book, number)?;
        let force: Force<'_> = in_force(&rulings)
            .into_iter()
            .map(|ruling| (ruling.mention.span, &ruling.verdict))
            .collect();
        let mut rows = Rows::default();
        let dated = Dated {
            published: document.published.clone(),
            day: day(document.published.as_deref()),
        };
        self.add_parse(&mut rows, number, &dated, parse, &force, declared.is_none())?;
        rows.insert(self.session)?;
        match declared {
            Some(declared) => self.count_declared(declared, 1),
            None => Ok(()),
        }
    }

    /// Adds (1) or takes away (-1) the counts of the declared document by place and day.
    pub fn count_declared(&mut self, declared: &ReadDocument, sign: i64) -> Result<(), StoreError> {
        let mentions = declared.parse.mentions.iter().filter(|mention| mention.is_drawn());
        for place in mentions.filter_map(|mention: &Mention| mention.place.as_deref()) {
            // Known since the document was put.
            self.place(place)?;
        }
        let day = day(declared.document.published.as_deref());
        for (id, count) in drawn_places(&declared.parse) {
            let key = self.new_places.get(id).copied().or_else(|| self.book.key(id));
            if let Some(key) = key {
                self.add(key, day, [0, 0, sign * count, sign]);
            }
        }
        Ok(())
    }
}

/// The next number of an addition: never one that was given before.
fn free(all: &[Edit], number: impl Fn(EditTarget) -> Option<u32>) -> u32 {
    let given = all.iter().filter_map(|edit| number(edit.target));
    given.max().unwrap_or(0).max(ADDED_BASE) + 1
}
