//! Programs that read PDFs, each as a process of its own with limits on its time, memory and output.

use crate::{
    Refusal,
    limits::{PDF_MEMORY, PDF_OUTPUT, PDF_TIME},
};
use std::{
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

/// True if the program that reads PDFs is installed.
pub fn pdftotext_is_installed() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    *FOUND.get_or_init(|| program("pdftotext").is_some())
}

/// Path of a program in `PATH`.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = std::env::split_paths(&path).map(|folder| folder.join(name));
    names.into_iter().find(|file| file.is_file())
}

/// Limits of one process.
#[derive(Clone, Copy)]
pub struct Limits {
    /// Time limit.
    pub time: Duration,
    /// Its address space, in bytes.
    pub memory: u64,
    /// Bytes that it may write to its output.
    pub output: usize,
    /// Bytes of each file that it may write.
    pub files: u64,
}

/// Words on each page are as many as a PDF may hold.
const PDFTOTEXT: Limits = Limits {
    time: PDF_TIME,
    memory: PDF_MEMORY,
    output: PDF_OUTPUT,
    files: 0,
};

/// A folder of its own with a PDF in it, `document.pdf`; it is removed with everything in it.
pub fn folder_of(pdf: &[u8]) -> Result<tempfile::TempDir, Refusal> {
    let failed = |error: io::Error| Refusal::Broken {
        kind: "PDF",
        cause: format!("it could not be put beside the program that reads it: {error}"),
    };
    let folder = tempfile::Builder::new()
        .prefix("mahwar-pdf-")
        .tempdir()
        .map_err(failed)?;
    std::fs::File::create(folder.path().join("document.pdf"))
        .and_then(|mut out| out.write_all(pdf))
        .map_err(failed)?;
    Ok(folder)
}

/// Bytes of a PDF that is written without its encryption.
const DECRYPTED_BYTES: u64 = 512 << 20;

/// Runs `pdftotext` over a PDF: words with their boxes, as XHTML.
pub fn run(pdf: &[u8]) -> Result<String, Refusal> {
    words_of(pdf, &[])
}

/// The first page only.
pub fn run_first_page(pdf: &[u8]) -> Result<String, Refusal> {
    words_of(pdf, &["-l", "1"])
}

fn words_of(pdf: &[u8], options: &[&str]) -> Result<String, Refusal> {
    let program = program("pdftotext").ok_or(Refusal::NoPdftotext)?;
    // The program needs a file that it can seek in.
    let folder = folder_of(pdf)?;
    let words = ["-bbox-layout", "-enc", "UTF-8"];
    let words: Vec<&str> = words
        .iter()
        .chain(options)
        .copied()
        .chain(["document.pdf", "-"])
        .collect();
    run_program(&program, &words, folder.path(), PDFTOTEXT)
}

/// The same PDF without encryption, where it opens without a password.
pub fn decrypt(pdf: &[u8]) -> Result<Vec<u8>, Refusal> {
    const NAME: &str = "decrypted.pdf";
    let program = program("pdftocairo").ok_or(Refusal::NoProgram {
        program: "pdftocairo, which reads protected PDFs,",
        package: "poppler-utils",
    })?;
    let folder = folder_of(pdf)?;
    let limits = Limits {
        files: DECRYPTED_BYTES,
        ..PDFTOTEXT
    };
    run_program(&program, &["-pdf", "document.pdf", NAME], folder.path(), limits)?;
    std::fs::read(folder.path().join(NAME)).map_err(|error| Refusal::Broken {
        kind: "PDF",
        cause: format!("it could not be written without its encryption: {error}"),
    })
}

