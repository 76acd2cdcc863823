//! Claims: added, corrected, deleted.

use super::super::{
    access::Role,
    auth,
    documents::find,
    given::{self, Members},
    operations as o,
    parameter::Query,
    problem::{Problem, echo},
    request_context::{RequestContext, Segments, Shared, is_ruled},
    respond::Answer,
    services::DocumentRecord,
    state::App,
};
use super::{
    Subject, Write, edit_value, expected_edit, finish, history_of, last, members, of_document, store_edit, tagged,
    undo, with_location, with_status,
};
use crate::{
    geoparse::Claim,
    layers::ReadDocument,
    store::{Author, ClaimEdit, Edit, EditTarget, EditVerdict, NewEdit, edits_in_force},
};
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, request::Parts},
    response::Response,
};
use rustc_hash::FxHashSet;
use serde_json::{Value, json};
use std::sync::Arc;

/// A claim that an id names.
struct ClaimRecord {
    kept: DocumentRecord,
    edits: Vec<Edit>,
    number: u32,
}

impl ClaimRecord {
    fn target(&self) -> EditTarget {
        EditTarget::Claim(self.number)
    }

    fn claim(&self) -> Option<&Claim> {
        let id = format!("c{}", self.number);
        self.kept.read.parse.claims.iter().find(|claim| claim.id == id)
    }

    /// True if an edit in force deletes it.
    fn is_deleted(&self) -> bool {
        let mut force = edits_in_force(&self.edits).into_iter();
        force.any(|edit| edit.target == self.target() && matches!(edit.verdict, EditVerdict::DeleteClaim(_)))
    }

    fn own_id(&self) -> String {
        format!("{}-c{}", self.kept.read.document.id, self.number)
    }

    /// The claim, or why there is none.
    fn present(&self) -> Result<&Claim, Problem> {
        match self.claim() {
            Some(claim) => Ok(claim),
            None if self.is_deleted() => Err(Problem::gone(format!(
                "claim {id} was deleted by an analyst; /claims/{id}/rulings says by whom and why, and DELETE there takes it back",
                id = self.own_id()
            ))),
            None => Err(unknown_claim(&self.own_id())),
        }
    }
}

fn unknown_claim(id: &str) -> Problem {
    Problem::not_found(format!(
        "there is no claim {:?}; ids are those of the layer claims, like <document>-c1",
        echo(id)
    ))
}

/// The claim `<document>-c1`, present or deleted.
async fn find_claim(app: &Arc<App>, id: &str, ruled: bool) -> Result<ClaimRecord, Problem> {
    let (document, own) = id.split_once('-').ok_or_else(|| unknown_claim(id))?;
    let number = own
        .strip_prefix('c')
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let number = number
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| unknown_claim(id))?;
    let kept = find(app, document, ruled)
        .await
        .map_err(|problem| match problem.status.as_u16() {
            404 => unknown_claim(id),
            _ => problem,
        })?;
    let edits = of_document(app, document).await?;
    let named = ClaimRecord { kept, edits, number };
    let was_there = named.edits.iter().any(|edit| edit.target == named.target());
    match named.claim().is_some() || was_there {
        true => Ok(named),
        false => Err(unknown_claim(id)),
    }
}

/// A claim by itself: with its figures, its attribution, the edits in force and the machine's reading beside it.
async fn claim_value(app: &Arc<App>, named: &ClaimRecord, ruled: bool) -> Result<Value, Problem> {
    let parse = &named.kept.read.parse;
    let claim = named.present()?;
    let mut value = json!(claim);
    value["document"] = named.kept.read.document.id.as_str().into();
    value["figures"] = json!(parse.quantities_of(claim));
    value["said"] = json!(claim.attribution.as_deref().and_then(|id| parse.attribution(id)));
    if ruled {
        let document = named.kept.read.document.id.clone();
        let machine = find(app, &document, false).await?;
        mark(&mut value, named.number, &named.edits, &machine.read);
    }
    Ok(value)
}

/// Adds the edit in force to a claim, and the machine's reading of it.
fn mark(value: &mut Value, number: u32, edits: &[Edit], machine: &ReadDocument) {
    let target = EditTarget::Claim(number);
    let mut force = edits_in_force(edits).into_iter().filter(|edit| edit.target == target);
    let Some(newest) = force.next_back() else { return };
    value["ruling"] = edit_value(newest, true);
    let id = format!("c{number}");
    if let Some(claim) = machine.parse.claims.iter().find(|claim| claim.id == id) {
        value["machine"] = json!(claim);
        value["machine"]["figures"] = json!(machine.parse.quantities_of(claim));
    }
}

/// Corrections of the claims of one document, to be marked on them one after the other.
#[derive(Default)]
pub struct ClaimMarks {
    edits: Vec<Edit>,
    edited: FxHashSet<u32>,
    /// Those that were marked.
    present: FxHashSet<u32>,
    /// The document as the machine read it, if a claim of it was edited.
    machine: Option<DocumentRecord>,
}

