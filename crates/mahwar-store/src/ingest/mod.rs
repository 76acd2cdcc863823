//! Texts on their way in: JSON, plain text, HTML, files and feeds, each turned into a document or refused with a reason.

mod feed;
mod fetch;
mod file;
mod incoming;
mod lines;
mod markup;
mod pages;
mod poll;
mod public_address;
mod read;
mod robots;
mod seeds;
mod state;

pub use crate::formats::html::{HtmlText, MAX_HTML_BYTES, html_to_text};
pub use feed::{FeedEntry, FeedText, read_feed, read_feed_in};
pub use fetch::{Fetched, Trust, Validators, fetch};
pub use file::{is_json_feed, read_bytes, read_file};
pub use incoming::{AcceptedText, Described, Incoming, IngestError, Original, checked_field, json_error};
pub use lines::Lines;
pub use pages::{Page, Pages, full_article};
pub use poll::{FeedError, FeedReport, FeedRun, PutAll, PutEntry, run_feed, take_feed};
pub use read::{read, read_all, reread};
pub use seeds::{SeedError, read_seed, read_seeds};
pub use state::{FeedState, FeedStates};
