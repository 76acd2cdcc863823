//! Days and moments in downloaded files: columns of their own types, as far as each format has them.

use crate::common::Server;
use std::io::{Cursor, Read};

/// A server with one text of a day and one of a moment.
fn server() -> (Server, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text, published) in [
        ("a", "An attack in Makhmour, they said.", "2021-12-03"),
        (
            "b",
            "Another attack in Khanaqin, they said.",
            "2021-12-05T08:30:00+03:00",
        ),
    ] {
        std::fs::write(folder.path().join(format!("{name}.txt")), text).unwrap();
        let about = format!("published = \"{published}\"\n");
        std::fs::write(folder.path().join(format!("{name}.toml")), about).unwrap();
    }
    let server = Server::start_with(&["--seeds", folder.path().to_str().unwrap()]);
    (server, folder)
}

/// Type and values of the column in a GeoPackage.
fn in_geopackage(server: &Server, query: &str) -> (String, Vec<String>) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(
        file.path(),
        server.get(&format!("/downloads/mentions.gpkg{query}")).body,
    )
    .unwrap();
    let database = rusqlite::Connection::open(file.path()).unwrap();
    let kind = database.query_row(
        "SELECT type FROM pragma_table_info('mentions') WHERE name = 'published'",
        [],
        |row| row.get(0),
    );
    let mut values = database
        .prepare("SELECT published FROM mentions ORDER BY published")
        .unwrap();
    let values = values.query_map([], |row| row.get(0)).unwrap();
    (kind.unwrap(), values.map(Result::unwrap).collect())
}

/// Type letter and cells of the column in a Shapefile.
fn in_shapefile(server: &Server, query: &str) -> (char, Vec<String>) {
    let archive = server.get(&format!("/downloads/mentions.shp.zip{query}")).body;
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut table = Vec::new();
    archive
        .by_name("mentions.dbf")
        .unwrap()
        .read_to_end(&mut table)
        .unwrap();
    let head = usize::from(u16::from_le_bytes([table[8], table[9]]));
    let width = usize::from(u16::from_le_bytes([table[10], table[11]]));
    let mut offset = 1;
    for field in table[32..head - 1].chunks(32) {
        let size = usize::from(field[16]);
        if field.starts_with(b"published\0") {
            let rows = table[head..].chunks_exact(width);
            let cells = rows.map(|row| String::from_utf8_lossy(&row[offset..offset + size]).trim().to_owned());
            return (char::from(field[11]), cells.collect());
        }
        offset += size;
    }
    panic!("no column is published")
}

// Report "published as text, not date, in downloaded files".
#[test]
fn times_of_publication_have_types_of_their_own() {
    let (server, _folder) = server();
    let (day, moment) = ("?datetime=2021-12-03", "?datetime=2021-12-05");
    let (kind, values) = in_geopackage(&server, day);
    assert_eq!((kind.as_str(), values), ("DATE", vec!["2021-12-03".to_owned()]));
    let (kind, values) = in_geopackage(&server, moment);
    assert_eq!(
        (kind.as_str(), values),
        ("DATETIME", vec!["2021-12-05T05:30:00.000Z".to_owned()])
    );
    // Both together are days: midnight would be said of the first.
    let (kind, values) = in_geopackage(&server, "");
    assert_eq!(
        (kind.as_str(), values),
        ("DATE", vec!["2021-12-03".to_owned(), "2021-12-05".to_owned()])
    );

    let (kind, mut cells) = in_shapefile(&server, "");
    cells.sort();
    assert_eq!((kind, cells), ('D', vec!["20211203".to_owned(), "20211205".to_owned()]));
    assert_eq!(in_shapefile(&server, day).0, 'D');
    // The format has no times of day.
    assert_eq!(
        in_shapefile(&server, moment),
        ('C', vec!["2021-12-05T08:30:00+03:00".to_owned()])
    );

    let fgb = server.get("/downloads/mentions.fgb").body;
    let mut reader = Cursor::new(&fgb[..]);
    let opened = flatgeobuf::FgbReader::open(&mut reader).unwrap();
    let columns = opened.header().columns().unwrap();
    let column = columns.iter().find(|column| column.name() == "published").unwrap();
    assert_eq!(column.type_(), flatgeobuf::ColumnType::DateTime);
}
