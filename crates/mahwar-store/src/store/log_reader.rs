//! Reads the frames of a write-ahead log as SQLite would after a crash: up to the last commit whose checksums are right.

use super::file_log::marks_in_page;
use std::{
    fs::File,
    io::{BufReader, ErrorKind, Read, Seek, SeekFrom},
    path::Path,
};

/// Bytes of the header of a log and of each frame.
const HEADER: usize = 32;
const FRAME: usize = 24;

/// True if a log begins with a valid header.
pub(super) fn is_headed(log: &Path) -> std::io::Result<bool> {
    let mut header = [0; HEADER];
    Ok(fill(&mut File::open(log)?, &mut header)? && LogFormat::of(&header).is_some())
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// The properties of a log that its header states.
struct LogFormat {
    page_size: usize,
    /// The checksum of the header, with which that of the first frame begins.
    sums: Checksum,
}

impl LogFormat {
    /// `None` for a header that SQLite does not accept.
    fn of(header: &[u8; HEADER]) -> Option<Self> {
        let magic = word(header, 0);
        let page_size = word(header, 8) as usize;
        let mut sums = Checksum {
            is_big_endian: magic & 1 == 1,
            sums: [0, 0],
        };
        sums.add(&header[..24]);
        let valid = magic & !1 == 0x377f_0682
            && (512..=65536).contains(&page_size)
            && sums.sums == [word(header, 24), word(header, 28)];
        valid.then_some(Self { page_size, sums })
    }
}

/// Reads a log from commit to commit, each frame once.
#[derive(Default)]
pub(super) struct LogReader {
    /// The header that the frames were read under; a log that begins anew has another one.
    header: Option<[u8; HEADER]>,
    /// End of the last commit that was read, and the checksum there.
    offset: u64,
    sums: [u32; 2],
}

impl LogReader {
    /// Reads the frames that were added; all of them if the log began anew.
    pub fn read(&mut self, log: &Path, each: &mut dyn FnMut(u32, &[u8], bool)) -> std::io::Result<()> {
        let mut file = BufReader::with_capacity(1 << 16, File::open(log)?);
        let mut header = [0; HEADER];
        let format = match fill(&mut file, &mut header)? {
            true => LogFormat::of(&header),
            false => None,
        };
        let Some(LogFormat { page_size, mut sums }) = format else {
            *self = Self::default();
            return Ok(());
        };
        if self.header == Some(header) {
            file.seek(SeekFrom::Start(self.offset))?;
            sums.sums = self.sums;
        } else {
            *self = Self {
                header: Some(header),
                offset: HEADER as u64,
                sums: sums.sums,
            };
        }
        let mut offset = self.offset;
        let mut frame = vec![0; FRAME + page_size];
        while fill(&mut file, &mut frame)? {
            let (head, page) = frame.split_at(FRAME);
            sums.add(&head[..8]);
            sums.add(page);
            if head[8..16] != header[16..24] || sums.sums != [word(head, 16), word(head, 20)] {
                break;
            }
            offset += frame.len() as u64;
            // The size of the database after a commit; 0 in the other frames of a transaction.
            let is_commit = word(head, 4) != 0;
            each(word(head, 0), page, is_commit);
            if is_commit {
                (self.offset, self.sums) = (offset, sums.sums);
            }
        }
        Ok(())
    }

    /// True if a transaction that was added to the log wrote this mark, and can be read back as SQLite would.
    pub fn has_commit(&mut self, log: &Path, mark: &str) -> std::io::Result<bool> {
        let (mut found, mut pending) = (false, false);
        self.read(log, &mut |_, page, is_commit| {
            pending |= marks_in_page(page).is_some_and(|(own, _)| own == mark);
            if is_commit {
                found |= std::mem::take(&mut pending);
            }
        })?;
        Ok(found)
    }
}

/// Reads a whole buffer; false at the end of the file.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<bool> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// The checksum of SQLite's logs: two sums over words of 32 bits.
struct Checksum {
    is_big_endian: bool,
    sums: [u32; 2],
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        let [mut first, mut second] = self.sums;
        let word = |bytes: &[u8]| {
            let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
            match self.is_big_endian {
                true => u32::from_be_bytes(bytes),
                false => u32::from_le_bytes(bytes),
            }
        };
        for pair in bytes.chunks_exact(8) {
            first = first.wrapping_add(word(&pair[..4])).wrapping_add(second);
            second = second.wrapping_add(word(&pair[4..])).wrapping_add(first);
        }
        self.sums = [first, second];
    }
}
