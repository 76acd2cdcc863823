//! Texts on their way in: JSON, plain text, HTML, files and feeds, each turned into a document or refused with a reason.

mod feed;
mod fetch;
mod file;
mod html;
mod incoming;
mod lines;
mod public_address;
mod read;
mod seeds;
mod state;

pub use feed::{FeedEntry, FeedText, read_feed};
pub use fetch::{Fetched, Validators, fetch};
pub use file::read_file;
pub use html::{HtmlText, MAX_HTML_BYTES, html_to_text};
pub use incoming::{Described, Incoming, IngestError, Original, Taken, json_error};
pub use lines::Lines;
pub use read::{read, read_all};
pub use seeds::{SeedError, read_seed, read_seeds};
pub use state::{FeedState, FeedStates};
