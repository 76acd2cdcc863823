//! One land: everything read from a data folder, ready for use.
//!
//! The files come from a folder (`--data`) or from the copy inside the binary; everything after reading is pure.

use crate::{
    corridor::Corridors,
    export::Codes,
    files,
    gazetteer::{Gazetteer, LocalName, Search, SearchWords, add_local_names, read_local_names, read_places},
    geoparse::{Clock, Geoparser, Lexicon, RULES},
    land_tables,
    language::Trilingual,
    layers::{Catalog, Context, Drawings, Territory},
    position_geometry::{PositionGeometry, PositionLand, PositionLine, PositionRoads},
    style::Palettes,
    territory::{Boundaries, ControlByPeriod, DisputedAreas, Worldview, Worldviews},
    threads::joined,
};
use include_dir::{Dir, include_dir};
use jiff::{civil::Weekday, tz::TimeZone};
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};
use std::{
    borrow::Cow,
    fmt::Display,
    hash::{Hash, Hasher},
    io,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    thread,
};

static DATA: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/data");
static SEEDS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/seeds");

/// The largest data file, in bytes.
const MAX_FILE: u64 = 1 << 30;
const PLACES: &str = "places.tsv";
/// The largest file of local names, in bytes.
const MAX_LOCAL_FILE: u64 = 8 << 20;
/// A folder without it follows the straight way between the ends of a road.
const ROADS: &str = "roads.toml";

/// Source of the data files.
#[derive(Clone, Debug)]
pub enum Files {
    /// The copy inside the binary.
    Embedded,
    /// A folder.
    Folder(PathBuf),
}

/// A data file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the data file {path} cannot be used: {what}")]
pub struct LandError {
    /// The file.
    pub path: String,
    /// Description of the fault.
    pub what: String,
}

impl Files {
    /// The bytes of a file; `name` is relative to the data folder, with `/`.
    pub fn read(&self, name: &str) -> io::Result<Cow<'static, [u8]>> {
        match self {
            Self::Embedded => DATA
                .get_file(name)
                .map(|file| Cow::Borrowed(file.contents()))
                .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such file in the binary")),
            Self::Folder(folder) => files::read_regular(&folder.join(name), MAX_FILE).map(Cow::Owned),
        }
    }

    /// A file that a folder may lack.
    fn optional(&self, name: &str) -> Result<Option<Cow<'static, str>>, LandError> {
        let there = match self {
            Self::Embedded => DATA.get_file(name).is_some(),
            Self::Folder(folder) => folder.join(name).exists(),
        };
        if there { self.text(name).map(Some) } else { Ok(None) }
    }

    /// A file as text.
    fn text(&self, name: &str) -> Result<Cow<'static, str>, LandError> {
        let bytes = self.read(name).map_err(|error| self.wrong(name, error))?;
        match bytes {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes)
                .map(Cow::Borrowed)
                .map_err(|error| self.wrong(name, error)),
            Cow::Owned(bytes) => String::from_utf8(bytes)
                .map(Cow::Owned)
                .map_err(|error| self.wrong(name, error)),
        }
    }

    fn wrong(&self, name: &str, what: impl Display) -> LandError {
        let path = match self {
            Self::Embedded => Path::new("data").join(name),
            Self::Folder(folder) => folder.join(name),
        };
        LandError {
            path: path.display().to_string(),
            what: what.to_string(),
        }
    }
}

/// The seeds inside the binary: name and bytes of each file.
pub fn embedded_seeds() -> impl Iterator<Item = (&'static Path, &'static [u8])> {
    SEEDS.files().map(|file| (file.path(), file.contents()))
}

/// Rivers that are not part of the default data: `build-data --with-wdbii` writes them.
const RIVERS: &str = "rivers_wdbii.geojson";

/// The data inside the binary: name and bytes of each file, those in folders too.
pub fn embedded_data() -> Vec<(&'static Path, &'static [u8])> {
    let mut files = Vec::new();
    let mut open = vec![&DATA];
    while let Some(folder) = open.pop() {
        files.extend(folder.files().map(|file| (file.path(), file.contents())));
        open.extend(folder.dirs());
    }
    files
}

