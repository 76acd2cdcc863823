//! `mahwar table`: rows keep their order, names are resolved with their parents in either order, bad rows are named.

use crate::common::{Server, mahwar};
use std::fs;

fn run(csv: &[u8], args: &[&str]) -> (Option<i32>, Vec<csv::StringRecord>, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.csv");
    fs::write(&path, csv).unwrap();
    let all: Vec<&str> = ["table", path.to_str().unwrap()]
        .into_iter()
        .chain(args.iter().copied())
        .collect();
    let output = mahwar(&all);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(&output.stdout[..]);
    (
        output.status.code(),
        reader.records().map(Result::unwrap).collect(),
        error,
    )
}

fn column(rows: &[csv::StringRecord], name: &str) -> Vec<String> {
    let at = rows[0]
        .iter()
        .position(|own| own == name)
        .unwrap_or_else(|| panic!("no column {name}: {:?}", rows[0]));
    rows[1..].iter().map(|row| row[at].to_owned()).collect()
}

#[test]
fn names_are_resolved_with_their_parents_coarse_to_fine_and_fine_to_coarse() {
    for (first, second) in [("governorate", "district"), ("district", "governorate")] {
        let pairs = [("Diyala", "Khanaqin", "IQG10Q05"), ("Erbil", "Makhmour", "IQG11Q04")];
        let mut csv = format!("id,{first},{second},day\n");
        for (at, (governorate, district, _)) in pairs.iter().enumerate() {
            let (one, other) = if first == "governorate" {
                (governorate, district)
            } else {
                (district, governorate)
            };
            csv.push_str(&format!("{at},{one},{other},03/12/2021\n"));
        }
        let (code, rows, error) = run(csv.as_bytes(), &[]);
        assert_eq!(code, Some(0), "{error}");
        assert_eq!(column(&rows, "id"), ["0", "1"]);
        assert_eq!(column(&rows, "place_id"), pairs.map(|(_, _, id)| id), "{first}");
        assert_eq!(column(&rows, "date_iso"), ["2021-12-03", "2021-12-03"]);
    }
}

#[test]
fn texts_are_geoparsed_in_any_encoding_and_bad_rows_are_named() {
    let text = "id;report\n1;\u{642}\u{62a}\u{644} \u{634}\u{62e}\u{635}\u{627}\u{646} \u{641}\u{64a} \u{647}\u{62c}\u{648}\u{645} \u{642}\u{631}\u{628} \u{645}\u{62e}\u{645}\u{648}\u{631} \u{623}\u{645}\u{633}\n2;x;y;z\n3;Clashes near Daquq on Monday morning\n";
    let bytes = {
        // windows-1256 has these letters at fixed places.
        let table: &[(char, u8)] = &[
            ('\u{642}', 0xde),
            ('\u{62a}', 0xca),
            ('\u{644}', 0xe1),
            ('\u{634}', 0xd4),
            ('\u{62e}', 0xce),
            ('\u{635}', 0xd5),
            ('\u{627}', 0xc7),
            ('\u{646}', 0xe4),
            ('\u{641}', 0xdd),
            ('\u{64a}', 0xed),
            ('\u{647}', 0xe5),
            ('\u{62c}', 0xcc),
            ('\u{648}', 0xe6),
            ('\u{645}', 0xe3),
            ('\u{631}', 0xd1),
            ('\u{628}', 0xc8),
            ('\u{623}', 0xc3),
            ('\u{633}', 0xd3),
        ];
        let byte = |letter: char| {
            table
                .iter()
                .find(|(own, _)| *own == letter)
                .map_or(letter as u8, |(_, byte)| *byte)
        };
        text.chars().map(byte).collect::<Vec<u8>>()
    };
    let (code, rows, error) = run(&bytes, &[]);
    assert_eq!(code, Some(1), "{error}");
    assert!(
        error.contains("row 3") && error.contains("2 rows, 2 with a place, 1 rejected"),
        "{error}"
    );
    assert_eq!(column(&rows, "id"), ["1", "3"]);
    assert!(column(&rows, "text_quotes")[0].contains("\u{645}\u{62e}\u{645}\u{648}\u{631}"));
    assert_eq!(column(&rows, "place_from"), ["text", "text"]);
}

