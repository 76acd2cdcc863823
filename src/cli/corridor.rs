//! `mahwar corridor`: definitions, measures and linear referencing on the command line.

use super::{DataFolder, Failure};
use crate::{
    corridor::{Corridor, Measured, Part, Profile},
    gazetteer::Level,
    land::Land,
    language::Language,
    publish::corridor::{add_names, line_feature},
    territory::Worldview,
};
use clap::{ArgGroup, Args, ValueEnum};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Measure the corridor: definitions beside published figures, positions, profiles, slices, strips, crossings
#[derive(Args)]
#[command(
    group = ArgGroup::new("question").args(["locate", "at", "profile", "strip", "posts", "crossings"]),
    after_help = "Examples:\n  mahwar corridor\n  mahwar corridor --locate 44.39,35.47\n  mahwar corridor --at 214\n  \
mahwar corridor --definition eastern-outer-edge --profile district --lang ckb\n  \
mahwar corridor --from 100 --to 150 > slice.geojson\n  mahwar corridor --strip 5 > strip.geojson\n  \
mahwar corridor --posts 50\n  mahwar corridor --crossings"
)]
pub(super) struct CorridorCommand {
    /// Id of a definition; without it the default one, or all where no question is asked
    #[arg(long, value_name = "ID")]
    definition: Option<String>,
    /// Locate this position along the line
    #[arg(long, value_name = "LON,LAT", allow_hyphen_values = true)]
    locate: Option<String>,
    /// Describe the point at this chainage
    #[arg(long, value_name = "KM", allow_hyphen_values = true)]
    at: Option<f64>,
    /// Kilometres by unit, in order
    #[arg(long, value_name = "UNIT", num_args = 0..=1, default_missing_value = "governorate")]
    profile: Option<By>,
    /// The line from this chainage on, as GeoJSON
    #[arg(long, value_name = "KM", conflicts_with = "question", allow_hyphen_values = true)]
    from: Option<f64>,
    /// The line up to this chainage, as GeoJSON
    #[arg(long, value_name = "KM", conflicts_with = "question", allow_hyphen_values = true)]
    to: Option<f64>,
    /// Everything within so many kilometres of the line, as GeoJSON
    #[arg(long, value_name = "KM", allow_hyphen_values = true)]
    strip: Option<f64>,
    /// A post every so many kilometres [default: as the data have it]
    #[arg(long, value_name = "KM", num_args = 0..=1, default_missing_value = "")]
    posts: Option<String>,
    /// Crossings of rivers and the line
    #[arg(long)]
    crossings: bool,
    /// From whose side units are named and counted: neutral, federal, region
    #[arg(long, value_name = "VIEW")]
    worldview: Option<Worldview>,
    /// Language of tables: ar, ckb, en
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: Language,
    /// Output format; slices and strips are always GeoJSON
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    data: DataFolder,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Geojson,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    Governorate,
    District,
}

impl CorridorCommand {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let part = self.part()?;
        let position = self.locate.as_deref().map(read_position).transpose()?;
        let land = self.data.land()?;
        let asked = CorridorQuery {
            view: self.worldview.unwrap_or_else(|| land.worldviews.default_view()),
            land: &land,
            lang: self.lang,
            format: self.format,
        };
        let id = self.definition.as_deref();
        let line = land.corridors.line(id).map_err(Failure::input)?;
        if let Some(position) = position {
            let found = land.corridors.locate(id, position, &land.boundaries);
            return asked.located(&found.map_err(Failure::input)?);
        }
        if let Some(km) = self.at {
            let found = land.corridors.at(id, km, &land.boundaries).map_err(Failure::input)?;
            return asked.json(found);
        }
        if let Some(part) = part {
            let found = land
                .corridors
                .part(id, part, &land.boundaries, &land.context.rivers())
                .map_err(Failure::input)?;
            return asked.part(part, found);
        }
        match self.profile {
            Some(by) => asked.profile(line, by),
            None => asked.definitions(id),
        }
    }

    fn part(&self) -> Result<Option<Part>, Failure> {
        if self.from.is_some() || self.to.is_some() {
            return Ok(Some(Part::Slice {
                from_km: self.from.unwrap_or_default(),
                to_km: self.to,
            }));
        }
        if let Some(half_width_km) = self.strip {
            return Ok(Some(Part::Strip { half_width_km }));
        }
        if let Some(every) = &self.posts {
            let wrong = || Failure::Input(format!("--posts {every:?}: give kilometres, as in 10"));
            let every_km = match every.as_str() {
                "" => None,
                every => Some(every.parse().map_err(|_| wrong())?),
            };
            return Ok(Some(Part::Posts { every_km }));
        }
        Ok(self.crossings.then_some(Part::Crossings))
    }
}

/// A question with the shape of its answer.
struct CorridorQuery<'l> {
    land: &'l Land,
    view: Worldview,
    lang: Language,
    format: Format,
}

