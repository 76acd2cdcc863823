//! Checks of a request's head before hyper parses it.
//!
//! Hyper answers most malformed heads with an empty 400 or closes the connection. This module finds the fault first, so
//! that each one gets a status and an explanation. It also accepts addresses with `<`, `>` or `"`, which many clients
//! send unencoded, by percent-encoding them.

use super::framing::Framing;
use axum::http::StatusCode;
use std::mem::MaybeUninit;

/// Most header lines of a request.
const MAX_HEADERS: usize = 100;
/// Most bytes of a request's address. Handlers accept queries of 16 KiB.
pub const MAX_TARGET: usize = 65_000;
/// Most bytes of a whole head. The buffer of hyper must hold it.
pub const MAX_HEAD: usize = 88 * 1024;

/// A head that is refused: the status, and a sentence for the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// 400, 408, 414, 417, 431, 501, 503 or 505.
    pub status: StatusCode,
    /// The fault, and the accepted values.
    pub detail: String,
}

impl Refusal {
    /// A refusal with a status and a sentence.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { status, detail }
    }

    fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }
}

/// Result of the check of the bytes received so far.
#[derive(Debug, PartialEq)]
pub enum Head {
    /// The end of the head has not arrived.
    Partial,
    /// A head that hyper accepts.
    Complete {
        /// Its bytes in the input.
        length: usize,
        /// Framing of the body.
        body: Framing,
        /// The head to pass on instead, where its address had to be percent-encoded.
        rewritten: Option<Vec<u8>>,
    },
    /// A head that is answered with an error.
    Refused(Refusal),
}

/// Checks the head at the start of `bytes`.
pub fn check(bytes: &[u8]) -> Head {
    match try_check(bytes) {
        Ok(head) => head,
        Err(refusal) => Head::Refused(refusal),
    }
}

fn try_check(bytes: &[u8]) -> Result<Head, Refusal> {
    let mut headers = [MaybeUninit::<httparse::Header<'_>>::uninit(); MAX_HEADERS];
    let mut request = httparse::Request::new(&mut []);
    let parsed = httparse::ParserConfig::default().parse_request_with_uninit_headers(&mut request, bytes, &mut headers);
    let length = match parsed {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => {
            if request.path.is_none() && target_so_far(bytes) > MAX_TARGET {
                return Err(too_long());
            }
            if bytes.len() > MAX_HEAD {
                return Err(too_large());
            }
            return Ok(Head::Partial);
        }
        Err(error) => return Err(unparsable(error, &request, bytes)),
    };
    let (Some(target), Some(version)) = (request.path, request.version) else {
        return Err(Refusal::bad("the request has no address or no version"));
    };
    if target.len() > MAX_TARGET {
        return Err(too_long());
    }
    if length > MAX_HEAD {
        return Err(too_large());
    }
    let escapes = check_target(target.as_bytes(), request.method.unwrap_or_default())?;
    let body = check_fields(request.headers, version)?;
    let rewritten = escapes.then(|| {
        // The address is a part of the input.
        let start = target.as_ptr() as usize - bytes.as_ptr() as usize;
        let mut head = Vec::with_capacity(length + 64);
        head.extend_from_slice(&bytes[..start]);
        escape_target(target.as_bytes(), &mut head);
        head.extend_from_slice(&bytes[start + target.len()..length]);
        head
    });
    // The bytes that percent-encoding adds to the address count, too.
    if let Some(head) = &rewritten
        && head.len() - length + target.len() > MAX_TARGET
    {
        return Err(too_long());
    }
    Ok(Head::Complete {
        length,
        body,
        rewritten,
    })
}

fn too_long() -> Refusal {
    Refusal::new(
        StatusCode::URI_TOO_LONG,
        format!("the address is too long; at most {MAX_TARGET} bytes are accepted"),
    )
}

fn too_large() -> Refusal {
    Refusal::new(
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        format!("the head of the request is too large; at most {MAX_HEAD} bytes are accepted"),
    )
}

/// Bytes of an address whose end has not arrived.
fn target_so_far(bytes: &[u8]) -> usize {
    let line = bytes.trim_ascii_start();
    match memchr::memchr(b' ', line) {
        Some(space) if memchr::memchr(b'\n', line).is_none() => line.len() - space - 1,
        _ => 0,
    }
}

/// The refusal of a head that is no HTTP/1.x.
fn unparsable(error: httparse::Error, request: &httparse::Request<'_, '_>, bytes: &[u8]) -> Refusal {
    match error {
        httparse::Error::TooManyHeaders => Refusal::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            format!("the request has too many header lines; at most {MAX_HEADERS} are accepted"),
        ),
        httparse::Error::Version if names_http_version(bytes) => Refusal::new(
            StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            "this version of HTTP is not supported; HTTP/1.1 and HTTP/1.0 are",
        ),
        httparse::Error::HeaderName => Refusal::bad(
            "a header line has no valid name: a name has letters, digits and hyphens, and a colon follows it directly",
        ),
        httparse::Error::HeaderValue => Refusal::bad("a header line holds a control character"),
        _ if request.method.is_none() => {
            Refusal::bad("this is no HTTP request; the first line is METHOD ADDRESS HTTP/1.1")
        }
        _ => Refusal::bad(
            "the first line of the request is not METHOD ADDRESS HTTP/1.1; spaces and control characters in the address \
             must be percent-encoded",
        ),
    }
}

