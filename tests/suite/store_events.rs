//! Events of a store, run against each database: linked as documents come, kept right by deletions, rulings and new parses,
//! decided by analysts, copied, and filled in stores from before.

use crate::store_fixture::{Place, drawn, gazetteer_place, read, ruling, sound, store};
use mahwar::{
    events::Event,
    geoparse::Parse,
    store::{EventDecision, EventQuery, EventVerdict, NewEventRuling, Store, StoreError, Verdict, copy},
};

crate::store_fixture::contract! {
    accounts_of_one_day_and_place_are_one_event
    the_order_of_batches_decides_nothing
    a_deletion_takes_an_account_away_and_leaves_the_others_linked
    a_reparse_links_a_document_anew
    a_ruling_on_a_mention_moves_its_claim_to_another_event
    a_split_holds_for_later_documents_and_after_a_reparse
    a_join_holds_for_later_documents_and_can_be_undone
    a_decision_on_an_event_that_changed_is_refused
    a_decision_about_nothing_is_refused
    a_copy_has_the_events_and_the_decisions
    a_store_from_before_events_is_filled_step_by_step
    rebuilt_events_are_those_that_were_there
    events_come_page_by_page
}

const DAY: Option<&str> = Some("2022-05-02");
const THREE: &str = "Three soldiers were killed in an attack in Daquq, the army said.";
const SEVEN: &str = "A local official said that seven people were killed in Daquq.";
const FIVE: &str = "At least five people were killed in Daquq.";

fn events(store: &dyn Store) -> Vec<Event> {
    let query = EventQuery {
        document: None,
        newest: false,
        after: None,
        limit: 1000,
    };
    store.events(&query).unwrap().events
}

/// The claims of each event, events in the order of their ids.
fn groups(store: &dyn Store) -> Vec<Vec<String>> {
    let members = |event: &Event| {
        event
            .members
            .iter()
            .map(|member| member.account.claim.to_string())
            .collect()
    };
    let mut groups: Vec<Vec<String>> = events(store).iter().map(members).collect();
    groups.sort();
    groups
}

fn put(store: &dyn Store, text: &str, day: Option<&str>) -> String {
    let mut new = read(text, day);
    // Each from an outlet of its own.
    new.document.publisher = Some(format!("Paper {}", new.document.id));
    store.put(new).unwrap().id
}

fn decide(store: &dyn Store, event: &str, decision: EventDecision) -> Result<EventVerdict, StoreError> {
    let ruled = store.rule_events(&NewEventRuling {
        event: event.to_owned(),
        decision,
        seen: None,
        author: "analyst\n".to_owned(),
        reason: Some("read both".to_owned()),
    });
    ruled.map(|ruling| ruling.verdict)
}

