//! Descriptions that many clients ask for and that cost more to write than to send: styles, the list of layers. Each is
//! written once for an address, a language and a state of the server.

use super::{own, request_context::RequestContext, state::App};
use crate::language::Language;
use quick_cache::sync::Cache;
use std::{fmt, sync::Arc};

/// Descriptions that are kept, of at most some 150 kB each.
const KEPT: usize = 32;

/// A request for a description, and the state that it describes. Take it before the snapshot: a description of an older
/// state is then never kept for a newer one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DescriptionKey {
    base: String,
    address: String,
    language: Language,
    epoch: u64,
    archives: u64,
}

impl DescriptionKey {
    /// The key of a request, answered in a language.
    pub fn new(app: &App, ask: &RequestContext, language: Language) -> Self {
        Self {
            base: ask.base(&app.settings),
            address: ask
                .uri
                .path_and_query()
                .map_or("", |address| address.as_str())
                .to_owned(),
            language,
            epoch: app.epoch(),
            archives: own::revision(app),
        }
    }
}

/// Written descriptions, the least recently used dropped first.
pub struct DescriptionCache(Cache<DescriptionKey, Arc<str>>);

impl fmt::Debug for DescriptionCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DescriptionCache").field(&self.0.len()).finish()
    }
}

impl Default for DescriptionCache {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

impl DescriptionCache {
    /// The description of a request, written now or before.
    pub fn written(&self, key: DescriptionKey, write: impl FnOnce() -> String) -> Vec<u8> {
        if let Some(ready) = self.0.get(&key) {
            return ready.as_bytes().to_vec();
        }
        let made = write();
        self.0.insert(key, made.as_str().into());
        made.into_bytes()
    }
}
