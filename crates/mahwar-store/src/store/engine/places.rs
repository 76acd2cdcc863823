//! The places that documents mention. There are few, so that all of them stand in memory.

use super::{Session, StoreError};
use crate::{
    gazetteer::{Level, SameAs},
    geoparse::MentionPlace,
    language::Trilingual,
    store::session::Row,
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

const COLUMNS: &str = "key, id, level, is_foreign, lon, lat, name_ar, name_ckb, name_en, same_as, revision";

/// Places by key and by id, as of a revision of the table.
#[derive(Clone, Debug, Default)]
pub struct Book {
    pub revision: i64,
    by_key: FxHashMap<i64, Arc<MentionPlace>>,
    keys: FxHashMap<String, i64>,
    /// Rows that cannot be read, by key.
    lost: FxHashMap<i64, Lost>,
}

/// A row that cannot be read.
#[derive(Clone, Debug)]
struct Lost {
    /// Where that can be read.
    id: Option<String>,
    cause: String,
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
            let key = row.int(0)?;
            match place(&row) {
                Ok(place) => {
                    book.lost.remove(&key);
                    book.keys.insert(place.id.clone(), key);
                    book.by_key.insert(key, Arc::new(place));
                }
                Err(error) => {
                    book.lose(key, &row, error);
                }
            }
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

    fn lose(&mut self, key: i64, row: &Row, error: StoreError) {
        let id = row.text(1).ok();
        if let Some(old) = self.by_key.remove(&key) {
            self.keys.remove(&old.id);
        }
        let cause = match error {
            StoreError::Broken(cause) => cause,
            other => other.to_string(),
        };
        self.lost.insert(key, Lost { id, cause });
    }

    /// The place with an id; none if its row is damaged.
    ///
    /// # Errors
    /// If the table has no such place.
    pub fn named(&self, id: &str) -> Result<Option<MentionPlace>, StoreError> {
        let place = self.keys.get(id).and_then(|key| self.by_key.get(key));
        if place.is_none()
            && !self
                .lost
                .values()
                .any(|lost| lost.id.as_deref().is_none_or(|lost| lost == id))
        {
            return Err(StoreError::Broken(format!(
                "place {id:?} is not in the table of places"
            )));
        }
        Ok(place.map(|place| (**place).clone()))
    }

    /// The place that a ruling names. One whose row is damaged is known by its id alone and is not drawn.
    pub fn ruled(&self, key: i64) -> Result<MentionPlace, StoreError> {
        let Some(lost) = self.lost.get(&key) else {
            return self.get(key).map(|place| (**place).clone());
        };
        Ok(MentionPlace {
            id: lost.id.clone().unwrap_or_default(),
            level: Level::Country,
            foreign: true,
            point: [0.0, 0.0],
            name: Trilingual {
                ar: None,
                ckb: None,
                en: None,
            },
            same_as: SameAs::default(),
        })
    }

    /// The rows that cannot be read, for people.
    pub fn damaged(&self) -> Vec<String> {
        let mut rows: Vec<_> = self.lost.iter().collect();
        rows.sort_unstable_by_key(|(key, _)| **key);
        rows.into_iter()
            .map(|(key, lost)| {
                let id = lost.id.as_deref().unwrap_or("of unknown id");
                format!("place {id} (key {key}) cannot be read: {}", lost.cause)
            })
            .collect()
    }

    /// The places that may be drawn.
    pub fn drawn(&self) -> impl Iterator<Item = (i64, &MentionPlace)> {
        let all = self.by_key.iter().map(|(key, place)| (*key, &**place));
        all.filter(|(_, place)| !place.foreign)
    }
}

fn place(row: &Row) -> Result<MentionPlace, StoreError> {
    let same_as = serde_json::from_str(&row.text(9)?)
        .map_err(|error| StoreError::Broken(format!("same_as of a place: {error}")))?;
    Ok(MentionPlace {
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
    })
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