/// Runs a program in a folder, without the environment of this process but for the path to the models of tesseract.
pub fn run_program(program: &Path, words: &[&str], folder: &Path, limits: Limits) -> Result<String, Refusal> {
    let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let failed = |error: io::Error| Refusal::Broken {
        kind: "PDF",
        cause: format!("{name} could not be run: {error}"),
    };
    let mut command = Command::new(program);
    command
        .args(words)
        .current_dir(folder)
        .env_clear()
        // One core for each document.
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(models) = std::env::var_os("TESSDATA_PREFIX") {
        command.env("TESSDATA_PREFIX", models);
    }
    let mut child = command.spawn().map_err(failed)?;
    limit(&child, limits);
    let (output, messages) = collect(&mut child, limits.output).map_err(failed)?;
    let status = match end(&mut child, Instant::now() + limits.time) {
        Some(status) => status,
        None => {
            return Err(Refusal::Unsafe {
                kind: "PDF",
                cause: format!("{name} takes longer than {} seconds", limits.time.as_secs()),
            });
        }
    };
    let (output, is_too_long) = output.join().unwrap_or_default();
    let messages = messages.join().unwrap_or_default().0;
    if is_too_long {
        return Err(Refusal::TooLarge {
            kind: "text of the PDF with its places",
            bytes: output.len(),
            most: limits.output,
        });
    }
    let messages = String::from_utf8_lossy(&messages).into_owned();
    if messages.contains("Incorrect password") {
        return Err(Refusal::Encrypted { kind: "PDF" });
    }
    match status {
        Ok(status) if status.success() => Ok(String::from_utf8_lossy(&output).into_owned()),
        Ok(status) => Err(Refusal::Broken {
            kind: "PDF",
            cause: match messages.lines().find(|line| !line.trim().is_empty()) {
                Some(line) => format!(
                    "it is damaged or cut off ({name}: {})",
                    crate::text::printable::clean_line(line, 200)
                ),
                None => format!(
                    "{name} ended with {status}; it may need more memory than {} bytes",
                    limits.memory
                ),
            },
        }),
        Err(error) => Err(failed(error)),
    }
}

/// Limits of the process; where the system has none, time and output are still limited.
#[cfg(target_os = "linux")]
fn limit(child: &Child, limits: Limits) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else {
        return;
    };
    let most = |value: u64| Rlimit {
        current: Some(value),
        maximum: Some(value),
    };
    for (resource, value) in [
        (Resource::As, limits.memory),
        (Resource::Cpu, limits.time.as_secs()),
        (Resource::Fsize, limits.files),
        (Resource::Core, 0),
    ] {
        // A process that has ended already needs no limit.
        let _ = prlimit(Some(pid), resource, most(value));
    }
}

#[cfg(not(target_os = "linux"))]
fn limit(_: &Child, _: Limits) {}

type Reader = thread::JoinHandle<(Vec<u8>, bool)>;

/// Reads both outputs on threads of their own, up to their limits.
fn collect(child: &mut Child, most: usize) -> io::Result<(Reader, Reader)> {
    let missing = || io::Error::other("no pipe");
    let output = child.stdout.take().ok_or_else(missing)?;
    let messages = child.stderr.take().ok_or_else(missing)?;
    // A damaged file has a warning for each page.
    Ok((reader(output, most, false), reader(messages, 64 * 1024, true)))
}

/// Reads up to a limit. A process that writes more ends, since nobody reads on, unless it is `drained`.
fn reader(mut source: impl Read + Send + 'static, most: usize, drained: bool) -> Reader {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = source.by_ref().take(most as u64 + 1).read_to_end(&mut bytes);
        let is_too_long = bytes.len() > most;
        if drained {
            let _ = io::copy(&mut source, &mut io::sink());
        }
        (bytes, is_too_long)
    })
}

/// Waits for the end of the process; none if it had to be killed.
fn end(child: &mut Child, until: Instant) -> Option<io::Result<std::process::ExitStatus>> {
    let mut pause = Duration::from_millis(2);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(Ok(status)),
            Ok(None) if Instant::now() < until => {
                thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(50));
            }
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Some(Err(error)),
        }
    }
}