/// True if the first line ends in a version of HTTP, as far as it has come.
fn names_http_version(bytes: &[u8]) -> bool {
    let line = bytes.trim_ascii_start();
    let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut words = line.trim_ascii_end().split(|byte| *byte == b' ');
    let (method, target, version, rest) = (words.next(), words.next(), words.next(), words.next());
    let version = version.unwrap_or_default();
    let number = version.strip_prefix(b"HTTP/").unwrap_or_default();
    method.is_some()
        && target.is_some()
        && rest.is_none()
        && (1..=4).contains(&number.len())
        && number.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// True for bytes that an address must not hold plainly and that are accepted nevertheless.
fn is_escaped(byte: u8) -> bool {
    matches!(byte, b'<' | b'>' | b'"' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
}

/// Checks an address. Returns true if it must be percent-encoded before hyper accepts it.
fn check_target(target: &[u8], method: &str) -> Result<bool, Refusal> {
    let (mut escapes, mut high) = (false, false);
    for &byte in target {
        match byte {
            0x21..=0x7e => escapes |= is_escaped(byte),
            0x80.. => high = true,
            _ => return Err(Refusal::bad("the address holds a control character; percent-encode it")),
        }
    }
    if high && let Err(error) = std::str::from_utf8(target) {
        let at = error.valid_up_to();
        return Err(Refusal::bad(format!(
            "the address is not UTF-8: byte 0x{:02x} at offset {at}; percent-encode the text as UTF-8",
            target[at]
        )));
    }
    if memchr::memchr(b'#', target).is_some() {
        return Err(Refusal::bad(
            "the address holds #, which a request has not; percent-encode it as %23",
        ));
    }
    let is_known_form = match target {
        [b'/' | b'*', ..] if method == "CONNECT" => {
            return Err(Refusal::bad("CONNECT takes HOST:PORT, and this server is no proxy"));
        }
        [b'/', ..] => true,
        b"*" => method == "OPTIONS",
        _ if method == "CONNECT" => {
            return Err(Refusal::new(
                StatusCode::NOT_IMPLEMENTED,
                "this server is no proxy: CONNECT is not supported",
            ));
        }
        _ => match absolute(target) {
            Some(authority) if !is_authority(authority) => {
                return Err(Refusal::bad("the host in the address is not a host name and port"));
            }
            authority => authority.is_some(),
        },
    };
    match is_known_form {
        true => Ok(escapes || high),
        false => Err(Refusal::bad("the address must begin with / or with http://host")),
    }
}

/// Host and port of an address in absolute form.
fn absolute(target: &[u8]) -> Option<&[u8]> {
    let scheme = |scheme: &[u8]| {
        let start = target.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| &target[scheme.len()..])
    };
    let rest = scheme(b"http://").or_else(|| scheme(b"https://"))?;
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    Some(&rest[..end.unwrap_or(rest.len())])
}

fn escape_target(target: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in target {
        if byte >= 0x80 || is_escaped(byte) {
            out.extend_from_slice(&[b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        } else {
            out.push(byte);
        }
    }
}

/// Checks the header lines that decide who is asked and where the request ends.
fn check_fields(headers: &[httparse::Header<'_>], version: u8) -> Result<Framing, Refusal> {
    let (mut host, mut length, mut chunked, mut has_type) = (None, None, false, false);
    for header in headers {
        match header.name.len() {
            4 if header.name.eq_ignore_ascii_case("host") && host.replace(header.value).is_some() => {
                return Err(Refusal::bad("the request has more than one Host line"));
            }
            6 if header.name.eq_ignore_ascii_case("expect")
                && !header.value.trim_ascii().eq_ignore_ascii_case(b"100-continue") =>
            {
                return Err(Refusal::new(
                    StatusCode::EXPECTATION_FAILED,
                    "this expectation is not supported; Expect takes 100-continue",
                ));
            }
            12 if header.name.eq_ignore_ascii_case("content-type") && std::mem::replace(&mut has_type, true) => {
                return Err(Refusal::bad("the request has more than one Content-Type line"));
            }
            14 if header.name.eq_ignore_ascii_case("content-length") => {
                let value = header.value.trim_ascii();
                let number = std::str::from_utf8(value)
                    .ok()
                    .filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
                    .and_then(|text| text.parse::<u64>().ok())
                    // Hyper uses the greatest values as marks.
                    .filter(|number| *number <= u64::MAX - 2);
                let number = number.ok_or_else(|| Refusal::bad("Content-Length is not a whole number"))?;
                if length.replace(number).is_some() {
                    return Err(Refusal::bad("the request has more than one Content-Length"));
                }
            }
            17 if header.name.eq_ignore_ascii_case("transfer-encoding") => {
                if version == 0 {
                    return Err(Refusal::bad("HTTP/1.0 has no Transfer-Encoding; give Content-Length"));
                }
                if chunked {
                    return Err(Refusal::bad("the request has more than one Transfer-Encoding line"));
                }
                if header.value.trim_ascii().is_empty() {
                    return Err(Refusal::bad("Transfer-Encoding is empty; it takes chunked"));
                }
                if !header.value.trim_ascii().eq_ignore_ascii_case(b"chunked") {
                    return Err(Refusal::new(
                        StatusCode::NOT_IMPLEMENTED,
                        "this Transfer-Encoding is not supported; it takes chunked",
                    ));
                }
                chunked = true;
            }
            _ => {}
        }
    }
    if chunked && length.is_some() {
        return Err(Refusal::bad(
            "the request has both Content-Length and Transfer-Encoding; give one of them",
        ));
    }
    match host {
        None if version == 1 => {
            return Err(Refusal::bad("the request has no Host line; HTTP/1.1 requires one"));
        }
        Some(host) if !is_authority(host.trim_ascii()) => {
            return Err(Refusal::bad("Host is not a host name, or a host name and a port"));
        }
        _ => {}
    }
    Ok(match length {
        _ if chunked => Framing::chunked(),
        Some(length) => Framing::of_length(length),
        None => Framing::none(),
    })
}

/// True for `host` and `host:port`: a name of letters, digits, `.`, `-`, `_`, or an IPv6 address in brackets; the port
/// from 0 to 65535, or nothing after the colon.
pub fn is_authority(text: &[u8]) -> bool {
    let (host, port) = match text {
        [b'[', ..] => match memchr::memchr(b']', text) {
            Some(end) => {
                let address = std::str::from_utf8(&text[1..end]).unwrap_or_default();
                if address.parse::<std::net::Ipv6Addr>().is_err() {
                    return false;
                }
                (&text[..=end], &text[end + 1..])
            }
            None => return false,
        },
        _ => text.split_at(memchr::memchr(b':', text).unwrap_or(text.len())),
    };
    let is_name = |host: &[u8]| {
        host.iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
    };
    let is_port = match port {
        [] => true,
        [b':', digits @ ..] => {
            digits.len() <= 5
                && digits.iter().all(u8::is_ascii_digit)
                && digits.iter().fold(0, |port, digit| port * 10 + u32::from(digit - b'0')) <= 65535
        }
        _ => false,
    };
    !host.is_empty() && host.len() <= 255 && (host[0] == b'[' || is_name(host)) && is_port
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(request: &[u8]) -> (u16, String) {
        match check(request) {
            Head::Refused(refusal) => (refusal.status.as_u16(), refusal.detail),
            head => panic!("{head:?} for {:?}", String::from_utf8_lossy(request)),
        }
    }

    fn passed(request: &[u8]) -> Vec<u8> {
        match check(request) {
            Head::Complete { length, rewritten, .. } => rewritten.unwrap_or_else(|| request[..length].to_vec()),
            head => panic!("{head:?} for {:?}", String::from_utf8_lossy(request)),
        }
    }

    #[test]
    fn a_common_head_is_passed_on_as_it_is() {
        let request = b"GET /xyz/a/1/2/3.mvt?lang=ar HTTP/1.1\r\nHost: maps.example:8080\r\nAccept: */*\r\n\r\nrest";
        assert_eq!(
            check(request),
            Head::Complete {
                length: request.len() - 4,
                body: Framing::none(),
                rewritten: None
            }
        );
    }

    #[test]
    fn each_malformed_head_has_a_status() {
        let cases: [(&[u8], u16); 32] = [
            (b"GARBAGE\r\n\r\n", 400),
            (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
            (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
            (b"GET / HTPP/1.1\r\nHost: a\r\n\r\n", 400),
            (b"GET /\r\n\r\n", 400),
            (b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (b"GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (b"GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (b"GET /search?q=\xdf\xd1 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (b"GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (b"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (b"GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (b"GET http://a:b:c/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 501),
            (b"CONNECT /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (b"GET /healthz#x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (
                b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n\r\n",
                400,
            ),
            (b"GET / HTTP/1.1\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: a\r\nReferer: a\x01\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: a\r\nExpect: a\r\n\r\n", 417),
            (
                b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                400,
            ),
            (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", 400),
            (
                b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n",
                400,
            ),
            (
                b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                400,
            ),
            (
                b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
                501,
            ),
            (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ];
        for (request, status) in cases {
            let (got, detail) = refused(request);
            assert_eq!(got, status, "{:?}: {detail}", String::from_utf8_lossy(request));
        }
    }

    #[test]
    fn a_head_beyond_the_limits_is_414_or_431_before_its_end_arrives() {
        let long = format!("GET /{}", "a".repeat(MAX_TARGET));
        assert_eq!(refused(long.as_bytes()).0, 414);
        assert_eq!(refused(format!("{long} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).0, 414);
        let wide = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}", "a".repeat(MAX_HEAD));
        assert_eq!(refused(wide.as_bytes()).0, 431);
        let many = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: 1\r\n".repeat(110));
        assert_eq!(refused(many.as_bytes()).0, 431);
    }

    #[test]
    fn characters_that_an_address_must_not_hold_are_percent_encoded() {
        let passed = passed("GET /a?filter=b>5&c=\"<{|}^`\\>\"&q=كر HTTP/1.1\r\nHost: a\r\n\r\n".as_bytes());
        let line = String::from_utf8(passed).unwrap();
        assert!(
            line.starts_with("GET /a?filter=b%3E5&c=%22%3C%7B%7C%7D%5E%60%5C%3E%22&q=%D9%83%D8%B1 HTTP/1.1\r\n"),
            "{line}"
        );
        assert!(line.ends_with("\r\nHost: a\r\n\r\n"), "{line}");
    }

    #[test]
    fn empty_lines_before_a_request_are_passed_over() {
        assert!(matches!(
            check(b"\r\n\r\nGET / HTTP/1.0\r\n\r\n"),
            Head::Complete { .. }
        ));
        assert_eq!(check(b"\r\n"), Head::Partial);
    }

    #[test]
    fn an_absolute_address_needs_a_host_and_may_have_a_path() {
        for good in [
            "http://a/",
            "http://a",
            "HTTP://a.example:80/x?y",
            "https://[::1]:8080/",
        ] {
            passed(format!("GET {good} HTTP/1.1\r\nHost: b\r\n\r\n").as_bytes());
        }
    }

    #[test]
    fn an_authority_is_a_host_and_perhaps_a_port() {
        for good in [
            "a",
            "a.example",
            "a:80",
            "a:",
            "127.0.0.1:8080",
            "[::1]",
            "[::1]:80",
            "a_b-c",
        ] {
            assert!(is_authority(good.as_bytes()), "{good}");
        }
        for bad in [
            "",
            ":80",
            "a:b",
            "a:99999",
            "a:999999999",
            "a:1:2",
            "a/b",
            "a b",
            "u@a",
            "[::1",
            "[a]",
            "::1",
            "a\"",
            "é",
        ] {
            assert!(!is_authority(bad.as_bytes()), "{bad}");
        }
    }
}
