use super::*;
use crate::{
    language::Trilingual,
    layers::{Feature, Field, FieldType, GeometryKind, TimeSpan},
};
use geo::Point;
use serde_json::json;

fn layer() -> Layer {
    let field = |name: &str, kind| Field {
        name: name.to_owned(),
        kind,
        title: Trilingual::default(),
    };
    let fields = vec![
        field("name", FieldType::String),
        field("name:en", FieldType::String),
        field("population", FieldType::Integer),
        field("area", FieldType::Number),
        field("disputed", FieldType::Boolean),
        field("since", FieldType::Date),
        field("tags", FieldType::Json),
    ];
    let feature = |id: &str, lon: f64, lat: f64, properties: serde_json::Value| {
        let serde_json::Value::Object(properties) = properties else {
            return Feature::new(id, None, Default::default());
        };
        Feature::new(id, Some(Point::new(lon, lat).into()), properties)
    };
    let mut kirkuk = feature(
        "a",
        44.39,
        35.47,
        json!({"name:en": "Kirkuk", "population": 1000, "area": 2.5, "disputed": true, "since": "2017-10-16", "tags": ["x", "y"]}),
    );
    kirkuk.time = TimeSpan::between(Some("2021-01-01"), Some("2021-12-31")).ok();
    let makhmour = feature(
        "b",
        43.58,
        35.775,
        json!({"name:en": "Makhmour", "population": 50, "area": 10.0, "disputed": false, "since": "2014-08-08", "tags": ["y"]}),
    );
    let baghdad = feature("c", 44.37, 33.31, json!({"name:en": "Baghdad's centre"}));
    Layer::new(
        "places",
        Trilingual::default(),
        Trilingual::default(),
        "",
        GeometryKind::Point,
        fields,
        [0, 14],
        [kirkuk, makhmour, baghdad],
    )
}

fn matching(filter: &str) -> Result<String, QueryError> {
    let layer = layer();
    let filter = Filter::parse(filter, None, &layer, Crs::Crs84)?;
    let found = layer
        .features()
        .filter(|feature| filter.matches(*feature, Language::English));
    Ok(found.map(|feature| feature.id().to_owned()).collect())
}

#[test]
fn filters_mean_what_the_standard_says() {
    for (filter, expected) in [
        ("name = 'Kirkuk'", "a"),
        ("\"name:en\" <> 'Kirkuk'", "bc"),
        ("name:en = 'Baghdad''s centre'", "c"),
        ("id = 'b'", "b"),
        ("population > 50", "a"),
        ("population >= 50 AND area < 5", "a"),
        ("population < 100 OR disputed", "ab"),
        ("disputed", "a"),
        ("disputed = false", "b"),
        ("NOT disputed = true", "b"),
        ("NOT (population > 50)", "b"),
        ("population IS NULL", "c"),
        ("population IS NOT NULL", "ab"),
        ("name LIKE 'K%'", "a"),
        ("name NOT LIKE 'K%'", "bc"),
        ("CASEI(name) LIKE CASEI('k%')", "a"),
        ("CASEI(name) = CASEI('KIRKUK')", "a"),
        ("ACCENTI(name) = ACCENTI('Kírkük')", "a"),
        ("ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('KÍRK%'))", "a"),
        (
            r#"{"op":"=","args":[{"op":"accenti","args":[{"property":"name"}]},"Kirkuk"]}"#,
            "a",
        ),
        ("name IN ('Kirkuk', 'Makhmour')", "ab"),
        ("name NOT IN ('Kirkuk')", "bc"),
        ("population IN (50, 51)", "b"),
        ("population BETWEEN 50 AND 999", "b"),
        ("population NOT BETWEEN 50 AND 999", "a"),
        ("area * 2 = 5", "a"),
        ("population / 10 - 1 > 50", "a"),
        ("population = 25 * 2", "b"),
        ("population > area", "ab"),
        ("since > DATE('2016-01-01')", "a"),
        ("since = DATE('2014-08-08')", "b"),
        ("since BETWEEN DATE('2014-01-01') AND DATE('2014-12-31')", "b"),
        ("T_AFTER(since, DATE('2016-01-01'))", "a"),
        ("T_BEFORE(since, TIMESTAMP('2016-01-01T00:00:00Z'))", "b"),
        ("T_DURING(since, INTERVAL('2014-01-01', '2015-01-01'))", "b"),
        ("T_INTERSECTS(datetime, INTERVAL('2021-06-01', '..'))", "a"),
        ("T_DISJOINT(datetime, INTERVAL('2021-06-01', '2021-07-01'))", ""),
        ("S_INTERSECTS(geometry, BBOX(43, 35, 44, 36))", "b"),
        ("S_WITHIN(geometry, POLYGON((44 35, 45 35, 45 36, 44 36, 44 35)))", "a"),
        (
            "S_CONTAINS(POLYGON((44 35, 45 35, 45 36, 44 36, 44 35)), geometry)",
            "a",
        ),
        ("S_DISJOINT(geometry, BBOX(43, 35, 45, 36))", "c"),
        ("S_EQUALS(geometry, POINT(44.39 35.47))", "a"),
        ("S_DWITHIN(geometry, POINT(44.4 35.47), 1000)", "a"),
        ("S_DWITHIN(geometry, POINT(44.4 35.47), 90, 'km')", "ab"),
        ("S_DWITHIN(geometry, POINT(44.4 35.47), 80, 'km')", "a"),
        ("S_BEYOND(geometry, POINT(44.4 35.47), 100, 'km')", "c"),
        ("A_CONTAINS(tags, ('x', 'y'))", "a"),
        ("A_OVERLAPS(tags, ('y', 'z'))", "ab"),
        ("A_CONTAINEDBY(tags, ('y', 'z'))", "b"),
        ("TRUE", "abc"),
        ("FALSE", ""),
        (
            r#"{"op":"and","args":[{"op":">","args":[{"property":"population"},10]},{"op":"like","args":[{"property":"name"},"M%"]}]}"#,
            "b",
        ),
        (
            r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[44.39,35.47]}]}"#,
            "a",
        ),
        (
            r#"{"op":"t_after","args":[{"property":"since"},{"date":"2016-01-01"}]}"#,
            "a",
        ),
        (r#"{"op":"isNull","args":[{"property":"area"}]}"#, "c"),
        (r#"{"op":"in","args":[{"property":"population"},[50,60]]}"#, "b"),
    ] {
        match matching(filter) {
            Ok(found) => assert_eq!(found, expected, "{filter}"),
            Err(error) => panic!("{filter}: {}", error.detail),
        }
    }
}

