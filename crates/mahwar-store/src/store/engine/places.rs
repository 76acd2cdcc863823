//! The places that documents mention. There are few, so that all of them stand in memory.

use super::{Session, StoreError};
use crate::{geoparse::MentionPlace, language::Trilingual, store::session::Row};
use rustc_hash::FxHashMap;
use std::sync::Arc;

const COLUMNS: &str = "key, id, level, is_foreign, lon, lat, name_ar, name_ckb, name_en, same_as, revision";

/// Places by key and by id, as of a revision of the table.
#[derive(Clone, Debug, Default)]
pub struct Book {
    pub revision: i64,
    by_key: FxHashMap<i64, Arc<MentionPlace>>,
    keys: FxHashMap<String, i64>,
}

impl Book {
    /// The book with what came since, where something did.
    pub fn newer(&self, session: &mut dyn Session) -> Result<Option<Self>, StoreError> {
        let now = session.row("SELECT places_revision FROM store", &[])?;
        let now = now
            .ok_or_else(|| StoreError::Broken("the store row is missing".to_owned()))?
            .int(0)?;
        if now <= self.revision {
            return Ok(None);
        }
        let mut book = self.clone();
        let sql = format!("SELECT {COLUMNS} FROM places WHERE revision > $1");
        for row in session.query(&sql, &[self.revision.into()])? {
            let (key, place) = place(&row)?;
            book.keys.insert(place.id.clone(), key);
            book.by_key.insert(key, Arc::new(place));
        }
        book.revision = now;
        Ok(Some(book))
    }

    pub fn get(&self, key: i64) -> Result<&Arc<MentionPlace>, StoreError> {
        let missing = || StoreError::Broken(format!("place {key} is not in the table of places"));
        self.by_key.get(&key).ok_or_else(missing)
    }

    pub fn key(&self, id: &str) -> Option<i64> {
        self.keys.get(id).copied()
    }

    pub fn named(&self, id: &str) -> Option<MentionPlace> {
        let place = self.by_key.get(self.keys.get(id)?)?;
        Some((**place).clone())
    }

    /// The places that may be drawn.
    pub fn drawn(&self) -> impl Iterator<Item = (i64, &MentionPlace)> {
        let all = self.by_key.iter().map(|(key, place)| (*key, &**place));
        all.filter(|(_, place)| !place.foreign)
    }
}

fn place(row: &Row) -> Result<(i64, MentionPlace), StoreError> {
    let same_as = serde_json::from_str(&row.text(9)?)
        .map_err(|error| StoreError::Broken(format!("same_as of a place: {error}")))?;
    let place = MentionPlace {
        id: row.text(1)?,
        level: row.word(2)?,
        foreign: row.int(3)? != 0,
        point: [row.real(4)?, row.real(5)?],
        name: Trilingual {
            ar: row.optional_text(6)?,
            ckb: row.optional_text(7)?,
            en: row.optional_text(8)?,
        },
        same_as,
    };
    Ok((row.int(0)?, place))
}

/// Writes a place, new or changed; gives its key.
pub fn upsert(session: &mut dyn Session, place: &MentionPlace, revision: i64) -> Result<i64, StoreError> {
    let same_as =
        serde_json::to_string(&place.same_as).map_err(|error| StoreError::Broken(format!("same_as: {error}")))?;
    let values = [
        (&place.id).into(),
        place.level.word().into(),
        i64::from(place.foreign).into(),
        place.point[0].into(),
        place.point[1].into(),
        place.name.ar.as_ref().into(),
        place.name.ckb.as_ref().into(),
        place.name.en.as_ref().into(),
        same_as.into(),
        revision.into(),
    ];
    let row = session.row(
        "INSERT INTO places (id, level, is_foreign, lon, lat, name_ar, name_ckb, name_en, same_as, revision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (id) DO UPDATE SET level = excluded.level, is_foreign = excluded.is_foreign, lon = excluded.lon,
         lat = excluded.lat, name_ar = excluded.name_ar, name_ckb = excluded.name_ckb, name_en = excluded.name_en,
         same_as = excluded.same_as, revision = excluded.revision
         RETURNING key",
        &values,
    )?;
    row.ok_or_else(|| StoreError::Broken("a place got no key".to_owned()))?
        .int(0)
}
