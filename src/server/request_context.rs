//! Parts of a request that every handler needs.

use super::{
    access::Visitor,
    links, negotiate,
    parameter::{Parameter, Query},
    parameters as p,
    problem::{Problem, echo},
    state::{App, Settings, Snapshot, View},
};
use crate::{language::Language, tiles::LayerTiles};
use axum::{
    extract::{FromRequestParts, Path},
    http::{HeaderMap, Method, Uri, request::Parts},
};
use serde::de::DeserializeOwned;
use std::{convert::Infallible, sync::Arc};

/// The address and the headers of a request.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// The address.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// GET, or HEAD, which asks for the headers of GET and must not cost its work.
    pub method: Method,
    /// The sender.
    pub visitor: Option<Arc<Visitor>>,
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // The last extractor but for bodies; later ones need no headers but the content type.
        Ok(Self {
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
            method: parts.method.clone(),
            visitor: Visitor::of_parts(parts),
        })
    }
}

impl RequestContext {
    /// The query, read by a table.
    pub fn query(&self, table: &[&'static Parameter]) -> Result<Query<'_>, Problem> {
        Ok(Query::read(self.uri.query(), table)?)
    }

    /// The query of a resource to which viewers add parameters of their own, which change nothing.
    pub fn known_query(&self, table: &[&'static Parameter]) -> Result<Query<'_>, Problem> {
        Ok(Query::read_known(self.uri.query(), table)?)
    }

    /// The query of a resource to which clients add parameters of their own, also empty ones.
    pub fn lenient_query(&self, table: &[&'static Parameter]) -> Result<Query<'_>, Problem> {
        Ok(Query::read_leniently(self.uri.query(), table)?)
    }

    /// The path of this server's root as browsers see it, without a slash at the end: the prefix of a proxy, or nothing.
    pub fn root(&self, settings: &Settings) -> String {
        let base = self.base(settings);
        let after_scheme = base.split_once("://").map_or(base.as_str(), |(_, rest)| rest);
        after_scheme
            .find('/')
            .map_or(String::new(), |at| after_scheme[at..].to_owned())
    }

    /// The address that links are made with.
    pub fn base(&self, settings: &Settings) -> String {
        links::base(settings, &self.headers)
    }

    /// The reader's language.
    pub fn language(&self, query: &Query<'_>) -> Language {
        negotiate::language(query, &self.headers)
    }
}

/// Segments of the path; an undecodable one is a problem like any other.
#[derive(Debug)]
pub struct Segments<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Segments<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Path::<T>::from_request_parts(parts, state)
            .await
            .map(|Path(segments)| Self(segments))
            .map_err(|_| Problem::bad_request("the path is not percent-encoded UTF-8 with the expected segments"))
    }
}

/// The view that `worldview` names.
pub fn view_of<'s>(snapshot: &'s Snapshot, query: &Query<'_>) -> Result<&'s View, Problem> {
    let asked = query.text(&p::WORLDVIEW);
    let view = snapshot.view(asked).ok_or_else(|| {
        let known: Vec<&str> = snapshot.views().iter().map(|view| view.worldview.id.as_str()).collect();
        Problem::parameter(
            p::WORLDVIEW.name,
            format!(
                "worldview does not take {:?}; it takes one of {}",
                echo(asked.unwrap_or_default()),
                known.join(", ")
            ),
        )
    })?;
    Ok(match is_ruled(query) {
        true => view,
        false => snapshot.unruled(view),
    })
}

/// True if rulings are shown: unless the request asks for the unruled reading.
pub fn is_ruled(query: &Query<'_>) -> bool {
    query.text(&p::RULINGS) != Some("ignore")
}

/// The layer of a view.
pub fn layer_of<'v>(view: &'v View, id: &str) -> Result<&'v Arc<LayerTiles>, Problem> {
    view.layer(id).ok_or_else(|| {
        let known: Vec<&str> = view.layers().iter().map(|tiles| tiles.layer().id.as_str()).collect();
        Problem::not_found(format!(
            "there is no layer {:?}; there are {}",
            echo(id),
            known.join(", ")
        ))
    })
}

/// `?worldview=…&lang=…&rulings=…` as far as the request named them, so that links stay in the same view; else empty.
pub fn carried(query: &Query<'_>) -> String {
    let mut suffix = String::new();
    for parameter in [&p::WORLDVIEW, &p::LANG, &p::RULINGS] {
        if let Some(value) = query.text(parameter) {
            suffix.push(if suffix.is_empty() { '?' } else { '&' });
            suffix.push_str(&format!("{}={}", parameter.name, links::escaped(value)));
        }
    }
    suffix
}

/// Adds parameters to an address that may have some.
pub fn with(suffix: &str, more: &str) -> String {
    if suffix.is_empty() {
        format!("?{more}")
    } else {
        format!("{suffix}&{more}")
    }
}

/// The state, as handlers get it.
pub type Shared = axum::extract::State<Arc<App>>;
