//! Limits of the input, by name.

use std::time::Duration;

/// Bytes of one text, at most (50 MiB).
pub const MAX_TEXT_BYTES: usize = 50 << 20;
/// Bytes of one file, at most (512 MiB): a mail folder or the export of a chat.
pub const MAX_FILE_BYTES: usize = 512 << 20;
/// Bytes of an original that is stored beside its text, at most (16 MiB).
pub const MAX_ORIGINAL_BYTES: usize = 16 << 20;
/// Bytes that one compressed file may unpack to (256 MiB).
pub const MAX_UNPACKED_BYTES: usize = 256 << 20;
/// Greatest ratio of unpacked to compressed size of a file, above the first MiB.
pub const MAX_RATIO: usize = 200;
/// Entries of a package (DOCX, ODT, XLSX), at most.
pub const MAX_ENTRIES: usize = 10_000;
/// Elements inside elements of XML, at most.
pub const MAX_XML_DEPTH: usize = 400;
/// Groups inside groups of RTF, at most.
pub const MAX_RTF_DEPTH: usize = 500;
/// Bytes of a PDF, at most (128 MiB).
pub const MAX_PDF_BYTES: usize = 128 << 20;
/// Time limit of reading one PDF.
pub const PDF_TIME: Duration = Duration::from_secs(60);
/// Address space of the program that reads a PDF, in bytes (1 GiB).
pub const PDF_MEMORY: u64 = 1 << 30;
/// Bytes that the program may write for one PDF (256 MiB).
pub const PDF_OUTPUT: usize = 256 << 20;
/// Pages of a scanned PDF whose letters are recognized, at most.
pub const MAX_SCANNED_PAGES: usize = 200;
/// Time limit of drawing and recognizing one page.
pub const PAGE_TIME: Duration = Duration::from_secs(120);
/// Address space of the programs that draw and recognize a page, in bytes (2 GiB).
pub const PAGE_MEMORY: u64 = 2 << 30;
/// Bytes of the picture of one page, at most (256 MiB).
pub const PAGE_PICTURE: u64 = 256 << 20;
/// Parts of a message inside parts, at most.
pub const MAX_MAIL_DEPTH: usize = 20;
/// Texts that one file may hold.
pub const MAX_TEXTS: usize = 1_000_000;