#[test]
fn a_column_that_is_not_there_is_named_with_those_that_are() {
    let (code, _, error) = run(b"a,b,c\n1,2,3\n4,5,6\n", &["--places", "town"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("\"town\"") && error.contains("a, b, c"), "{error}");
    let (code, _, error) = run(b"a,b,c\n1,2,3\n4,5,6\n", &[]);
    assert_eq!(code, Some(2));
    assert!(error.contains("no column has free text or names"), "{error}");
}

/// Report: columns named in Arabic and Sorani, or with the words in Latin letters, gave settlements.
#[test]
fn names_of_columns_say_the_level_in_every_language() {
    for header in [
        "المحافظة,القضاء",
        "پارێزگا,قەزا",
        "Province,Qadha",
        "governorate_name,district_name",
    ] {
        let csv = format!("{header}\nDiyala,Khanaqin\nErbil,Makhmour\nKirkuk,Daquq\n");
        let (code, rows, error) = run(csv.as_bytes(), &[]);
        assert_eq!(code, Some(0), "{header}: {error}");
        assert_eq!(column(&rows, "place_level"), ["district"; 3], "{header}");
    }
    for header in ["Sub-district", "sub_district", "Sub District", "الناحية", "ناحیە"] {
        let csv = format!("Governorate,District,{header}\nDiyala,Khanaqin,Jalawla\nDiyala,Baladruz,Mandali\n");
        let (code, rows, error) = run(csv.as_bytes(), &[]);
        assert_eq!(code, Some(0), "{header}: {error}");
        assert_eq!(column(&rows, "place_level"), ["subdistrict"; 2], "{header}");
    }
}

/// Report: dates of one column were read in two orders.
#[test]
fn dates_of_a_column_have_one_order() {
    let dates = |csv: &str| {
        let (_, rows, error) = run(csv.as_bytes(), &[]);
        (column(&rows, "date_iso"), error)
    };
    let rows = "Attack in Kifri yesterday\n";
    let (read, error) = dates(&format!(
        "date,description\n12/05/2021,{rows}12/13/2021,{rows}13/12/2021,{rows}"
    ));
    assert_eq!(read, ["", "2021-12-13", "2021-12-13"]);
    assert!(error.contains("two orders"), "{error}");
    let (read, error) = dates(&format!("date,description\n12/05/2021,{rows}12/13/2021,{rows}"));
    assert_eq!(read, ["2021-12-05", "2021-12-13"]);
    assert!(!error.contains("order"), "{error}");
    let (read, error) = dates(&format!("date,description\n12/05/2021,{rows}11/05/2021,{rows}"));
    assert_eq!(read, ["2021-05-12", "2021-05-11"]);
    assert!(
        error.contains("\"date\"") && error.contains("day before month"),
        "{error}"
    );
}

/// Reports: codes were not read, tags and titles were rows, short texts were passed over, formulas went through.
#[test]
fn codes_titles_tags_short_texts_and_formulas() {
    let (code, rows, error) = run(b"sep=;\npcode;killed\nIQG10Q05;2\nIQG13;3\n", &[]);
    assert_eq!(code, Some(0), "{error}");
    assert_eq!(column(&rows, "place_id"), ["IQG10Q05", "IQG13"]);
    assert_eq!(column(&rows, "place_from"), ["code", "code"]);
    let titled = "Incidents of the week,,\nplace,district,n\n#loc,#adm2,#affected\nJalawla,Khanaqin,1\n";
    let (code, rows, error) = run(titled.as_bytes(), &[]);
    assert_eq!(code, Some(0), "{error}");
    assert_eq!(&rows[1][0], "#loc");
    assert_eq!(column(&rows, "place_id")[0], "");
    assert!(!column(&rows, "place_id")[1].is_empty());
    assert!(error.contains("1 rows, 1 with a place"), "{error}");
    let (_, rows, error) = run("id,text\n1,Attack in Kifri\n2,Clashes near Daquq\n".as_bytes(), &[]);
    assert!(error.contains("2 with a place"), "{error}");
    assert_eq!(column(&rows, "place_from"), ["text", "text"]);
    let (_, rows, _) = run(b"place,=1+1,x\nKirkuk,=cmd|' /C calc'!A0,-3.5\nDaquq,@a,+4\n", &[]);
    assert_eq!(
        (&rows[0][1], &rows[1][1], &rows[2][1]),
        ("'=1+1", "'=cmd|' /C calc'!A0", "'@a")
    );
    assert_eq!((&rows[1][2], &rows[2][2]), ("-3.5", "+4"));
}

#[test]
fn tables_of_too_many_columns_are_refused_at_every_door() {
    let wide = format!("{}\n{}\n", vec!["c"; 5_000].join(","), vec!["Kirkuk"; 5_000].join(","));
    let (code, _, error) = run(wide.as_bytes(), &[]);
    assert_eq!(code, Some(2));
    assert!(error.contains("5000 columns") && error.contains("4096"), "{error}");
    let answer = Server::start().post("/table", "text/csv", wide.as_bytes());
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("4096"), "{}", answer.text());
}