/// Contents of `land.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct About {
    /// A short name.
    pub id: String,
    /// Gazetteer id of the country.
    pub country: String,
    /// Gazetteer id of the federal region.
    pub region: String,
    /// West, south, east, north in degrees.
    pub bbox: [f64; 4],
    /// Version of its data.
    #[serde(default)]
    pub version: Option<String>,
    /// The dataset that units and their codes come from, with its date.
    #[serde(default)]
    pub units_edition: Option<String>,
    /// IANA name of the time zone in which "today" is meant; universal time when absent.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// English name of the day on which a week begins; Monday when absent.
    #[serde(default)]
    pub week_begins: Option<String>,
    /// Order of day and month in a date of three numbers; the day first when absent.
    #[serde(default)]
    pub date_order: DateOrder,
    /// Title of the map.
    pub title: Trilingual,
    /// Disclaimer about boundaries and names.
    pub disclaimer: Trilingual,
    /// Sources to name on every map.
    pub attribution: Vec<Source>,
}

/// Order of the numbers in a date of three numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum DateOrder {
    #[default]
    Day,
    Month,
}

impl About {
    /// The land's clock: order of dates, time zone and first day of the week.
    fn clock(&self) -> Result<Clock, String> {
        let mut clock = Clock {
            month_first: self.date_order == DateOrder::Month,
            ..Clock::default()
        };
        if let Some(name) = &self.time_zone {
            clock.zone = TimeZone::get(name)
                .map_err(|_| format!("time_zone is {name:?}; accepted: an IANA name such as \"Asia/Baghdad\""))?;
        }
        if let Some(day) = &self.week_begins {
            let days = Weekday::Monday.cycle_forward().take(7);
            let mut named = days.filter(|known| format!("{known:?}").eq_ignore_ascii_case(day));
            let wrong = || format!("week_begins is {day:?}; accepted: the English name of a day of the week");
            clock.week_begins = named.next().ok_or_else(wrong)?;
        }
        Ok(clock)
    }
}

/// A source to name on every map.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Source {
    /// A short name.
    pub id: String,
    /// Its attribution.
    pub text: String,
    /// Address of the source.
    pub url: String,
}

/// A land, loaded.
pub struct Land {
    /// Contents of `land.toml`.
    pub about: About,
    /// Its places.
    pub gazetteer: Arc<Gazetteer>,
    search_words: SearchWords,
    search: OnceLock<Search>,
    /// Reads texts about it.
    pub geoparser: Arc<Geoparser>,
    files: Files,
    local_names: Option<PathBuf>,
    /// Its units.
    pub boundaries: Arc<Boundaries>,
    /// Differences between the worldviews.
    pub worldviews: Worldviews,
    /// The disputed units.
    pub disputed: DisputedAreas,
    /// Holders of the disputed units in each period.
    pub control: ControlByPeriod,
    /// The corridor by each of its definitions.
    pub corridors: Corridors,
    /// Titles and fields of its layers.
    pub catalog: Catalog,
    /// Its surroundings.
    pub context: Context,
    /// Themes and classes of its map's style.
    pub palettes: Arc<Palettes>,
    /// Versions of the program and of the land, for answers and rows that they made.
    pub versions: String,
    /// Fingerprint of everything that decides how a text is read: the rules, and the land's places and words.
    pub reader: i64,
    /// Codes in exports for people who code events.
    pub codes: Arc<Codes>,
}

impl Land {
    /// Reads a data folder; the heavy parts side by side.
    pub fn open(files: &Files) -> Result<Self, LandError> {
        Self::open_with(files, None)
    }

