//! Finds the public datasets in a folder by their names and columns, of any date.

use super::{
    CompileError,
    context::Theme,
    vector::{self, Dataset, is_geojson, is_vector},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The files that `build-data` reads.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Boundaries by level, ADM0 to ADM3.
    pub adm: [Dataset; 4],
    /// Who's On First records, one JSON object a line.
    pub places: PathBuf,
    /// Natural Earth populated places.
    pub populated: PathBuf,
    /// Surroundings of the land, by theme.
    pub context: Vec<(Theme, PathBuf)>,
    /// Rivers of the World Data Bank II, where they are.
    pub wdbii: Option<PathBuf>,
}

impl Sources {
    /// Looks through `folder` and everything below it.
    ///
    /// # Errors
    /// When a dataset is missing, or when two files of one dataset have the same date.
    pub fn find(folder: &Path) -> Result<Self, CompileError> {
        let files = Files::below(folder)?;
        let adm = |level: usize| {
            let what = format!("administrative boundaries of level {level}");
            let names = format!("adm{level} or admin{level}");
            let kinds = "*.geojson, *.json, *.shp or a table of a *.gpkg";
            let accepted = format!("{kinds} whose name has {names}, with the column ADM{level}_PCODE");
            let named = [format!("adm{level}"), format!("admin{level}")];
            let fits = |name: &str| named.iter().any(|part| name.contains(part.as_str()));
            let mut found = files.find(|name| fits(name) && is_vector(name));
            found.extend(files.tables(&fits)?);
            files.newest(&what, &accepted, found)
        };
        let file = |what: &str, accepted: &str, fits: &dyn Fn(&str) -> bool| -> Result<PathBuf, CompileError> {
            Ok(files.newest(what, accepted, files.find(fits))?.path)
        };
        Ok(Self {
            adm: [adm(0)?, adm(1)?, adm(2)?, adm(3)?],
            places: file("Who's On First places", "*wof*places*.ndjson", &|name| {
                name.contains("wof") && name.contains("places") && name.ends_with(".ndjson")
            })?,
            populated: file(
                "Natural Earth populated places",
                "*populated_places*.geojson or .json",
                &|name| name.contains("populated_places") && is_geojson(name),
            )?,
            context: files.context(),
            wdbii: {
                let found = files.find(|name| name.contains("wdbii") && name.contains("rivers") && is_geojson(name));
                found
                    .into_iter()
                    .max_by_key(|(date, _)| *date)
                    .map(|(_, dataset)| dataset.path)
            },
        })
    }
}

struct Files<'a> {
    folder: &'a Path,
    all: Vec<PathBuf>,
}

impl<'a> Files<'a> {
    fn below(folder: &'a Path) -> Result<Self, CompileError> {
        let mut all = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(&next).map_err(|error| CompileError::io(&next, error))? {
                let path = entry.map_err(|error| CompileError::io(&next, error))?.path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    all.push(path);
                }
            }
        }
        all.sort();
        Ok(Self { folder, all })
    }

    /// The Natural Earth files that have a theme; of one theme at two scales the file of the finer one is used.
    fn context(&self) -> Vec<(Theme, PathBuf)> {
        let themed = |path: &PathBuf| {
            let name = path.file_name()?.to_str()?.to_lowercase();
            let theme = Theme::of_file(&name).filter(|_| name.starts_with("ne_") && is_geojson(&name))?;
            Some((theme, path.clone()))
        };
        let mut found: Vec<_> = self.all.iter().filter_map(themed).collect();
        found.sort();
        found.dedup_by_key(|(theme, _)| *theme);
        found
    }

    /// Files whose name, in lower case, fits, each with the date in it.
    fn find(&self, fits: impl Fn(&str) -> bool) -> Vec<(u32, Dataset)> {
        let named = |path: &PathBuf| {
            let name = path.file_name()?.to_str()?.to_lowercase();
            fits(&name).then(|| (date(&name), Dataset::file(path)))
        };
        self.all.iter().filter_map(named).collect()
    }

    /// Tables of GeoPackages whose name fits, each with the date in it or in the file's name.
    fn tables(&self, fits: &dyn Fn(&str) -> bool) -> Result<Vec<(u32, Dataset)>, CompileError> {
        let mut found = Vec::new();
        for (by_file, package) in self.find(|name| name.ends_with(".gpkg")) {
            for table in vector::tables(&package.path)? {
                let name = table.to_lowercase();
                if fits(&name) {
                    let path = package.path.clone();
                    found.push((
                        date(&name).max(by_file),
                        Dataset {
                            path,
                            table: Some(table),
                        },
                    ));
                }
            }
        }
        Ok(found)
    }

    /// The one dataset found, or the one with the latest date in its name. Of two forms of one vintage, GeoJSON is
    /// used.
    fn newest(&self, what: &str, accepted: &str, found: Vec<(u32, Dataset)>) -> Result<Dataset, CompileError> {
        let order = |(date, dataset): &(u32, Dataset)| (*date, form(dataset));
        let Some(best) = found.iter().max_by_key(|item| order(item)) else {
            return Err(CompileError::Missing {
                what: what.to_owned(),
                folder: self.folder.display().to_string(),
                accepted: accepted.to_owned(),
            });
        };
        let mut equal = found.iter().filter(|item| order(item) == order(best));
        match (equal.next(), equal.next()) {
            (Some(first), Some(second)) => Err(CompileError::file(
                &second.1.path,
                format!(
                    "a second file of {what} of the same date as {}; keep one",
                    first.1.path.display()
                ),
            )),
            _ => Ok(best.1.clone()),
        }
    }
}

/// Forms of a dataset in the order of preference, the best last.
fn form(dataset: &Dataset) -> u8 {
    let extension = dataset.path.extension().map(|extension| extension.to_ascii_lowercase());
    match extension.as_deref().and_then(|extension| extension.to_str()) {
        Some("shp") => 0,
        Some("gpkg") => 1,
        _ => 2,
    }
}

/// The first run of eight digits in a name, as a number that sorts by date; 0 when there is none.
fn date(name: &str) -> u32 {
    name.split(|c: char| !c.is_ascii_digit())
        .find(|digits| digits.len() == 8)
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

/// Reads a file as text; anything but UTF-8 is an error that names the file.
pub fn read_text(path: &Path) -> Result<String, CompileError> {
    let bytes = fs::read(path).map_err(|error| CompileError::io(path, error))?;
    String::from_utf8(bytes)
        .map_err(|error| CompileError::file(path, format!("not UTF-8 at byte {}", error.utf8_error().valid_up_to())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_vintage_of_two_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["irq_adm1_20190603.geojson", "irq_adm1_20260101.geojson"] {
            fs::write(folder.path().join(name), "{}").unwrap();
        }
        let files = Files::below(folder.path()).unwrap();
        let found = files
            .newest("x", "x", files.find(|name| name.contains("adm1")))
            .unwrap();
        assert!(found.path.ends_with("irq_adm1_20260101.geojson"));
    }

    #[test]
    fn a_missing_dataset_is_named_with_what_would_do() {
        let folder = tempfile::tempdir().unwrap();
        let error = Sources::find(folder.path()).unwrap_err().to_string();
        assert!(error.contains("level 0") && error.contains("ADM0_PCODE"), "{error}");
    }
}