/// A table of every format that is read: what a user of each has.
const SAMPLE: &str = "district,governorate,text\nKhanaqin,Diyala,Two were killed in Jalawla on 3 December 2021\nMakhmour,Erbil,Nothing\n";

#[test]
fn a_table_comes_out_as_parquet_and_goes_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("in.csv"), SAMPLE).unwrap();
    let (csv, parquet, again) = (path("in.csv"), path("placed.parquet"), path("again.csv"));
    let output = mahwar(&["table", &csv, "--places", "district,governorate", "-o", &parquet]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let bytes = fs::read(&parquet).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    let output = mahwar(&["table", &parquet, "--places", "district,governorate", "-o", &again]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(&again).unwrap();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(column(&rows, "place_id"), ["IQG10Q05", "IQG11Q04"]);
    // Columns that exist already are added under another name.
    assert_eq!(column(&rows, "mahwar_place_id"), ["IQG10Q05", "IQG11Q04"]);
    // A file that ends early is no table, and the fault is named.
    fs::write(path("cut.parquet"), &bytes[..bytes.len() / 2]).unwrap();
    let output = mahwar(&["table", &path("cut.parquet")]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("Parquet file cannot be read"), "{error}");
}

#[test]
fn a_table_is_read_over_http_and_comes_back_in_the_asked_format() {
    let server = Server::start();
    let answer = server.post("/table?places=district,governorate", "text/csv", SAMPLE.as_bytes());
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/csv; charset=utf-8; header=present")
    );
    assert_eq!(
        ["mahwar-rows", "mahwar-placed", "mahwar-rejected"].map(|name| answer.header(name)),
        ["2", "2", "0"]
    );
    let rows: Vec<_> = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(&answer.body[..])
        .records()
        .map(Result::unwrap)
        .collect();
    assert_eq!(column(&rows, "place_id"), ["IQG10Q05", "IQG11Q04"]);
    let parquet = server.post("/table?f=parquet", "text/csv", SAMPLE.as_bytes());
    assert!(parquet.body.starts_with(b"PAR1"), "{}", parquet.status);
    let again = server
        .post(
            "/table?f=json&places=district",
            "application/octet-stream",
            &parquet.body,
        )
        .json();
    assert_eq!(again["rows"][1]["mahwar_place_id"], "IQG11Q04");
    let odd = server.post(
        "/table?f=json&places=place",
        "text/csv",
        "place,n\nكركوك,1\nداقوق,2,3,4\n".as_bytes(),
    );
    let odd = odd.json();
    assert_eq!(
        odd["summary"],
        serde_json::json!({"rows": 1, "placed": 1, "rejected": 1, "dates": null, "sheet": null})
    );
    assert_eq!(
        (&odd["rejects"][0]["row"], &odd["rows"][0]["place_id"]),
        (&3.into(), &"wof-890449811".into()),
        "{odd}"
    );
    for (path, media, body, word) in [
        ("/table?places=town", "text/csv", SAMPLE.as_bytes(), "town"),
        ("/table", "text/csv", &b""[..], "empty"),
        ("/table", "application/pdf", b"%PDF-1.7", "PDF"),
        ("/table?f=xlsx", "text/csv", SAMPLE.as_bytes(), "parquet"),
    ] {
        let answer = server.post(path, media, body);
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.text().contains(word), "{path}: {}", answer.text());
    }
}
