//! Definitions of the corridor: which units, which side, read from `corridor.toml`.

use crate::{
    geodesy::LonLat,
    language::Trilingual,
    territory::{Boundaries, DisputedAreas, TableError, UnitSet},
};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The name under which definitions find the units of `disputed_areas.csv`.
const DISPUTED: &str = "disputed";

/// Errors of `corridor.toml`.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum CorridorError {
    #[error("corridor.toml: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("corridor.toml, line {line} ({name}): {what}")]
    Row { line: usize, name: String, what: String },
    #[error("corridor.toml: {0} definitions say default = true; exactly one must")]
    Default(usize),
    #[error(transparent)]
    Published(#[from] TableError),
    #[error("unknown definition {id:?}; accepted: {accepted}")]
    Unknown { id: String, accepted: String },
}

/// The greatest zoom at which a line may be drawn.
const MAX_ZOOM: u8 = 22;

/// How a line comes about.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// The whole outline of a set, without the parts that it shares with the listed neighbours.
    OuterEdge {
        /// Name of the set.
        set: String,
        /// Sets, or ISO codes of countries abroad.
        not_shared_with: Vec<String>,
    },
    /// The part of a set's outline that it shares with a side.
    Facing {
        /// Name of the set.
        set: String,
        /// Name of the set on the other side.
        side: String,
    },
    /// Geodesics through places, in order.
    Route {
        /// Gazetteer ids.
        through: Vec<String>,
    },
}

impl Kind {
    /// The word for it in files and JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::OuterEdge { .. } => "outer-edge",
            Self::Facing { .. } => "facing",
            Self::Route { .. } => "route",
        }
    }
}

/// One definition of the corridor.
#[derive(Clone, Debug, Deserialize)]
pub struct Definition {
    /// Its id in URLs.
    pub id: Spanned<String>,
    /// The one that is meant when none is named.
    #[serde(default)]
    pub default: bool,
    /// Its title.
    pub title: Trilingual,
    /// Units that it includes, and why.
    pub description: Trilingual,
    /// How the line comes about.
    #[serde(flatten)]
    pub kind: Kind,
    /// In how many pieces the line comes.
    #[serde(default = "one")]
    pub pieces: usize,
}

fn one() -> usize {
    1
}

/// A named set of units.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetRow {
    title: Trilingual,
    #[serde(default)]
    units: Vec<Spanned<String>>,
    #[serde(default)]
    sets: Vec<Spanned<String>>,
    #[serde(default)]
    less: Vec<Spanned<String>>,
    #[serde(default)]
    less_units: Vec<Spanned<String>>,
    #[allow(dead_code)] // Every row says where it comes from; the reader of the file wants it, the program does not.
    source: String,
}

/// Values that a check of the data must find again.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckValues {
    /// By how many percent a value may differ.
    pub tolerance_percent: f64,
    /// Lengths by definition.
    #[serde(default)]
    pub lengths_km: BTreeMap<String, f64>,
    /// Areas by set.
    #[serde(default)]
    pub areas_km2: BTreeMap<String, f64>,
}

/// All definitions and the sets that they name.
#[derive(Clone, Debug)]
pub struct Definitions {
    /// The zoom for the length "as drawn".
    pub generalised_zoom: u8,
    /// Distance between kilometre posts.
    pub posts_every_km: f64,
    /// Values that a check of the data must find again.
    pub check: CheckValues,
    list: Vec<Definition>,
    sets: BTreeMap<String, SetRow>,
    /// Offsets at which the lines of the file begin.
    lines: Vec<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    generalised_zoom: u8,
    posts_every_km: f64,
    sets: BTreeMap<String, SetRow>,
    definitions: Vec<Definition>,
    #[serde(default)]
    check: CheckValues,
}

impl Definitions {
    /// Reads `corridor.toml`. Units and sets are looked up when a line is derived.
    pub fn parse(text: &str) -> Result<Self, CorridorError> {
        let file: File = toml::from_str(text)?;
        let defaults = file.definitions.iter().filter(|definition| definition.default).count();
        if defaults != 1 {
            return Err(CorridorError::Default(defaults));
        }
        let read = Self {
            generalised_zoom: file.generalised_zoom,
            posts_every_km: file.posts_every_km,
            check: file.check,
            list: file.definitions,
            sets: file.sets,
            lines: text.match_indices('\n').map(|(at, _)| at).collect(),
        };
        for (place, definition) in read.list.iter().enumerate() {
            let id = definition.id.get_ref();
            if read.list[..place].iter().any(|other| other.id.get_ref() == id) {
                return Err(read.error(&definition.id, id, "the id stands twice".to_owned()));
            }
            if let Kind::Route { through } = &definition.kind
                && through.len() < 2
            {
                return Err(read.error(&definition.id, id, "a route needs at least two places".to_owned()));
            }
        }
        let spacing = read.posts_every_km;
        if !(0.1..=1000.0).contains(&spacing) {
            return Err(CorridorError::Row {
                line: 1,
                name: "posts_every_km".to_owned(),
                what: format!("is {spacing}; accepted: 0.1 to 1000"),
            });
        }
        let zoom = read.generalised_zoom;
        if zoom > MAX_ZOOM {
            return Err(CorridorError::Row {
                line: 1,
                name: "generalised_zoom".to_owned(),
                what: format!("is {zoom}; accepted: 0 to {MAX_ZOOM}"),
            });
        }
        Ok(read)
    }

