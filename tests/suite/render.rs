//! Pictures: text set as HarfBuzz sets it, tiles that fit together, maps in every format, and refused requests.

use crate::{
    common::{Server, has_tool, mahwar, root},
    server_fixture::{assert_problem, front, get, get_with, governorates, places, region_line},
};
use mahwar::{
    fonts::{FONTS, Font},
    language::Language,
    layers::FeatureRef,
    render::{Deadline, Drawing, Mark, Picture, Scene, View, Words, drawing, encode_png, paint, pixels, shape},
    style::{Ink, Palettes, figures},
    tiles::{LayerTiles, TileId, TileMatrixSet},
};
use serde_json::json;
use std::{collections::HashSet, process::Command, sync::Arc, time::Duration};

fn deadline() -> Deadline {
    Deadline::after(Duration::from_secs(600))
}

/// Glyph ids of a run of one direction, by HarfBuzz itself.
fn by_harfbuzz(font: &Font, run: &str, direction: &str) -> Vec<u32> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("font.ttf");
    std::fs::write(&file, font.bytes).unwrap();
    let output = Command::new("hb-shape")
        .args([
            "--no-glyph-names",
            "--no-positions",
            "--no-clusters",
            "--output-format=text",
        ])
        .arg(format!("--direction={direction}"))
        .arg(file)
        .arg(run)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let list = text.trim().trim_start_matches('[').trim_end_matches(']');
    list.split('|').map(|id| id.parse().unwrap()).collect()
}

#[test]
fn glyphs_are_those_of_harfbuzz_in_the_same_order() {
    if !has_tool("hb-shape") {
        return;
    }
    // Each text with its runs from left to right.
    let texts: &[(&str, &[(&str, &str)])] = &[
        ("كركوك", &[("كركوك", "rtl")]),
        ("صلاح الدين", &[("صلاح الدين", "rtl")]),
        ("مخمور", &[("مخمور", "rtl")]),
        ("هەولێر", &[("هەولێر", "rtl")]),
        ("سلێمانی", &[("سلێمانی", "rtl")]),
        ("چەمچەماڵ", &[("چەمچەماڵ", "rtl")]),
        ("ڕانیە", &[("ڕانیە", "rtl")]),
        ("مُحَافَظَة", &[("مُحَافَظَة", "rtl")]),
        ("Kirkuk", &[("Kirkuk", "ltr")]),
        (
            "«كركوك (Kirkuk)»",
            &[(")»", "rtl"), ("Kirkuk", "ltr"), ("«كركوك (", "rtl")],
        ),
        ("٥٦٠ كم", &[(" كم", "rtl"), ("٥٦٠", "ltr")]),
    ];
    for font in &FONTS {
        for (text, runs) in texts {
            let ours: Vec<u32> = shape(font, text).glyphs.iter().map(|glyph| glyph.id).collect();
            let theirs: Vec<u32> = runs
                .iter()
                .flat_map(|(run, direction)| by_harfbuzz(font, run, direction))
                .collect();
            assert_eq!(ours, theirs, "{text} in {}", font.name);
            assert!(!ours.contains(&0), "{text} has a letter without a glyph");
        }
    }
}

#[test]
fn joined_letters_are_not_the_letters_alone() {
    let font = &FONTS[0];
    let glyphs = |text: &str| -> Vec<u32> { shape(font, text).glyphs.iter().map(|glyph| glyph.id).collect() };
    for word in ["كركوك", "سلێمانی", "چەمچەماڵ"] {
        let alone: HashSet<u32> = word.chars().flat_map(|letter| glyphs(&letter.to_string())).collect();
        let joined = glyphs(word);
        assert!(
            joined.iter().filter(|id| !alone.contains(id)).count() >= 3,
            "{word}: {joined:?}"
        );
    }
}

/// The map of the small land.
struct Small {
    layers: Vec<Arc<LayerTiles>>,
    drawing: Drawing,
    palettes: Palettes,
}

impl Small {
    fn new(language: Language) -> Self {
        let layers = [governorates(), region_line(1031.0), places(1000)];
        let layers: Vec<Arc<LayerTiles>> = layers
            .into_iter()
            .map(|layer| Arc::new(LayerTiles::new(Arc::new(layer))))
            .collect();
        let palettes = Palettes::embedded();
        let drawing = drawing(&palettes, &palettes.themes[0], language, &layers).unwrap();
        Self {
            layers,
            drawing,
            palettes,
        }
    }