    /// Reads a data folder, and the names that analysts added to it in a file of their own, which need not exist yet.
    ///
    /// # Errors
    /// The file that cannot be used, with the line.
    pub fn open_with(files: &Files, local_names: Option<&Path>) -> Result<Self, LandError> {
        check_tables(files)?;
        let (gazetteer, geoparser, words, ground, (about, catalog, context)) = thread::scope(|scope| {
            let ground = scope.spawn(|| open_ground(files));
            let around = scope.spawn(|| open_around(files));
            let lexicon = scope.spawn(|| open_lexicon(files));
            let gazetteer = open_gazetteer(files, local_names)?;
            let (lexicon, words) = joined(lexicon)?;
            let geoparser = Geoparser::new(Arc::clone(&gazetteer), lexicon);
            let geoparser = geoparser.map_err(|error| files.wrong("lexicon", error))?;
            Ok::<_, LandError>((gazetteer, geoparser, words, joined(ground)?, joined(around)?))
        })?;
        let Ground {
            boundaries,
            worldviews,
            disputed,
            control,
        } = ground;
        let clock = about.clock().map_err(|what| files.wrong("land.toml", what))?;
        let corridors = open_corridors(files, &gazetteer, &boundaries, &disputed)?;
        let boundaries = Arc::new(boundaries);
        let positions = open_positions(files, &about, &context, &gazetteer, &boundaries)?;
        let geoparser = geoparser
            .with_positions(Arc::new(positions))
            .with_other_parents(worldviews.other_parents());
        let reader = reader(files, words, &about, &worldviews, local_names)?;
        let version = about.version.as_deref().unwrap_or("without a version");
        let versions = format!("mahwar {}; land {} {version}", env!("CARGO_PKG_VERSION"), about.id);
        Ok(Self {
            versions,
            reader,
            about,
            gazetteer,
            search_words: open_search_words(files)?,
            codes: Arc::new(
                open_codes(files)?
                    .with_types(geoparser.claim_kinds())
                    .with_parties(geoparser.parties()),
            ),
            search: OnceLock::new(),
            geoparser: Arc::new(geoparser.with_clock(clock)),
            files: files.clone(),
            local_names: local_names.map(Path::to_owned),
            boundaries,
            worldviews,
            disputed,
            control,
            corridors,
            catalog,
            context,
            palettes: Arc::new(open_palettes(files)?),
        })
    }

    /// The geoparser with the names that analysts have added by now, and its fingerprint.
    ///
    /// # Errors
    /// A file that changed and cannot be used.
    pub fn geoparser_with_local_names(&self) -> Result<(Arc<Geoparser>, i64), LandError> {
        let (files, local_names) = (&self.files, self.local_names.as_deref());
        let gazetteer = open_gazetteer(files, local_names)?;
        let (lexicon, words) = open_lexicon(files)?;
        let geoparser = Geoparser::new(Arc::clone(&gazetteer), lexicon);
        let geoparser = geoparser.map_err(|error| files.wrong("lexicon", error))?;
        let positions = open_positions(files, &self.about, &self.context, &gazetteer, &self.boundaries)?;
        let clock = self.about.clock().map_err(|what| files.wrong("land.toml", what))?;
        let geoparser = geoparser
            .with_positions(Arc::new(positions))
            .with_other_parents(self.worldviews.other_parents())
            .with_clock(clock);
        let reader = reader(files, words, &self.about, &self.worldviews, local_names)?;
        Ok((Arc::new(geoparser), reader))
    }

    /// Path of the file of local names, if the operator named one.
    pub fn local_names(&self) -> Option<&Path> {
        self.local_names.as_deref()
    }

    /// Finds its places by name; the names are sorted when somebody first searches.
    pub fn search(&self) -> &Search {
        self.search
            .get_or_init(|| Search::new(&self.gazetteer, self.search_words.clone()))
    }
}

/// Refuses a land of which a table is empty or cut off.
fn check_tables(files: &Files) -> Result<(), LandError> {
    let expected = land_tables::expected_rows(&files.text("land.toml")?);
    let expected = expected.map_err(|error| files.wrong("land.toml", error))?;
    for (name, columns) in land_tables::TABLES {
        land_tables::check_table(name, &files.text(name)?, columns, expected.get(*name))
            .map_err(|what| files.wrong(name, what))?;
    }
    Ok(())
}

/// Checks the tables that `build-data` reads, as far as `land.toml` expects rows of them.
///
/// # Errors
/// The first table that is empty or cut off.
pub fn check_compile_tables(files: &Files) -> Result<(), LandError> {
    let expected = land_tables::expected_rows(&files.text("land.toml")?);
    let expected = expected.map_err(|error| files.wrong("land.toml", error))?;
    for (name, rows) in expected.iter().filter(|(name, _)| name.starts_with("tables/")) {
        land_tables::check_table(name, &files.text(name)?, &[], Some(rows)).map_err(|what| files.wrong(name, what))?;
    }
    Ok(())
}

