//! Described positions: recognition in three languages, their geometries, and how they are served.

use crate::common::{Server, root};
use geo::{Contains, Coord, LineString, MultiPolygon, Point, Polygon};
use mahwar::{
    geodesy::{destination, distance_m},
    geoparse::{Parse, Position, PositionForm, PositionKind, Precision},
    land::{Files, Land},
};
use serde_json::{Value, json};
use std::sync::LazyLock;

static LAND: LazyLock<Land> = LazyLock::new(|| Land::open(&Files::Embedded).expect("the land of the repository"));

pub(crate) const KIRKUK: [f64; 2] = [44.392_22, 35.468_06];

pub(crate) fn read(text: &str) -> Parse {
    LAND.geoparser.geoparse(text)
}

pub(crate) fn only(text: &str) -> Position {
    let parse = read(text);
    assert_eq!(parse.positions.len(), 1, "{text}: {:#?}", parse.positions);
    let position = (*parse.positions[0]).clone();
    assert_eq!(position.words.offsets.slice(text), position.words.text);
    position
}

fn area(position: &Position) -> MultiPolygon<f64> {
    let ring = |ring: &Vec<[f64; 2]>| -> LineString<f64> { ring.iter().map(|[x, y]| Coord { x: *x, y: *y }).collect() };
    let extent = position.extent.as_ref().expect("a geometry");
    let polygons = extent.geometry.0.iter();
    polygons
        .map(|rings| Polygon::new(ring(&rings[0]), rings[1..].iter().map(ring).collect()))
        .collect()
}

pub(crate) fn holds(position: &Position, at: [f64; 2]) -> bool {
    area(position).contains(&Point::from(at))
}

#[test]
fn a_distance_and_a_direction_are_read_in_both_orders_and_three_languages() {
    let south_west = destination(KIRKUK, 225.0, 20_000.0);
    for text in [
        "A bomb exploded 20 km south-west of Kirkuk.",
        "A bomb exploded southwest of Kirkuk, 20 km away.",
        "A bomb exploded about twenty kilometres to the southwest of the city of Kirkuk.",
        "A bomb exploded 20 km SW of Kirkuk.",
        "انفجرت عبوة على بعد 20 كم جنوب غرب كركوك.",
        "انفجرت عبوة جنوب غربي كركوك بنحو ٢٠ كيلومترا.",
        "انفجرت عبوة على مسافة عشرين كيلومترا إلى الجنوب الغربي من مدينة كركوك.",
        "بۆمبێک بە دووری ٢٠ کم لە باشووری ڕۆژئاوای کەرکووک تەقییەوە.",
    ] {
        let position = only(text);
        assert_eq!(position.kind, PositionKind::Offset, "{text}");
        assert_eq!(position.distance_km, Some(20.0), "{text}");
        assert_eq!(position.bearing_deg, Some(225.0), "{text}");
        assert!(position.resolved, "{text}: {:?}", position.reason);
        assert!(holds(&position, south_west), "{text}");
        assert!(!holds(&position, KIRKUK), "{text}");
        let extent = position.extent.expect("an extent");
        assert!(distance_m(extent.point, south_west) < 6_000.0, "{text}: {extent:?}");
        assert!((3.0..12.0).contains(&extent.uncertainty_km), "{text}");
    }
}

#[test]
fn all_sixteen_winds_have_their_degrees() {
    let winds = [
        "north",
        "north-northeast",
        "northeast",
        "east-northeast",
        "east",
        "east-southeast",
        "southeast",
        "south-southeast",
        "south",
        "south-southwest",
        "southwest",
        "west-southwest",
        "west",
        "west-northwest",
        "northwest",
        "north-northwest",
    ];
    for (number, wind) in winds.into_iter().enumerate() {
        let position = only(&format!("A bomb exploded 30 km {wind} of Tikrit."));
        assert_eq!(position.bearing_deg, Some(22.5 * number as f64), "{wind}");
    }
}

#[test]
fn miles_metres_and_ranges_become_kilometres() {
    assert_eq!(only("It lies 10 miles north of Tikrit.").distance_km, Some(16.093));
    assert_eq!(only("It lies 500 metres east of Tikrit.").distance_km, Some(0.5));
    let range = only("It lies 10 to 15 km north of Tikrit.");
    assert_eq!((range.distance_km, range.distance_upper_km), (Some(10.0), Some(15.0)));
}

