//! `build-data`: reads public reference files and the hand tables, and writes the project's own `data/`.
//!
//! Everything is read and checked before the first file is written, and each file is written beside its
//! place and renamed into it, so that a failure leaves the folder as it was.

mod admin;
pub mod boundaries;
mod changes;
pub mod check;
pub mod check_territory;
pub mod context;
mod corrections;
mod error;
mod hand;
mod label;
mod names;
mod neighbours;
mod rings;
mod script;
mod seat;
mod settlement;
mod source;
pub mod tables;
mod unit;
mod vector;
mod wof;

pub use changes::Changes;
pub use error::{CompileError, Fault};
pub use source::Sources;
pub use unit::{Unit, read_units};

use crate::gazetteer::{Level, Place, read_places, write_places};
use boundaries::SourceFile;
use context::Theme;
use std::{
    collections::HashSet,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};
use vector::Dataset;

/// One compiled file: its name in `data/` and its content.
type File = (&'static str, Vec<u8>);

/// The boundary files of levels 0 to 3.
type Levels = [SourceFile; 4];

/// Compiles the gazetteer out of the datasets and the hand tables in the folder `tables`.
///
/// # Errors
/// See [`CompileError`]; nothing is written here.
fn compile_places(sources: &Sources, levels: &Levels, tables: &Path) -> Result<Vec<Place>, CompileError> {
    let tables = tables::Tables::read(tables)?;
    let mut units = read_units(levels)?;
    let mut records = wof::read_records(&sources.places)?;
    corrections::correct(&tables.corrections, &mut records, &mut units)?;

    let mut places = admin::admin_places(&units, &tables)?;
    let country = places
        .iter()
        .find(|place| place.level == Level::Country)
        .map(|place| place.id.clone());
    let prefixes = names::Prefixes::new(&tables.name_prefixes);
    let mut settlements = settlement::settlements(&records, &units, &prefixes, &tables.named());
    seat::raise_named(&tables.settlement_names, &mut settlements);
    settlements.extend(hand::hand_places(&tables.natural_features, false)?);
    seat::raise_seats(&tables.seats, &units, &places, &mut settlements)?;
    admin::add_hand_names(&tables.settlement_names, &mut settlements)?;
    places.extend(settlements);
    let mut foreign = hand::hand_places(&tables.foreign, true)?;
    hand::add_world_towns(&sources.populated, country.as_deref().unwrap_or_default(), &mut foreign)?;
    places.extend(foreign);
    check_references(&places, &sources.places)?;
    Ok(places)
}

fn check_references(places: &[Place], file: &Path) -> Result<(), CompileError> {
    let mut ids = HashSet::new();
    for place in places {
        if !ids.insert(place.id.as_str()) {
            return Err(CompileError::file(
                file,
                format!("the place id {:?} comes out twice", place.id),
            ));
        }
    }
    Ok(())
}

/// Compiles boundaries and context; the folder `tables` has the names of what lies around.
fn compile_shapes(sources: &Sources, levels: &Levels, tables: &Path) -> Result<[File; 2], CompileError> {
    let read = |path: &PathBuf| Dataset::file(path).read();
    let countries = sources.context.iter().find(|(theme, _)| *theme == Theme::Countries);
    let countries = countries.map(|(_, path)| read(path)).transpose()?;
    let compiled = boundaries::compile(levels, countries.as_ref())?;
    let mut around = Vec::new();
    for (theme, path) in &sources.context {
        let SourceFile { name, text } = read(path)?;
        let theme = *theme;
        around.push(context::ContextFile { theme, name, text });
    }
    let names = source::read_text(&tables.join("context_names.csv"))?;
    let context = context::compile(&around, &compiled.topology, &names, CONTEXT_SOURCE)?;
    Ok([
        ("boundaries.topojson", compiled.topology.write().into_bytes()),
        ("context.geojson", context.into_bytes()),
    ])
}

/// The source written into each feature around the land.
const CONTEXT_SOURCE: &str = "Natural Earth";

/// Compiles everything and writes it into `out`; gives what changed against the gazetteer that was there.
///
/// # Errors
/// See [`CompileError`]; the folder stays as it was.
pub fn build(from: &Path, tables: &Path, out: &Path) -> Result<(Vec<Place>, Changes), CompileError> {
    let sources = Sources::find(from)?;
    let [adm0, adm1, adm2, adm3] = &sources.adm;
    let levels = [adm0.read()?, adm1.read()?, adm2.read()?, adm3.read()?];
    let places = compile_places(&sources, &levels, tables)?;
    let [boundaries, context] = compile_shapes(&sources, &levels, tables)?;
    let path = out.join("places.tsv");
    // Old data that cannot be read are no reason not to write new ones.
    let old = fs::read_to_string(&path).ok().and_then(|text| read_places(&text).ok());
    let old = old.unwrap_or_default();
    let text = write_places(&places);
    let new = read_places(&text).map_err(|error| CompileError::file(&path, error.to_string()))?;
    write_all(out, &[("places.tsv", text.into_bytes()), boundaries, context])?;
    let changes = Changes::between(&old, &new);
    Ok((new, changes))
}

/// Writes all files or none: first each beside its place, then the renames.
fn write_all(folder: &Path, files: &[File]) -> Result<(), CompileError> {
    fs::create_dir_all(folder).map_err(|error| CompileError::io(folder, error))?;
    let mut written: Vec<(PathBuf, PathBuf)> = Vec::new();
    let result = files.iter().try_for_each(|(name, content)| {
        let temporary = folder.join(format!(".{name}.new"));
        written.push((temporary.clone(), folder.join(name)));
        let write = || {
            let mut file = fs::File::create(&temporary)?;
            file.write_all(content)?;
            file.sync_all()
        };
        write().map_err(|error| CompileError::io(&temporary, error))
    });
    if let Err(error) = result {
        for (temporary, _) in &written {
            let _ = fs::remove_file(temporary);
        }
        return Err(error);
    }
    for (temporary, place) in &written {
        fs::rename(temporary, place).map_err(|error| CompileError::io(place, error))?;
    }
    Ok(())
}
