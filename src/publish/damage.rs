//! Parts of a store that cannot be read, as far as something asked for them: logged once, and counted.

use crate::store::{Damaged, Store, StoreError};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Documents that are remembered by name; a store with more is damaged as a whole.
const MAX_DOCUMENTS: usize = 1000;

/// Documents and places that cannot be read.
#[derive(Default)]
pub struct Damage(Mutex<DamageRecord>);

#[derive(Default)]
struct DamageRecord {
    /// Causes by document id.
    documents: BTreeMap<String, String>,
    places: Vec<String>,
}

impl Damage {
    /// Notes a document; the log names it once.
    pub fn found(&self, damaged: &Damaged) {
        let mut known = self.lock();
        if known.documents.len() < MAX_DOCUMENTS && !known.documents.contains_key(&damaged.id) {
            tracing::error!(
                document = %damaged.id,
                cause = %damaged.cause,
                "a document cannot be read and is passed over; mahwar reparse repairs it if its text is intact"
            );
            known.documents.insert(damaged.id.clone(), damaged.cause.clone());
        }
    }

    /// Notes the rows of the table of places that cannot be read now; the log names each once.
    pub fn found_places(&self, places: &[String]) {
        let mut known = self.lock();
        for place in places.iter().filter(|place| !known.places.contains(place)) {
            tracing::error!(%place, "mentions of a place are passed over; mahwar reparse writes it anew");
        }
        places.clone_into(&mut known.places);
    }

    /// Removes entries that can be read again, or were deleted.
    pub fn look_again(&self, store: &dyn Store) {
        let ids: Vec<String> = self.lock().documents.keys().cloned().collect();
        for id in ids {
            // A document whose id cannot be read is named by its number.
            let readable = match id.strip_prefix("number ").and_then(|number| number.parse().ok()) {
                Some(number) => store.text(number).map(drop),
                None => store.get(&id).map(drop),
            };
            if !matches!(readable, Err(StoreError::Damaged { .. } | StoreError::Broken(_))) {
                self.lock().documents.remove(&id);
            }
        }
    }

    /// Ids of documents, and the number of places.
    pub fn known(&self) -> (Vec<String>, usize) {
        let known = self.lock();
        (known.documents.keys().cloned().collect(), known.places.len())
    }

    fn lock(&self) -> MutexGuard<'_, DamageRecord> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
