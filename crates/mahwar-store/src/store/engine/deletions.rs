//! Deleted documents: their tombstones, and the rows that are deleted with a document.

use super::{
    Deletion, Session, StoreError, read,
    write::{Writer, bytes_of, day, insert, now},
};
use crate::{
    document::Document,
    store::{session::Value, words::hash_of_words},
};

const DELETIONS: &str = "SELECT number, id, sha256, words, version, author, reason, time FROM deletions";
const COLUMNS: &str = "deletions (number, id, sha256, words, version, author, reason, time)";
/// Tables with rows of a document, those that refer to others first.
const TABLES: [&str; 11] = [
    "edits",
    "edited",
    "rulings",
    "claim_units",
    "claim_places",
    "claims",
    "mentions",
    "originals",
    "parses",
    "document_details",
    "document_sources",
];

/// The tombstones that a condition names.
pub fn select(session: &mut dyn Session, condition: &str, values: &[Value]) -> Result<Vec<Deletion>, StoreError> {
    let rows = session.query(&format!("{DELETIONS} {condition}"), values)?;
    let deletions = rows.iter().map(|row| {
        Ok(Deletion {
            number: row.int(0)?,
            id: row.text(1)?,
            sha256: read::hex(row.blob(2)?),
            words: match row.0.get(3) {
                Some(Value::Null) => None,
                _ => Some(read::hex(row.blob(3)?)),
            },
            version: row.int(4)?,
            author: row.optional_text(5)?,
            reason: row.text(6)?,
            time: row.text(7)?,
        })
    });
    deletions.collect()
}

/// The tombstone of a document that was not put again.
pub fn in_force(session: &mut dyn Session, id: &str) -> Result<Option<Deletion>, StoreError> {
    let there = session.row("SELECT number FROM documents WHERE id = $1", &[id.into()])?;
    match there {
        Some(_) => Ok(None),
        None => latest(session, id),
    }
}

/// The last tombstone with an id.
pub fn latest(session: &mut dyn Session, id: &str) -> Result<Option<Deletion>, StoreError> {
    let found = select(session, "WHERE id = $1 ORDER BY number DESC LIMIT 1", &[id.into()])?;
    Ok(found.into_iter().next())
}

/// The last tombstone of a text, or of one with the same words, under whatever title, if no document has the deleted text
/// now.
pub fn of_text(session: &mut dyn Session, document: &Document) -> Result<Option<Deletion>, StoreError> {
    let mut last = |column: &str, hash: &str| {
        let condition = format!("WHERE {column} = $1 ORDER BY number DESC LIMIT 1");
        select(session, &condition, &[bytes_of(hash)?.into()]).map(|mut found| found.pop())
    };
    let mut found = last("sha256", &document.sha256)?;
    if let (None, Some(words)) = (&found, hash_of_words(&document.text)) {
        found = last("words", &words)?;
    }
    let Some(deletion) = found else { return Ok(None) };
    let sql = "SELECT 1 FROM documents WHERE sha256 = $1 LIMIT 1";
    let present = session.row(sql, &[bytes_of(&deletion.sha256)?.into()])?;
    Ok(present.is_none().then_some(deletion))
}

/// Tombstones after a number, in order.
pub fn after(session: &mut dyn Session, number: i64, limit: usize) -> Result<Vec<Deletion>, StoreError> {
    let values = [number.into(), limit.into()];
    select(session, "WHERE number > $1 ORDER BY number LIMIT $2", &values)
}

impl Writer<'_> {
    pub fn delete(&mut self, id: &str, author: Option<&str>, reason: &str) -> Result<Deletion, StoreError> {
        let sql = "SELECT number, sha256, text FROM documents WHERE id = $1";
        let Some(row) = self.session.row(sql, &[id.into()])? else {
            return Err(match latest(self.session, id)? {
                Some(deletion) => StoreError::Deleted(Box::new(deletion)),
                None => StoreError::Missing(format!("document {id:?}")),
            });
        };
        self.version += 1;
        let deletion = Deletion {
            number: row.int(0)?,
            id: id.to_owned(),
            sha256: read::hex(row.blob(1)?),
            // A text that cannot be read is deleted all the same.
            words: row.text(2).ok().and_then(|text| hash_of_words(&text)),
            version: self.version,
            author: author.map(str::to_owned),
            reason: reason.to_owned(),
            time: now(),
        };
        self.session.overwrite_deleted(true)?;
        self.remove(deletion.number)?;
        self.session.overwrite_deleted(false)?;
        self.bury(&deletion)?;
        Ok(deletion)
    }

    /// Writes a tombstone.
    pub fn bury(&mut self, deletion: &Deletion) -> Result<(), StoreError> {
        let row = vec![
            deletion.number.into(),
            (&deletion.id).into(),
            bytes_of(&deletion.sha256)?.into(),
            deletion.words.as_deref().map(bytes_of).transpose()?.into(),
            deletion.version.into(),
            deletion.author.as_ref().into(),
            (&deletion.reason).into(),
            (&deletion.time).into(),
        ];
        insert(self.session, COLUMNS, vec![row])
    }

    /// Takes a document out of every table and count.
    pub fn remove(&mut self, number: i64) -> Result<(), StoreError> {
        let sql = "SELECT published FROM documents WHERE number = $1";
        let row = self.session.row(sql, &[number.into()])?;
        self.tally_out(number)?;
        self.session.drop_words([number, number])?;
        // A date that cannot be read was counted as none.
        let published = row.and_then(|row| row.optional_text(0).ok()).flatten();
        self.forget_parse(number, day(published.as_deref()))?;
        self.forget_event_rulings(number)?;
        for table in TABLES {
            let sql = format!("DELETE FROM {table} WHERE document = $1");
            let gone = self.session.execute(&sql, &[number.into()])?;
            if matches!(table, "rulings" | "edits") {
                self.rulings -= i64::try_from(gone).unwrap_or_default();
            }
        }
        let sql = "DELETE FROM documents WHERE number = $1";
        self.session.execute(sql, &[number.into()])?;
        self.documents -= 1;
        Ok(())
    }
}
