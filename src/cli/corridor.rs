//! `mahwar corridor`: definitions, measures and linear referencing on the command line.

use super::{DataFolder, Failure};
use crate::{
    corridor::{Corridor, Measured, Profile},
    gazetteer::Level,
    land::Land,
    language::Language,
};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::io::{self, Write};

/// Measure the corridor: definitions beside published figures, positions, profiles
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mahwar corridor\n  mahwar corridor --locate 44.39,35.47\n  \
mahwar corridor --at 214\n  mahwar corridor --definition eastern-outer-edge --profile district"
)]
pub(super) struct CorridorCommand {
    /// Id of a definition; without it the default one, or all where no question is asked
    #[arg(long, value_name = "ID")]
    definition: Option<String>,
    /// Where is this position along the line?
    #[arg(long, value_name = "LON,LAT", conflicts_with_all = ["at", "profile"], allow_hyphen_values = true)]
    locate: Option<String>,
    /// What is at this chainage?
    #[arg(long, value_name = "KM", conflicts_with = "profile", allow_hyphen_values = true)]
    at: Option<f64>,
    /// Kilometres by unit, in order
    #[arg(long, value_name = "UNIT", num_args = 0..=1, default_missing_value = "governorate")]
    profile: Option<By>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    data: DataFolder,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    Governorate,
    District,
}

impl CorridorCommand {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let land = self.data.land()?;
        let id = self.definition.as_deref();
        let line = land.corridors.line(id).map_err(Failure::input)?;
        if let Some(position) = &self.locate {
            let position = read_position(position)?;
            let found = land
                .corridors
                .locate(id, position, &land.boundaries)
                .map_err(Failure::input)?;
            return json(&found);
        }
        if let Some(km) = self.at {
            let found = land.corridors.at(id, km, &land.boundaries).map_err(Failure::input)?;
            return json(&found);
        }
        if let Some(by) = self.profile {
            return self.profile(&land, line, by);
        }
        self.definitions(&land)
    }

    fn profile(&self, land: &Land, line: &Corridor, by: By) -> Result<(), Failure> {
        let level = match by {
            By::Governorate => Level::Governorate,
            By::District => Level::District,
        };
        let view = land.worldviews.default_view();
        let governorate = |pcode: &str| {
            land.worldviews
                .governorate_of(view, &land.boundaries, pcode)
                .map(str::to_owned)
        };
        let profile = line.profile(level, &land.boundaries, governorate);
        match self.format {
            Format::Json => json(&profile),
            Format::Table => stretches(land, &profile).map_err(Failure::output),
        }
    }

    fn definitions(&self, land: &Land) -> Result<(), Failure> {
        let mut report = land.corridors.report(&land.boundaries, &land.disputed, &[]);
        if let Some(id) = &self.definition {
            report.definitions.retain(|definition| definition.id == *id);
        }
        if self.format == Format::Json {
            return json(&report);
        }
        let mut out = io::stdout().lock();
        let rows = report
            .definitions
            .iter()
            .try_for_each(|definition| row(&mut out, definition));
        let head = |out: &mut io::StdoutLock| writeln!(out, "\nIn print:");
        rows.and_then(|()| head(&mut out)).map_err(Failure::output)?;
        for figure in &report.published {
            let date = if figure.date.is_empty() {
                "undated"
            } else {
                &figure.date
            };
            writeln!(
                out,
                "{date:<10} {:>6} {:<4} {}: {}",
                figure.figure, figure.unit, figure.who, figure.extent
            )
            .map_err(Failure::output)?;
        }
        Ok(())
    }
}

fn read_position(text: &str) -> Result<[f64; 2], Failure> {
    let wrong = || Failure::Input(format!("--locate {text:?}: give LON,LAT in degrees, as in 44.39,35.47"));
    let (lon, lat) = text.split_once(',').ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse::<f64>().map_err(|_| wrong());
    Ok([number(lon)?, number(lat)?])
}

fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(Failure::failed)?;
    writeln!(io::stdout().lock(), "{text}").map_err(Failure::output)
}

fn row(out: &mut impl Write, definition: &Measured) -> io::Result<()> {
    let area = definition
        .area_km2
        .map_or_else(|| "—".to_owned(), |area| format!("{area:.0} km²"));
    writeln!(
        out,
        "{}{:<28} {:>8.1} km ({:.1} km at zoom {})  {:>11}  {}",
        if definition.default { "*" } else { " " },
        definition.id,
        definition.length_km,
        definition.length_generalised_km,
        definition.generalised_zoom,
        area,
        definition.title.best(Language::English),
    )
}

fn stretches(land: &Land, profile: &Profile) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let name = |id: Option<&String>| {
        let place = id.and_then(|id| land.gazetteer.get(id));
        place.map_or_else(
            || "—".to_owned(),
            |place| place.names.preferred().best(Language::English).to_owned(),
        )
    };
    for stretch in &profile.stretches {
        let (unit, facing) = (name(stretch.unit.as_ref()), name(stretch.facing.as_ref()));
        writeln!(
            out,
            "{:>8.1} {:>8.1} {:>8.1} km  {unit} | {facing}",
            stretch.from_km, stretch.to_km, stretch.km
        )?;
    }
    Ok(())
}