impl ClaimMarks {
    /// Reads the corrections.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn read(app: &Arc<App>, id: &str) -> Result<Self, Problem> {
        let edits = of_document(app, id).await?;
        let edited: FxHashSet<u32> = edits
            .iter()
            .filter_map(|edit| match edit.target {
                EditTarget::Claim(number) => Some(number),
                _ => None,
            })
            .collect();
        let machine = match edited.is_empty() {
            true => None,
            false => Some(find(app, id, false).await?),
        };
        Ok(Self {
            edits,
            edited,
            machine,
            ..Self::default()
        })
    }

    /// Adds the decision on a claim, and its state before.
    pub fn mark(&mut self, claim: &mut Value) {
        let Some(machine) = &self.machine else { return };
        let number = claim["id"].as_str().and_then(|id| id.get(1..)?.parse::<u32>().ok());
        if let Some(number) = number.filter(|number| self.edited.contains(number)) {
            self.present.insert(number);
            mark(claim, number, &self.edits, &machine.read);
        }
    }

    /// The claims that were deleted, when all others have been marked.
    pub fn deleted(self) -> Vec<Value> {
        let Some(machine) = &self.machine else {
            return Vec::new();
        };
        let mut gone: Vec<u32> = self.edited.difference(&self.present).copied().collect();
        gone.sort_unstable();
        let deleted = gone.into_iter().filter_map(|number| {
            let mut value = json!({"id": format!("c{number}")});
            mark(&mut value, number, &self.edits, &machine.read);
            (value["ruling"]["ruling"] == "delete").then_some(value)
        });
        deleted.collect()
    }
}

/// GET `/claims/{claimId}`
pub async fn claim(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let ruled = is_ruled(&ask.query(o::TOLD)?);
    let named = find_claim(&app, &id, ruled).await?;
    let value = claim_value(&app, &named, ruled).await?;
    tagged(
        &ask.headers,
        "claim",
        last(&named.edits, named.target()),
        &value,
        StatusCode::OK,
    )
}

/// GET `/claims/{claimId}/rulings`
pub async fn claim_history(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    ask.query(o::JSON_ONLY)?;
    let named = find_claim(&app, &id, true).await?;
    let value = json!({"claim": id, "rulings": history_of(&named.edits, named.target())});
    Ok(Answer::json(&value).send(&ask.headers))
}

const CLAIM_MEMBERS: &str = "type, quote, figures, speaker, places, place, point, precision, day, reason, author";

/// The values of a claim in a body, with the places that they name.
fn claim_edit(
    app: &App,
    read: &ReadDocument,
    mut members: Members,
    own: Option<[usize; 2]>,
) -> Result<(ClaimEdit, Vec<crate::geoparse::MentionPlace>), Problem> {
    let quote = members.take("quote");
    let quote = quote.map(|quote| given::span(read, &quote, "quote")).transpose()?;
    let kind = members.text("type")?.map(|kind| given::kind(&kind)).transpose()?;
    let figures = members.take("figures");
    let figures = figures.map(|figures| given::figures(read, &figures)).transpose()?;
    let speaker = match members.take("speaker") {
        None => None,
        Some(Value::Null) => Some(None),
        Some(speaker) => Some(Some(given::speaker(read, &speaker, quote.or(own))?)),
    };
    let days = members.take("day").map(|day| given::days(&day)).transpose()?;
    let places = given::places(app, &mut members)?;
    members.end(CLAIM_MEMBERS)?;
    let edit = ClaimEdit {
        anchor: None,
        kind,
        quote,
        figures,
        speaker,
        places: places
            .as_ref()
            .map(|places| places.iter().map(|place| place.id.clone()).collect()),
        days,
    };
    Ok((edit, places.unwrap_or_default()))
}

/// POST `/documents/{documentId}/claims`
pub async fn add_claim(
    State(app): Shared,
    Segments(id): Segments<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    auth::may(&app, &parts, Role::Rule)?;
    let done = async {
        let example =
            "{\"type\": \"casualties\", \"quote\": {\"start\": 0, \"end\": 40}, \"figures\": [], \"reason\": \"…\"}";
        let mut members = members(&parts, body, example).await?;
        let write = Write::of_members(&parts, &mut members)?;
        let kept = find(&app, &id, true).await?;
        let (edit, places) = claim_edit(&app, &kept.read, members, None)?;
        for (name, is_given) in [("type", edit.kind.is_some()), ("quote", edit.quote.is_some())] {
            if !is_given {
                return Err(Problem::parameter(
                    name,
                    format!("{name} is required for a claim that is added"),
                ));
            }
        }
        let stored = store_edit(
            &app,
            NewEdit {
                document: id.clone(),
                target: None,
                verdict: EditVerdict::AddClaim(edit),
                places,
                seen: None,
                author: write.author.stored(),
                reason: write.reason,
            },
        )
        .await?;
        let EditTarget::Claim(number) = stored.target else {
            return Err(Problem::internal("a claim got no number"));
        };
        let claim = format!("{id}-c{number}");
        let response = shown_claim(&app, &parts, &claim, StatusCode::CREATED).await?;
        let location = format!(
            "{}/claims/{claim}",
            super::super::links::base(&app.settings, &parts.headers)
        );
        Ok((with_location(response, &location)?, write.author))
    };
    finish(&parts, &id, done.await)
}