    fn draw(&self, view: &View, ratio: f32) -> tiny_skia::Pixmap {
        let keep = |_: &LayerTiles, _: FeatureRef<'_>| true;
        let picture = Picture {
            drawing: &self.drawing,
            figures: figures(&self.palettes, &self.palettes.themes[0]),
            layers: &self.layers,
            language: Language::Arabic,
            keep: &keep,
            deadline: deadline(),
        };
        let scene = paint(picture, view, None).unwrap();
        pixels(&scene, ratio, &deadline()).unwrap()
    }
}

#[test]
fn tiles_side_by_side_are_the_same_as_one_picture_and_cut_no_label() {
    let small = Small::new(Language::Arabic);
    let set = TileMatrixSet::WebMercatorQuad;
    let corner = set.tile_at(9, 43.3, 35.0);
    let first = View::of_tile(set, corner);
    let whole = View {
        size: [768.0, 512.0],
        ..first
    };
    let whole = small.draw(&whole, 1.0);
    let ground = whole.pixel(0, 0);
    let mut different = 0;
    let mut drawn = 0;
    for (column, row) in [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)] {
        let tile = TileId {
            x: corner.x + column,
            y: corner.y + row,
            ..corner
        };
        let picture = small.draw(&View::of_tile(set, tile), 1.0);
        for y in 0..256 {
            for x in 0..256 {
                let (a, b) = (
                    picture.pixel(x, y).unwrap(),
                    whole.pixel(column * 256 + x, row * 256 + y).unwrap(),
                );
                drawn += usize::from(Some(b) != ground);
                let far = |a: u8, b: u8| a.abs_diff(b) > 12;
                different += usize::from(far(a.red(), b.red()) || far(a.green(), b.green()) || far(a.blue(), b.blue()));
            }
        }
    }
    assert!(drawn > 10_000, "{drawn} pixels are drawn");
    // Edges of lines may round differently; a label that is cut or moved is hundreds of pixels.
    assert!(different < 40, "{different} pixels differ");
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    let view = View::around([44.2, 35.2], 7.3, [400.0, 300.0]);
    let bytes = || encode_png(&Small::new(Language::Sorani).draw(&view, 2.0), false).unwrap();
    let first = bytes();
    assert_eq!(first, bytes());
    let others: Vec<_> = (0..2)
        .map(|_| std::thread::spawn(move || encode_png(&Small::new(Language::Sorani).draw(&view, 2.0), false).unwrap()))
        .collect();
    for other in others {
        assert_eq!(first, other.join().unwrap());
    }
}

#[test]
fn a_style_that_is_not_supported_is_refused_by_name() {
    let sources = json!({"s": {"type": "vector", "tiles": ["x"]}});
    let layer = |more: serde_json::Value| {
        let mut layer = json!({"id": "a", "type": "line", "source": "s", "source-layer": "l"});
        layer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"version": 8, "sources": sources, "layers": [layer]})
    };
    for (style, named) in [
        (json!({"version": 7, "layers": []}), "version"),
        (
            json!({"version": 8, "sources": {"r": {"type": "raster"}}, "layers": []}),
            "\"r\"",
        ),
        (layer(json!({"type": "heatmap"})), "heatmap"),
        (layer(json!({"paint": {"line-blur": 2}})), "line-blur"),
        (layer(json!({"paint": {"line-color": ["within", {}]}})), "within"),
        (
            layer(json!({"type": "symbol", "layout": {"text-field": "x", "text-font": ["Comic Sans"]}})),
            "Comic Sans",
        ),
    ] {
        let error = Drawing::compile(&style).unwrap_err().to_string();
        assert!(error.contains(named) && error.contains("not supported"), "{error}");
    }
    assert!(Drawing::compile(&layer(json!({"paint": {"line-color": "#123456"}}))).is_ok());
}

fn size_of(png: &[u8]) -> [u32; 2] {
    let reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    [reader.info().width, reader.info().height]
}