    /// All definitions, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Definition> {
        self.list.iter()
    }

    /// The definition with this id, or the default one.
    pub fn get(&self, id: Option<&str>) -> Result<&Definition, CorridorError> {
        let wanted = |definition: &&Definition| id.map_or(definition.default, |id| definition.id.get_ref() == id);
        self.list.iter().find(wanted).ok_or_else(|| CorridorError::Unknown {
            id: id.unwrap_or_default().to_owned(),
            accepted: self
                .list
                .iter()
                .map(|one| one.id.get_ref().as_str())
                .collect::<Vec<_>>()
                .join(", "),
        })
    }

    /// The title of a set.
    pub fn set_title(&self, name: &str) -> Option<&Trilingual> {
        self.sets.get(name).map(|set| &set.title)
    }

    /// The units of a set as they are named in the file, those of sets in it included.
    pub fn units_of_set(&self, name: &str, disputed: &DisputedAreas) -> Vec<String> {
        if name == DISPUTED {
            return disputed.iter().map(|area| area.pcode.clone()).collect();
        }
        let Some(set) = self.sets.get(name) else {
            return Vec::new();
        };
        let inner = set
            .sets
            .iter()
            .flat_map(|inner| self.units_of_set(inner.get_ref(), disputed));
        let own = set.units.iter().map(|unit| unit.get_ref().clone());
        inner
            .chain(own)
            .filter(|unit| !set.less_units.iter().any(|less| less.get_ref() == unit))
            .collect()
    }

    /// A named set, for callers outside a definition.
    pub fn named_set(&self, name: &str, land: &Boundaries, disputed: &DisputedAreas) -> Result<UnitSet, CorridorError> {
        let asked = Spanned::new(0..0, name.to_owned());
        self.resolve(name, (&asked, name), land, disputed, &mut Vec::new())
    }

    /// The units of a named set.
    pub(super) fn set(
        &self,
        name: &str,
        definition: &Definition,
        land: &Boundaries,
        disputed: &DisputedAreas,
    ) -> Result<UnitSet, CorridorError> {
        let asked = (&definition.id, definition.id.get_ref().as_str());
        self.resolve(name, asked, land, disputed, &mut Vec::new())
    }

    fn resolve(
        &self,
        name: &str,
        (asked, by): (&Spanned<String>, &str),
        land: &Boundaries,
        disputed: &DisputedAreas,
        within: &mut Vec<String>,
    ) -> Result<UnitSet, CorridorError> {
        if name == DISPUTED {
            return Ok(disputed.set(land));
        }
        let Some(row) = self.sets.get(name) else {
            let accepted = self
                .sets
                .keys()
                .map(String::as_str)
                .chain([DISPUTED])
                .collect::<Vec<_>>()
                .join(", ");
            return Err(self.error(asked, by, format!("unknown set {name:?}; accepted: {accepted}")));
        };
        if within.iter().any(|outer| outer == name) {
            return Err(self.error(asked, by, format!("the set {name:?} is made of itself")));
        }
        within.push(name.to_owned());
        let units = |units: &[Spanned<String>]| {
            units.iter().try_fold(UnitSet::default(), |all, unit| {
                let one = land.set([unit.get_ref().as_str()]);
                one.map(|one| all.with(&one))
                    .map_err(|error| self.error(unit, name, error.to_string()))
            })
        };
        let mut set = units(&row.units)?;
        for inner in &row.sets {
            set = set.with(&self.resolve(inner.get_ref(), (inner, name), land, disputed, within)?);
        }
        for less in &row.less {
            set = set.without(&self.resolve(less.get_ref(), (less, name), land, disputed, within)?);
        }
        set = set.without(&units(&row.less_units)?);
        within.pop();
        if set.is_empty() {
            return Err(self.error(asked, by, format!("the set {name:?} is empty")));
        }
        Ok(set)
    }

    /// True if a name is that of a set.
    pub(super) fn has_set(&self, name: &str) -> bool {
        name == DISPUTED || self.sets.contains_key(name)
    }

    /// An error at the place of a word in the file.
    pub(super) fn error(&self, at: &Spanned<String>, name: &str, what: String) -> CorridorError {
        let offset = at.span().start;
        CorridorError::Row {
            line: self.lines.partition_point(|end| *end < offset) + 1,
            name: name.to_owned(),
            what,
        }
    }
}

/// Finds the label point of a place by its gazetteer id.
pub type FindPlace<'a> = &'a dyn Fn(&str) -> Option<LonLat>;
