//! The columns of UCDP GED 25.1.

use super::{
    Coded, figures,
    precision::{cell, numbers, ucdp_days, ucdp_place},
    words,
};
use crate::events::Account;

pub const COLUMNS: [&str; 49] = [
    "id",
    "relid",
    "year",
    "active_year",
    "code_status",
    "type_of_violence",
    "conflict_dset_id",
    "conflict_new_id",
    "conflict_name",
    "dyad_dset_id",
    "dyad_new_id",
    "dyad_name",
    "side_a_dset_id",
    "side_a_new_id",
    "side_a",
    "side_b_dset_id",
    "side_b_new_id",
    "side_b",
    "number_of_sources",
    "source_article",
    "source_office",
    "source_date",
    "source_headline",
    "source_original",
    "where_prec",
    "where_coordinates",
    "where_description",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "geom_wkt",
    "priogrid_gid",
    "country",
    "country_id",
    "region",
    "event_clarity",
    "date_prec",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
    "gwnoa",
    "gwnob",
];

/// True if an account counts dead.
pub fn has_deaths(account: &Account) -> bool {
    let numbers = numbers(&figures(account, "killed"));
    numbers.iter().flatten().any(|number| *number > 0.0)
}

pub fn row(coded: &Coded<'_>) -> [String; 49] {
    let account = coded.account();
    let codes = coded.table.codes;
    let country = &codes.country;
    let [lon, lat] = coded.point();
    let [best, low, high] = numbers(&figures(account, "killed"));
    let [adm_1, adm_2, _] = coded.units.clone().map(words);
    let (from, to) = (account.days.from_date(), account.days.to_date());
    let published = account
        .published
        .as_deref()
        .and_then(|time| time.get(..10))
        .unwrap_or_default();
    let violence = codes.of(account).ucdp;
    let empty = String::new;
    // The parts add up to the best number.
    let civilian = matches!(codes.interaction(account.target_party.as_deref()), Some(6 | 7));
    let (civilians, unknown) = if civilian { (best, None) } else { (None, best) };
    [
        number(&account.claim.to_string()).to_string(),
        coded.event.id(),
        from.chars().take(4).collect(),
        empty(),
        // Not checked by a coder.
        "Check".to_owned(),
        violence.map_or_else(empty, |kind| kind.to_string()),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        words(codes.party(account.actor_party.as_deref(), account.actor.as_deref())),
        empty(),
        empty(),
        words(codes.party(account.target_party.as_deref(), account.target.as_deref())),
        coded.told.outlets.len().to_string(),
        words(article(account)),
        words(coded.outlets()),
        published.to_owned(),
        words(account.title.clone()),
        words(account.speaker.clone().unwrap_or_default()),
        ucdp_place(account).to_string(),
        words(coded.location()),
        words(format!("{}; made by {}", describe(coded), coded.table.made_by)),
        adm_1,
        adm_2,
        lat.to_string(),
        lon.to_string(),
        format!("POINT ({lon} {lat})"),
        priogrid([lon, lat]).to_string(),
        country.name.clone(),
        country.ucdp_id.clone(),
        country.ucdp_region.clone(),
        if account.days.len() == 1 { "1" } else { "2" }.to_owned(),
        ucdp_days(account.days).to_string(),
        from,
        to,
        empty(),
        empty(),
        cell(civilians),
        cell(unknown),
        cell(best),
        cell(high),
        cell(low),
        empty(),
        empty(),
    ]
}

/// The source as UCDP cites it, with the quote.
fn article(account: &Account) -> String {
    let day = account
        .published
        .as_deref()
        .and_then(|time| time.get(..10))
        .unwrap_or_default();
    let outlet = account.outlet.as_deref().unwrap_or_default();
    format!("\"{outlet},{day},{}\": {}", account.title, account.quote)
}

fn describe(coded: &Coded<'_>) -> String {
    let site = &coded.account().site;
    format!("{}, uncertain by {} km", site.precision, site.uncertainty_km)
}

/// A stable number for a text id: the first 53 bits of its SHA-256, as vector tiles number features.
fn number(id: &str) -> u64 {
    crate::layers::Feature::new(id, None, crate::layers::Properties::new()).number()
}

/// The cell of PRIO-GRID, half a degree wide, counted from the south-western corner of the world from 1.
fn priogrid([lon, lat]: [f64; 2]) -> i64 {
    let row = ((lat + 90.0) * 2.0).floor().clamp(0.0, 359.0) as i64;
    let column = ((lon + 180.0) * 2.0).floor().clamp(0.0, 719.0) as i64;
    row * 720 + column + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_priogrid_have_their_known_numbers() {
        // Baghdad and Kirkuk, from the numbering of the grid: 360 rows of 720 cells.
        assert_eq!(priogrid([-179.9, -89.9]), 1);
        assert_eq!(priogrid([179.9, 89.9]), 259_200);
        assert_eq!(priogrid([44.36, 33.31]), 246 * 720 + 448 + 1);
    }
}