/// The claim after a write.
async fn shown_claim(app: &Arc<App>, parts: &Parts, id: &str, status: StatusCode) -> Result<Response, Problem> {
    let named = find_claim(app, id, true).await?;
    let value = match named.is_deleted() || named.claim().is_none() {
        true => json!({"id": id, "deleted": true, "rulings": history_of(&named.edits, named.target())}),
        false => claim_value(app, &named, true).await?,
    };
    let last = last(&named.edits, named.target());
    let response = tagged(&parts.headers, "claim", last, &value, StatusCode::CREATED)?;
    Ok(with_status(response, status))
}

/// PATCH and DELETE `/claims/{claimId}`
pub async fn change_claim(
    State(app): Shared,
    Segments(id): Segments<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    auth::may(&app, &parts, Role::Rule)?;
    let done = async {
        let (write, verdict, places) = if parts.method == Method::DELETE {
            let query = Query::read(parts.uri.query(), o::DELETE_CLAIM)?;
            let named = find_claim(&app, &id, true).await?;
            named.present()?;
            let verdict = EditVerdict::DeleteClaim(anchored(&app, &named, ClaimEdit::default()).await?);
            (Write::of_query(&parts, &query)?, verdict, Vec::new())
        } else {
            let example = "{\"type\": \"clash\", \"reason\": \"…\"}";
            let mut members = members(&parts, body, example).await?;
            let write = Write::of_members(&parts, &mut members)?;
            match members.text("ruling")?.as_deref() {
                Some("undo") if members.is_empty() => (write, EditVerdict::Undo(0), Vec::new()),
                None | Some("correct") => {
                    let named = find_claim(&app, &id, true).await?;
                    let own = named.present()?.evidence.clone();
                    if members.is_empty() {
                        return Err(Problem::bad_request(format!(
                            "a correction needs at least one of {CLAIM_MEMBERS}"
                        )));
                    }
                    let own = own.part.key(own.offsets.byte);
                    let (edit, places) = claim_edit(&app, &named.kept.read, members, Some(own))?;
                    let edit = anchored(&app, &named, edit).await?;
                    (write, EditVerdict::CorrectClaim(edit), places)
                }
                Some(other) => {
                    return Err(Problem::parameter(
                        "ruling",
                        format!(
                            "ruling does not take {:?} here; it takes correct, or undo with nothing but reason and author",
                            echo(other)
                        ),
                    ));
                }
            }
        };
        change(&app, &parts, &id, (verdict, places), write).await
    };
    finish(&parts, &id, done.await)
}

/// DELETE `/claims/{claimId}/rulings`
pub async fn undo_claim(
    State(app): Shared,
    Segments(id): Segments<String>,
    request: Request,
) -> Result<Response, Problem> {
    undo(&app, &id, request, Subject::Claim).await
}

/// Sets the span and the type of the machine's claim in an edit; both outlive a new parse.
async fn anchored(app: &Arc<App>, named: &ClaimRecord, mut edit: ClaimEdit) -> Result<ClaimEdit, Problem> {
    let document = named.kept.read.document.id.clone();
    let target = named.target();
    let is_edited = named.edits.iter().any(|edit| edit.target == target);
    let id = format!("c{}", named.number);
    // Where title or date was corrected, the machine's claim is the one of the corrected document.
    let first = match is_edited {
        false => named.claim().cloned(),
        true => {
            let earlier = named.edits.iter().filter(|edit| edit.target == target);
            let mut earlier = earlier.filter_map(|edit| match &edit.verdict {
                EditVerdict::CorrectClaim(edit) | EditVerdict::DeleteClaim(edit) => edit.anchor,
                _ => None,
            });
            if let Some(anchor) = earlier.next_back() {
                edit.anchor = Some(anchor);
                return Ok(edit);
            }
            let machine = find(app, &document, false).await?;
            machine.read.parse.claims.iter().find(|claim| claim.id == id).cloned()
        }
    };
    edit.anchor = first.map(|claim| (claim.evidence.part.key(claim.evidence.offsets.byte), claim.kind));
    Ok(edit)
}

pub(super) async fn change(
    app: &Arc<App>,
    parts: &Parts,
    id: &str,
    (verdict, places): (EditVerdict, Vec<crate::geoparse::MentionPlace>),
    write: Write,
) -> Result<(Response, Author), Problem> {
    let named = find_claim(app, id, true).await?;
    let stored = store_edit(
        app,
        NewEdit {
            document: named.kept.read.document.id.clone(),
            target: Some(named.target()),
            verdict,
            places,
            seen: expected_edit(&parts.headers, "claim"),
            author: write.author.stored(),
            reason: write.reason,
        },
    );
    stored.await?;
    Ok((shown_claim(app, parts, id, StatusCode::OK).await?, write.author))
}
