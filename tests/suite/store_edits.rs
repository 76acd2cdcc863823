//! Edits of a store, run against each database: documents corrected, claims and mentions added, corrected and deleted; counts,
//! events and words follow, the machine's reading stays, and nothing is forgotten.

use crate::{
    common::geoparser,
    store_fixture::{Place, drawn, gazetteer_place, read, report, ruling, sound, store, stored},
};
use mahwar::{
    document::Document,
    geoparse::{Bound, ClaimType, Parse, Role},
    layers::Dimension,
    store::{
        ADDED_BASE, Change, ClaimEdit, DocumentEdit, DocumentField, Edit, EditTarget, EditVerdict, EventQuery, Figure,
        FindQuery, NewEdit, Question, Store, StoreError, TotalsQuery, Verdict, copy, edits_in_force,
    },
};

crate::store_fixture::contract! {
    a_correction_changes_day_counts_words_and_events_and_is_taken_back
    a_claim_is_added_corrected_deleted_and_given_back
    a_mention_that_was_missed_is_drawn_and_can_be_ruled
    an_edit_of_what_changed_meanwhile_is_refused
    edits_hold_after_a_reparse
    a_copy_has_the_edits
    a_deleted_document_takes_its_edits_away
    a_store_of_schema_5_is_opened_and_upgraded
    rebuilt_counts_are_those_of_the_edited_documents
}

const TEXT: &str = "The army said that five people were killed in an attack in Daquq on Monday. Kifri was quiet.";

fn reread(document: &Document) -> Parse {
    mahwar::geoparse::text_first(mahwar::geoparse::read_titled(
        document.own_title(),
        &document.text,
        |text| geoparser().geoparse_published(text, document.published.as_deref()),
    ))
}

fn put(store: &dyn Store) -> String {
    let mut new = read(TEXT, Some("2022-05-03"));
    new.parse = reread(&new.document);
    store.put(report(1)).unwrap();
    store.put(new).unwrap().id
}

fn edit(
    store: &dyn Store,
    document: &str,
    target: Option<EditTarget>,
    verdict: EditVerdict,
) -> Result<Edit, StoreError> {
    let ids: Vec<String> = match &verdict {
        EditVerdict::AddClaim(edit) | EditVerdict::CorrectClaim(edit) => edit.places.clone().unwrap_or_default(),
        EditVerdict::AddMention(_, place) => vec![place.clone()],
        _ => Vec::new(),
    };
    store.edit(
        &NewEdit {
            document: document.to_owned(),
            target,
            verdict,
            places: ids.iter().map(|id| gazetteer_place(id)).collect(),
            seen: None,
            author: "analyst\n".to_owned(),
            reason: Some("read it again".to_owned()),
        },
        &reread,
    )
}

fn correct(store: &dyn Store, document: &str, fields: &[(DocumentField, Option<&str>)]) -> Edit {
    let fields = fields.iter().map(|(field, value)| (*field, value.map(str::to_owned)));
    let verdict = EditVerdict::Document(fields.collect::<DocumentEdit>());
    edit(store, document, Some(EditTarget::Document), verdict).unwrap()
}

fn total(store: &dyn Store, dimension: Dimension, ruled: bool) -> Vec<(String, i64)> {
    let query = TotalsQuery {
        ruled,
        ..TotalsQuery::of(dimension)
    };
    let totals = store.totals(&query).unwrap();
    totals
        .into_iter()
        .map(|(value, counts)| (value, counts.claims))
        .collect()
}

fn span_of(words: &str) -> [usize; 2] {
    let at = TEXT.find(words).unwrap();
    [at, at + words.len()]
}

fn has_words(store: &dyn Store, words: &str) -> bool {
    let query = FindQuery {
        question: Some(Question::read(words).unwrap()),
        limit: 10,
        looked_at: 100,
        ..FindQuery::default()
    };
    !store.find(&query).unwrap().documents.is_empty()
}

fn event_days(store: &dyn Store) -> Vec<String> {
    let query = EventQuery {
        document: None,
        newest: false,
        after: None,
        limit: 100,
    };
    let events = store.events(&query).unwrap().events;
    events.iter().map(|event| event.days().from_date()).collect()
}