fn accounts_of_one_day_and_place_are_one_event(place: &dyn Place) {
    let store = store(place);
    let ids: Vec<String> = [THREE, SEVEN, FIVE]
        .iter()
        .map(|text| put(&*store, text, DAY))
        .collect();
    put(
        &*store,
        "Three soldiers were killed in an attack in Kifri, the army said.",
        DAY,
    );
    put(
        &*store,
        "Three soldiers were killed in an attack in Daquq.",
        Some("2022-05-09"),
    );
    put(&*store, "Four soldiers were killed in an attack in Daquq.", None);
    let all = events(&*store);
    assert_eq!(all.len(), 3, "{:?}", groups(&*store));
    let event = store.event(&format!("{}-c1", ids[1])).unwrap().unwrap();
    assert_eq!(event.id(), format!("{}-c1", ids[0]));
    assert_eq!(event.members.len(), 3);
    let json = event.to_json();
    assert_eq!(json["differs_in"], serde_json::json!(["killed"]));
    let values: Vec<_> = json["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["figures"]["killed"]["value"])
        .collect();
    assert!(
        values.contains(&&serde_json::json!(3.0)) && values.contains(&&serde_json::json!(7.0)),
        "{values:?}"
    );
    sound(&*store);
}

fn the_order_of_batches_decides_nothing(place: &dyn Place) {
    let texts = [
        THREE,
        SEVEN,
        FIVE,
        "Six people were killed in Kifri.",
        "Six people died in an attack in Kifri.",
    ];
    let one = store(place);
    for text in texts {
        put(&*one, text, DAY);
    }
    let other_place = place.another();
    let other = store(&*other_place);
    other
        .put_many(texts.iter().map(|text| read(text, DAY)).collect())
        .unwrap();
    assert_eq!(groups(&*one), groups(&*other));
}

fn a_deletion_takes_an_account_away_and_leaves_the_others_linked(place: &dyn Place) {
    let store = store(place);
    let ids: Vec<String> = [THREE, SEVEN, FIVE]
        .iter()
        .map(|text| put(&*store, text, DAY))
        .collect();
    store.delete(&ids[0], None, "test").unwrap();
    let all = events(&*store);
    assert_eq!((all.len(), all[0].members.len()), (1, 2));
    assert_eq!(all[0].id(), format!("{}-c1", ids[1]));
    assert!(store.event(&format!("{}-c1", ids[0])).unwrap().is_none());
    sound(&*store);
    store.delete(&ids[1], None, "test").unwrap();
    store.delete(&ids[2], None, "test").unwrap();
    assert!(events(&*store).is_empty());
    sound(&*store);
}

fn a_reparse_links_a_document_anew(place: &dyn Place) {
    let store = store(place);
    let first = put(&*store, THREE, DAY);
    let second = read(SEVEN, DAY);
    let id = store.put(second.clone()).unwrap().id;
    let empty = Parse {
        language: second.parse.language,
        ..Parse::default()
    };
    store.reparse(&id, &empty).unwrap();
    assert_eq!(groups(&*store), [vec![format!("{first}-c1")]]);
    store.reparse(&id, &second.parse).unwrap();
    assert_eq!(events(&*store)[0].members.len(), 2);
    sound(&*store);
}

fn a_ruling_on_a_mention_moves_its_claim_to_another_event(place: &dyn Place) {
    let store = store(place);
    put(&*store, THREE, DAY);
    let second = read(SEVEN, DAY);
    let id = store.put(second.clone()).unwrap().id;
    assert_eq!(events(&*store).len(), 1);
    let span = drawn(&second.parse).offsets.byte;
    let makhmour = gazetteer_place("IQG11Q04");
    store
        .add_ruling(ruling(&id, span, Verdict::Move(Box::new(makhmour))))
        .unwrap();
    let all = events(&*store);
    assert_eq!(all.len(), 2, "{all:?}");
    let moved = store.event(&format!("{id}-c1")).unwrap().unwrap();
    assert_eq!(moved.members[0].account.site.places[0].id, "IQG11Q04");
    let last = store.rulings(&id).unwrap().pop().unwrap();
    store.undo(last.id, "analyst", None).unwrap();
    assert_eq!(events(&*store).len(), 1);
    sound(&*store);
}

fn a_split_holds_for_later_documents_and_after_a_reparse(place: &dyn Place) {
    let store = store(place);
    let first = put(&*store, THREE, DAY);
    let second = read(SEVEN, DAY);
    let id = store.put(second.clone()).unwrap().id;
    let (first_claim, second_claim) = (format!("{first}-c1"), format!("{id}-c1"));
    let version = store.version().unwrap();
    decide(&*store, &first_claim, EventDecision::Split(vec![second_claim.clone()])).unwrap();
    assert!(store.version().unwrap() > version);
    assert_eq!(events(&*store).len(), 2);
    let empty = Parse {
        language: second.parse.language,
        ..Parse::default()
    };
    store.reparse(&id, &empty).unwrap();
    store.reparse(&id, &second.parse).unwrap();
    assert_eq!(events(&*store).len(), 2);
    let third = put(&*store, FIVE, DAY);
    assert_eq!(events(&*store).len(), 2, "a later account joins one of the two");
    assert!(store.event(&format!("{third}-c1")).unwrap().unwrap().members.len() == 2);
    let history = store.event_rulings(&first_claim).unwrap();
    assert_eq!(
        (history.len(), history[0].verdict, history[0].in_force),
        (1, EventVerdict::Split, true)
    );
    assert_eq!(history[0].claims.len(), 2);
    sound(&*store);
}

fn a_join_holds_for_later_documents_and_can_be_undone(place: &dyn Place) {
    let store = store(place);
    let first = put(&*store, THREE, DAY);
    let other = put(&*store, "Seven people were killed in Kifri.", DAY);
    assert_eq!(events(&*store).len(), 2);
    let (first, other) = (format!("{first}-c1"), format!("{other}-c1"));
    assert_eq!(
        decide(&*store, &first, EventDecision::Join(vec![other.clone()])),
        Ok(EventVerdict::Join)
    );
    let all = events(&*store);
    assert_eq!((all.len(), all[0].members.len(), all[0].ruled), (1, 2, true));
    put(&*store, FIVE, DAY);
    assert_eq!(events(&*store)[0].members.len(), 3);
    decide(&*store, &other, EventDecision::Undo).unwrap();
    assert_eq!(events(&*store).len(), 2);
    let history = store.event_rulings(&first).unwrap();
    assert_eq!(history.len(), 2, "{history:?}");
    assert!(!history[0].in_force && matches!(history[1].verdict, EventVerdict::Undo(id) if id == history[0].id));
    assert!(matches!(
        decide(&*store, &first, EventDecision::Undo),
        Err(StoreError::Missing(_))
    ));
    sound(&*store);
}

fn a_decision_on_an_event_that_changed_is_refused(place: &dyn Place) {
    let store = store(place);
    let first = format!("{}-c1", put(&*store, THREE, DAY));
    let second = format!("{}-c1", put(&*store, SEVEN, DAY));
    let seen = store.event(&first).unwrap().unwrap().version;
    put(&*store, FIVE, DAY);
    let new = |seen| NewEventRuling {
        event: first.clone(),
        decision: EventDecision::Split(vec![second.clone()]),
        seen: Some(seen),
        author: "analyst".to_owned(),
        reason: None,
    };
    assert!(matches!(store.rule_events(&new(seen)), Err(StoreError::Conflict(_))));
    let seen = store.event(&first).unwrap().unwrap().version;
    assert!(store.rule_events(&new(seen)).is_ok());
}

fn a_decision_about_nothing_is_refused(place: &dyn Place) {
    let store = store(place);
    let first = format!("{}-c1", put(&*store, THREE, DAY));
    let second = format!("{}-c1", put(&*store, SEVEN, DAY));
    let refused = |decision| decide(&*store, &first, decision).unwrap_err();
    assert!(matches!(
        refused(EventDecision::Join(vec![second.clone()])),
        StoreError::Conflict(_)
    ));
    assert!(matches!(
        refused(EventDecision::Split(vec![first.clone(), second.clone()])),
        StoreError::Conflict(_)
    ));
    assert!(matches!(
        refused(EventDecision::Split(Vec::new())),
        StoreError::Conflict(_)
    ));
    assert!(matches!(
        refused(EventDecision::Split(vec!["0-c9".into()])),
        StoreError::Missing(_)
    ));
    assert!(matches!(
        decide(&*store, "none", EventDecision::Undo),
        Err(StoreError::Missing(_))
    ));
}

fn a_copy_has_the_events_and_the_decisions(place: &dyn Place) {
    let from = store(place);
    let ids: Vec<String> = [THREE, SEVEN, FIVE].iter().map(|text| put(&*from, text, DAY)).collect();
    let claims = vec![format!("{}-c1", ids[1])];
    decide(&*from, &format!("{}-c1", ids[0]), EventDecision::Split(claims)).unwrap();
    let other_place = place.another();
    let to = store(&*other_place);
    copy(&*from, &*to, &mut |_, _| {}).unwrap();
    assert_eq!(groups(&*from), groups(&*to));
    let id = format!("{}-c1", ids[0]);
    assert_eq!(from.event_rulings(&id).unwrap(), to.event_rulings(&id).unwrap());
    // Once more changes nothing.
    copy(&*from, &*to, &mut |_, _| {}).unwrap();
    assert_eq!(groups(&*from), groups(&*to));
    sound(&*to);
}

fn a_store_from_before_events_is_filled_step_by_step(place: &dyn Place) {
    let one = store(place);
    let texts = (0..120).map(|number| {
        let text = format!("{} people were killed in Daquq. Report {number}.", number % 7 + 2);
        read(&text, Some(["2022-05-02", "2022-06-02", "2022-07-02"][number % 3]))
    });
    one.put_many(texts.collect()).unwrap();
    let expected = groups(&*one);
    drop(one);
    // As the migration leaves it.
    place.run(
        "DELETE FROM event_claims; DELETE FROM events; UPDATE event_state SET last_event = 0, linked = 0,
         upto = (SELECT last_document FROM store)",
    );
    let again = store(place);
    assert!(events(&*again).is_empty());
    assert_eq!(again.link_events(), Ok(20));
    drop(again);
    let again = store(place);
    assert_eq!(again.link_events(), Ok(0));
    assert_eq!(again.link_events(), Ok(0));
    assert_eq!(groups(&*again), expected);
    sound(&*again);
}

fn rebuilt_events_are_those_that_were_there(place: &dyn Place) {
    let store = store(place);
    for text in [THREE, SEVEN, FIVE, "Six people were killed in Kifri."] {
        put(&*store, text, DAY);
    }
    let before = groups(&*store);
    place.run("UPDATE events SET claims = 9");
    assert!(!store.check(&mut |_, _| {}).unwrap().is_empty());
    store.rebuild().unwrap();
    assert_eq!(groups(&*store), before);
    sound(&*store);
}

fn events_come_page_by_page(place: &dyn Place) {
    let store = store(place);
    for day in 10..20 {
        put(
            &*store,
            &format!("{day} people were killed in Daquq."),
            Some(&format!("20{day}-05-02")),
        );
    }
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = store
            .events(&EventQuery {
                document: None,
                newest: true,
                after,
                limit: 4,
            })
            .unwrap();
        seen.extend(page.events.iter().map(|event| event.key));
        assert!(page.total >= 9, "{}", page.total);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert!(seen.is_sorted_by(|a, b| a > b) && seen.len() >= 9, "{seen:?}");
}
