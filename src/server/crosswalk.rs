//! `/crosswalk`: the codes of one unit in each system that has them, so that tables with other codes can be joined.

use super::{
    operations as o, parameters as p,
    problem::Problem,
    request_context::{RequestContext, Shared},
    respond::{Answer, media},
};
use crate::gazetteer::{Level, Place};
use axum::{extract::State, response::Response};
use serde_json::{Value, json};

/// Columns of the table, in the order of CSV.
const COLUMNS: [&str; 13] = [
    "id",
    "level",
    "name_ar",
    "name_ckb",
    "name_en",
    "parent",
    "edition",
    "pcode",
    "iso3166_2",
    "wikidata",
    "geonames",
    "wof",
    "note",
];

/// `/crosswalk`
pub async fn crosswalk(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::CROSSWALK)?;
    let level = query.text(&p::UNIT_LEVEL);
    let edition = app.about.edition.as_deref();
    let units = app.services.places.all().iter().filter(|place| {
        let is_unit = matches!(
            place.level,
            Level::Region | Level::Governorate | Level::District | Level::Subdistrict
        );
        !place.foreign && is_unit && level.is_none_or(|level| place.level.word() == level)
    });
    let rows: Vec<[Value; COLUMNS.len()]> = units.map(|unit| row(unit, edition)).collect();
    if query.text(&p::F_CROSSWALK) == Some("csv") {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(COLUMNS).map_err(Problem::internal)?;
        for row in &rows {
            let cells = row.iter().map(|cell| match cell {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            csv.write_record(cells).map_err(Problem::internal)?;
        }
        let bytes = csv
            .into_inner()
            .map_err(|error| Problem::internal(error.into_error()))?;
        return Ok(Answer::new("text/csv; charset=utf-8; header=present", bytes).send_from(&app, &ask.headers));
    }
    let units = rows.into_iter().map(|row| {
        let members = COLUMNS.iter().map(|name| (*name).to_owned()).zip(row);
        Value::Object(members.collect())
    });
    let value = json!({"edition": edition, "columns": COLUMNS, "units": units.collect::<Vec<_>>()});
    Ok(Answer::new(media::JSON, value.to_string().into_bytes()).send_from(&app, &ask.headers))
}

fn row(unit: &Place, edition: Option<&str>) -> [Value; COLUMNS.len()] {
    let names = unit.names.preferred();
    let codes = &unit.same_as.codes;
    // A derived unit has the code of the unit that it was made of.
    let note = match (unit.derived, &codes.pcode) {
        (true, Some(pcode)) => Some(format!("not in the edition: made of its unit {pcode}")),
        (true, None) => Some("not in the edition: derived".to_owned()),
        (false, None) => Some("not in the edition".to_owned()),
        (false, Some(_)) => None,
    };
    let in_edition = !unit.derived && codes.pcode.is_some();
    [
        json!(unit.id),
        json!(unit.level),
        json!(names.ar),
        json!(names.ckb),
        json!(names.en),
        json!(unit.parents.first()),
        json!(edition.filter(|_| in_edition)),
        json!(codes.pcode),
        json!(codes.iso3166_2),
        json!(codes.wikidata),
        json!(unit.same_as.geonames),
        json!(unit.same_as.wof),
        json!(note),
    ]
}