fn a_correction_changes_day_counts_words_and_events_and_is_taken_back(place: &dyn Place) {
    let store = store(place);
    let id = put(&*store);
    let before = stored(&*store, &id);
    let days = store.mention_places(true).unwrap();
    let events = event_days(&*store);
    assert!(events.contains(&"2022-05-02".to_owned()), "{events:?}");
    correct(
        &*store,
        &id,
        &[
            (DocumentField::Published, Some("2022-06-07")),
            (DocumentField::Publisher, Some("Agency")),
            (DocumentField::Title, Some("Shelling near Chamchamal")),
        ],
    );
    sound(&*store);
    let after = stored(&*store, &id);
    assert_eq!(after.read.document.id, before.read.document.id);
    assert_eq!(after.read.document.published.as_deref(), Some("2022-06-07"));
    // "Monday" is another day now.
    assert!(
        event_days(&*store).contains(&"2022-06-06".to_owned()),
        "{:?}",
        event_days(&*store)
    );
    assert!(has_words(&*store, "Chamchamal"));
    assert!(
        total(&*store, Dimension::Publisher, true)
            .iter()
            .any(|(value, _)| value == "Agency")
    );
    assert!(total(&*store, Dimension::Publisher, false).is_empty());
    // As the machine read it, the days are those that were declared.
    assert_eq!(store.mention_places(false).unwrap(), days);
    assert_ne!(store.mention_places(true).unwrap(), days);
    let declared = store.declared(&id).unwrap().expect("it is edited");
    assert_eq!(declared.document, before.read.document);
    assert_eq!(declared.parse, before.read.parse);
    // The text put again is this document.
    assert!(!store.put(read(TEXT, None)).unwrap().created);

    correct(&*store, &id, &[(DocumentField::Publisher, None)]);
    assert_eq!(stored(&*store, &id).read.document.publisher, None);
    assert_eq!(stored(&*store, &id).read.document.title, "Shelling near Chamchamal");
    let undone = edit(&*store, &id, Some(EditTarget::Document), EditVerdict::Undo(0)).unwrap();
    assert_eq!(undone.verdict, EditVerdict::Undo(2));
    assert_eq!(stored(&*store, &id).read.document.publisher.as_deref(), Some("Agency"));
    edit(&*store, &id, Some(EditTarget::Document), EditVerdict::Undo(0)).unwrap();
    let back = stored(&*store, &id);
    assert_eq!(
        (back.read.document, back.read.parse),
        (before.read.document, before.read.parse)
    );
    assert_eq!(store.mention_places(true).unwrap(), days);
    assert_eq!(event_days(&*store), events);
    assert!(!has_words(&*store, "Chamchamal") && store.declared(&id).unwrap().is_none());
    let nothing = edit(&*store, &id, Some(EditTarget::Document), EditVerdict::Undo(0));
    assert!(matches!(nothing, Err(StoreError::Missing(_))), "{nothing:?}");
    assert_eq!(store.edits(&id).unwrap().len(), 4);
    sound(&*store);
}

fn casualties(store: &dyn Store, id: &str) -> (EditTarget, ClaimEdit) {
    let parse = stored(store, id).read.parse;
    let claim = parse.claims.iter().find(|claim| claim.kind == ClaimType::Casualties);
    let claim = claim.expect("a claim of casualties");
    let edit = ClaimEdit {
        anchor: Some((claim.evidence.offsets.byte, claim.kind)),
        ..ClaimEdit::default()
    };
    (EditTarget::Claim(claim.id[1..].parse().unwrap()), edit)
}

fn killed(store: &dyn Store, ruled: bool) -> i64 {
    let query = TotalsQuery {
        ruled,
        ..TotalsQuery::of(Dimension::All)
    };
    store
        .totals(&query)
        .unwrap()
        .first()
        .map_or(0, |(_, counts)| counts.killed)
}