/// A folder without themes of its own is drawn with those inside the program.
fn open_palettes(files: &Files) -> Result<Palettes, LandError> {
    const STYLE: &str = "style.toml";
    match files.read(STYLE) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Palettes::embedded()),
        _ => Palettes::read(&files.text(STYLE)?).map_err(|error| files.wrong(STYLE, error)),
    }
}

impl Land {
    /// Its units as one side sees them.
    pub fn territory<'l>(&'l self, view: Worldview, drawings: &'l Drawings) -> Territory<'l> {
        Territory {
            boundaries: &self.boundaries,
            gazetteer: &self.gazetteer,
            worldviews: &self.worldviews,
            disputed: &self.disputed,
            control: &self.control,
            view,
            drawings,
        }
    }

    /// The names of a unit, those of one side first.
    pub fn name_of(&self, view: Worldview, id: &str) -> Trilingual {
        self.territory(view, &Drawings::default()).name(id)
    }

    /// The governorate of a unit as one side sees it.
    pub fn governorate_of(&self, view: Worldview, pcode: &str) -> Option<String> {
        let governorate = self.worldviews.governorate_of(view, &self.boundaries, pcode);
        governorate.map(str::to_owned)
    }
}

/// The names that analysts added; none where there is no file yet.
///
/// # Errors
/// The file that cannot be read, with the line.
pub fn open_local_names(path: Option<&Path>) -> Result<Vec<LocalName>, LandError> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let wrong = |what: String| LandError {
        path: path.display().to_string(),
        what,
    };
    match files::read_regular_text(path, MAX_LOCAL_FILE) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(wrong(error.to_string())),
        Ok(text) => read_local_names(&text).map_err(|error| wrong(error.to_string())),
    }
}

fn open_gazetteer(files: &Files, local_names: Option<&Path>) -> Result<Arc<Gazetteer>, LandError> {
    let mut places = read_places(files.text(PLACES)?).map_err(|error| files.wrong(PLACES, error))?;
    let added = add_local_names(&mut places, &open_local_names(local_names)?);
    added.map_err(|error| LandError {
        path: local_names.map_or_else(String::new, |path| path.display().to_string()),
        what: error.to_string(),
    })?;
    let gazetteer = Gazetteer::new(places).map_err(|error| files.wrong(PLACES, error))?;
    Ok(Arc::new(gazetteer))
}

fn open_around(files: &Files) -> Result<(About, Catalog, Context), LandError> {
    let about: About = toml::from_str(&files.text("land.toml")?).map_err(|error| files.wrong("land.toml", error))?;
    let [west, south, east, north] = about.bbox;
    if !(-180.0 <= west && west < east && east <= 180.0 && -90.0 <= south && south < north && north <= 90.0) {
        let what = format!(
            "bbox is [{west}, {south}, {east}, {north}]; accepted: west < east within -180 to 180 degrees, south < north within -90 to 90"
        );
        return Err(files.wrong("land.toml", what));
    }
    let catalog = Catalog::read(&files.text("layers.toml")?).map_err(|error| files.wrong("layers.toml", error))?;
    let mut context =
        Context::read(&files.text("context.geojson")?).map_err(|error| files.wrong("context.geojson", error))?;
    if let Some(rivers) = files.optional(RIVERS)? {
        context
            .take_rivers(&rivers)
            .map_err(|error| files.wrong(RIVERS, error))?;
    }
    Ok((about, catalog, context))
}

/// Makes geometries of described positions.
fn open_positions(
    files: &Files,
    about: &About,
    context: &Context,
    gazetteer: &Arc<Gazetteer>,
    boundaries: &Arc<Boundaries>,
) -> Result<PositionGeometry, LandError> {
    let roads = match files.optional(ROADS)? {
        Some(text) => PositionRoads::parse(&text).map_err(|error| files.wrong(ROADS, error))?,
        None => PositionRoads::default(),
    };
    let rivers = context.rivers().into_iter().map(|river| PositionLine {
        names: [river.name.ar, river.name.ckb, river.name.en]
            .into_iter()
            .flatten()
            .collect(),
        lines: river
            .line
            .iter()
            .map(|line| line.coords().map(|at| [at.x, at.y]).collect())
            .collect(),
    });
    let land = PositionLand {
        bbox: about.bbox,
        country: about.country.clone(),
    };
    Ok(PositionGeometry::new(
        Arc::clone(gazetteer),
        Arc::clone(boundaries),
        land,
        rivers.collect(),
        roads,
    ))
}

