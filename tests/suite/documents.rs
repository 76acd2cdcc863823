//! Documents of every format at every door; see `formats` for the seed in each of them. From the report on ingest and search,
//! sections A6 to A11 and B. The files in `tests/fixtures/documents` were made by Chromium, LibreOffice,
//! python-docx, odfpy and openpyxl.

use crate::{
    common::seed,
    writes::{Shelf, post},
};
use serde_json::json;
use std::{fs, path::PathBuf};

pub(crate) fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/documents")
        .join(name)
}

/// Report: a package above 64 KiB was refused from a file, since its list of parts is at its end.
#[test]
fn large_packages_are_read_from_files() {
    use std::io::Write;
    let shelf = Shelf::new();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in [
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("word/media/image.png", vec![7; 200_000]),
        (
            "word/document.xml",
            b"<w:document><w:body><w:p><w:r><w:t>Attack near Daquq</w:t></w:r></w:p></w:body></w:document>".to_vec(),
        ),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let path = shelf.path("large.docx");
    fs::write(&path, &bytes).unwrap();
    let run = shelf.run(&["ingest", path.to_str().unwrap()]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    fs::write(&path, &bytes[..bytes.len() - 200]).unwrap();
    let run = shelf.run(&["ingest", path.to_str().unwrap()]);
    let error = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(error.contains("damaged or cut off"), "{error}");
}

/// Report: a chat or a folder of mail as `text/plain` was one document, and a JSON feed was refused.
#[test]
fn chats_mail_and_feeds_are_taken_apart_at_every_door() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let chat = "05/12/2021, 09:01 - Ali: Attack near Kifri\n05/12/2021, 09:02 - Sara: Clashes near Daquq\n";
    let mail = |subject: &str| {
        format!("From a@b Fri Dec  3 08:00:00 2021\nFrom: a@example.org\nSubject: {subject}\n\nAttack in {subject}\n\n")
    };
    let folder = mail("Hawija") + &mail("Sinjar");
    let feed = json!({"version": "https://jsonfeed.org/version/1.1", "title": "Agency", "items": [
        {"id": "1", "url": "https://other.example/1", "content_text": "Attack near Jalawla"},
        {"id": "2", "url": "https://other.example/2", "content_text": "Attack near Mandali"}]})
    .to_string();
    for (media_type, body) in [
        ("text/plain", chat.to_owned()),
        ("text/plain", folder),
        ("application/json", feed.clone()),
        ("application/octet-stream", feed),
    ] {
        let answer = post(&server, media_type, body.as_bytes());
        let documents = answer.json()["documents"].as_array().map_or(0, Vec::len);
        assert_eq!(documents, 2, "{media_type}: {}", answer.text());
    }
}

/// Report: markup and program code were stored as text with places.
#[test]
fn formats_that_hold_no_report_are_refused_with_their_name() {
    let shelf = Shelf::new();
    for (name, text, said) in [
        (
            "a.kml",
            "<?xml version='1.0'?><kml xmlns='x'><name>Kirkuk</name></kml>",
            "KML",
        ),
        (
            "a.xml",
            "<?xml version='1.0'?><report><place>Kirkuk</place></report>",
            "XML",
        ),
        ("a.css", "body{color:red} .kirkuk{margin:0}", "style sheet"),
        ("a.vcf", "BEGIN:VCARD\nADR:;;Kirkuk\nEND:VCARD\n", "address card"),
    ] {
        let path = shelf.path(name);
        fs::write(&path, text).unwrap();
        let run = shelf.run(&["ingest", path.to_str().unwrap()]);
        let error = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(error.contains(said) && !run.status.success(), "{name}: {error}");
    }
}

#[test]
fn a_folder_is_read_to_its_end_and_bad_files_are_named() {
    let shelf = Shelf::new();
    let folder = shelf.path("reports");
    fs::create_dir_all(folder.join("inner")).unwrap();
    let bomb = {
        use std::io::Write;
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        zip.start_file("[Content_Types].xml", options).unwrap();
        zip.write_all(b"<Types/>").unwrap();
        zip.start_file("word/document.xml", options).unwrap();
        zip.write_all(&vec![b' '; 64 << 20]).unwrap();
        zip.finish().unwrap().into_inner()
    };
    let xxe = {
        use std::io::Write;
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("[Content_Types].xml", options).unwrap();
        zip.write_all(b"<Types/>").unwrap();
        zip.start_file("word/document.xml", options).unwrap();
        zip.write_all(b"<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><w:document><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>").unwrap();
        zip.finish().unwrap().into_inner()
    };
    for (name, bytes, said) in [
        ("a.pdf", b"%PDF-1.7 broken".to_vec(), "PDF cannot be read"),
        ("b.png", b"\x89PNG\r\n\x1a\n".to_vec(), "a picture (PNG)"),
        ("bomb.docx", bomb, "unpacks to more than"),
        (
            "scanned.pdf",
            fs::read(fixture("scanned.pdf")).unwrap(),
            "it is scanned",
        ),
        ("xxe.docx", xxe, "document type"),
        ("inner/z.txt", "Attack near Daquq".into(), ""),
    ] {
        fs::write(folder.join(name), bytes).unwrap();
        if said.is_empty() {
            continue;
        }
        let run = shelf.run(&["ingest", folder.join(name).to_str().unwrap()]);
        let error = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(error.contains(said) && run.status.code() == Some(2), "{name}: {error}");
    }
    let run = shelf.run(&["ingest", folder.to_str().unwrap()]);
    let (out, error) = (
        String::from_utf8_lossy(&run.stdout).into_owned(),
        String::from_utf8_lossy(&run.stderr).into_owned(),
    );
    assert_eq!(run.status.code(), Some(1), "{error}");
    assert!(out.contains(" new ") && out.contains("z.txt"), "{out}");
    assert!(error.contains("1 new, 0 known, 5 refused"), "{error}");
}

#[test]
fn what_a_document_says_of_itself_is_kept_with_where_it_comes_from() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let answer = post(&server, "text/html", &fs::read(fixture("seed-1256.html")).unwrap());
    let document = server
        .get(&format!("/documents/{}", answer.json()["id"].as_str().unwrap()))
        .json();
    assert_eq!(document["published"], "2021-12-04T05:00:00Z");
    assert_eq!(document["title"], "تقرير أمني");
    let facts = document["details"]["facts"].as_array().unwrap();
    let has = |name: &str, by: &str| {
        facts
            .iter()
            .any(|fact| fact["name"] == name && (fact["by"] == by || fact["origin"] == by))
    };
    assert!(
        has("published", "OpenGraph") && has("encoding", "declared") && has("extraction", "detected"),
        "{facts:?}"
    );
    // The same text is one document, with the details of the first.
    let shelf = Shelf::new();
    let server = shelf.server();
    let pdf = post(
        &server,
        "application/pdf",
        &fs::read(fixture("seed-columns.pdf")).unwrap(),
    );
    let pdf = server
        .get(&format!("/documents/{}", pdf.json()["id"].as_str().unwrap()))
        .json();
    assert_eq!(
        pdf["details"]["pages"][0],
        json!({"page": 1, "byte": 0, "codepoint": 0})
    );
}