impl CorridorQuery<'_> {
    /// An answer as JSON, with the names of its units and the convention in force.
    fn json(&self, answer: impl Serialize) -> Result<(), Failure> {
        let mut answer = serde_json::to_value(answer).map_err(Failure::failed)?;
        add_names(self.land, self.view, &mut answer);
        let worldviews = &self.land.worldviews;
        answer["worldview"] = self.view.word().into();
        answer["convention"] = worldviews.convention(self.view, self.lang).into();
        answer["disclaimer"] = worldviews.disclaimer().best(self.lang).into();
        let text = serde_json::to_string_pretty(&answer).map_err(Failure::failed)?;
        writeln!(io::stdout().lock(), "{text}").map_err(Failure::output)
    }

    fn located(&self, found: &crate::corridor::LocationReport) -> Result<(), Failure> {
        if self.format != Format::Geojson {
            return self.json(found);
        }
        let geometry = json!({"type": "Point", "coordinates": found.point});
        self.json(json!({"type": "Feature", "geometry": geometry, "properties": found}))
    }

    /// Slices and strips are shapes; posts and crossings can be read in a table too.
    fn part(&self, part: Part, found: Value) -> Result<(), Failure> {
        match part {
            Part::Posts { .. } | Part::Crossings if self.format == Format::Table => {
                self.stations(&found).map_err(Failure::output)
            }
            _ => self.json(found),
        }
    }

    fn stations(&self, found: &Value) -> io::Result<()> {
        let mut out = io::stdout().lock();
        for feature in found["features"].as_array().into_iter().flatten() {
            let [station, point] = [&feature["properties"], &feature["geometry"]["coordinates"]];
            let km = station["km"].as_f64().or(station["chainage_km"].as_f64());
            let [lon, lat] = [0, 1].map(|axis| point[axis].as_f64().unwrap_or_default());
            let [left, right] = ["left", "right"].map(|side| self.name(station[side].as_str()));
            let river = station["name"][self.lang.tag()].as_str();
            let river = river.or(station["river"].as_str()).unwrap_or_default();
            let km = km.unwrap_or_default();
            writeln!(out, "{km:>9.3} km  {lon:>9.5} {lat:>9.5}  {left} | {right}  {river}")?;
        }
        let held = found["rivers"].as_array();
        if let Some(held) = held {
            let names = held
                .iter()
                .filter_map(|river| river["name"][self.lang.tag()].as_str().or(river["id"].as_str()));
            writeln!(out, "Held against the line: {}", names.collect::<Vec<_>>().join(", "))?;
        }
        self.convention(&mut out)
    }

    /// The name of a unit as this side says it.
    fn name(&self, unit: Option<&str>) -> String {
        let name = unit.map(|unit| self.land.name_of(self.view, unit).best(self.lang).to_owned());
        name.unwrap_or_else(|| "—".to_owned())
    }

    fn convention(&self, out: &mut impl Write) -> io::Result<()> {
        let worldviews = &self.land.worldviews;
        let [convention, disclaimer] = [
            worldviews.convention(self.view, self.lang),
            worldviews.disclaimer().best(self.lang),
        ];
        writeln!(out, "\n{convention}\n{disclaimer}")
    }

    fn profile(&self, line: &Corridor, by: By) -> Result<(), Failure> {
        let level = match by {
            By::Governorate => Level::Governorate,
            By::District => Level::District,
        };
        let land = self.land;
        let profile = line.profile(level, &land.boundaries, |pcode| land.governorate_of(self.view, pcode));
        match self.format {
            Format::Json => self.json(&profile),
            Format::Geojson => self.stretches_as_lines(line, &profile),
            Format::Table => self.stretches(&profile).map_err(Failure::output),
        }
    }

    fn stretches(&self, profile: &Profile) -> io::Result<()> {
        let mut out = io::stdout().lock();
        for stretch in &profile.stretches {
            let [unit, facing] = [&stretch.unit, &stretch.facing].map(|id| self.name(id.as_deref()));
            writeln!(
                out,
                "{:>8.1} {:>8.1} {:>8.1} km  {unit} | {facing}",
                stretch.from_km, stretch.to_km, stretch.km
            )?;
        }
        self.convention(&mut out)
    }

    fn stretches_as_lines(&self, line: &Corridor, profile: &Profile) -> Result<(), Failure> {
        let stretches = profile.stretches.iter().map(|stretch| {
            let slice = line.slice_km(stretch.from_km, stretch.to_km).map_err(Failure::failed)?;
            let geometry = geojson::Geometry::from(&slice);
            Ok(json!({"type": "Feature", "geometry": geometry, "properties": stretch}))
        });
        let features = stretches.collect::<Result<Vec<_>, Failure>>()?;
        self.json(json!({"type": "FeatureCollection", "features": features}))
    }

    fn definitions(&self, id: Option<&str>) -> Result<(), Failure> {
        let land = self.land;
        let mut report = land.corridors.report(&land.boundaries, &land.disputed, &[]);
        if let Some(id) = id {
            report.definitions.retain(|definition| definition.id == id);
        }
        match self.format {
            Format::Json => return self.json(&report),
            Format::Geojson => {
                let lines = land.corridors.lines().iter();
                let lines = lines.filter(|line| id.is_none_or(|id| line.id == id));
                let features: Vec<Value> = lines.map(|line| line_feature(land, line)).collect();
                return self.json(json!({"type": "FeatureCollection", "features": features}));
            }
            Format::Table => {}
        }
        let mut out = io::stdout().lock();
        let rows = report.definitions.iter();
        rows.into_iter()
            .try_for_each(|definition| self.row(&mut out, definition))
            .and_then(|()| writeln!(out, "\nIn print:"))
            .map_err(Failure::output)?;
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
        self.convention(&mut out).map_err(Failure::output)
    }

    fn row(&self, out: &mut impl Write, definition: &Measured) -> io::Result<()> {
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
            definition.title.best(self.lang),
        )
    }
}

fn read_position(text: &str) -> Result<[f64; 2], Failure> {
    let wrong = || Failure::Input(format!("--locate {text:?}: give LON,LAT in degrees, as in 44.39,35.47"));
    let (lon, lat) = text.split_once(',').ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse::<f64>().map_err(|_| wrong());
    Ok([number(lon)?, number(lat)?])
}
