//! A store of numbered features that are read ten at a time.

use super::*;
use crate::{
    geoparse::MentionPlace,
    ingest::AcceptedText,
    language::{Language, Trilingual},
    layers::{Field, FieldType, GeometryKind},
    server::{
        parameter::Query,
        parameters as p,
        services::{DocumentRecord, DocumentRecordPage, DocumentService, FeaturePage, StoreHealth},
    },
    store::{Deletion, NewRuling, Original, Put, Ruling, StoreError},
};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};

struct Numbers {
    count: usize,
    read: AtomicUsize,
}

fn feature(number: usize) -> Feature {
    let properties = json!({"number": number, "parity": if number.is_multiple_of(2) { "even" } else { "odd" }});
    let serde_json::Value::Object(properties) = properties else {
        unreachable!("it is an object")
    };
    Feature::new(format!("d{number}-m1"), None, properties)
}

fn layer(features: &mut dyn Iterator<Item = Feature>) -> Layer {
    let field = |name: &str, kind| Field {
        name: name.to_owned(),
        kind,
        title: Trilingual::default(),
    };
    Layer::new(
        "numbers",
        Trilingual::default(),
        Trilingual::default(),
        "",
        GeometryKind::None,
        vec![field("number", FieldType::Integer), field("parity", FieldType::String)],
        [0, 0],
        features,
    )
}

impl DocumentService for Numbers {
    fn kin(&self, _: &str) -> Result<crate::store::Kin, StoreError> {
        Ok(crate::store::Kin::default())
    }

    fn put(&self, _: Vec<AcceptedText>, _: bool) -> Result<Vec<Put>, StoreError> {
        unreachable!()
    }

    fn delete(&self, _: &str, _: Option<&str>, _: &str) -> Result<Deletion, StoreError> {
        unreachable!()
    }

    fn deletion(&self, _: &str) -> Result<Option<Deletion>, StoreError> {
        Ok(None)
    }

    fn health(&self) -> StoreHealth {
        StoreHealth::default()
    }

    fn is_of_documents(&self, _: &str) -> bool {
        true
    }

    fn get(&self, _: &str, _: bool) -> Result<Option<DocumentRecord>, StoreError> {
        unreachable!()
    }

    fn original(&self, _: &str) -> Result<Option<Original>, StoreError> {
        unreachable!()
    }

    fn page(&self, _: i64, _: usize) -> Result<DocumentRecordPage, StoreError> {
        unreachable!()
    }

    fn count(&self) -> u64 {
        self.count as u64
    }

    fn version(&self) -> i64 {
        1
    }

    fn is_open(&self) -> bool {
        true
    }

    fn place(&self, _: &str) -> Option<MentionPlace> {
        None
    }

    fn rule(&self, _: NewRuling) -> Result<Ruling, StoreError> {
        unreachable!()
    }

    fn undo(&self, _: i64, _: &str, _: Option<&str>) -> Result<Ruling, StoreError> {
        unreachable!()
    }

    fn rulings(&self, _: &str) -> Result<Vec<Ruling>, StoreError> {
        unreachable!()
    }

    fn stretch(&self, _: &str, _: bool, wanted: &FeatureQuery, (after, _): Cursor) -> Result<FeaturePage, StoreError> {
        if let Some(document) = &wanted.document {
            let number = document.trim_start_matches('d').parse().unwrap();
            return Ok(FeaturePage {
                features: vec![feature(number)],
                ..FeaturePage::default()
            });
        }
        let first = usize::try_from(after).unwrap();
        let end = (first + 10).min(self.count);
        let skipped = wanted.skip.min(end - first);
        let numbers = (first + skipped..end).take(wanted.most);
        self.read.fetch_add(end - first, Ordering::Relaxed);
        Ok(FeaturePage {
            features: numbers.map(feature).collect(),
            skipped,
            next: (end < self.count).then_some((end as i64, 0)),
        })
    }

    fn layer(&self, _: &str, features: &mut dyn Iterator<Item = Feature>) -> Option<Layer> {
        Some(layer(features))
    }
}

static TABLE: &[&crate::server::parameter::Parameter] = &[&p::SORTBY, &p::FILTER];

