//! Fields of TOML files whose strings name the variant of an enum: the small reader of TOML that the crate uses reads strings only.

use rustc_hash::FxHashMap;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, IntoDeserializer, value::StringDeserializer},
};
use std::hash::Hash;

fn variant<T: DeserializeOwned, E: Error>(name: String) -> Result<T, E> {
    let name: StringDeserializer<E> = name.into_deserializer();
    T::deserialize(name)
}

pub(super) fn one<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    variant(String::deserialize(deserializer)?)
}

pub(super) fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    names.into_iter().map(variant).collect()
}

/// A table whose keys name the variants.
pub(super) fn keys<'de, D, K, V>(deserializer: D) -> Result<FxHashMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: DeserializeOwned + Eq + Hash,
    V: Deserialize<'de>,
{
    let rows = FxHashMap::<String, V>::deserialize(deserializer)?;
    rows.into_iter()
        .map(|(key, value)| Ok((variant(key)?, value)))
        .collect()
}
