//! Addresses of the web, of mail, of users and of files: they are not words, even if their letters spell some.

/// The longest address that is recognised by its form, in bytes; one with a scheme may be longer.
const LONGEST: usize = 512;
/// Last labels of domain names that are written without a path after them.
const TOP: [&str; 38] = [
    "com", "org", "net", "info", "edu", "gov", "int", "mil", "news", "media", "online", "site", "press", "live",
    "blog", "iq", "krd", "tv", "uk", "tr", "ir", "ae", "sa", "eg", "jo", "sy", "lb", "kw", "qa", "fr", "de", "eu",
    "ru", "io", "ly", "gl", "app", "biz",
];
/// Endings of files.
const FILES: [&str; 20] = [
    "html", "htm", "php", "aspx", "pdf", "docx", "doc", "xlsx", "xls", "csv", "txt", "jpg", "jpeg", "png", "gif",
    "mp4", "mp3", "json", "xml", "zip",
];

/// One past the last byte of the address that begins at a byte, if one does. Only the first byte of a run of letters
/// and signs begins one.
pub(super) fn address_end(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let before = at.checked_sub(1).map(|before| bytes[before]);
    if before
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b'@' | b'#'))
    {
        return None;
    }
    let rest = &bytes[at..bytes.len().min(at + LONGEST)];
    let run = rest
        .iter()
        .position(|byte| !byte.is_ascii_graphic() || matches!(byte, b'"' | b'<' | b'>' | b'(' | b')' | b',' | b';'))
        .unwrap_or(rest.len());
    let run = &text[at..at + run];
    let signs = |byte: u8| matches!(byte, b'@' | b':' | b'/' | b'\\' | b'.');
    if !run.bytes().take(run.len().saturating_sub(1)).any(signs) {
        return None;
    }
    if is_web(run) {
        // Such an address may have letters of any script.
        let end = text[at..]
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '«' | '»' | '“' | '”' | '،' | '؛'));
        return Some(at + trimmed(&text[at..at + end.unwrap_or(text.len() - at)]));
    }
    let run = &run[..trimmed(run)];
    let found = is_user(run) || is_mail(run) || is_path(run) || is_domain(run);
    found.then_some(at + run.len())
}

/// Length without the marks that end a clause.
fn trimmed(run: &str) -> usize {
    run.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '…', '؟'])
        .len()
}

fn is_web(run: &str) -> bool {
    let scheme = run.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.len() >= 2 && scheme.bytes().all(|byte| byte.is_ascii_alphabetic()))
        || run.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("www."))
}

fn is_user(run: &str) -> bool {
    run.strip_prefix('@')
        .is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}

fn is_mail(run: &str) -> bool {
    run.split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

/// `C:\Users\…`, `\\server\…`, `/srv/data`, `~/notes`, `reports/2021/kirkuk.pdf`.
fn is_path(run: &str) -> bool {
    let drive = matches!(run.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    let rooted = run.starts_with("\\\\") || run.starts_with("~/") || (run.starts_with('/') && run[1..].contains('/'));
    drive || rooted || run.matches('\\').count() > 1 || is_file(run)
}

fn is_file(run: &str) -> bool {
    let ending = run
        .rsplit_once('.')
        .map(|(name, ending)| (name, ending.to_ascii_lowercase()));
    ending.is_some_and(|(name, ending)| !name.is_empty() && FILES.contains(&ending.as_str()))
}

/// `kirkuknow.com`, `rudaw.net/english/123`.
fn is_domain(run: &str) -> bool {
    let (host, path) = run
        .split_once('/')
        .map_or((run, None), |(host, path)| (host, Some(path)));
    let mut labels = host.rsplit('.');
    let last = labels.next().unwrap_or_default();
    let mut count = 0;
    for label in labels {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if label.is_empty() || !label.bytes().all(fits) {
            return false;
        }
        count += 1;
    }
    let small = last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_lowercase());
    count > 0 && small && (TOP.contains(&last) || (path.is_some() && last.len() <= 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_before_the_marks_of_the_sentence() {
        for (text, address) in [
            (
                "https://news.example/Kirkuk/2021/Daquq.html, he said",
                "https://news.example/Kirkuk/2021/Daquq.html",
            ),
            (
                "https://ar.example.org/wiki/كركوك).",
                "https://ar.example.org/wiki/كركوك",
            ),
            ("www.Baghdad.example.", "www.Baghdad.example"),
            ("baghdad@example.com or", "baghdad@example.com"),
            ("@KirkukNow said", "@KirkukNow"),
            ("C:\\Users\\Kirkuk\\a.txt", "C:\\Users\\Kirkuk\\a.txt"),
            ("/srv/kirkuk/daquq", "/srv/kirkuk/daquq"),
            ("Rudaw.net reported", "Rudaw.net"),
            ("t.co/Ab1KRI", "t.co/Ab1KRI"),
            ("kirkuk.pdf.", "kirkuk.pdf"),
        ] {
            let end = address_end(text, 0);
            assert_eq!(end.map(|end| &text[..end]), Some(address), "{text}");
        }
    }

    #[test]
    fn words_are_no_addresses() {
        for text in [
            "Kirkuk.",
            "Kirkuk/Daquq",
            "kirkuk.then he left",
            "U.S. forces",
            "and/or",
            "Erbil:",
            "10:30",
            "al-Hawija.",
        ] {
            assert_eq!(address_end(text, 0), None, "{text}");
        }
    }
}