/// Selects of so many numbers with a query, of which at most `together` may be put in one file or order.
fn with<R>(
    count: usize,
    together: usize,
    query: &str,
    check: impl FnOnce(&Archive<'_>, &Selection, &Numbers) -> R,
) -> R {
    let numbers = Numbers {
        count,
        read: AtomicUsize::new(0),
    };
    let empty = layer(&mut std::iter::empty());
    let memory = AnswerMemory::default();
    let archive = Archive {
        library: Behind::Store(&numbers),
        layer: &empty,
        ruled: true,
        memory: &memory,
        together,
    };
    let query = Query::read(Some(query), TABLE).unwrap();
    let selection = Selection::read(&query, &empty, &[], Language::English).unwrap();
    check(&archive, &selection, &numbers)
}

fn ids(layer: &Layer, found: &SelectedPage) -> Vec<String> {
    found
        .indexes
        .iter()
        .map(|&index| layer.at(index).id().to_owned())
        .collect()
}

/// From a report: files and sorted lists of more than 200,000 features were cut without a word.
#[test]
fn more_features_than_one_file_may_have_are_refused_and_never_cut() {
    // The limit is a multiple of the batch size, which hid the rest.
    for query in ["", "sortby=-number", "filter=number>=0"] {
        let whole = |count| {
            with(count, 50, query, |archive, selection, _| {
                archive.whole(selection, usize::MAX).map(|(layer, _)| layer.len())
            })
        };
        assert_eq!(whole(50).unwrap(), 50, "{query}");
        for count in [51, 60, 500] {
            let refused = whole(count).unwrap_err();
            assert_eq!(refused.status, 400, "{query} {count}");
            assert!(refused.detail.contains("more than 50 features"), "{}", refused.detail);
        }
    }
    let sorted = |count| {
        with(count, 50, "sortby=number", |archive, selection, _| {
            archive.page(selection, 0, 1).map(drop)
        })
    };
    assert!(sorted(50).is_ok());
    assert_eq!(sorted(51).unwrap_err().status, 400);
    with(500, 50, "", |archive, selection, numbers| {
        let (layer, _) = archive.whole(selection, 20).unwrap();
        assert_eq!(layer.len(), 20, "what the client limits itself is cut");
        assert!(numbers.read.load(Ordering::Relaxed) <= 30);
    });
}

#[test]
fn a_sorted_page_has_the_features_of_the_whole_order() {
    let page = |query: &str, offset, limit| {
        with(95, 100, query, |archive, selection, _| {
            let (layer, found) = archive.page(selection, offset, limit).unwrap();
            (ids(&layer, &found), found.total, found.more)
        })
    };
    let (first, total, more) = page("sortby=-number", 0, 3);
    assert_eq!(first, ["d94-m1", "d93-m1", "d92-m1"]);
    assert_eq!((total, more), (Some(95), true));
    let (last, _, more) = page("sortby=-number", 93, 10);
    assert_eq!((last, more), (vec!["d1-m1".to_owned(), "d0-m1".to_owned()], false));
    // Equal keys keep the order of arrival.
    let (equal, ..) = page("sortby=parity", 46, 4);
    assert_eq!(equal, ["d92-m1", "d94-m1", "d1-m1", "d3-m1"]);
    let (filtered, total, _) = page("sortby=-number&filter=parity='odd'", 1, 2);
    assert_eq!(filtered, ["d91-m1", "d89-m1"]);
    assert_eq!(total, Some(47));
}

#[test]
fn a_page_that_is_not_sorted_reads_no_more_than_it_needs() {
    with(1000, 100, "", |archive, selection, numbers| {
        let (layer, found) = archive.page(selection, 25, 10).unwrap();
        assert_eq!(ids(&layer, &found).first().map(String::as_str), Some("d25-m1"));
        assert_eq!((found.indexes.len(), found.more), (10, true));
        assert!(numbers.read.load(Ordering::Relaxed) <= 40);
    });
    with(1000, 100, "filter=parity='odd'", |archive, selection, _| {
        let (layer, found) = archive.page(selection, 2, 2).unwrap();
        assert_eq!(ids(&layer, &found), ["d5-m1", "d7-m1"]);
    });
}

/// From a report: a filter that nothing passes read the whole store, also when its client had gone.
#[test]
fn reading_the_store_ends_with_the_budget() {
    use crate::server::work::Budget;
    let budget = Budget::new(std::time::Duration::MAX, Arc::default()).with_looks(Some(4));
    for query in ["filter=number<0", "sortby=number"] {
        with(100_000, 200_000, query, |archive, selection, numbers| {
            let budget = budget.clone();
            let ended = work::within(&budget, || archive.page(selection, 0, 10).map(drop)).unwrap_err();
            assert_eq!((ended.status.as_u16(), ended.retry_after), (503, Some(5)));
            assert!(numbers.read.load(Ordering::Relaxed) < 1000, "{query}");
        });
    }
}