fn a_claim_is_added_corrected_deleted_and_given_back(place: &dyn Place) {
    let store = store(place);
    let id = put(&*store);
    let machine = stored(&*store, &id).read.parse;
    assert_eq!(killed(&*store, true), 5);
    let (target, anchor) = casualties(&*store, &id);
    let seven = ClaimEdit {
        figures: Some(vec![Figure {
            value: Some(7.0),
            upper: None,
            unit: "person".to_owned(),
            role: Some(Role::Killed),
            bound: Bound::AtLeast,
            span: None,
        }]),
        places: Some(vec!["IQG11Q04".to_owned()]),
        days: Some(Some(["2022-05-01".to_owned(), "2022-05-01".to_owned()])),
        ..anchor.clone()
    };
    edit(&*store, &id, Some(target), EditVerdict::CorrectClaim(seven)).unwrap();
    sound(&*store);
    assert_eq!((killed(&*store, true), killed(&*store, false)), (7, 5));
    assert!(event_days(&*store).contains(&"2022-05-01".to_owned()));
    let shown = stored(&*store, &id).read.parse;
    let claim = shown
        .claims
        .iter()
        .find(|claim| claim.kind == ClaimType::Casualties)
        .unwrap();
    assert_eq!(claim.places, ["IQG11Q04"]);
    assert_eq!(shown.quantities_of(claim)[0].bound, Bound::AtLeast);
    // Values that the edit does not name stay.
    assert!(claim.attribution.is_some());

    let added = edit(
        &*store,
        &id,
        None,
        EditVerdict::AddClaim(ClaimEdit {
            kind: Some(ClaimType::Meeting),
            quote: Some(span_of("Kifri was quiet")),
            speaker: Some(Some(span_of("The army"))),
            places: Some(vec!["IQG13".to_owned()]),
            ..ClaimEdit::default()
        }),
    )
    .unwrap();
    assert_eq!(added.target, EditTarget::Claim(ADDED_BASE + 1));
    let shown = stored(&*store, &id).read.parse;
    let claim = shown.claims.last().unwrap();
    assert_eq!((claim.id.as_str(), claim.status), ("c10000001", "claimed"));
    assert_eq!(claim.evidence.text, "Kifri was quiet");
    let rows = store.claims((0, 0), 100).unwrap().rows;
    let row = rows.iter().find(|row| row.ordinal == ADDED_BASE + 1).expect("a row");
    assert_eq!(
        (row.speaker.as_deref(), &row.places[..]),
        (Some("The army"), &["IQG13".to_owned()][..])
    );
    sound(&*store);

    edit(&*store, &id, Some(target), EditVerdict::DeleteClaim(anchor)).unwrap();
    assert_eq!((killed(&*store, true), killed(&*store, false)), (0, 5));
    let shown = stored(&*store, &id).read.parse;
    assert_eq!(shown.claims.len(), machine.claims.len());
    sound(&*store);
    for _ in 0..2 {
        edit(&*store, &id, Some(target), EditVerdict::Undo(0)).unwrap();
        sound(&*store);
    }
    edit(&*store, &id, Some(added.target), EditVerdict::Undo(0)).unwrap();
    assert_eq!(stored(&*store, &id).read.parse, machine);
    assert_eq!(killed(&*store, true), 5);
    // A number is never given twice.
    let again = EditVerdict::AddClaim(ClaimEdit {
        kind: Some(ClaimType::Clash),
        quote: Some(span_of("attack")),
        ..ClaimEdit::default()
    });
    assert_eq!(
        edit(&*store, &id, None, again).unwrap().target,
        EditTarget::Claim(ADDED_BASE + 2)
    );
    sound(&*store);
}

fn a_mention_that_was_missed_is_drawn_and_can_be_ruled(place: &dyn Place) {
    let store = store(place);
    let id = put(&*store);
    let before = store.mention_places(true).unwrap();
    let span = span_of("quiet");
    let added = edit(&*store, &id, None, EditVerdict::AddMention(span, "IQG11Q04".to_owned())).unwrap();
    assert_eq!(added.target, EditTarget::Mention(ADDED_BASE + 1));
    let drawn_at = |place: &str| {
        store
            .mention_places(true)
            .unwrap()
            .iter()
            .filter(|day| day.place.id == place)
            .count()
    };
    let makhmour = drawn_at("IQG11Q04");
    assert_ne!(store.mention_places(true).unwrap(), before);
    assert_eq!(store.mention_places(false).unwrap(), before);
    sound(&*store);
    // Rulings on it are like those on any other.
    let ruled = store.add_ruling(ruling(&id, span, Verdict::Reject)).unwrap();
    assert_eq!(store.mention_places(true).unwrap(), before);
    sound(&*store);
    store.undo(ruled.id, "analyst", None).unwrap();
    assert_eq!(drawn_at("IQG11Q04"), makhmour);
    sound(&*store);
    let twice = edit(&*store, &id, None, EditVerdict::AddMention(span, "IQG13".to_owned()));
    assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
    let known = drawn(&stored(&*store, &id).read.parse).span();
    let twice = edit(&*store, &id, None, EditVerdict::AddMention(known, "IQG13".to_owned()));
    assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
    edit(&*store, &id, Some(added.target), EditVerdict::Undo(0)).unwrap();
    assert_eq!(store.mention_places(true).unwrap(), before);
    sound(&*store);
}