#[tokio::test]
async fn raster_tiles_have_their_size_and_are_kept_with_their_etag() {
    let front = front();
    let plain = get(&front, "/maps/light/8/159/101.png").await;
    assert_eq!(plain.status, 200, "{}", plain.text());
    assert_eq!(plain.header("content-type"), "image/png");
    assert_eq!(size_of(&plain.body), [256, 256]);
    let dense = get(&front, "/maps/light/8/159/101@2x.png").await;
    assert_eq!(size_of(&dense.body), [512, 512]);
    let webp = get(&front, "/maps/light/8/159/101.webp").await;
    assert_eq!(&webp.body[8..12], b"WEBP");
    let etag = plain.header("etag").to_owned();
    let again = get(&front, "/maps/light/8/159/101.png").await;
    assert_eq!((again.header("etag"), &again.body), (etag.as_str(), &plain.body));
    let known = get_with(&front, "/maps/light/8/159/101.png", &[("if-none-match", &etag)]).await;
    assert_eq!(known.status, 304);
    for other in [
        "/maps/dark/8/159/101.png",
        "/maps/light/8/159/101.png?lang=ckb",
        "/maps/light/8/159/101.png?filter=rank>50",
    ] {
        let other = get(&front, other).await;
        assert_eq!(other.status, 200);
        assert_ne!(other.header("etag"), etag);
    }
    let tiles = get(&front, "/map/tiles/WebMercatorQuad/8/101/159").await;
    assert_eq!(tiles.body, plain.body);
    let one = get(
        &front,
        "/collections/governorates/map/tiles/WorldCRS84Quad/7/39/160?f=png",
    )
    .await;
    assert_eq!(size_of(&one.body), [256, 256]);
    let tilesets = get(&front, "/map/tiles").await.json();
    assert_eq!(tilesets["tilesets"][0]["dataType"], "map");
    let tilejson = get(&front, "/maps/print.json").await.json();
    assert_eq!(tilejson["tiles"][0], "http://maps.test/maps/print/{z}/{x}/{y}.png");
}

/// At the Syrian border there are no disputed areas and no posts to be explained; rows of theirs would hide the map.
#[test]
fn the_legend_explains_what_the_picture_shows_and_nothing_else() {
    let server = Server::start_with(&[]);
    let svg = |bbox: &str| {
        server
            .get(&format!("/maps/light.svg?bbox={bbox}&width=900&height=650&lang=en"))
            .text()
    };
    let border = svg("39.5,33.7,41.3,34.9");
    for row in ["International borders", "Rivers", "Districts"] {
        assert!(border.contains(&format!(">{row}</text>")), "{row} has a row");
    }
    for row in ["Distance posts", "Disputed areas", "Airports", "Lakes"] {
        assert!(
            !border.contains(&format!(">{row}</text>")),
            "{row} is explained and not drawn"
        );
    }
    let corridor = svg("44.8,33.5,46.2,34.4");
    for row in [
        "Distance posts",
        "Disputed areas",
        "Security-gap corridor (derived: Outer edge of the eastern part)",
    ] {
        assert!(corridor.contains(&format!(">{row}</text>")), "{row} has a row");
    }
}

/// A town and the mentions of it have one name.
#[test]
fn a_name_is_set_once_where_several_features_have_it() {
    let server = Server::start_with(&[]);
    let address = "/maps/light.svg?bbox=41,33,46.5,37.5&width=1000&height=800&lang=ar&legend=0";
    let text = server.get(&format!("{address}&layers=places,mention_places")).text();
    let names: Vec<&str> = text
        .split("</text>")
        .filter_map(|part| part.rsplit('>').next())
        .filter(|name| name.chars().any(char::is_alphabetic))
        .collect();
    let different: std::collections::BTreeSet<&&str> = names.iter().collect();
    assert!(different.len() > 8, "{names:?}");
    assert_eq!(different.len(), names.len(), "{names:?}");
}

