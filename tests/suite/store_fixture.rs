//! What the tests of the store share: databases of both kinds that are gone after the test, and documents to put.

use crate::common::{geoparser, seed};
use mahwar::{
    document::Document,
    geoparse::{MentionPlace, Parse},
    store::{MentionRef, NewDocument, NewRuling, Store, StoredDocument, Verdict, open},
};
use std::sync::Arc;

/// A database that a store can be opened on, more than once.
pub trait Place {
    /// The address of an empty store.
    fn address(&self) -> String;
}

/// A folder with a file.
pub struct SqlitePlace(pub tempfile::TempDir);

impl SqlitePlace {
    pub fn new() -> Option<Self> {
        Some(Self(tempfile::tempdir().expect("a folder")))
    }
}

impl Place for SqlitePlace {
    fn address(&self) -> String {
        format!("sqlite:{}", self.0.path().join("store.db").display())
    }
}

/// Opens the store of a place.
pub fn store(place: &dyn Place) -> Arc<dyn Store> {
    open(&place.address()).expect("the store opens")
}

/// A document with what the geoparser finds in it.
pub fn read(text: &str, published: Option<&str>) -> NewDocument {
    let mut document = Document::from_text(text.to_owned()).expect("a text");
    document.published = published.map(str::to_owned);
    document.source_url = Some("https://example.org/report?id=1&b=é".to_owned());
    let parse = geoparser().geoparse(text);
    document.language = parse.language;
    NewDocument {
        document,
        parse,
        original: None,
    }
}

/// The seed document.
pub fn seed_document() -> NewDocument {
    read(&seed(), Some("2021-12-04"))
}

/// A short text with two drawn mentions, made different by its number.
pub fn report(number: usize) -> NewDocument {
    let text = format!("وقعت {number} هجمات في قضاء مخمور وفي قضاء خانقين 🗺 شمال شرق ديالى.");
    read(
        &text,
        Some(["2021-12-03", "2021-12-04", "2022-01-01T10:00:00Z"][number % 3]),
    )
}

/// A document that is there, as it was read.
pub fn stored(store: &dyn Store, id: &str) -> StoredDocument {
    store
        .get(id)
        .expect("the store answers")
        .expect("the document is there")
}

/// The first drawn mention of a parse.
pub fn drawn(parse: &Parse) -> &mahwar::geoparse::Mention {
    parse
        .mentions
        .iter()
        .find(|mention| mention.is_drawn())
        .expect("a drawn mention")
}

/// A ruling on a mention.
pub fn ruling(document: &str, span: [usize; 2], verdict: Verdict) -> NewRuling {
    NewRuling {
        mention: MentionRef {
            document: document.to_owned(),
            span,
        },
        verdict,
        author: "analyst".to_owned(),
        reason: Some("read it again".to_owned()),
    }
}

/// A place of the gazetteer.
pub fn gazetteer_place(id: &str) -> MentionPlace {
    MentionPlace::from(geoparser().gazetteer().get(id).expect("the place is in the gazetteer"))
}

/// Nothing is broken.
pub fn sound(store: &dyn Store) {
    assert_eq!(store.check(&mut |_, _| {}).expect("the check runs"), []);
}
