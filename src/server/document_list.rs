//! The list of documents: by their words, claims, mentions and sources, with snippets and facets.

use super::{
    access, archive, atom, counting,
    documents::{READ, in_memory, library, summary},
    negotiate::{self, Format},
    operations as o,
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    request_context::{RequestContext, Shared},
    respond::Answer,
    selection,
    services::DocumentRecord,
    state::App,
    work,
};
use crate::{
    layers::{Days, ReadDocument, day_of, kind_word, quoted_parts},
    store::{FindQuery, Order, Question},
};
use axum::{extract::State, response::Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// Documents that are read at once: one may be large.
const CHUNK: usize = 20;
/// Documents that are looked at for one page of words beside each other.
const LOOKED_AT: usize = 2_000;

/// `/documents`
pub async fn all(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    archive::blocking(&app, READ, move |app| list(app, &ask)).await
}

/// A page of the list.
struct Listed<T> {
    documents: Vec<T>,
    /// The number to go on after; `None` at the end.
    next: Option<i64>,
    /// Ids of documents that cannot be read.
    damaged: Vec<String>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self {
            documents: Vec::new(),
            next: None,
            damaged: Vec::new(),
        }
    }
}

fn list(app: &App, ask: &RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::DOCUMENTS)?;
    let is_atom = negotiate::format(&query, &ask.headers, &[Format::Json, Format::Atom]) == Format::Atom;
    // A text could be put together from its snippets, and from the words that find it.
    let shows_texts = access::is_shown_texts(app, ask.visitor.as_deref());
    let mut wanted = wanted(app, &query)?;
    wanted.quoted_only = !shows_texts;
    if is_atom {
        for parameter in [&p::ORDER, &p::FACETS] {
            if query.text(parameter).is_some() && query.text(parameter) != Some("newest") {
                return Err(Problem::parameter(
                    parameter.name,
                    format!(
                        "a feed has the newest documents first and no facets; leave {} out",
                        parameter.name
                    ),
                ));
            }
        }
        wanted.order = Order::Newest;
        if query.text(&p::DOCUMENTS_LIMIT).is_none() {
            wanted.limit = atom::PAGE;
        }
    }
    let snippets = wanted.question.as_ref().filter(|_| shows_texts);
    if is_atom {
        let base = ask.base(&app.settings);
        let language = ask.language(&query);
        let codes = &app.about.codes;
        let listed = listed(app, &wanted, &|kept| {
            atom::document_entry(codes, &base, kept, snippets, language)
        })?;
        let page = atom::ListPage {
            next: next_page(app, ask, listed.next, wanted.limit, "&f=atom"),
            language,
        };
        return atom::documents(app, ask, listed.documents, page);
    }
    let listed = listed(app, &wanted, &|kept| shown(kept, snippets, shows_texts))?;
    let total = matching(app, &wanted)?;
    let mut value = json!({"documents": listed.documents});
    if let Some(total) = total {
        value["total"] = total.into();
        value["numberMatched"] = total.into();
    }
    if let Some(next) = next_page(app, ask, listed.next, wanted.limit, "") {
        value["next"] = next.into();
    }
    // They are in the store and cannot be read.
    if !listed.damaged.is_empty() {
        value["damaged"] = listed.damaged.into();
    }
    if let Some(names) = query.list(&p::FACETS) {
        let names: Vec<&str> = names.collect();
        if wanted.question.is_some() {
            return Err(Problem::parameter(
                p::FACETS.name,
                "facets are counted for what documents say, not for their words; leave q out".to_owned(),
            ));
        }
        value["facets"] = counting::facets_for(app, &query, &names)?;
    }
    Ok(Answer::json(&value).send_from(app, &ask.headers))
}

/// How many documents fit in all; [`None`] for words beside each other, for which texts would have to be read.
fn matching(app: &App, wanted: &FindQuery) -> Result<Option<u64>, Problem> {
    if app.library().is_none() {
        let snapshot = app.snapshot();
        let fitting = snapshot.documents().iter().filter(|read| fits(app, read, wanted));
        return Ok(Some(fitting.count() as u64));
    }
    let library = library(app)?;
    if wanted.is_everything() {
        return Ok(Some(library.count()));
    }
    Ok(library
        .counts()
        .map(|store| store.count_matching(wanted))
        .transpose()?
        .flatten())
}

fn question(text: &str) -> Result<Question, Problem> {
    Question::read(text).map_err(|error| Problem::parameter(p::WORDS.name, format!("q {:?}: {error}", echo(text))))
}

