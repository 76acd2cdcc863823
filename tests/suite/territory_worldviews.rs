//! The hand-written files of the territory: disputed areas, control by period, worldviews.

use mahwar::{
    gazetteer::Level,
    language::Language,
    territory::{Boundaries, ControlByPeriod, DisputedAreas, Worldview, Worldviews},
};

fn text(name: &str) -> String {
    std::fs::read_to_string(format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn land() -> Boundaries {
    Boundaries::parse(text("boundaries.topojson").as_bytes()).unwrap()
}

fn views(land: &Boundaries) -> Worldviews {
    Worldviews::parse(&text("worldviews.toml"), land).unwrap()
}

#[test]
fn the_disputed_areas_are_the_fourteen_districts_and_one_sub_district_that_the_un_listed() {
    let land = land();
    let areas = DisputedAreas::parse(&text("disputed_areas.csv"), &land).unwrap();
    let levels: Vec<Level> = areas.iter().map(|area| land.unit(&area.pcode).unwrap().level).collect();
    assert_eq!(levels.iter().filter(|level| **level == Level::District).count(), 14);
    assert_eq!(levels.iter().filter(|level| **level == Level::Subdistrict).count(), 1);
    let area = land.area_of_set_km2(&areas.set(&land));
    assert!((area - 37_015.0).abs() < 1.0, "{area}");
    let parties = views(&land);
    for claimant in areas.iter().flat_map(|area| &area.claimed_by) {
        assert!(parties.party(claimant).is_some(), "{claimant} is no party");
    }
}

#[test]
fn a_part_of_a_disputed_district_is_disputed_and_its_neighbour_is_not() {
    let land = land();
    let areas = DisputedAreas::parse(&text("disputed_areas.csv"), &land).unwrap();
    let part = land.children("IQG11Q04").next().unwrap();
    assert_eq!(areas.covering(&part.pcode, &land).unwrap().listed_name, "Makhmour");
    assert_eq!(areas.covering("IQG10Q03N01", &land).unwrap().listed_name, "Mandali");
    assert!(
        areas.covering("IQG10Q03", &land).is_none(),
        "only Mandali of Baladruz is listed"
    );
    assert!(areas.covering("IQG08Q01", &land).is_none());
}

#[test]
fn control_is_stated_for_every_disputed_area_and_period_or_left_open_but_never_without_a_source() {
    let land = land();
    let views = views(&land);
    let areas = DisputedAreas::parse(&text("disputed_areas.csv"), &land).unwrap();
    let control = ControlByPeriod::parse(&text("control.csv"), &land, &views.party_ids()).unwrap();
    for area in areas.iter() {
        assert_eq!(control.periods(&area.pcode).count(), 3, "{}", area.pcode);
        assert!(control.current(&area.pcode).is_some());
        for day in [
            "2003-05-01",
            "2014-06-09",
            "2014-06-10",
            "2017-10-15",
            "2017-10-16",
            "2026-01-01",
        ] {
            assert!(
                control.at(&area.pcode, day.parse().unwrap()).is_some(),
                "{} on {day}",
                area.pcode
            );
        }
        assert!(control.at(&area.pcode, "2001-01-01".parse().unwrap()).is_none());
    }
    let kirkuk = |day: &str| control.at("IQG13Q04", day.parse().unwrap()).unwrap().party.as_deref();
    assert_eq!(kirkuk("2015-01-01"), Some("region"));
    assert_eq!(kirkuk("2018-01-01"), Some("federal"));
}

#[test]
fn an_interval_meets_a_period_with_open_ends() {
    let land = land();
    let views = views(&land);
    let control = ControlByPeriod::parse(&text("control.csv"), &land, &views.party_ids()).unwrap();
    let periods: Vec<_> = control.periods("IQG13Q04").collect();
    let day = |text: &str| Some(text.parse().unwrap());
    let meeting = |from, to| periods.iter().filter(|period| period.meets(from, to)).count();
    assert_eq!(meeting(None, None), 3);
    assert_eq!(meeting(day("2017-10-16"), None), 1);
    assert_eq!(meeting(None, day("2014-06-09")), 1);
    assert_eq!(meeting(day("2014-06-09"), day("2014-06-10")), 2);
    assert_eq!(meeting(None, day("1990-01-01")), 0);
}

#[test]
fn errors_in_hand_written_tables_name_file_row_and_unit() {
    let land = land();
    let header = text("control.csv").lines().next().unwrap().to_owned();
    let control = |row: &str| {
        ControlByPeriod::parse(&format!("{header}\n{row}\n"), &land, &["federal"])
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        control("IQG99Q01,2003-04-09,,,,,,"),
        "control.csv, row 2: unknown unit \"IQG99Q01\"; accepted: the p-codes in boundaries.topojson"
    );
    assert!(control("IQG13Q04,soon,,,,,,").contains("from \"soon\" is not a date"));
    assert!(control("IQG13Q04,2014-01-01,2013-01-01,,,,,").contains("before it begins"));
    assert!(control("IQG13Q04,2014-01-01,,mars,x,,y,").contains("unknown party \"mars\"; accepted: federal"));
    assert!(control("IQG13Q04,2014-01-01,,federal,,,,").contains("without a source"));
    assert!(control("IQG13Q04,2014-01-01,,,,,,\nIQG13Q04,2015-01-01,,,,,,").starts_with("control.csv, row 3"));
    let disputed =
        "pcode,unami_name,claimed_by,article,status,source,note\nIQG13Q04,Kirkuk,,,,UN,\nIQG13Q04,Kirkuk,,,,UN,\n";
    let error = DisputedAreas::parse(disputed, &land).unwrap_err().to_string();
    assert_eq!(error, "disputed_areas.csv, row 3: the unit \"IQG13Q04\" stands twice");
}

#[test]
fn errors_in_the_worldviews_name_table_row_and_unit() {
    let land = land();
    let broken = text("worldviews.toml").replace("unit = \"IQG11Q04\"", "unit = \"IQG11Q99\"");
    let error = Worldviews::parse(&broken, &land).unwrap_err().to_string();
    assert!(
        error.starts_with("worldviews.toml, parents 1: unknown unit \"IQG11Q99\""),
        "{error}"
    );
    let broken = text("worldviews.toml").replace("id = \"region\"", "id = \"elsewhere\"");
    assert!(
        Worldviews::parse(&broken, &land)
            .unwrap_err()
            .to_string()
            .contains("elsewhere")
    );
    let error = "atlantis".parse::<Worldview>().unwrap_err().to_string();
    assert_eq!(
        error,
        "unknown worldview \"atlantis\"; accepted: neutral, federal, region"
    );
}

#[test]
fn the_default_view_takes_no_side() {
    let land = land();
    let views = views(&land);
    assert_eq!(views.default_view(), Worldview::Neutral);
    for unit in land.units_of(Level::District).filter(|unit| unit.pcode != "IQG06Q05") {
        let parent = views.parent_of(Worldview::Neutral, &land, &unit.pcode);
        assert_eq!(parent, unit.parent.as_deref(), "the neutral view moves {}", unit.pcode);
    }
    let names = views.departures().into_iter().filter(|row| row.kind == "name");
    assert!(names.into_iter().all(|row| row.worldview != Worldview::Neutral));
}

#[test]
fn the_views_differ_only_where_the_file_says_so() {
    let land = land();
    let views = views(&land);
    let departures = views.departures();
    assert!(departures.iter().all(|row| !row.source.is_empty()));
    for unit in land.units() {
        for view in [Worldview::Federal, Worldview::Region] {
            let written = |kind: &str| {
                departures
                    .iter()
                    .any(|row| row.worldview == view && row.kind == kind && row.subject == unit.pcode)
            };
            let derived = views
                .derived_governorates()
                .iter()
                .any(|row| row.units.contains(&unit.pcode));
            let moved = views.parent_of(view, &land, &unit.pcode) != unit.parent.as_deref();
            assert_eq!(moved, written("parent") || derived, "{} in {view}", unit.pcode);
            let renamed = Language::ALL
                .iter()
                .any(|language| views.name(view, &unit.pcode, *language).is_some());
            assert_eq!(renamed, written("name"), "{} in {view}", unit.pcode);
        }
    }
}

#[test]
fn each_view_covers_the_country_once_and_halabja_is_the_nineteenth_governorate() {
    let land = land();
    let views = views(&land);
    for view in Worldview::ALL {
        let governorates = views.governorates(view, &land);
        assert_eq!(governorates.len(), 19, "{view}");
        let mut districts: Vec<&String> = governorates.iter().flat_map(|governorate| &governorate.units).collect();
        districts.sort();
        let before = districts.len();
        districts.dedup();
        assert_eq!(
            districts.len(),
            before,
            "a district stands in two governorates of {view}"
        );
        assert_eq!(districts.len(), 101);
        let halabja = governorates.last().unwrap();
        assert!(halabja.derived && halabja.id == "IQ-HA" && halabja.units == ["IQG06Q05"]);
        assert!(views.counts_as_governorate(view, "IQ-HA"));
        assert_eq!(views.governorate_of(view, &land, "IQG06Q05"), Some("IQ-HA"));
    }
}

#[test]
fn makhmour_stands_in_ninewa_for_baghdad_and_in_erbil_for_erbil() {
    let land = land();
    let views = views(&land);
    let part = land.children("IQG11Q04").next().unwrap().pcode.clone();
    let governorate = |view| views.governorate_of(view, &land, &part);
    assert_eq!(governorate(Worldview::Neutral), Some("IQG11"));
    assert_eq!(governorate(Worldview::Federal), Some("IQG15"));
    assert_eq!(governorate(Worldview::Region), Some("IQG11"));
    let changed = |view| {
        let all = views.governorates(view, &land);
        all.into_iter()
            .filter(|one| one.changed)
            .map(|one| one.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(changed(Worldview::Neutral), ["IQG06", "IQ-HA"]);
    assert_eq!(changed(Worldview::Federal), ["IQG06", "IQG11", "IQG15", "IQ-HA"]);
    assert_eq!(
        changed(Worldview::Region),
        ["IQG06", "IQG09", "IQG10", "IQG15", "IQ-HA"]
    );
}

#[test]
fn every_view_states_its_convention_in_three_languages_and_they_are_not_the_same() {
    let land = land();
    let views = views(&land);
    for language in Language::ALL {
        let sentences = Worldview::ALL.map(|view| views.convention(view, language).to_owned());
        assert!(sentences[0] != sentences[1] && sentences[1] != sentences[2] && sentences[0] != sentences[2]);
        assert!(views.disclaimer().get(language).is_some());
    }
    let classes = Worldview::ALL.map(|view| views.class(view, "disputed_areas").unwrap().to_owned());
    assert_eq!(classes, ["disputed", "federal", "region"]);
}