#[test]
fn unknown_kinds_of_body_are_refused_with_what_is_accepted() {
    let shelf = Shelf::new();
    let server = shelf.server();
    for (media_type, bytes, said) in [
        ("application/octet-stream", &b"\x89PNG\r\n\x1a\n"[..], "tesseract"),
        ("image/png", b"\x89PNG\r\n\x1a\n", "accepted"),
        ("application/zip", b"PK\x03\x04", "ZIP archive"),
    ] {
        let answer = post(&server, media_type, bytes);
        assert!(matches!(answer.status, 400 | 415), "{media_type}: {}", answer.status);
        assert!(answer.text().contains(said), "{media_type}: {}", answer.text());
    }
    // Report: a form body was stored as it is written.
    let answer = post(
        &server,
        "application/x-www-form-urlencoded",
        b"text=Attack+near+Daquq&title=Report",
    );
    assert_eq!(answer.status, 201);
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(server.get(&format!("/documents/{id}/text")).text(), "Attack near Daquq");
}

/// Report, A6: a place in the headline was never read, and items with the same teaser became one document.
#[test]
fn titles_are_read_and_the_same_words_under_another_headline_are_another_document() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let mut ids = Vec::new();
    for (title, place) in [("هجوم في داقوق", "داقوق"), ("انفجار في خانقين", "خانقين")]
    {
        let body = json!({"title": title, "text": "اقرأ المزيد في كركوك", "publisher": "وكالة"}).to_string();
        let answer = post(&server, "application/json", body.as_bytes());
        assert_eq!(answer.status, 201, "{}", answer.text());
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        let mentions = server.get(&format!("/documents/{id}/mentions")).json();
        let read: Vec<(String, String)> = mentions["mentions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|mention| {
                (
                    mention["in"].as_str().unwrap_or("text").to_owned(),
                    mention["text"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        assert_eq!(
            read,
            [
                ("text".to_owned(), "كركوك".to_owned()),
                ("title".to_owned(), place.to_owned())
            ]
        );
        let title_mention = &mentions["mentions"][1];
        let start = title_mention["start"].as_u64().unwrap() as usize;
        assert_eq!(
            title
                .chars()
                .skip(start)
                .take(place.chars().count())
                .collect::<String>(),
            place
        );
        assert_eq!(server.get(&format!("/documents/{id}/annotations")).status, 200);
        ids.push(id);
    }
    assert_ne!(ids[0], ids[1]);
    let features = server.get("/collections/mentions/items?limit=100").text();
    assert!(features.contains("هجوم في داقوق"), "{features}");
    let checked = shelf.run(&["check", "--store", &shelf.address()]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    // A second outlet is noted.
    let body = json!({"title": "هجوم في داقوق", "text": "اقرأ المزيد في كركوك", "publisher": "صحيفة"}).to_string();
    assert_eq!(post(&server, "application/json", body.as_bytes()).status, 200);
    let document = server.get(&format!("/documents/{}", ids[0])).json();
    assert_eq!(document["sources"][0]["publisher"], "صحيفة");
    assert_eq!(document["same_text"], json!([ids[1]]));
}

/// Times, described positions and claims of a title come after those of the text, and are stored as they are read.
#[test]
fn times_and_positions_of_a_title_are_stored_and_the_ids_of_the_text_stay() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let text = "قتل شخصان في هجوم على بعد 10 كم جنوب داقوق يوم 3 كانون الأول 2021.";
    let title = "مقتل ثلاثة في انفجار على بعد 20 كم شمال كركوك يوم 5 كانون الأول 2021";
    let mut read = Vec::new();
    for title in [None, Some(title)] {
        let answer = post(
            &server,
            "application/json",
            json!({"title": title, "text": text, "published": "2021-12-06"})
                .to_string()
                .as_bytes(),
        );
        assert_eq!(answer.status, 201, "{}", answer.text());
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        read.push(server.get(&format!("/documents/{id}/mentions")).json());
        assert!(server.get(&format!("/documents/{id}/claims")).status == 200);
    }
    let (plain, titled) = (&read[0], &read[1]);
    for list in ["mentions", "positions"] {
        let (plain, titled) = (plain[list].as_array().unwrap(), titled[list].as_array().unwrap());
        assert!(titled.len() > plain.len() && !plain.is_empty(), "{list}: {titled:?}");
        for (one, other) in plain.iter().zip(titled) {
            for member in ["id", "text", "start", "anchors", "time"] {
                assert_eq!(one[member], other[member], "{list}: {member}");
            }
        }
        for one in &titled[plain.len()..] {
            assert_eq!(one["in"], "title", "{list}: {one}");
        }
    }
    for path in [
        "/collections/positions/items?limit=100",
        "/collections/claims/items",
        "/events",
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    }
    let again = shelf.run(&["reparse"]);
    let out = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(out.contains(", 0 changed"), "{out}");
}

/// A PDF of one picture: the first page of another PDF as a scanner sees it.
fn scan(pdf: &std::path::Path, folder: &std::path::Path) -> Vec<u8> {
    use std::io::Write;
    let drawn = std::process::Command::new("pdftoppm")
        .args(["-r", "200", "-gray", "-singlefile", "-f", "1", "-l", "1"])
        .arg(pdf)
        .arg(folder.join("page"))
        .status();
    assert!(drawn.expect("pdftoppm is installed").success());
    let picture = fs::read(folder.join("page.pgm")).unwrap();
    // P5, width and height, 255, then the pixels.
    let head: Vec<&[u8]> = picture.splitn(4, |byte| *byte == b'\n').collect();
    let (size, pixels) = (String::from_utf8_lossy(head[1]).into_owned(), head[3]);
    let (width, height) = size.split_once(' ').unwrap();
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(pixels).unwrap();
    let packed = packer.finish().unwrap();
    let draw = "595 0 0 842 0 0 cm /I Do";
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |file: &mut Vec<u8>, body: &[u8]| {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n", offsets.len()).bytes());
        file.extend(body);
        file.extend(b"\nendobj\n");
    };
    object(&mut file, b"<</Type/Catalog/Pages 2 0 R>>");
    object(&mut file, b"<</Type/Pages/Kids[3 0 R]/Count 1>>");
    object(
        &mut file,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
    );
    object(
        &mut file,
        format!("<</Length {}>>stream\n{draw}\nendstream", draw.len()).as_bytes(),
    );
    let mut image = format!(
        "<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8\
         /Filter/FlateDecode/Length {}>>stream\n",
        packed.len()
    )
    .into_bytes();
    image.extend(packed);
    image.extend(b"\nendstream");
    object(&mut file, &image);
    let at = file.len();
    file.extend(b"xref\n0 6\n0000000000 65535 f \n");
    for offset in &offsets {
        file.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    file.extend(format!("trailer<</Size 6/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n").bytes());
    file
}

#[test]
fn a_scanned_page_is_read_by_tesseract_where_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scan.pdf");
    fs::write(&file, scan(&fixture("seed.pdf"), folder.path())).unwrap();
    let shelf = Shelf::new();
    let refused = shelf.run(&["ingest", file.to_str().unwrap()]);
    let error = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(error.contains("it is scanned") && error.contains("--ocr"), "{error}");
    let read = shelf.run(&["ingest", "--ocr", "ara", file.to_str().unwrap()]);
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let server = shelf.server();
    let documents = server.get("/documents").json();
    let document = &documents["documents"][0];
    let facts = document["details"].to_string();
    assert!(
        facts.contains("recognized_by") && facts.contains("tesseract ara"),
        "{facts}"
    );
    let text = server
        .get(&format!("/documents/{}/text", document["id"].as_str().unwrap()))
        .text();
    let words = |text: &str| {
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<std::collections::BTreeSet<_>>()
    };
    let (wanted, found) = (words(&seed()), words(&text));
    let known = wanted.intersection(&found).count();
    // A page of the seed; letters of a picture are never read without a slip.
    assert!(
        known * 10 >= wanted.len() * 7,
        "{known} of {} words: {text}",
        wanted.len()
    );
    let missing = shelf.run(&["ingest", "--ocr", "xyz", file.to_str().unwrap()]);
    let error = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(error.contains("no model \"xyz\"") && error.contains("ara"), "{error}");
}
