//! Text, title and metadata of documents in any format.
//!
//! The format is detected from the bytes, never from the name of a file. A format that holds several texts (mail
//! folders, chats, tables) yields each of them. Unreadable input is refused with the detected format and a remedy.

use mahwar_geoparse::{language, text};

mod article;
mod chat;
mod dates;
mod detect;
mod encoding;
mod extracted;
pub mod html;
mod limits;
mod mail;
mod meaning;
mod office;
mod page_metadata;
mod pdf;
mod read;
mod refusal;
mod rows;
mod sheet;
mod xml;

pub use article::{PageText, read_page};
pub use dates::{DayOrder, is_undecided, order_of, read_date, read_date_in};
pub use detect::{ATOM, Kind, detect};
pub use encoding::{
    Decoded, check_words, declared_in_html, declared_in_xml, decode, decode_lossy, decode_unjudged, utf8,
};
pub use extracted::{Extracted, Fact, Origin, PageOffset};
pub use limits::{MAX_FILE_BYTES, MAX_ORIGINAL_BYTES, MAX_TEXT_BYTES, MAX_UNPACKED_BYTES};
pub use meaning::meaning_of;
pub use page_metadata::{FeedLink, PageMetadata, feed_links, page_metadata};
pub use pdf::{pdftotext_is_installed, recognize_scans};
pub use read::{Hints, most_bytes, read, read_kind, unzip};
pub use refusal::Refusal;
pub use rows::{MAX_COLUMNS, Row, Rows, Table, day_of_serial, is_tag_row, open_table};
pub use sheet::text_column;
