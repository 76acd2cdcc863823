//! The places that documents mention. There are few, so that all of them are kept in memory.

use super::{
    Session, StoreError,
    history::{self, Descent},
};
use crate::{
    gazetteer::{Level, SameAs},
    geoparse::MentionPlace,
    language::Trilingual,
    store::{Moment, session::Row},
};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const COLUMNS: &str = "key, id, level, is_foreign, lon, lat, name_ar, name_ckb, name_en, same_as, revision";

/// The places as of one moment of the store. A transaction uses it only after it has compared that moment with its own:
/// keys of places mean nothing in a store that went back to an older state.
#[derive(Clone, Debug, Default)]
pub struct Book {
    moment: Moment,
    revision: i64,
    /// Number of times that the store was found to be another one than before.
    lives: u64,
    places: Arc<Places>,
}

#[derive(Clone, Debug, Default)]
struct Places {
    by_key: FxHashMap<i64, Arc<MentionPlace>>,
    keys: FxHashMap<String, i64>,
    /// Rows that cannot be read, by key.
    lost: FxHashMap<i64, Lost>,
}

/// A row that cannot be read.
#[derive(Clone, Debug)]
struct Lost {
    /// The place's id, if it can be read.
    id: Option<String>,
    cause: String,
}

impl Places {
    fn add(&mut self, row: &Row) -> Result<(), StoreError> {
        let key = row.int(0)?;
        match place(row) {
            Ok(place) => {
                self.lost.remove(&key);
                self.keys.insert(place.id.clone(), key);
                self.by_key.insert(key, Arc::new(place));
            }
            Err(error) => self.lose(key, row, error),
        }
        Ok(())
    }

    fn lose(&mut self, key: i64, row: &Row, error: StoreError) {
        if let Some(old) = self.by_key.remove(&key) {
            self.keys.remove(&old.id);
        }
        let cause = match error {
            StoreError::Broken(cause) => cause,
            other => other.to_string(),
        };
        let id = row.text(1).ok();
        self.lost.insert(key, Lost { id, cause });
    }
}

impl Book {
    /// A book without places, in place of this one: the next transaction reads all of them.
    pub fn forgotten(&self) -> Self {
        Self {
            lives: self.lives,
            ..Self::default()
        }
    }

    /// The book as of the present moment of a transaction; `None` if this one is.
    pub fn newer(&self, session: &mut dyn Session) -> Result<Option<Self>, StoreError> {
        let (now, revision) = history::now(session)?;
        if now == self.moment && revision == self.revision {
            return Ok(None);
        }
        let is_first = self.moment == Moment::default();
        let descent = match is_first {
            true => Descent::Unknown,
            false => history::descent(session, &self.moment, &now)?,
        };
        if descent == Descent::Diverged {
            tracing::error!(
                before = self.moment.version,
                now = now.version,
                "the store is not the one that it was: it went back to an older state, or another database has taken its \
                 place; everything is read again, and what it does not hold is lost"
            );
        }
        let mut book = match descent {
            Descent::Follows => self.clone(),
            Descent::Unknown => Self {
                lives: self.lives,
                ..Self::default()
            },
            Descent::Diverged => Self {
                lives: self.lives + 1,
                ..Self::default()
            },
        };
        if revision != book.revision || descent != Descent::Follows {
            let places = Arc::make_mut(&mut book.places);
            let sql = format!("SELECT {COLUMNS} FROM places WHERE revision > $1");
            for row in session.query(&sql, &[book.revision.into()])? {
                places.add(&row)?;
            }
        }
        (book.moment, book.revision) = (now, revision);
        Ok(Some(book))
    }

    /// The same with the places that the present transaction has written.
    pub fn with_new(&self, session: &mut dyn Session) -> Result<Self, StoreError> {
        let mut book = self.clone();
        let sql = format!("SELECT {COLUMNS} FROM places WHERE revision > $1");
        let rows = session.query(&sql, &[self.revision.into()])?;
        if !rows.is_empty() {
            let places = Arc::make_mut(&mut book.places);
            for row in &rows {
                places.add(row)?;
            }
        }
        Ok(book)
    }

    /// The moment that these are the places of.
    pub fn moment(&self) -> &Moment {
        &self.moment
    }

    /// True if another book is of a later moment.
    pub fn is_before(&self, other: &Self) -> bool {
        (self.lives, self.moment.version, self.revision) < (other.lives, other.moment.version, other.revision)
    }

    pub fn get(&self, key: i64) -> Result<&Arc<MentionPlace>, StoreError> {
        let missing = || StoreError::Broken(format!("place {key} is not in the table of places"));
        self.places.by_key.get(&key).ok_or_else(missing)
    }

    pub fn key(&self, id: &str) -> Option<i64> {
        self.places.keys.get(id).copied()
    }

    /// The place with an id; none if its row is damaged.
    ///
    /// # Errors
    /// If the table has no such place.
    pub fn named(&self, id: &str) -> Result<Option<Arc<MentionPlace>>, StoreError> {
        let places = &self.places;
        let place = places.keys.get(id).and_then(|key| places.by_key.get(key));
        let mut lost = places.lost.values();
        if place.is_none() && !lost.any(|lost| lost.id.as_deref().is_none_or(|lost| lost == id)) {
            return Err(StoreError::Broken(format!(
                "place {id:?} is not in the table of places"
            )));
        }
        Ok(place.cloned())
    }

    /// The place that a ruling names. One whose row is damaged is known by its id alone and is not drawn.
    pub fn ruled(&self, key: i64) -> Result<Arc<MentionPlace>, StoreError> {
        let Some(lost) = self.places.lost.get(&key) else {
            return self.get(key).cloned();
        };
        Ok(Arc::new(MentionPlace {
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
            within: Arc::default(),
        }))
    }

    /// The rows that cannot be read, for people.
    pub fn damaged(&self) -> Vec<String> {
        let mut rows: Vec<_> = self.places.lost.iter().collect();
        rows.sort_unstable_by_key(|(key, _)| **key);
        rows.into_iter()
            .map(|(key, lost)| {
                let id = lost.id.as_deref().unwrap_or("of unknown id");
                format!("place {id} (key {key}) cannot be read: {}", lost.cause)
            })
            .collect()
    }

    /// All places that can be read, with their keys.
    pub fn keyed(&self) -> impl Iterator<Item = (i64, &MentionPlace)> {
        self.places.by_key.iter().map(|(key, place)| (*key, &**place))
    }

    /// The places that may be drawn.
    pub fn drawn(&self) -> impl Iterator<Item = (i64, &MentionPlace)> {
        self.keyed().filter(|(_, place)| !place.foreign)
    }
}

/// The ids of the column `same_as`: those of the place elsewhere, and those of the units that contain it.
#[derive(Serialize, Deserialize)]
struct KeptIds {
    #[serde(flatten)]
    same_as: SameAs,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    within: Vec<String>,
}

fn place(row: &Row) -> Result<MentionPlace, StoreError> {
    let kept: KeptIds = serde_json::from_str(&row.text(9)?)
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
        same_as: kept.same_as,
        within: kept.within.into(),
    })
}

/// Writes a place, new or changed; returns its key.
pub fn upsert(session: &mut dyn Session, place: &MentionPlace, revision: i64) -> Result<i64, StoreError> {
    let kept = KeptIds {
        same_as: place.same_as.clone(),
        within: place.within.to_vec(),
    };
    let same_as = serde_json::to_string(&kept).map_err(|error| StoreError::Broken(format!("same_as: {error}")))?;
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
