//! Changes between two vintages, by id: added, removed, renamed, moved.

use super::settlement::metres;
use crate::gazetteer::Place;
use std::{collections::HashMap, fmt};

/// A move shorter than this is rounding, not news.
const MOVED_METRES: f64 = 100.0;

/// Differences between two gazetteers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Id and name of places that are new.
    pub added: Vec<(String, String)>,
    /// Id and name of places that are no more.
    pub gone: Vec<(String, String)>,
    /// Id, old and new name, of places whose preferred name in some language changed.
    pub renamed: Vec<(String, String, String)>,
    /// Id, name and metres of places that moved by more than 100 m.
    pub moved: Vec<(String, String, f64)>,
}

impl Changes {
    /// Compares two gazetteers.
    pub fn between(old: &[Place], new: &[Place]) -> Self {
        let olds: HashMap<&str, &Place> = old.iter().map(|place| (place.id.as_str(), place)).collect();
        let news: HashMap<&str, &Place> = new.iter().map(|place| (place.id.as_str(), place)).collect();
        let mut changes = Self::default();
        for place in new {
            let Some(before) = olds.get(place.id.as_str()) else {
                changes.added.push((place.id.to_string(), label(place)));
                continue;
            };
            if before.names.preferred() != place.names.preferred() {
                changes
                    .renamed
                    .push((place.id.to_string(), label(before), label(place)));
            }
            let distance = metres(before.point, place.point);
            if distance > MOVED_METRES {
                changes.moved.push((place.id.to_string(), label(place), distance));
            }
        }
        let gone = old.iter().filter(|place| !news.contains_key(place.id.as_str()));
        changes.gone = gone.map(|place| (place.id.to_string(), label(place))).collect();
        changes
    }
}

fn label(place: &Place) -> String {
    let names = place.names.preferred();
    [names.ar, names.ckb, names.en]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" / ")
}

/// Lines printed of each kind; the count is always given whole.
const MOST_LINES: usize = 40;

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes = [self.added.len(), self.gone.len(), self.renamed.len(), self.moved.len()];
        if sizes == [0; 4] {
            return writeln!(f, "no change");
        }
        let [added, gone, renamed, moved] = sizes;
        writeln!(
            f,
            "{added} added, {gone} gone, {renamed} renamed, {moved} moved by more than 100 m"
        )?;
        section(f, "added", self.added.iter().map(|(id, name)| format!("{id}  {name}")))?;
        section(f, "gone", self.gone.iter().map(|(id, name)| format!("{id}  {name}")))?;
        section(
            f,
            "renamed",
            self.renamed
                .iter()
                .map(|(id, old, new)| format!("{id}  {old} -> {new}")),
        )?;
        section(
            f,
            "moved",
            self.moved
                .iter()
                .map(|(id, name, metres)| format!("{id}  {name}  {metres:.0} m")),
        )
    }
}

fn section(f: &mut fmt::Formatter<'_>, title: &str, lines: impl ExactSizeIterator<Item = String>) -> fmt::Result {
    let rest = lines.len().saturating_sub(MOST_LINES);
    for line in lines.take(MOST_LINES) {
        writeln!(f, "{title}  {line}")?;
    }
    if rest > 0 {
        writeln!(f, "{title}  … and {rest} more")?;
    }
    Ok(())
}
