//! Finds the public datasets in a folder, by what their names and columns say, whatever their date.

use super::{CompileError, context::Theme};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The files that `build-data` reads.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Boundaries by level, ADM0 to ADM3.
    pub adm: [PathBuf; 4],
    /// Who's On First records, one JSON object a line.
    pub places: PathBuf,
    /// Natural Earth populated places.
    pub populated: PathBuf,
    /// What lies around the land, by theme.
    pub context: Vec<(Theme, PathBuf)>,
}

impl Sources {
    /// Looks through `folder` and everything below it.
    ///
    /// # Errors
    /// When a dataset is not there, or when two files of one dataset carry the same date.
    pub fn find(folder: &Path) -> Result<Self, CompileError> {
        let files = Files::below(folder)?;
        let adm = |level: usize| {
            files.newest(
                &format!("administrative boundaries of level {level}"),
                &format!("*adm{level}*.geojson or .json with the column ADM{level}_PCODE"),
                |name| name.contains(&format!("adm{level}")) && is_geojson(name),
            )
        };
        Ok(Self {
            adm: [adm(0)?, adm(1)?, adm(2)?, adm(3)?],
            places: files.newest("Who's On First places", "*wof*places*.ndjson", |name| {
                name.contains("wof") && name.contains("places") && name.ends_with(".ndjson")
            })?,
            populated: files.newest(
                "Natural Earth populated places",
                "*populated_places*.geojson or .json",
                |name| name.contains("populated_places") && is_geojson(name),
            )?,
            context: files.context(),
        })
    }
}

fn is_geojson(name: &str) -> bool {
    name.ends_with(".geojson") || name.ends_with(".json")
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

    /// The Natural Earth files that have a theme; a file of one theme at two scales is taken at the finer one.
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

    /// The one file that fits, or the one with the latest date in its name.
    fn newest(&self, what: &str, accepted: &str, fits: impl Fn(&str) -> bool) -> Result<PathBuf, CompileError> {
        let mut found: Vec<(u32, &PathBuf)> = self
            .all
            .iter()
            .filter_map(|path| {
                let name = path.file_name()?.to_str()?.to_lowercase();
                fits(&name).then(|| (date(&name), path))
            })
            .collect();
        found.sort();
        match found.as_slice() {
            [] => Err(CompileError::Missing {
                what: what.to_owned(),
                folder: self.folder.display().to_string(),
                accepted: accepted.to_owned(),
            }),
            [.., (earlier, first), (later, second)] if earlier == later => Err(CompileError::file(
                second,
                format!(
                    "{} is a second file of {what} with the same date; keep one",
                    first.display()
                ),
            )),
            [.., (_, path)] => Ok((*path).clone()),
        }
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
        let found = files.newest("x", "x", |name| name.contains("adm1")).unwrap();
        assert!(found.ends_with("irq_adm1_20260101.geojson"));
    }

    #[test]
    fn a_missing_dataset_is_named_with_what_would_do() {
        let folder = tempfile::tempdir().unwrap();
        let error = Sources::find(folder.path()).unwrap_err().to_string();
        assert!(error.contains("level 0") && error.contains("ADM0_PCODE"), "{error}");
    }
}
