//! Fetches documents by their address, politely: obeys `robots.txt` and pauses between two requests to the same host.

use super::{
    Fetched, Incoming, IngestError, Validators,
    fetch::{Trust, get},
    read_bytes,
    robots::{MAX_ROBOTS, PRODUCT, Robots},
};
use crate::{
    document::MAX_BYTES,
    formats::{Fact, Hints, Kind, Origin},
    text::printable::without_password,
};
use rustc_hash::FxHashMap;
use std::{
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};
use url::Url;

/// Pause between two fetches from one host, unless the host asks for a longer one.
pub const DELAY: Duration = Duration::from_secs(1);
/// Hosts that are remembered at a time.
const MAX_HOSTS: usize = 10_000;

/// Fetches documents, and remembers the rules and the last request time of each host.
#[derive(Debug)]
pub struct Pages {
    allow_private: bool,
    trust: Trust,
    delay: Duration,
    hosts: Mutex<FxHashMap<String, Host>>,
}

#[derive(Clone, Debug)]
struct Host {
    robots: Robots,
    /// Not asked again before this.
    next: Instant,
}

/// A document that was fetched, not yet accepted.
#[derive(Debug)]
pub struct Page {
    /// Its texts, with the names of their parts where there are several.
    pub texts: Vec<(Option<String>, Result<Incoming, IngestError>)>,
    /// The address that it came from, after redirects.
    pub address: String,
}

impl Pages {
    /// A fetcher for addresses that the operator names, wherever they are.
    pub fn of_operator(allow_private: bool) -> Self {
        Self::new(allow_private, Trust::Operator)
    }

    /// A fetcher for addresses that others name: clients, feeds. They must be public.
    pub fn of_others(allow_private: bool) -> Self {
        Self::new(allow_private, Trust::Nobody)
    }

    fn new(allow_private: bool, trust: Trust) -> Self {
        Self {
            allow_private,
            trust,
            delay: DELAY,
            hosts: Mutex::default(),
        }
    }

    /// Fetches a document of any format.
    ///
    /// # Errors
    /// When the address is not http or https, is not public, is closed by `robots.txt`, or returns no document.
    pub fn fetch(&self, address: &str, whole_page: bool) -> Result<Page, IngestError> {
        let failed = |error: &str| IngestError::Fetch {
            url: without_password(address).into_owned(),
            error: error.to_owned(),
        };
        let url = Url::parse(address).map_err(|error| failed(&error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(failed("it is neither http nor https"));
        }
        self.ask_leave(&url).map_err(|error| failed(&error))?;
        let fetched = get(
            address,
            &Validators::default(),
            self.allow_private,
            self.trust,
            MAX_BYTES,
            &|next| {
                // Where a redirect leads may be closed too.
                let path = &next[url::Position::BeforePath..url::Position::AfterQuery];
                let robots = self.robots(next);
                match robots.allows(path) {
                    true => Ok(()),
                    false => Err(format!(
                        "robots.txt of {} closes {path} to {PRODUCT}",
                        next.host_str().unwrap_or_default()
                    )),
                }
            },
        )?;
        let Fetched::Body {
            bytes,
            address: final_address,
            media_type,
            charset,
            ..
        } = fetched
        else {
            return Err(failed(match fetched {
                Fetched::Gone => "the server answered 410: it is gone for good",
                Fetched::Later(_) => "the server answered that it has no time now (429 or 503); try again later",
                _ => "the server sent nothing",
            }));
        };
        let name = Url::parse(&final_address).ok();
        let name = name
            .as_ref()
            .and_then(|url| url.path_segments()?.next_back().map(str::to_owned));
        let hints = Hints {
            name: name.as_deref(),
            media_type: media_type.as_deref(),
            charset: charset.as_deref(),
            address: Some(&final_address),
            whole_page,
        };
        let mut texts = Vec::new();
        let kind = read_bytes(&bytes, &hints, &mut |part, incoming| texts.push((part, incoming)))?;
        let is_feed = kind == Kind::Feed || (kind == Kind::Json && super::is_json_feed(&bytes));
        let now = format!("{:.0}", jiff::Timestamp::now());
        for (_, text) in &mut texts {
            if let Ok(text) = text {
                // The page's own address counts only where it is one of the same host: others would take its place.
                let own = text.source_url.as_deref().and_then(|own| Url::parse(own).ok());
                let is_same = own.as_ref().is_some_and(|own| own.host_str() == url.host_str());
                // The entries of a feed are pages of their own, wherever they are.
                if !(is_same || is_feed && own.is_some()) {
                    text.source_url = Some(final_address.clone());
                }
                text.facts.push(Fact {
                    name: "fetched".to_owned(),
                    value: now.clone(),
                    origin: Origin::Detected,
                    by: Some(final_address.clone()),
                });
            }
        }
        Ok(Page {
            texts,
            address: final_address,
        })
    }

    /// Waits until the host may be asked, and checks that it allows the address.
    fn ask_leave(&self, url: &Url) -> Result<(), String> {
        let robots = self.robots(url);
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        if !robots.allows(path) {
            return Err(format!(
                "robots.txt of {} closes {path} to {PRODUCT}",
                url.host_str().unwrap_or_default()
            ));
        }
        let delay = robots.delay.unwrap_or(self.delay).max(self.delay);
        let wait = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let entry = hosts.get_mut(&origin(url));
            let next = entry.as_ref().map_or(now, |host| host.next.max(now));
            if let Some(host) = entry {
                host.next = next + delay;
            }
            next.saturating_duration_since(now)
        };
        thread::sleep(wait);
        Ok(())
    }