#[tokio::test]
async fn a_map_to_order_has_the_size_and_format_that_were_asked_for() {
    let front = front();
    let place = "bbox=43,33.5,46,36&width=500&height=400";
    let png = get(&front, &format!("/maps/light.png?{place}&scale=2&north=1&graticule=1")).await;
    assert_eq!(size_of(&png.body), [1000, 800]);
    let svg = get(&front, &format!("/maps/print.svg?{place}&lang=ar&layers=governorates")).await;
    assert_eq!(svg.header("content-type"), "image/svg+xml");
    let text = svg.text();
    assert!(
        text.contains(">كركوك</text>") && text.contains("font-family=\"Vazirmatn"),
        "{text}"
    );
    assert!(text.contains("تنبيه"), "the disclaimer stands on it");
    let outlines = get(
        &front,
        &format!("/maps/print.svg?{place}&lang=ar&layers=governorates&letters=outlines"),
    )
    .await
    .text();
    assert!(!outlines.contains("<text") && outlines.contains("aria-label=\"كركوك\""));
    let pdf = get(&front, &format!("/maps/print.pdf?{place}&lang=ar")).await;
    assert!(pdf.body.starts_with(b"%PDF-"));
    let around = get(
        &front,
        "/maps/dark.webp?center=44.4,35.5&zoom=7.5&width=300&height=200&layers=governorates",
    )
    .await;
    assert_eq!(&around.body[8..12], b"WEBP");
    let document = get(&front, "/documents").await.json()["documents"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let map = get(&front, &format!("/documents/{document}/map.png?width=400&height=300")).await;
    assert_eq!(size_of(&map.body), [400, 300]);
}

#[tokio::test]
async fn what_cannot_be_drawn_is_refused_with_the_limit() {
    let front = front();
    for (address, parameter, limit) in [
        ("/maps/light.png?width=10000&height=10000", "width", "4096"),
        ("/maps/light.png?width=4096&height=4096&scale=4", "width", "16777216"),
        ("/maps/light.png?width=0", "width", "16"),
        ("/maps/light.png?scale=9", "scale", "4"),
        ("/maps/light.png?scale=NaN", "scale", "4"),
        ("/maps/light.png?bbox=44,35,44,36", "bbox", "has no area"),
        ("/maps/light.png?bbox=46,35,44,36", "bbox", "has no area"),
        ("/maps/light.png?bbox=44,35,46", "bbox", "west,south,east,north"),
        ("/maps/light.png?bbox=44,35,46,nan", "bbox", "west,south,east,north"),
        ("/maps/light.png?bbox=-200,35,46,36", "bbox", "-180"),
        ("/maps/light.png?center=44,35&zoom=30", "zoom", "18"),
        ("/maps/light.png?center=north&zoom=3", "center", "longitude,latitude"),
        ("/maps/light.png?center=44,35&zoom=3&bbox=1,2,3,4", "center", "either"),
        ("/maps/light.png?layers=moon", "layers", "governorates"),
        ("/maps/sepia.png", "style", "light, dark, print"),
        ("/maps/sepia/3/1/1.png", "style", "light, dark, print"),
        ("/maps/light/20/1/1.png", "z", "19"),
        ("/maps/light.png?colour=red", "colour", "accepted"),
        ("/map/tiles/WebMercatorQuad/3/1/1?f=gif", "f", "png"),
        ("/map/tiles/WebMercatorQuad/3/1/1?style=sepia", "style", "light"),
        ("/maps/light/5/1/1.png?filter=nothing=1", "filter", "nothing"),
    ] {
        let got = get(&front, address).await;
        assert_problem(&got, 400, Some(parameter), address);
        let detail = got.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(limit), "{address}: {detail}");
    }
    for address in ["/maps/light/1/5/0.png", "/maps/light/a/0/0.png"] {
        assert_problem(&get(&front, address).await, 400, None, address);
    }
    for address in ["/maps/light.bmp", "/maps/light/1/0/0.gif", "/documents/none/map.png"] {
        assert_problem(&get(&front, address).await, 404, None, address);
    }
}