fn an_edit_of_what_changed_meanwhile_is_refused(place: &dyn Place) {
    let store = store(place);
    let id = put(&*store);
    let new = |seen| NewEdit {
        document: id.clone(),
        target: Some(EditTarget::Document),
        verdict: EditVerdict::Document(DocumentEdit::from([(DocumentField::Publisher, Some("A".to_owned()))])),
        places: Vec::new(),
        seen,
        author: "a".to_owned(),
        reason: None,
    };
    let first = store.edit(&new(Some(0)), &reread).unwrap();
    let refused = store.edit(&new(Some(0)), &reread);
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    assert!(store.edit(&new(Some(first.id)), &reread).is_ok());
    let missing = store.edit(
        &NewEdit {
            document: "0123456789abcdef".to_owned(),
            ..new(None)
        },
        &reread,
    );
    assert!(matches!(missing, Err(StoreError::Missing(_))), "{missing:?}");
    let moment = store.moment().unwrap();
    store.edit(&new(None), &reread).unwrap();
    let changes = store.changes_after(&moment, 10).unwrap().unwrap().changes;
    assert!(
        changes
            .iter()
            .any(|(_, change)| matches!(change, Change::Edit(edit) if edit.document == id))
    );
}

/// A store with every kind of edit.
fn edited(store: &dyn Store) -> String {
    let id = put(store);
    let (target, anchor) = casualties(store, &id);
    let clash = ClaimEdit {
        kind: Some(ClaimType::Clash),
        ..anchor
    };
    edit(store, &id, Some(target), EditVerdict::CorrectClaim(clash)).unwrap();
    let span = span_of("quiet");
    edit(store, &id, None, EditVerdict::AddMention(span, "IQG11Q04".to_owned())).unwrap();
    store.add_ruling(ruling(&id, span, Verdict::Associative)).unwrap();
    correct(
        store,
        &id,
        &[
            (DocumentField::Title, Some("Kirkuk")),
            (DocumentField::Published, Some("2022-07-01")),
        ],
    );
    id
}

fn edits_hold_after_a_reparse(place: &dyn Place) {
    let store = store(place);
    let id = edited(&*store);
    let before = stored(&*store, &id).read;
    let text = (1..=10)
        .find_map(|number| store.text(number).unwrap().filter(|text| text.id == id))
        .unwrap();
    assert_eq!(text.title.as_deref(), Some("Kirkuk"));
    let mut document = before.document.clone();
    let parse = reread(&document);
    let done = store.reparse(&id, &parse).unwrap();
    assert_eq!((done.changed, done.kept.len(), done.strays.len()), (false, 1, 0));
    // A geoparser that finds nothing: the machine's findings are gone, the analysts' additions stay.
    let done = store.reparse(&id, &Parse::default()).unwrap();
    assert_eq!((done.changed, done.kept.len()), (true, 1));
    let bare = stored(&*store, &id).read;
    assert_eq!((bare.parse.mentions.len(), bare.parse.claims.len()), (1, 0));
    assert_eq!(bare.document.title, "Kirkuk");
    sound(&*store);
    assert!(store.reparse(&id, &parse).unwrap().changed);
    assert_eq!(stored(&*store, &id).read.parse, before.parse);
    sound(&*store);
    // As it was declared, too.
    let declared = store.declared(&id).unwrap().unwrap();
    assert_eq!(store.reparse_declared(&id, &declared.parse), Ok(false));
    assert_eq!(store.reparse_declared(&id, &Parse::default()), Ok(true));
    assert!(store.mention_places(false).unwrap().len() < store.mention_places(true).unwrap().len());
    sound(&*store);
    assert_eq!(store.reparse_declared(&id, &declared.parse), Ok(true));
    sound(&*store);
    document.title.clear();
    assert_eq!(edits_in_force(&store.edits(&id).unwrap()).len(), 3);
}

