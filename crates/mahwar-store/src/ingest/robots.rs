//! `robots.txt` (RFC 9309): which addresses of a host may be fetched, and how often.

use std::time::Duration;

/// The name by which rules may name this program.
pub const PRODUCT: &str = "mahwar";
/// Bytes of a file that count.
pub const MAX_ROBOTS: usize = 512 * 1024;
/// The longest pause between two fetches that is kept.
const MAX_DELAY: Duration = Duration::from_secs(30);

/// Rules for this program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Robots {
    /// Patterns of paths, and whether they are allowed.
    rules: Vec<(String, bool)>,
    /// Pause between two fetches that the host asks for.
    pub delay: Option<Duration>,
    everything_is_closed: bool,
}

impl Robots {
    /// Everything may be fetched: there is no file.
    pub fn open() -> Self {
        Self::default()
    }

    /// Nothing may be fetched: the host could not say.
    pub fn closed() -> Self {
        Self {
            everything_is_closed: true,
            ..Self::default()
        }
    }

    /// Reads a file: the groups that name this program, or else those for all.
    pub fn parse(text: &str) -> Self {
        let (mut own, mut all) = (Self::default(), Self::default());
        let (mut names_own, mut for_own, mut for_all) = (false, false, false);
        let mut in_names = false;
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match &*key.trim().to_ascii_lowercase() {
                "user-agent" => {
                    if !in_names {
                        (for_own, for_all) = (false, false);
                    }
                    in_names = true;
                    let name = value.split('/').next().unwrap_or_default().trim().to_ascii_lowercase();
                    for_own |= name == PRODUCT;
                    for_all |= name == "*";
                    names_own |= for_own;
                }
                key @ ("allow" | "disallow") => {
                    in_names = false;
                    for (is_for, robots) in [(for_own, &mut own), (for_all, &mut all)] {
                        if is_for && !value.is_empty() && robots.rules.len() < 10_000 {
                            robots.rules.push((value.to_owned(), key == "allow"));
                        }
                    }
                }
                "crawl-delay" => {
                    in_names = false;
                    let delay = value
                        .parse::<f64>()
                        .ok()
                        .filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
                    let delay = delay.map(|seconds| Duration::from_secs_f64(seconds.min(3600.0)).min(MAX_DELAY));
                    for (is_for, robots) in [(for_own, &mut own), (for_all, &mut all)] {
                        if is_for {
                            robots.delay = delay;
                        }
                    }
                }
                _ => {}
            }
        }
        if names_own { own } else { all }
    }

    /// True if a path with its query may be fetched: the longest rule that fits decides, and of equal ones the one that allows.
    pub fn allows(&self, path: &str) -> bool {
        if self.everything_is_closed {
            return false;
        }
        let fitting = self.rules.iter().filter(|(pattern, _)| fits(pattern, path));
        let best = fitting.max_by_key(|(pattern, allows)| (pattern.len(), *allows));
        best.is_none_or(|(_, allows)| *allows)
    }
}

/// True if a pattern fits the start of a path: `*` is any letters, `$` at the end is the end.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let has_star = !parts.is_empty();
    for (at, part) in parts.iter().enumerate() {
        let is_last = at + 1 == parts.len();
        if is_last && to_end {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(found) => rest = &rest[found + part.len()..],
            None => return false,
        }
    }
    !to_end || (!has_star && rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_rule_of_the_own_group_decides() {
        let robots = Robots::parse(
            "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: Mahwar/1.0\nDisallow: /private\nAllow: /private/open\nDisallow: /*.pdf$\nCrawl-delay: 2 # slow\n",
        );
        for (path, allowed) in [
            ("/", true),
            ("/private/x", false),
            ("/private/open/x", true),
            ("/a/b.pdf", false),
            ("/a/b.pdf?x=1", true),
        ] {
            assert_eq!(robots.allows(path), allowed, "{path}");
        }
        assert_eq!(robots.delay, Some(Duration::from_secs(2)));
        let all = Robots::parse("user-agent: *\ndisallow: /a\n");
        assert!(!all.allows("/a/b") && all.allows("/b"));
        assert!(Robots::parse("").allows("/") && Robots::parse("Disallow: /").allows("/"));
        assert!(!Robots::closed().allows("/"));
    }
}