#[test]
fn each_kind_has_its_form() {
    use PositionForm as F;
    use PositionKind as K;
    for (text, kind, form) in [
        ("Two soldiers died 15 km from Tikrit.", K::Offset, F::Ring),
        ("Two soldiers died north of Tikrit.", K::Offset, F::Sector),
        ("Two soldiers died near Tikrit.", K::Near, F::Near),
        ("Two soldiers died on the outskirts of Tikrit.", K::Near, F::Outskirts),
        ("Two soldiers died at the entrance to Tikrit.", K::Near, F::Entrance),
        (
            "Two soldiers died between Tuz Khurmatu and Daquq.",
            K::Between,
            F::Between,
        ),
        (
            "Two soldiers died on the road between Tikrit and Baiji.",
            K::Along,
            F::Road,
        ),
        ("Two soldiers died in northern Diyala.", K::Part, F::Side),
        ("Two soldiers died in eastern Mosul.", K::Part, F::Side),
        (
            "Two soldiers died in the border area between Diyala and Salah al-Din.",
            K::Between,
            F::Border,
        ),
        ("قتل جنديان على الطريق الرابط بين تكريت وبيجي.", K::Along, F::Road),
        ("قتل جنديان في شمال ديالى.", K::Part, F::Side),
        ("قتل جنديان عند الحدود بين ديالى وصلاح الدين.", K::Between, F::Border),
        ("قتل جنديان في أطراف تكريت.", K::Near, F::Outskirts),
        ("دوو سەرباز لە نێوان کەرکووک و داقوق کوژران.", K::Between, F::Between),
        ("دوو سەرباز لە نزیک تکریت کوژران.", K::Near, F::Near),
    ] {
        let position = only(text);
        assert_eq!((position.kind, position.form), (kind, form), "{text}");
        assert!(position.resolved, "{text}: {:?}", position.reason);
    }
}

#[test]
fn coordinates_of_every_system_are_one_place() {
    for text in [
        "The grave is at 35.4681, 44.3922.",
        "The grave is at 35.4681°N 44.3922°E.",
        "The grave is at N 35.4681, E 44.3922.",
        "The grave is at 35°28'05\"N, 44°23'32\"E.",
        "The grave is at latitude 35.4681, longitude 44.3922.",
        "The grave is at 38S ME 44850 25130.",
        "The grave is at UTM 38N 444850 3925130.",
        "تقع المقبرة عند خط العرض ٣٥٫٤٦٨١ وخط الطول ٤٤٫٣٩٢٢.",
        "تقع المقبرة عند 35.4681 شمالا و44.3922 شرقا.",
        "گۆڕەکە لە کۆئۆردیناتی 35.4681, 44.3922 دۆزرایەوە.",
    ] {
        let position = only(text);
        assert_eq!(position.kind, PositionKind::Coordinates, "{text}");
        assert_eq!(position.precision, Some(Precision::Point), "{text}");
        let extent = position
            .extent
            .unwrap_or_else(|| panic!("{text}: {:?}", position.reason));
        assert!(
            distance_m(extent.point, [44.3922, 35.4681]) < 400.0,
            "{text}: {:?}",
            extent.point
        );
        assert!(position.note.is_none(), "{text}");
    }
}

#[test]
fn swapped_axes_are_read_and_reported() {
    let position = only("The grave is at 44.3922, 35.4681.");
    let extent = position.extent.expect("an extent");
    assert!(distance_m(extent.point, [44.3922, 35.4681]) < 100.0);
    assert!(position.note.is_some_and(|note| note.contains("axes swapped")));
}

/// Bad input is kept as text with a reason, and never placed.
#[test]
fn what_cannot_be_placed_is_kept_with_the_reason() {
    for (text, reason) in [
        (
            "The grave is at coordinates 95.4681, 244.3922.",
            "no position on the Earth",
        ),
        ("The grave is at 48.8566° N, 2.3522° E.", "outside the land"),
        ("It lies 1000000000 km south of Kirkuk.", "circumference of the Earth"),
        ("It lies 10^9 km south of Kirkuk.", "cannot be read as a number"),
        ("It lies 20 km north of Xyzabad.", "not resolved"),
        ("It lies 3000 km north of Kirkuk.", "outside the land"),
        ("It is two hours by car from Kirkuk.", "time of travel"),
    ] {
        let position = only(text);
        assert!(!position.resolved && position.extent.is_none(), "{text}: {position:?}");
        let said = position.reason.unwrap_or_default();
        assert!(said.contains(reason), "{text}: {said}");
    }
}

#[test]
fn an_anchor_is_no_scene_and_a_part_is() {
    let parse = read("A bomb exploded 20 km south-west of Kirkuk.");
    assert!(!parse.mentions[0].is_drawn());
    let position = parse.mentions[0].position.as_ref().expect("a position");
    assert_eq!(position.kind(), PositionKind::Offset);
    let parse = read("A bomb exploded in eastern Mosul.");
    assert!(parse.mentions[0].is_drawn());
    let parse = read("A bomb exploded in Kirkuk.");
    let position = parse.mentions[0].position.as_ref().expect("a position");
    assert_eq!(position.kind(), PositionKind::Place);
    assert!(position.uncertainty_km().is_some_and(|km| km > 1.0));
}