fn a_copy_has_the_edits(place: &dyn Place) {
    let from = store(place);
    let id = edited(&*from);
    let other_place = place.another();
    let to = store(&*other_place);
    copy(&*from, &*to, &mut |_, _| {}).unwrap();
    let (a, b) = (stored(&*from, &id), stored(&*to, &id));
    assert_eq!(
        (a.read.document, a.read.parse, a.version),
        (b.read.document, b.read.parse, b.version)
    );
    assert_eq!(from.edits(&id), to.edits(&id));
    assert_eq!(from.rulings(&id), to.rulings(&id));
    let declared = |store: &dyn Store| store.declared(&id).unwrap().map(|read| (read.document, read.parse));
    assert_eq!(declared(&*from), declared(&*to));
    assert_eq!(from.mention_places(true), to.mention_places(true));
    assert_eq!(event_days(&*from), event_days(&*to));
    sound(&*to);
    // Once more changes nothing, and a later edit follows.
    copy(&*from, &*to, &mut |_, _| {}).unwrap();
    correct(&*from, &id, &[(DocumentField::Publisher, Some("Late"))]);
    copy(&*from, &*to, &mut |_, _| {}).unwrap();
    assert_eq!(stored(&*to, &id).read.document.publisher.as_deref(), Some("Late"));
    sound(&*to);
}

fn a_deleted_document_takes_its_edits_away(place: &dyn Place) {
    let store = store(place);
    let id = edited(&*store);
    assert_eq!(store.counts().unwrap().rulings, 4);
    store.delete(&id, None, "a draft").unwrap();
    assert_eq!(store.counts().unwrap().rulings, 0);
    assert!(matches!(store.edits(&id), Err(StoreError::Missing(_))));
    sound(&*store);
}

fn a_store_of_schema_5_is_opened_and_upgraded(place: &dyn Place) {
    let one = store(place);
    let id = put(&*one);
    one.add_ruling(ruling(
        &id,
        drawn(&stored(&*one, &id).read.parse).span(),
        Verdict::Reject,
    ))
    .unwrap();
    let before = stored(&*one, &id).read;
    drop(one);
    let version = match place.bytes().starts_with('x') {
        true => "PRAGMA user_version = 5",
        false => "UPDATE store_schema SET version = 5",
    };
    place.run(&format!(
        "DROP TABLE claim_units; DROP INDEX claim_places_place; ALTER TABLE store DROP COLUMN unplaced; \
         DROP INDEX claims_said; DROP INDEX mentions_confidence; DROP INDEX documents_language; \
         DROP INDEX counts_kinds; DROP INDEX counts_speakers; \
         DROP INDEX deletions_words; ALTER TABLE deletions DROP COLUMN words; DROP INDEX parses_reader; \
         ALTER TABLE parses DROP COLUMN reader; DROP TABLE edited; DROP TABLE edits; \
         ALTER TABLE store DROP COLUMN last_edit; {version};"
    ));
    let again = store(place);
    sound(&*again);
    let after = stored(&*again, &id).read;
    assert_eq!((after.document, after.parse), (before.document, before.parse));
    assert_eq!(again.rulings(&id).unwrap().len(), 1);
    correct(&*again, &id, &[(DocumentField::Publisher, Some("Agency"))]);
    sound(&*again);
}

fn rebuilt_counts_are_those_of_the_edited_documents(place: &dyn Place) {
    let store = store(place);
    edited(&*store);
    let counts = |ruled| {
        (
            store.mention_places(ruled).unwrap(),
            total(&*store, Dimension::All, ruled),
        )
    };
    let before = [counts(true), counts(false)];
    store.rebuild().unwrap();
    assert_eq!([counts(true), counts(false)], before);
    sound(&*store);
}
