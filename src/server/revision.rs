//! The words in which a corrected document differs from the one before it.

use super::{
    archive, documents,
    problem::Problem,
    state::{App, StoredDocument},
    work::{Task, WorkKind},
};
use serde_json::{Value, json};
use similar::{DiffOp, DiffTag, TextDiff};
use std::{ops::Range, sync::Arc, time::Duration};

/// Fact of a document that names the earlier one; feeds state it of corrected entries.
const REVISION_OF: &str = "revision_of";
/// Bytes of the longer of two texts that are compared.
const MAX_BYTES: usize = 200_000;
/// Changes that are listed.
const MAX_CHANGES: usize = 100;
/// Later changes are given as one when the comparison takes longer.
const MOST: Duration = Duration::from_millis(300);

/// Comparing two texts word by word.
const COMPARE: Task = Task {
    kind: WorkKind::Document,
    cost: 20_000,
};

/// The earlier version of a document and the words that changed since; `None` for a document that corrects no other.
pub async fn of(app: &Arc<App>, stored: &Arc<StoredDocument>, shows_texts: bool) -> Result<Option<Value>, Problem> {
    let Some(earlier) = earlier_id(stored) else {
        return Ok(None);
    };
    let mut value = json!({"of": earlier});
    let earlier = match documents::find(app, &earlier, false).await {
        Ok(earlier) => earlier.read,
        // It was deleted, or is in another store.
        Err(problem) if problem.status.is_client_error() => return Ok(Some(value)),
        Err(problem) => return Err(problem),
    };
    if !shows_texts {
        return Ok(Some(value));
    }
    let later = Arc::clone(stored);
    let changes = archive::blocking(app, COMPARE, move |_| {
        let titles = [&*earlier.document.title, &*later.document.title];
        Ok(changes(titles, [&*earlier.document.text, &*later.document.text]))
    });
    if let Some((changes, more)) = changes.await? {
        value["changes"] = changes.into();
        value["more"] = more.into();
    }
    Ok(Some(value))
}

fn earlier_id(stored: &StoredDocument) -> Option<String> {
    let details = serde_json::to_value(&stored.document.details).ok()?;
    let facts = details["facts"].as_array()?;
    let fact = facts.iter().rfind(|fact| fact["name"] == REVISION_OF)?;
    Some(fact["value"].as_str()?.to_owned()).filter(|id| *id != stored.document.id)
}

/// Stretches of words that were replaced, and the number of those that are not listed; `None` for texts that are too long.
fn changes(titles: [&str; 2], texts: [&str; 2]) -> Option<(Vec<Value>, usize)> {
    if texts.iter().any(|text| text.len() > MAX_BYTES) {
        return None;
    }
    let mut found = Vec::new();
    if titles[0] != titles[1] {
        found.push(json!({"in": "title", "removed": titles[0], "added": titles[1]}));
    }
    let compared = TextDiff::configure().timeout(MOST).diff_words(texts[0], texts[1]);
    let (old, new) = (compared.old_slices(), compared.new_slices());
    for [removed, added] in stretches(compared.ops(), new) {
        let start: usize = new[..added.start].iter().map(|word| word.chars().count()).sum();
        let added = new[added].concat();
        found.push(json!({
            "in": "text",
            "removed": old[removed].concat().trim(),
            "added": added.trim(),
            "start": start + added.chars().take_while(|letter| letter.is_whitespace()).count(),
            "end": start + added.trim_end().chars().count(),
        }));
    }
    let more = found.len().saturating_sub(MAX_CHANGES);
    found.truncate(MAX_CHANGES);
    Some((found, more))
}

/// Ranges of changed words in both texts; changes with only blanks between them are one.
fn stretches(ops: &[DiffOp], new: &[&str]) -> Vec<[Range<usize>; 2]> {
    let mut found: Vec<[Range<usize>; 2]> = Vec::new();
    let mut goes_on = false;
    for op in ops {
        let (tag, removed, added) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            goes_on &= new[added].iter().all(|word| word.trim().is_empty());
            continue;
        }
        match found.last_mut().filter(|_| goes_on) {
            Some([old, new]) => (old.end, new.end) = (removed.end, added.end),
            None => found.push([removed, added]),
        }
        goes_on = true;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> Vec<[String; 2]> {
        let (found, more) = changes(["", ""], [before, after]).unwrap();
        assert_eq!(more, 0);
        let letters: Vec<char> = after.chars().collect();
        let told = found.iter().map(|change| {
            let [start, end] = ["start", "end"].map(|name| usize::try_from(change[name].as_u64().unwrap()).unwrap());
            let added = change["added"].as_str().unwrap();
            assert_eq!(
                letters[start..end.max(start)].iter().collect::<String>(),
                added,
                "{change}"
            );
            [change["removed"].as_str().unwrap().to_owned(), added.to_owned()]
        });
        told.collect()
    }

    #[test]
    fn changed_words_are_named_with_their_offsets() {
        let pairs = |pairs: &[[&str; 2]]| pairs.iter().map(|pair| pair.map(str::to_owned)).collect::<Vec<_>>();
        assert_eq!(told("ثلاثة قتلى في داقوق", "ثلاثة قتلى في داقوق"), pairs(&[]));
        assert_eq!(
            told("مقتل ثلاثة أشخاص في داقوق", "مقتل خمسة جنود في داقوق"),
            pairs(&[["ثلاثة أشخاص", "خمسة جنود"]])
        );
        assert_eq!(
            told("Five died near Daquq.", "Police said five died near Daquq on Friday."),
            pairs(&[["Five", "Police said five"], ["Daquq.", "Daquq on Friday."]])
        );
        assert_eq!(told("One two three", "One three"), pairs(&[["two", ""]]));
        assert_eq!(told("", "😀 نوێ"), pairs(&[["", "😀 نوێ"]]));
    }

    #[test]
    fn long_lists_are_cut_and_long_texts_are_left_alone() {
        let [before, after] = ["a same ", "b same "].map(|words| words.repeat(150));
        let (found, more) = changes(["old", "new"], [&before, &after]).unwrap();
        assert_eq!(
            (found.len(), found[0]["in"].as_str(), more),
            (MAX_CHANGES, Some("title"), 51)
        );
        assert!(changes(["", ""], ["", &"x".repeat(MAX_BYTES + 1)]).is_none());
    }
}
