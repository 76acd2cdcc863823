//! Documents that are made to harm are refused within limits with their cause, from a file and by POST, and nothing is stored.

use crate::writes::{Shelf, post};
use std::{fs, io::Write};

fn zip(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// A name, the bytes, and words of the refusal.
fn bad_documents() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let types = || ("[Content_Types].xml", b"<Types/>".to_vec());
    let body = |text: &str| {
        let text = format!("<w:document><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>");
        ("word/document.xml", text.into_bytes())
    };
    let document = zip(&[types(), body("Attack near Daquq")]);
    let attributes: String = (0..1_000_000).map(|at| format!(" a{at}=''")).collect();
    vec![
        ("bomb.txt.gz", gzip(&vec![b' '; 64 << 20]), "unpacks to more than"),
        ("bomb.docx", zip(&[types(), ("word/document.xml", vec![b' '; 64 << 20])]), "unpacks to more than"),
        ("archive-in-archive.gz", gzip(&gzip(&document)), "archives in archives"),
        ("archives.zip", zip(&[("inner.zip", document.clone())]), "archives in archives"),
        ("folder.zip", zip(&[("a.txt", b"Attack near Daquq".to_vec())]), "ZIP archive"),
        (
            "macros.docx",
            zip(&[types(), body("Attack near Daquq"), ("word/vbaProject.bin", vec![1, 2, 3])]),
            "macros",
        ),
        (
            "tables.html",
            format!("<html><body>{}Daquq</body></html>", "<table><tr><td>".repeat(10_000)).into_bytes(),
            "nested deeper",
        ),
        (
            "attributes.html",
            format!("<html><body><p{attributes}>Attack near Daquq</p></body></html>").into_bytes(),
            "attributes",
        ),
        (
            "entities.odt",
            zip(&[
                ("mimetype", b"application/vnd.oasis.opendocument.text".to_vec()),
                (
                    "content.xml",
                    b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><office:document-content>&b;</office:document-content>".to_vec(),
                ),
            ]),
            "document type",
        ),
        ("deep.rtf", [b"{\\rtf1 ".as_slice(), &b"{".repeat(100_000)].concat(), "nested deeper"),
        ("broken.pdf", b"%PDF-1.7\n1 0 obj\n<<".to_vec(), "PDF cannot be read"),
    ]
}

#[test]
fn documents_that_are_made_to_harm_are_refused_from_a_file_and_by_post() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let seeds = server.get("/documents").json()["total"].clone();
    for (name, bytes, said) in bad_documents() {
        let answer = post(&server, "application/octet-stream", &bytes);
        assert!((400..500).contains(&answer.status), "{name}: {}", answer.status);
        assert!(answer.text().contains(said), "{name}: {}", answer.text());
        let path = shelf.path(name);
        fs::write(&path, bytes).unwrap();
        let run = shelf.run(&["ingest", path.to_str().unwrap()]);
        let error = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(error.contains(said) && run.status.code() == Some(2), "{name}: {error}");
    }
    assert_eq!(server.get("/documents").json()["total"], seeds);
}

/// A file of 5 GB that takes no room on the disk.
#[test]
fn a_file_of_five_gigabytes_is_refused_by_its_length() {
    let shelf = Shelf::new();
    let path = shelf.path("large.txt");
    fs::File::create(&path).unwrap().set_len(5 << 30).unwrap();
    let run = shelf.run(&["ingest", path.to_str().unwrap()]);
    let error = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(error.contains("large.txt") && run.status.code() == Some(2), "{error}");
}
