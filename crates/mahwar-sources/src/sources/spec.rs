//! Descriptions of own layers: `[[layers]]` of `mahwar.toml`, and `--layer name=source`.

use crate::{geodesy::Crs, language::Trilingual, layers::Paint};
use serde::Deserialize;
use std::path::Path;

/// The longest name of a layer, in characters.
const MAX_NAME: usize = 63;

/// Errors in the description of an own layer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum SpecError {
    #[error("--layer {0:?}: write NAME=SOURCE, for example --layer camps=camps.geojson")]
    NoName(String),
    #[error(
        "layer {0:?}: a name has 1 to {MAX_NAME} of the characters a–z, 0–9, _ and -, and begins with a letter; it is part of \
         addresses"
    )]
    Name(String),
    #[error("layer {0:?}: the name is one of the map's own layers; choose another, for example {0}_own")]
    BuiltIn(String),
    #[error("layer {0:?}: two layers have this name; rename one")]
    Twice(String),
    #[error(
        "layer {0:?}: source is empty; it is a file, or the address of a table: postgres://USER@HOST/DATABASE?table=NAME"
    )]
    NoSource(String),
    #[error(
        "layer {name:?}: zooms = {zooms:?}; two whole numbers from 0 to 22 are accepted, the first not above the second"
    )]
    Zooms { name: String, zooms: [u8; 2] },
    #[error("[[layers]] in {file}: {what}")]
    Table { file: String, what: String },
}

/// How an own layer is drawn: the members of `paint` in `layers.toml`.
pub type Style = Paint;

/// The description of one own layer.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct LayerSpec {
    /// The id in addresses.
    pub name: String,
    /// A file, or `postgres://…?table=…`.
    pub source: String,
    /// Title for each language; the name where absent.
    #[serde(default)]
    pub title: Trilingual,
    /// Description for each language.
    #[serde(default)]
    pub description: Trilingual,
    /// Attribution line.
    #[serde(default)]
    pub attribution: String,
    /// The column of the ids.
    pub id: Option<String>,
    /// The table of a GeoPackage or a database, `schema.table` in the latter.
    pub table: Option<String>,
    /// The column of the geometry, in a table with several, and in CSV as WKT.
    pub geometry: Option<String>,
    /// The columns of longitude and latitude.
    pub lon: Option<String>,
    /// See `lon`.
    pub lat: Option<String>,
    /// The reference system of coordinates whose source names none, such as `EPSG:32638`.
    pub crs: Option<String>,
    /// True if the source has latitude before longitude, false if it has not; without it swapped axes are looked for.
    pub swap_axes: Option<bool>,
    /// The encoding of text in a Shapefile or CSV, such as `windows-1256`.
    pub encoding: Option<String>,
    /// The column with the time of a row, or two with its beginning and end.
    #[serde(default, deserialize_with = "one_or_more")]
    pub datetime: Vec<String>,
    /// The column of the names that the map writes; columns `name`, `name:ar`, `name:ckb`, `name:en` are found by themselves.
    pub label: Option<String>,
    /// Zooms at which tiles have the layer.
    pub zooms: Option<[u8; 2]>,
    /// Colours and widths.
    pub paint: Option<Style>,
    /// True if the map shows the layer at first.
    #[serde(default = "shown")]
    pub shown: bool,
}

/// A list of names, or one name.
fn one_or_more<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Names {
        One(String),
        More(Vec<String>),
    }
    Ok(match Names::deserialize(deserializer)? {
        Names::One(name) => vec![name],
        Names::More(names) => names,
    })
}

fn shown() -> bool {
    true
}