#[test]
fn filters_that_do_not_fit_are_refused_with_a_reason() {
    for (filter, reason) in [
        ("nothing = 1", "no queryable"),
        ("name = 1", "compares a text with a number"),
        ("population LIKE '5%'", "takes a text"),
        ("name", "not a truth value"),
        ("population +", "not CQL2 text"),
        ("population > 'x'", "compares a number with a text"),
        ("since > DATE('yesterday')", "neither a date"),
        ("T_AFTER(name, DATE('2016-01-01'))", "takes a time"),
        ("S_INTERSECTS(geometry, geometry)", "written out"),
        ("S_INTERSECTS(name, POINT(1 2))", "written out"),
        ("S_INTERSECTS(geometry, POINT(1000 2))", "beyond the globe"),
        (
            "S_TOUCHES(geometry, POLYGON((40 30,50 40,40 30,40 30)))",
            "without an area",
        ),
        (
            "S_WITHIN(geometry, MULTIPOLYGON(((40 30,50 30,50 40,40 30)),((40 30,50 40,40 30,40 30))))",
            "without an area",
        ),
        ("S_NEAR(geometry, POINT(1 2))", "no spatial function"),
        ("geometry = 1", "texts, numbers, truth values and times only"),
        ("LENGTH(name) = 4", "no function"),
        ("population = 1 = 1 =", "an operand is missing"),
        ("name IN 'Kirkuk'", "IN takes a list"),
        ("name BETWEEN 'a'", "BETWEEN has no AND"),
        ("name = 'Kirkuk", "a quote is not closed"),
        ("population = 1 2", "an operator is missing"),
        ("population = 1e999", "not finite"),
        ("population = 1)", "no opening one"),
        ("(population = 1", "no closing one"),
        (r#"{"op":"and""#, "not CQL2 JSON"),
        (r#"{"op":"not","args":[]}"#, "takes 1 operands"),
        (r#"{"op":"=","args":[1]}"#, "takes 2 operands"),
        (
            r#"{"op":"between","args":[{"property":"population"},1]}"#,
            "takes 3 operands",
        ),
        (r#"{}"#, "not CQL2 JSON"),
    ] {
        let error = matching(filter).expect_err(filter);
        assert!(error.detail.contains(reason), "{filter}: {}", error.detail);
        assert_eq!(error.parameter.as_deref(), Some("filter"));
    }
}

/// From the clients report: filters as QGIS writes them, and texts of the standard's own grammar.
#[test]
fn filters_that_clients_and_the_grammar_write_are_taken() {
    let nested = |count: usize| {
        (0..count).fold("(population = 50)".to_owned(), |inner, _| {
            format!("({inner} OR (population = 7))")
        })
    };
    for (filter, expected) in [
        (nested(9), "b"),
        (nested(300), "b"),
        (format!("{}population = 50{}", "(".repeat(2000), ")".repeat(2000)), "b"),
        (format!("population = 50{}", " OR population = 7".repeat(300)), "b"),
        ("S_INTERSECTS(geometry,BBOX(150,-90,-150,90))".to_owned(), ""),
        ("S_INTERSECTS(geometry,BBOX(40,30,-170,80))".to_owned(), "abc"),
        ("population < .5e3".to_owned(), "b"),
        ("population < +5.E2".to_owned(), "b"),
        (r"name = 'Baghdad\'s centre'".to_owned(), "c"),
        (r"name = 'back\'".to_owned(), ""),
        ("A_EQUALS(tags,())".to_owned(), ""),
        ("A_EQUALS(tags,('y'))".to_owned(), "b"),
        ("A_CONTAINS(tags,('x'))".to_owned(), "a"),
        ("not disputed or population>-1 and area<3".to_owned(), "ab"),
        ("population between 1 and 60 and not disputed".to_owned(), "b"),
        ("not population between 1 and 60".to_owned(), "a"),
        ("(population + 10) * 2 = 120".to_owned(), "b"),
        ("population = -(-50)".to_owned(), "b"),
        ("population div 100 = 10".to_owned(), "a"),
        ("2 ^ 2 * 250 = population".to_owned(), "a"),
        ("name is not null and (name in ('Kirkuk'))".to_owned(), "a"),
        (
            "S_WITHIN(geometry, MULTIPOLYGON(((44 35, 45 35, 45 36, 44 36, 44 35))))".to_owned(),
            "a",
        ),
        ("T_AFTER(since, TIMESTAMP('2016-01-01T03:00:00 03:00'))".to_owned(), "a"),
        ("since < DATE('9999-12-31')".to_owned(), "ab"),
    ] {
        match matching(&filter) {
            Ok(found) => assert_eq!(found, expected, "{filter}"),
            Err(error) => panic!("{filter}: {}", error.detail),
        }
    }
}

#[test]
fn a_filter_whose_conditions_nest_too_deep_or_are_too_many_is_refused() {
    for (filter, reason) in [
        (format!("{}disputed", "NOT ".repeat(101)), "nest deeper than 100"),
        (
            (0..101).fold("disputed".to_owned(), |inner, _| {
                format!("NOT ({inner} AND population = 1)")
            }),
            "nest deeper than 100",
        ),
        (
            format!("population = 1{}", " OR population = 1".repeat(12_000)),
            "more than 20000 operators",
        ),
        (
            format!("{}true{}", r#"{"op":"not","args":["#.repeat(101), "]}".repeat(101)),
            "nest deeper than 60",
        ),
    ] {
        let error = matching(&filter).expect_err("too much");
        assert!(error.detail.contains(reason), "{}", error.detail);
    }
}

#[test]
fn as_many_operators_as_are_allowed_do_not_overflow_the_stack() {
    let chains = [
        format!("population = 1{}", " AND population = 1".repeat(145)),
        format!("population = 1{}", " OR population = 1".repeat(145)),
        format!("{}population = 1", "NOT ".repeat(290)),
        format!("population = {}1", "-".repeat(290)),
        format!("population = 1{}", " + 1".repeat(290)),
        format!("population = 1{}", " ^ 1".repeat(290)),
        format!("population{}", " = 1".repeat(290)),
        format!("{}population = 1{}", "(".repeat(8000), ")".repeat(8000)),
        format!("{}population", "-".repeat(8000)),
        "(".repeat(8000),
        "f(".repeat(4000),
    ];
    for filter in chains {
        // Refused or not: it ends, and soon.
        let _ = matching(&filter);
    }
    for filter in [
        format!("{}=", "CASEI(".repeat(23)),
        format!("(((((((({}", "1,2".repeat(300)),
    ] {
        assert!(matching(&filter).is_err());
    }
}

#[test]
fn geometries_may_be_in_another_system() {
    let layer = layer();
    let crs = Crs::Epsg4326;
    let filter = Filter::parse("S_DWITHIN(geometry, POINT(35.47 44.39), 10)", None, &layer, crs).unwrap();
    assert!(filter.matches(layer.at(0), Language::English));
}
