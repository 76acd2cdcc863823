//! `mahwar check`: whether a data folder, or a store, is whole and right.

use super::{Failure, progress::Progress, store};
use crate::{
    compile::check::{self, Check, Expected},
    compile::check_territory::{Territory, check_territory},
    compile::tables::Table,
    corridor::Corridors,
    gazetteer::read_places,
    land::{self, Files, Land},
    territory::{Boundaries, ControlByPeriod, DisputedAreas, Worldviews},
    text::printable::escape,
};
use serde::Deserialize;
use std::{
    borrow::Cow,
    io::{self, Write},
    path::PathBuf,
    time::Instant,
};

/// Check the data (topology, names, references, levels, seats, expected counts and measures), or with --store a store
/// (hashes, offsets, quotes, references, counts), and print the findings
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mahwar check --data data/\n  mahwar check --format json | jq '.[] | select(.ok | not)'\n  \
mahwar check --store sqlite:mahwar.db\n  mahwar check --store sqlite:mahwar.db --repair"
)]
pub struct CheckData {
    /// Data folder; without it the data inside the binary are checked
    #[arg(long, value_name = "DIR", env = "MAHWAR_DATA")]
    pub data: Option<PathBuf>,
    /// Check this store instead of the data: sqlite:PATH or postgres://…
    // Its id is not the name of the flag, so that `store` in mahwar.toml, which is for the server, does not set it.
    #[arg(id = "checked_store", long = "store", value_name = "STORE")]
    pub store: Option<String>,
    /// Recompute counts and indexes of the store when the check finds a fault, and check again
    #[arg(long, requires = "checked_store")]
    repair: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Table, conflicts_with = "checked_store")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Table,
    Json,
}

/// Keys of `land.toml` that the checks use.
#[derive(Deserialize)]
struct LandChecks {
    bbox: [f64; 4],
    #[serde(default)]
    expected: Expected,
}

impl CheckData {
    /// Prints the table; fails when a check does.
    ///
    /// # Errors
    /// Bad input when a file cannot be read, failure when something is wrong.
    pub fn run(&self) -> Result<(), Failure> {
        if let Some(address) = &self.store {
            return check_store(address, self.repair);
        }
        let files = self.data.clone().map_or(Files::Embedded, Files::Folder);
        let start = Instant::now();
        Land::open(&files).map_err(Failure::input)?;
        let loaded = start.elapsed();
        land::check_compile_tables(&files).map_err(Failure::input)?;
        let checks = checks(&files)?;
        let text = match self.format {
            Format::Json => check::json(&checks),
            // The time is no check: it depends on the machine.
            Format::Table => format!("{}loaded in {} ms\n", check::table(&checks), loaded.as_millis()),
        };
        io::stdout()
            .lock()
            .write_all(text.as_bytes())
            .map_err(Failure::output)?;
        match checks.iter().filter(|check| !check.ok).count() {
            0 => Ok(()),
            wrong => Err(Failure::Failed(format!("{wrong} of {} checks are wrong", checks.len()))),
        }
    }
}

fn check_store(address: &str, repair: bool) -> Result<(), Failure> {
    let store = store::existing(address)?;
    let check = || {
        let progress = Progress::new();
        let findings = store
            .check(&mut |done, all| progress.show(done, all))
            .map_err(store::failure)?;
        progress.end();
        Ok::<_, Failure>(findings)
    };
    let mut findings = check()?;
    if repair && !findings.is_empty() {
        for finding in &findings {
            println!("found  {}", escape(&finding.what));
        }
        store.rebuild().map_err(store::failure)?;
        println!("counts and indexes are computed anew");
        findings = check()?;
    }
    for finding in &findings {
        match &finding.document {
            Some(document) => println!("wrong  document {document}: {}", escape(&finding.what)),
            None => println!("wrong  {}", escape(&finding.what)),
        }
    }
    if !findings.is_empty() {
        return Err(Failure::Failed(format!(
            "{} things are wrong in the store",
            findings.len()
        )));
    }
    let counts = store.counts().map_err(store::failure)?;
    println!(
        "ok     {} documents, {} rulings, {} places, {} drawn mentions: hashes, offsets, quotes, references and counts",
        counts.documents, counts.rulings, counts.places, counts.drawn
    );
    Ok(())
}

fn checks(files: &Files) -> Result<Vec<Check>, Failure> {
    let wrong = |name: &str, what: &dyn std::fmt::Display| Failure::Input(format!("{name}: {what}"));
    let text = |name: &str| -> Result<String, Failure> {
        let bytes = files.read(name).map_err(|error| wrong(name, &error))?;
        let text = match bytes {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(str::to_owned),
            Cow::Owned(bytes) => String::from_utf8(bytes).map_err(|error| error.utf8_error()),
        };
        text.map_err(|error| wrong(name, &error))
    };
    let land: LandChecks = toml::from_str(&text("land.toml")?).map_err(|error| wrong("land.toml", &error))?;
    let places = read_places(text("places.tsv")?).map_err(|error| wrong("places.tsv", &error))?;
    let boundaries = text("boundaries.topojson")?;
    let boundaries = Boundaries::parse(boundaries.as_bytes()).map_err(|error| wrong("boundaries.topojson", &error))?;
    let seats = Table::parse("seats.csv".into(), &text("tables/seats.csv")?).map_err(Failure::input)?;

    let mut checks = check::check_places(&places, &land.expected, land.bbox);
    checks.extend(check::check_units(&places, &boundaries, &seats));
    let disputed = DisputedAreas::parse(&text("disputed_areas.csv")?, &boundaries).map_err(Failure::input)?;
    let worldviews = Worldviews::parse(&text("worldviews.toml")?, &boundaries).map_err(Failure::input)?;
    let parties = worldviews.party_ids();
    let control = ControlByPeriod::parse(&text("control.csv")?, &boundaries, &parties).map_err(Failure::input)?;
    let place = |id: &str| places.iter().find(|place| place.id == id).map(|place| place.point);
    let (definitions, published) = (text("corridor.toml")?, text("published_figures.csv")?);
    let corridors = Corridors::new(&definitions, &published, &boundaries, &disputed, &place).map_err(Failure::input)?;
    checks.extend(check_territory(Territory {
        boundaries: &boundaries,
        disputed: &disputed,
        control: &control,
        worldviews: &worldviews,
        corridors: &corridors,
    }));
    Ok(checks)
}