#[test]
fn the_command_draws_every_format_and_text_can_be_found_in_the_pdf() {
    let folder = tempfile::tempdir().unwrap();
    let place = [
        "render",
        "--bbox",
        "43,34.5,45.5,36.5",
        "--size",
        "700x560",
        "--lang",
        "ar",
        "-o",
    ];
    let file = |name: &str| folder.path().join(name).display().to_string();
    for name in ["map.png", "map.webp", "map.svg", "map.pdf"] {
        let path = file(name);
        let mut args = place.to_vec();
        args.push(&path);
        let output = mahwar(&args);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(size_of(&std::fs::read(file("map.png")).unwrap()), [700, 560]);
    if has_tool("pdftotext") {
        let output = Command::new("pdftotext")
            .args([&file("map.pdf"), "-"])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        for name in ["كركوك", "مخمور", "أربيل"] {
            assert!(text.contains(name), "{name} is not in {text}");
        }
        let fonts = Command::new("pdffonts").arg(file("map.pdf")).output().unwrap();
        let fonts = String::from_utf8_lossy(&fonts.stdout).into_owned();
        assert!(fonts.contains("Vazirmatn"), "{fonts}");
    }
    for (args, told) in [
        (vec!["render", "--size", "10000x10000", "-o", "x.png"], "4096"),
        (vec!["render", "--bbox", "44,35,44,35", "-o", "x.png"], "area"),
        (vec!["render", "--style", "sepia", "-o", "x.png"], "light, dark, print"),
        (vec!["render", "-o", "x.bmp"], ".png"),
        (vec!["render", "--center", "44,35", "--zoom", "40", "-o", "x.png"], "18"),
    ] {
        let output = mahwar(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(told), "{args:?}");
    }
}

/// Holds a picture against a golden one; with `SHOTS` set the golden one is written.
fn assert_golden(name: &str, picture: &tiny_skia::Pixmap) {
    let path = root().join(name);
    if std::env::var_os("SHOTS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, encode_png(picture, true).unwrap()).unwrap();
        return;
    }
    let golden = tiny_skia::Pixmap::decode_png(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(
        [golden.width(), golden.height()],
        [picture.width(), picture.height()],
        "{name}"
    );
    let far = |a: &tiny_skia::PremultipliedColorU8, b: &tiny_skia::PremultipliedColorU8| {
        let channels = [(a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue())];
        channels.iter().any(|(a, b)| a.abs_diff(*b) > 24)
    };
    let pairs = golden.pixels().iter().zip(picture.pixels());
    let different = pairs.filter(|(a, b)| far(a, b)).count();
    let share = different as f64 / golden.pixels().len() as f64;
    assert!(
        share < 0.005,
        "{name}: {different} pixels differ; make shots refreshes it"
    );
}

#[test]
fn names_look_as_they_did() {
    let palettes = Palettes::embedded();
    let theme = &palettes.themes[0];
    let ink = |colour| Ink { colour, opacity: 1.0 };
    let names = [
        "كركوك",
        "صلاح الدين",
        "مخمور",
        "هەولێر",
        "سلێمانی",
        "چەمچەماڵ",
        "ڕانیە",
        "«كركوك (Kirkuk)»",
        "٥٦٠ كم",
        "مُحَافَظَة",
    ];
    let mut marks = Vec::new();
    for (row, name) in names.iter().enumerate() {
        for (column, font) in FONTS.iter().enumerate() {
            marks.push(Mark::Words(Words {
                line: shape(font, name),
                font,
                size: 26.0,
                ink: ink(theme.text),
                halo: Some((ink(theme.paper), 2.0)),
                at: [110.0 + column as f32 * 220.0, 40.0 + row as f32 * 46.0],
                angle: if row == 9 { -0.2 } else { 0.0 },
            }));
        }
    }
    let scene = Scene {
        size: [660.0, 490.0],
        ground: Some(ink(theme.sea)),
        marks,
        figures: Vec::new(),
        shown: Default::default(),
    };
    assert_golden("tests/golden/names.png", &pixels(&scene, 1.0, &deadline()).unwrap());
}

#[test]
fn the_three_worldviews_can_be_told_apart_at_a_glance() {
    let folder = tempfile::tempdir().unwrap();
    let seeds = root().join("seeds").display().to_string();
    let draw = |worldview: &str| {
        let path = folder.path().join(format!("{worldview}.png")).display().to_string();
        let title = format!("Worldview: {worldview}");
        let output = mahwar(&[
            "render",
            "--worldview",
            worldview,
            "--bbox",
            "42.4,33.4,46.2,37.2",
            "--size",
            "520x720",
            "--lang",
            "en",
            "--no-legend",
            "--title",
            &title,
            "--seeds",
            &seeds,
            "-o",
            &path,
        ]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        tiny_skia::Pixmap::decode_png(&std::fs::read(&path).unwrap()).unwrap()
    };
    let pictures = ["federal", "neutral", "region"].map(draw);
    for (a, b) in [(0, 1), (1, 2), (0, 2)] {
        let pairs = pictures[a].pixels().iter().zip(pictures[b].pixels());
        let different = pairs.filter(|(a, b)| a != b).count();
        // More than the words around the map.
        assert!(different > 15_000, "{a} and {b}: {different} pixels differ");
    }
    let [width, height] = [pictures[0].width(), pictures[0].height()];
    let mut row = tiny_skia::Pixmap::new(width * 3 + 16, height).unwrap();
    row.fill(tiny_skia::Color::WHITE);
    for (nth, picture) in pictures.iter().enumerate() {
        let x = nth as i32 * (width as i32 + 8);
        let paint = tiny_skia::PixmapPaint::default();
        row.draw_pixmap(x, 0, picture.as_ref(), &paint, tiny_skia::Transform::identity(), None);
    }
    assert_golden("docs/worldviews.png", &row);
}