/// "Hawija, 55 km south-west of Kirkuk": the town is known better than the distance to it.
#[test]
fn a_distance_to_a_named_place_adds_no_point() {
    for text in [
        "Gunmen killed two people in the town of Hawija, 55 km (34 miles) southwest of Kirkuk.",
        "A bomb killed two people in Tuz Khurmatu, about 80 km south of Kirkuk, police said.",
        "وقع الهجوم في قضاء الحويجة (55 كم جنوب غرب كركوك).",
        "وقع انفجار في قضاء طوزخورماتو الواقع على بعد 75 كم جنوب كركوك.",
        "لە خورماتوو، ٧٥ کیلۆمەتر لە باشووری کەرکووک، تەقینەوەیەک ڕوویدا.",
    ] {
        let position = only(text);
        assert!(!position.resolved && position.extent.is_none(), "{text}: {position:?}");
        assert!(position.reason.is_some(), "{text}");
    }
    // A place in the unit or beside the town that is named, and no town so far away.
    for text in [
        "A checkpoint in Daquq district, 10 km south of Kirkuk, was attacked.",
        "انفجار في قرية تابعة لداقوق، 20 كم جنوب كركوك.",
        "They met in Erbil; a bomb exploded 20 km south of Kirkuk.",
    ] {
        assert!(only(text).resolved, "{text}");
    }
}

#[test]
fn a_claim_lies_where_its_words_describe() {
    let parse = read("Three soldiers were killed 20 km south-west of Kirkuk.");
    let claim = parse.claims.first().expect("a claim");
    let position = claim.position.as_ref().expect("a position");
    assert_eq!(position.kind(), PositionKind::Offset);
    assert!(position.point().is_some() && position.area().is_some());
}

#[test]
fn talks_between_capitals_and_plain_figures_describe_nothing() {
    for text in [
        "Talks between Baghdad and Erbil continued on Sunday.",
        "Exports rose by 12 percent, to 35.4 million barrels.",
        "The corridor is 560 kilometres long.",
        "تستمر المحادثات بين بغداد وأربيل حول الموازنة.",
    ] {
        assert!(read(text).positions.is_empty(), "{text}: {:#?}", read(text).positions);
    }
}

#[test]
fn the_seed_describes_no_position_that_hides_a_mention() {
    let parse = read(&crate::common::seed());
    assert_eq!(parse.mentions.len(), 15);
    assert!(parse.mentions.iter().all(|mention| !mention.is_anchor()));
}

#[test]
fn a_title_has_positions_of_its_own() {
    let text = "Two soldiers died near Tikrit.";
    let parse = mahwar::geoparse::read_titled(Some("Blast 20 km south of Kirkuk"), text, |whole| {
        LAND.geoparser.geoparse(whole)
    });
    let [title, near] = parse.positions.as_slice() else {
        panic!("{:#?}", parse.positions);
    };
    assert_eq!(title.words.part, mahwar::geoparse::Part::Title);
    assert_eq!(near.words.offsets.slice(text), near.words.text);
    let held = parse
        .mentions
        .last()
        .and_then(|mention| mention.position.as_ref())
        .expect("a position");
    assert_eq!(
        held.described().map(|position| position.words.start),
        Some(near.words.start)
    );
}