/// The lexicon, and the hash of its files.
fn open_lexicon(files: &Files) -> Result<(Lexicon, u64), LandError> {
    let mut words = FxHasher::default();
    let mut read = |name: &str| {
        let text = files.text(name)?;
        (name, &text).hash(&mut words);
        Ok::<_, LandError>(text.into_owned())
    };
    // The lexicon's errors name their file and line themselves.
    let lexicon = Lexicon::read(&mut read).map_err(|error| files.wrong("lexicon", error))?;
    Ok((lexicon, words.finish()))
}

/// The fingerprint of the reader: rules, lexicon, places, local names, contested parents, roads and clock.
fn reader(
    files: &Files,
    words: u64,
    about: &About,
    worldviews: &Worldviews,
    local_names: Option<&Path>,
) -> Result<i64, LandError> {
    let mut reader = FxHasher::default();
    (RULES, words, &about.id, &about.time_zone).hash(&mut reader);
    files.text(PLACES)?.hash(&mut reader);
    for parent in worldviews.other_parents() {
        parent.hash(&mut reader);
    }
    files.optional(ROADS)?.hash(&mut reader);
    // Authors and reasons change no reading.
    for local in open_local_names(local_names)? {
        (&local.place, local.language, &local.name).hash(&mut reader);
        if let Some(new) = &local.new {
            (new.point.map(f64::to_bits), new.level, &new.unit).hash(&mut reader);
        }
    }
    Ok(reader.finish().cast_signed())
}

fn open_search_words(files: &Files) -> Result<SearchWords, LandError> {
    let nouns = files.text("lexicon/type_nouns.csv")?;
    SearchWords::read(&nouns, &files.text("lexicon/articles.csv")?).map_err(|error| files.wrong("lexicon", error))
}

/// Codes of claim types; a land may have none.
fn open_codes(files: &Files) -> Result<Codes, LandError> {
    const CODING: &str = "coding.toml";
    let text = files.optional(CODING)?;
    let codes = text.map(|text| Codes::read(&text)).transpose();
    Ok(codes.map_err(|error| files.wrong(CODING, error))?.unwrap_or_default())
}

/// Units and the tables about them.
struct Ground {
    boundaries: Boundaries,
    worldviews: Worldviews,
    disputed: DisputedAreas,
    control: ControlByPeriod,
}

fn open_ground(files: &Files) -> Result<Ground, LandError> {
    const BOUNDARIES: &str = "boundaries.topojson";
    const WORLDVIEWS: &str = "worldviews.toml";
    const DISPUTED: &str = "disputed_areas.csv";
    const CONTROL: &str = "control.csv";
    let bytes = files.read(BOUNDARIES).map_err(|error| files.wrong(BOUNDARIES, error))?;
    let boundaries = Boundaries::parse(&bytes).map_err(|error| files.wrong(BOUNDARIES, error))?;
    let worldviews =
        Worldviews::parse(&files.text(WORLDVIEWS)?, &boundaries).map_err(|error| files.wrong(WORLDVIEWS, error))?;
    let disputed =
        DisputedAreas::parse(&files.text(DISPUTED)?, &boundaries).map_err(|error| files.wrong(DISPUTED, error))?;
    let control = ControlByPeriod::parse(&files.text(CONTROL)?, &boundaries, &worldviews.party_ids())
        .map_err(|error| files.wrong(CONTROL, error))?;
    Ok(Ground {
        boundaries,
        worldviews,
        disputed,
        control,
    })
}

fn open_corridors(
    files: &Files,
    gazetteer: &Gazetteer,
    boundaries: &Boundaries,
    disputed: &DisputedAreas,
) -> Result<Corridors, LandError> {
    const DEFINITIONS: &str = "corridor.toml";
    let published = files.text("published_figures.csv")?;
    let place = |id: &str| gazetteer.get(id).map(|place| place.point);
    Corridors::new(&files.text(DEFINITIONS)?, &published, boundaries, disputed, &place)
        .map_err(|error| files.wrong(DEFINITIONS, error))
}
