//! Ready tiles: encoded, compressed, with their headers, bounded in bytes.
//!
//! The key is the address that the client sent, so that a hit costs no parsing. An entry belongs to an epoch of the server's
//! state; after a change it is looked at again, and stays, ETag and all, when its layers did not change.

use super::negotiate::Encoding;
use crate::{language::Language, tiles::TileFormat};
use axum::http::{HeaderMap, HeaderValue, header};
use bytes::Bytes;
use quick_cache::{Equivalent, Weighter, sync::Cache};
use rustc_hash::FxBuildHasher;
use std::{
    hash::{Hash, Hasher},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Parts of the request that matter for the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Path and query.
    pub address: Box<str>,
    /// Encoding and language.
    pub variant: Variant,
}

/// Choices made by the headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    /// Compression of the body.
    pub encoding: Encoding,
    /// The language where the query names none.
    pub language: Language,
    /// The format of a vector tile where the address names none.
    pub format: TileFormat,
}

/// A key that borrows the address.
#[derive(Clone, Copy, Debug)]
pub struct KeyRef<'k>(pub &'k str, pub Variant);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        KeyRef(&self.address, self.variant).hash(state);
    }
}

impl Hash for KeyRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.0.as_bytes());
        let format = (self.1.format as u16) << 15;
        state.write_u16(format | (self.1.encoding as u16) << 8 | self.1.language as u16);
    }
}

impl Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.1 == key.variant && *self.0 == *key.address
    }
}

/// A tile that only needs sending.
#[derive(Debug)]
pub struct ReadyTile {
    /// Compressed; empty where nothing is.
    pub body: Bytes,
    /// Headers of a 200 or 204.
    pub headers: HeaderMap,
    /// Headers of a 304.
    pub unchanged: HeaderMap,
    /// Its strong ETag.
    pub etag: HeaderValue,
    /// Changes when the bytes may have changed.
    pub fingerprint: u64,
    epoch: AtomicU64,
}

impl ReadyTile {
    /// A vector tile. An empty body is a tile with nothing in it.
    pub fn new(format: TileFormat, body: Bytes, encoding: Encoding, fingerprint: u64, epoch: u64) -> Self {
        let mut tile = Self::of_media(format.media_type(), body, encoding, fingerprint, epoch);
        for headers in [&mut tile.headers, &mut tile.unchanged] {
            headers.insert(
                header::VARY,
                HeaderValue::from_static("accept, accept-encoding, accept-language"),
            );
        }
        tile
    }

    /// Puts the headers together.
    pub fn of_media(media: &'static str, body: Bytes, encoding: Encoding, fingerprint: u64, epoch: u64) -> Self {
        let etag = HeaderValue::try_from(format!("\"{fingerprint:016x}-{}\"", encoding.word()))
            .unwrap_or(HeaderValue::from_static("\"\""));
        let mut unchanged = HeaderMap::with_capacity(10);
        unchanged.insert(header::ETAG, etag.clone());
        unchanged.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=60, stale-while-revalidate=3600"),
        );
        unchanged.insert(
            header::VARY,
            HeaderValue::from_static("accept-encoding, accept-language"),
        );
        unchanged.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        unchanged.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        unchanged.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        let mut headers = unchanged.clone();
        if !body.is_empty() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
            if let Some(value) = encoding.header() {
                headers.insert(header::CONTENT_ENCODING, value);
            }
        }
        Self {
            body,
            headers,
            unchanged,
            etag,
            fingerprint,
            epoch: AtomicU64::new(epoch),
        }
    }
}

#[derive(Clone, Debug)]
struct Bytewise;

/// Approximate bytes of an entry beside its body: headers, key, bookkeeping.
const OVERHEAD: u64 = 900;

impl Weighter<Key, Arc<ReadyTile>> for Bytewise {
    fn weight(&self, key: &Key, tile: &Arc<ReadyTile>) -> u64 {
        tile.body.len() as u64 + key.address.len() as u64 + OVERHEAD
    }
}

/// The cache.
#[derive(Debug)]
pub struct TileCache(Cache<Key, Arc<ReadyTile>, Bytewise, FxBuildHasher>);

impl TileCache {
    /// A cache of at most this many bytes.
    pub fn new(bytes: u64) -> Self {
        // An expected tile is a few kilobytes; the estimate only sizes the tables.
        let items = (bytes / 4096).clamp(64, 100_000) as usize;
        Self(Cache::with(
            items,
            bytes,
            Bytewise,
            FxBuildHasher,
            quick_cache::sync::DefaultLifecycle::default(),
        ))
    }

    /// The tile, if it is ready and of this epoch.
    pub fn fresh(&self, key: KeyRef<'_>, epoch: u64) -> Option<Arc<ReadyTile>> {
        let tile = self.0.get(&key)?;
        (tile.epoch.load(Ordering::Relaxed) == epoch).then_some(tile)
    }

    /// The tile, if it is ready and has this fingerprint, from any epoch; it is moved to this epoch.
    pub fn renewed(&self, key: KeyRef<'_>, fingerprint: u64, epoch: u64) -> Option<Arc<ReadyTile>> {
        let tile = self.0.get(&key).filter(|tile| tile.fingerprint == fingerprint)?;
        tile.epoch.store(epoch, Ordering::Relaxed);
        Some(tile)
    }

    /// Keeps a tile.
    pub fn put(&self, key: KeyRef<'_>, tile: Arc<ReadyTile>) {
        let key = Key {
            address: key.0.into(),
            variant: key.1,
        };
        self.0.insert(key, tile);
    }

    /// Bytes in use.
    pub fn weight(&self) -> u64 {
        self.0.weight()
    }

    /// Tiles that are kept.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}