    /// The rules of a host, fetched once.
    fn robots(&self, url: &Url) -> Robots {
        let key = origin(url);
        if let Some(host) = self.hosts.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return host.robots.clone();
        }
        let robots = match url.join("/robots.txt") {
            Err(_) => Robots::closed(),
            Ok(file) => match get(
                file.as_str(),
                &Validators::default(),
                self.allow_private,
                self.trust,
                MAX_ROBOTS,
                &|_| Ok(()),
            ) {
                Ok(Fetched::Body { bytes, .. }) => Robots::parse(&String::from_utf8_lossy(&bytes)),
                Ok(_) => Robots::closed(),
                // No such file: everything is open. A host that cannot be reached is not fetched from anyway.
                Err(IngestError::Status { status, .. }) if (400..500).contains(&status) => Robots::open(),
                Err(IngestError::Status { .. }) => Robots::closed(),
                Err(_) => Robots::open(),
            },
        };
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= MAX_HOSTS {
            hosts.clear();
        }
        hosts.insert(
            key,
            Host {
                robots: robots.clone(),
                next: Instant::now(),
            },
        );
        robots
    }
}

/// The page of a feed's entry in place of its summary; none for an entry without an address. Metadata from the feed
/// outranks that of the page.
///
/// # Errors
/// When the page cannot be fetched or holds no text.
pub fn full_article(pages: &Pages, entry: &Incoming, whole_page: bool) -> Result<Option<Incoming>, IngestError> {
    let Some(address) = entry.source_url.as_deref() else {
        return Ok(None);
    };
    let mut texts = pages.fetch(address, whole_page)?.texts.into_iter();
    let (Some((_, first)), None) = (texts.next(), texts.next()) else {
        return Ok(None);
    };
    let mut full = first?;
    // Checked here, so that a page without words leaves the summary.
    full.clone().take()?;
    full.title = entry.title.clone().or(full.title);
    full.published = entry.published.clone().or(full.published);
    full.publisher = entry.publisher.clone().or(full.publisher);
    full.author = entry.author.clone().or(full.author);
    full.source_url = entry.source_url.clone();
    full.facts.extend(entry.facts.iter().cloned());
    Ok(Some(full))
}

fn origin(url: &Url) -> String {
    url[..url::Position::BeforePath].to_owned()
}