/// Ids of the newest documents with some words, at most so many. Without `shows_texts` the words are looked for in titles
/// and quotes only.
pub fn with_words(app: &App, words: &str, shows_texts: bool, most: usize) -> Result<Vec<String>, Problem> {
    let mut wanted = FindQuery {
        question: Some(question(words)?),
        quoted_only: !shows_texts,
        order: Order::Newest,
        limit: CHUNK,
        looked_at: LOOKED_AT,
        ..FindQuery::default()
    };
    let mut ids = Vec::new();
    if app.library().is_none() {
        let snapshot = app.snapshot();
        let fitting = snapshot.documents().iter().filter(|read| fits(app, read, &wanted));
        return Ok(fitting.map(|read| read.document.id.clone()).take(most).collect());
    }
    let library = library(app)?;
    loop {
        work::check()?;
        let page = library.find(&wanted)?;
        ids.extend(page.documents.iter().map(|kept| kept.read.document.id.clone()));
        wanted.after = page.next;
        if page.next.is_none() || ids.len() >= most {
            ids.truncate(most);
            return Ok(ids);
        }
    }
}

/// The page of documents, each as `show` makes it.
fn listed<T>(app: &App, wanted: &FindQuery, show: &dyn Fn(&DocumentRecord) -> T) -> Result<Listed<T>, Problem> {
    match app.library() {
        Some(_) => from_store(app, wanted, show),
        None => Ok(from_memory(app, wanted, show)),
    }
}

/// The address of the next page.
fn next_page(app: &App, ask: &RequestContext, next: Option<i64>, limit: usize, format: &str) -> Option<String> {
    let base = ask.base(&app.settings);
    // Fixed order, so that addresses of pages stay the same; all other parameters follow.
    let rest = super::features::kept(ask.uri.query(), &["after", "limit", "f"], "");
    let rest = rest.trim_end_matches('&');
    let rest = if rest.is_empty() {
        String::new()
    } else {
        format!("&{rest}")
    };
    next.map(|next| format!("{base}/documents?after={next}&limit={limit}{rest}{format}"))
}

fn wanted(app: &App, query: &Query<'_>) -> Result<FindQuery, Problem> {
    let question = query.text(&p::WORDS).map(question);
    let time = query.text(&p::DATETIME).map(selection::datetime).transpose()?;
    let none = Days {
        first: jiff::civil::date(9999, 12, 31),
        last: jiff::civil::date(0, 1, 1),
    };
    let text = |parameter| query.text(parameter).map(str::to_owned);
    let known = app
        .services
        .places
        .lookup(&query.text(&p::IN_UNIT).into_iter().collect::<Vec<_>>());
    if let (Some(unit), true) = (query.text(&p::IN_UNIT), known.is_empty()) {
        return Err(Problem::parameter(
            p::IN_UNIT.name,
            format!(
                "unit does not take {:?}; it takes the id of a unit of the gazetteer, see /search",
                echo(unit)
            ),
        ));
    }
    let order = match query.text(&p::ORDER) {
        Some("newest") => Order::Newest,
        _ => Order::Arrival,
    };
    Ok(FindQuery {
        question: question.transpose()?,
        quoted_only: false,
        language: text(&p::OF_LANGUAGE),
        publisher: text(&p::OF_PUBLISHER),
        speaker: text(&p::SPEAKER),
        kind: counting::kind_asked(query)?,
        place: text(&p::IN_PLACE),
        unit: text(&p::IN_UNIT),
        min_confidence: query.number(&p::MIN_CONFIDENCE),
        days: time.map(|time| Days::meeting(time).unwrap_or(none)),
        order,
        after: query.integer(&p::AFTER).filter(|after| *after > 0),
        limit: query.integer(&p::DOCUMENTS_LIMIT).unwrap_or(1) as usize,
        looked_at: LOOKED_AT,
    })
}

/// Few documents are in memory at a time.
fn from_store<T>(app: &App, wanted: &FindQuery, show: &dyn Fn(&DocumentRecord) -> T) -> Result<Listed<T>, Problem> {
    let library = library(app)?;
    let mut listed = Listed::default();
    let mut after = wanted.after;
    loop {
        work::check()?;
        let left = wanted.limit - listed.documents.len() - listed.damaged.len();
        let (documents, next, damaged) = if wanted.is_everything() && wanted.order == Order::Arrival {
            let page = library.page(after.unwrap_or(0), CHUNK.min(left))?;
            (page.documents, page.next, page.damaged)
        } else {
            let page = library.find(&FindQuery {
                after,
                limit: CHUNK.min(left),
                ..wanted.clone()
            })?;
            (page.documents, page.next, page.damaged)
        };
        listed.documents.extend(documents.iter().map(show));
        listed.damaged.extend(damaged);
        (listed.next, after) = (next, next);
        if next.is_none() || listed.documents.len() + listed.damaged.len() >= wanted.limit {
            return Ok(listed);
        }
    }
}