impl LayerSpec {
    /// A layer with only a name and a source.
    pub fn new(name: impl Into<String>, source: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            source: source.into(),
            title: Trilingual::default(),
            description: Trilingual::default(),
            attribution: String::new(),
            id: None,
            table: None,
            geometry: None,
            lon: None,
            lat: None,
            crs: None,
            swap_axes: None,
            encoding: None,
            datetime: Vec::new(),
            label: None,
            zooms: None,
            paint: None,
            shown: true,
        }
    }

    /// Reads the value of `--layer`.
    ///
    /// # Errors
    /// A value without a name, a name that no address can have, an empty source.
    pub fn of_flag(text: &str) -> Result<Self, SpecError> {
        let (name, source) = text
            .split_once('=')
            .filter(|(name, _)| !name.contains(['/', '\\', ':']))
            .ok_or_else(|| SpecError::NoName(text.to_owned()))?;
        let spec = Self::new(name.trim(), source.trim());
        spec.check()?;
        Ok(spec)
    }

    /// Reads one table of `[[layers]]`. A relative path is one from the folder of the settings file.
    ///
    /// # Errors
    /// An unknown or missing key, a value of another type, and those of [`Self::of_flag`].
    pub fn of_table(file: &str, table: toml::Table) -> Result<Self, SpecError> {
        let name = table
            .get("name")
            .and_then(toml::Value::as_str)
            .unwrap_or("without a name");
        let name = name.to_owned();
        let mut spec: Self = table.try_into().map_err(|error: toml::de::Error| SpecError::Table {
            file: file.to_owned(),
            what: format!("layer {name:?}: {}", error.message()),
        })?;
        spec.check()?;
        let folder = Path::new(file).parent().unwrap_or(Path::new(""));
        if !spec.is_table() && !Path::new(&spec.source).is_absolute() {
            spec.source = folder.join(&spec.source).display().to_string();
        }
        Ok(spec)
    }

    fn check(&self) -> Result<(), SpecError> {
        let is_fit =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '_' | '-');
        let begins = self.name.starts_with(|letter: char| letter.is_ascii_lowercase());
        if !begins || self.name.len() > MAX_NAME || !self.name.chars().all(is_fit) {
            return Err(SpecError::Name(self.name.clone()));
        }
        if self.source.is_empty() {
            return Err(SpecError::NoSource(self.name.clone()));
        }
        match self.zooms {
            Some(zooms) if zooms[0] > zooms[1] || zooms[1] > 22 => Err(SpecError::Zooms {
                name: self.name.clone(),
                zooms,
            }),
            _ => Ok(()),
        }
    }

    /// Refuses names of the map's own layers, names that another resource has, and names that occur twice.
    ///
    /// # Errors
    /// The first name that cannot be used.
    pub fn check_names(specs: &[Self], is_built_in: impl Fn(&str) -> bool) -> Result<(), SpecError> {
        for (at, spec) in specs.iter().enumerate() {
            let name = &spec.name;
            if is_built_in(name) || matches!(name.as_str(), "all" | "map") || name.ends_with("_labels") {
                return Err(SpecError::BuiltIn(name.clone()));
            }
            if specs[..at].iter().any(|other| other.name == *name) {
                return Err(SpecError::Twice(name.clone()));
            }
        }
        Ok(())
    }

    /// True for a table of a database.
    pub fn is_table(&self) -> bool {
        ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| self.source.starts_with(scheme))
    }

    /// The source for messages: an address without its password.
    pub fn shown_source(&self) -> String {
        match self.is_table() {
            true => mahwar_geoparse::text::printable::without_password(&self.source).to_string(),
            false => self.source.clone(),
        }
    }

    /// The reference system that the operator states, if any.
    ///
    /// # Errors
    /// A name of none that is known.
    pub fn stated_crs(&self) -> Result<Option<Crs>, String> {
        let Some(name) = &self.crs else { return Ok(None) };
        super::crs::by_name(name).map(Some)
    }

    /// The title, which is the name where none is given.
    pub fn full_title(&self) -> Trilingual {
        match self.title == Trilingual::default() {
            true => Trilingual {
                en: Some(self.name.replace(['_', '-'], " ")),
                ..Trilingual::default()
            },
            false => self.title.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_names_a_layer_and_its_source() {
        let spec = LayerSpec::of_flag("camps=data/camps.geojson").unwrap();
        assert_eq!(
            (spec.name.as_str(), spec.source.as_str()),
            ("camps", "data/camps.geojson")
        );
        let spec = LayerSpec::of_flag("wells=postgres://u@h/d?table=a.b&timeout=5").unwrap();
        assert!(spec.is_table() && spec.source.ends_with("timeout=5"));
        for wrong in [
            "camps.geojson",
            "=x",
            "Camps=x",
            "a b=x",
            "1a=x",
            "é=x",
            "a=",
            "postgres://u@h/d?table=x",
        ] {
            let error = LayerSpec::of_flag(wrong).unwrap_err().to_string();
            assert!(error.contains("layer"), "{wrong}: {error}");
        }
    }

    #[test]
    fn names_of_built_in_layers_and_twins_are_refused() {
        let specs = |names: &[&str]| names.iter().map(|name| LayerSpec::new(*name, "x")).collect::<Vec<_>>();
        let check = |names: &[&str]| LayerSpec::check_names(&specs(names), |name| name == "places");
        assert_eq!(check(&["camps", "wells"]), Ok(()));
        assert_eq!(
            check(&["camps", "places"]),
            Err(SpecError::BuiltIn("places".to_owned()))
        );
        assert_eq!(check(&["all"]), Err(SpecError::BuiltIn("all".to_owned())));
        assert_eq!(check(&["camps", "camps"]), Err(SpecError::Twice("camps".to_owned())));
    }

    #[test]
    fn a_table_of_the_settings_is_read_and_a_wrong_key_is_named() {
        let table = |text: &str| text.parse::<toml::Table>().unwrap();
        let good = "name = \"camps\"\nsource = \"camps.csv\"\ntitle = { ar = \"مخيمات\" }\nid = \"code\"\nzooms = [4, 14]\npaint = { line = \"#112233\" }";
        let spec = LayerSpec::of_table("/etc/mahwar/mahwar.toml", table(good)).unwrap();
        assert_eq!(spec.source, "/etc/mahwar/camps.csv");
        assert_eq!(spec.title.ar.as_deref(), Some("مخيمات"));
        let error = LayerSpec::of_table("m.toml", table("name = \"a\"\nsource = \"b\"\ncolor = 1")).unwrap_err();
        assert!(
            error.to_string().contains("color") && error.to_string().contains("\"a\""),
            "{error}"
        );
        let error = LayerSpec::of_table("m.toml", table("name = \"a\"\nsource = \"b\"\nzooms = [9, 3]")).unwrap_err();
        assert!(error.to_string().contains("zooms"), "{error}");
    }
}