#[test]
fn a_server_serves_positions_as_areas() {
    let seeds = tempfile::TempDir::new().expect("a folder");
    let text = "Three soldiers were killed 20 km south-west of Kirkuk.";
    std::fs::write(seeds.path().join("report.txt"), text).expect("a seed");
    let server = Server::start_with(&["--seeds", &seeds.path().display().to_string()]);
    let body = json!({ "text": text }).to_string();
    let answer = server.post("/geoparse", "application/json", body.as_bytes()).json();
    let position = &answer["positions"][0];
    assert_eq!(position["kind"], "offset", "{answer}");
    assert_eq!(position["anchors"], json!(["m1"]));
    assert_eq!(position["geometry"]["type"], "Polygon");
    assert_eq!(answer["mentions"][0]["position"]["id"], "p1");
    assert_eq!(answer["claims"][0]["position"]["kind"], "offset");

    let items = server.get("/collections/positions/items").json();
    let feature = &items["features"][0];
    assert_eq!(feature["geometry"]["type"], "MultiPolygon", "{items}");
    assert_eq!(feature["properties"]["quote"], text);
    assert_eq!(feature["properties"]["claims"], json!(["c1"]));
    assert!(
        feature["properties"]["uncertainty_km"]
            .as_f64()
            .is_some_and(|km| km > 1.0)
    );
    let places = server.get("/collections/mention_places/items").json();
    let place = &places["features"][0]["properties"];
    assert_eq!(
        (&place["count"], &place["described"]),
        (&json!(0), &json!(1)),
        "{places}"
    );
    let mentions = server.get("/collections/mentions/items").json();
    assert_eq!(mentions["features"], json!([]), "an anchor is no scene");
    let document = server.get("/documents").json()["documents"][0]["id"].clone();
    let claims = server
        .get(&format!("/documents/{}/claims", document.as_str().expect("an id")))
        .json();
    assert_eq!(claims["positions"][0]["id"], "p1");
    assert!(!server.get("/xyz/positions/8/159/101.mvt").body.is_empty());
    for (language, title) in [
        ("ar", "المواقع الموصوفة"),
        ("ckb", "شوێنە وەسفکراوەکان"),
        ("en", "Described positions"),
    ] {
        let style = server.get(&format!("/styles/light.json?lang={language}")).json();
        let legend = style["metadata"]["mahwar:legend"].as_array().expect("a legend");
        assert!(legend.iter().any(|row| row["title"] == title), "{language}");
        let layers = style["layers"].as_array().expect("layers");
        let edges = layers
            .iter()
            .filter(|layer| layer["source-layer"] == "positions")
            .count();
        assert!(edges >= 4, "a soft edge is drawn in several steps");
    }
}

/// Figures on the sets of descriptions, with the floors that they must keep.
#[test]
fn the_sets_of_descriptions_keep_their_figures() {
    for language in ["ar", "ckb", "en"] {
        for (set, kind_floor, point_floor, area_most) in [("", 0.9, 0.85, 2.0), (".heldout", 0.85, 0.85, 2.0)] {
            let figures = Figures::of(&format!("{language}{set}"));
            println!("{language}{set}: {figures:?}");
            assert!(figures.kind() >= kind_floor, "{language}{set}: {figures:?}");
            assert!(figures.point() >= point_floor, "{language}{set}: {figures:?}");
            assert!(figures.area() <= area_most, "{language}{set}: {figures:?}");
        }
    }
}

#[derive(Debug, Default)]
struct Figures {
    rows: usize,
    right: usize,
    points: usize,
    inside: usize,
    ratios: Vec<f64>,
}

impl Figures {
    fn of(set: &str) -> Self {
        let path = root().join(format!("tests/eval/positions/{set}.jsonl"));
        let text = std::fs::read_to_string(path).expect("the set is there");
        let show = std::env::var_os("SHOW_ERRORS").is_some() && !set.ends_with("heldout");
        let mut figures = Self::default();
        for line in text.lines() {
            let row: Value = serde_json::from_str(line).expect("JSON");
            figures.add(&row, show);
        }
        figures.ratios.sort_by(f64::total_cmp);
        figures
    }

    fn add(&mut self, row: &Value, show: bool) {
        let text = row["text"].as_str().expect("a text");
        let parse = read(text);
        self.rows += 1;
        let expected = row["kind"].as_str().expect("a kind");
        let found: Vec<Value> = parse.positions.iter().map(|one| json!(one.kind)).collect();
        let right = match expected {
            "none" => found.is_empty(),
            kind => found == [json!(kind)] && parse.positions[0].resolved,
        };
        self.right += usize::from(right);
        if !right && show {
            let reasons: Vec<_> = parse.positions.iter().map(|one| one.reason.clone()).collect();
            println!("{} {expected}: {found:?} {reasons:?}\n  {text}", row["id"]);
        }
        if !right || expected == "none" {
            return;
        }
        let position = &parse.positions[0];
        if let (Some(lon), Some(lat)) = (row["point"][0].as_f64(), row["point"][1].as_f64()) {
            self.points += 1;
            let inside = holds(position, [lon, lat]);
            self.inside += usize::from(inside);
            if !inside && show {
                println!("{} outside: {text}", row["id"]);
            }
        }
        if let (Some(reference), Some(extent)) = (row["reference_km2"].as_f64(), &position.extent) {
            self.ratios.push(extent.area_km2 / reference);
        }
    }

    fn kind(&self) -> f64 {
        self.right as f64 / self.rows as f64
    }

    fn point(&self) -> f64 {
        self.inside as f64 / self.points.max(1) as f64
    }

    fn area(&self) -> f64 {
        self.ratios.get(self.ratios.len() / 2).copied().unwrap_or(1.0)
    }
}