fn from_memory<T>(app: &App, wanted: &FindQuery, show: &dyn Fn(&DocumentRecord) -> T) -> Listed<T> {
    let snapshot = app.snapshot();
    let numbered = (1_i64..).zip(snapshot.documents());
    let mut numbered: Vec<(i64, &Arc<ReadDocument>)> = numbered.collect();
    let after = wanted.after.unwrap_or(0);
    match wanted.order {
        Order::Arrival => numbered.retain(|(number, _)| *number > after),
        Order::Newest => {
            numbered.retain(|(number, _)| wanted.after.is_none() || *number < after);
            numbered.reverse();
        }
    }
    let fitting = numbered.into_iter().filter(|(_, read)| fits(app, read, wanted));
    let page: Vec<(i64, &Arc<ReadDocument>)> = fitting.take(wanted.limit).collect();
    let last = page.last().map(|(number, _)| *number);
    Listed {
        next: last.filter(|_| page.len() == wanted.limit),
        documents: page
            .into_iter()
            .map(|(number, read)| show(&in_memory(number, read)))
            .collect(),
        damaged: Vec::new(),
    }
}

/// True if a document in memory matches, by the same rules as in a store.
fn fits(app: &App, read: &ReadDocument, wanted: &FindQuery) -> bool {
    let (document, parse) = (&read.document, &read.parse);
    let drawn = || {
        parse
            .mentions
            .iter()
            .filter(|mention| mention.is_drawn())
            .filter(|mention| wanted.min_confidence.is_none_or(|least| mention.confidence >= least))
            .filter_map(|mention| mention.place.as_ref())
    };
    let speaker_of = |claim: &crate::geoparse::Claim| {
        let said = claim.attribution.as_deref().and_then(|id| parse.attribution(id))?;
        Some(said.speaker.as_ref()?.words.text.as_str())
    };
    let claims = |claim: &crate::geoparse::Claim| {
        wanted.kind.as_deref().is_none_or(|kind| kind_word(claim.kind) == kind)
            && wanted
                .speaker
                .as_deref()
                .is_none_or(|speaker| speaker_of(claim) == Some(speaker))
    };
    let is_said = (wanted.kind.is_none() && wanted.speaker.is_none()) || parse.claims.iter().any(claims);
    is_said
        && (wanted.min_confidence.is_none() || drawn().next().is_some())
        && wanted
            .question
            .as_ref()
            .is_none_or(|question| match wanted.quoted_only {
                true => question.is_in_parts(&quoted_parts(read)),
                false => question.is_in(&document.title, &document.text),
            })
        && wanted
            .language
            .as_deref()
            .is_none_or(|language| document.language.tag() == language)
        && wanted
            .publisher
            .as_deref()
            .is_none_or(|publisher| document.publisher.as_deref() == Some(publisher))
        && wanted
            .place
            .as_deref()
            .is_none_or(|place| drawn().any(|drawn| drawn.id == place))
        && wanted.unit.as_deref().is_none_or(|unit| {
            let within = counting::units_of(app);
            drawn().any(|drawn| within.holding(&drawn.id).iter().any(|one| one == unit))
        })
        && wanted.days.is_none_or(|days| {
            let day = day_of(document.published.as_deref()).and_then(|day| day.parse().ok());
            day.is_some_and(|day: jiff::civil::Date| days.first <= day && day <= days.last)
        })
}

/// A document as the list shows it: with a snippet of its text where words were asked for.
fn shown(kept: &DocumentRecord, question: Option<&Question>, shows_texts: bool) -> Value {
    let mut value = summary(kept, shows_texts);
    if let Some(question) = question {
        let document = &kept.read.document;
        let snippet = question
            .snippet(&document.text)
            .or_else(|| question.snippet(&document.title));
        value["snippet"] = match snippet {
            None => Value::Null,
            Some(snippet) => json!({
                "text": snippet.text, "marks": snippet.marks,
                "cut_before": snippet.is_cut[0], "cut_after": snippet.is_cut[1],
            }),
        };
    }
    value
}
