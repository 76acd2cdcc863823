//! Named tokens with roles, from a file or the environment, hashed.
//!
//! A line is `NAME ROLES SECRET`. The secret is `sha256:` and the SHA-256 of the token in hexadecimal. `mahwar token`
//! creates tokens of 256 random bits, for which a fast hash is enough: a search cannot find them. `user` as the secret
//! assigns roles to a user whom a trusted proxy names in a header. A name may have several lines while its token is
//! changed.

use arc_swap::ArcSwap;
use sha2::{Digest, Sha256};
use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};
use subtle::ConstantTimeEq;

/// Prefix of every token that `mahwar token` makes, so that scanners for leaked secrets find it.
pub const TOKEN_PREFIX: &str = "mahwar_";
/// The largest file of tokens, in bytes.
const MAX_FILE: u64 = 1 << 20;
/// The longest name, in characters.
const MAX_NAME: usize = 64;
/// The name of the token of `--token` and `MAHWAR_TOKEN`.
pub const DEFAULT_NAME: &str = "default";

/// Something that a client may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads resources that are not public: everything with `--private`, full texts with `--texts quotes`.
    Read,
    /// Adds documents.
    Write,
    /// Makes and takes back rulings.
    Rule,
    /// Everything, including actions of no other role, such as removing documents.
    Admin,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Rule, Self::Admin];

    /// The word for it in files and messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Rule => "rule",
            Self::Admin => "admin",
        }
    }

    /// Permissions of its holder, as the subject of a sentence.
    pub fn allows(self) -> &'static str {
        match self {
            Self::Read => "reading this",
            Self::Write => "adding documents",
            Self::Rule => "a ruling",
            Self::Admin => "removing a document",
        }
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    /// Every role.
    pub const ALL: Self = Self(0b1111);

    /// True if the role is in the set; `admin` holds every other.
    pub fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u8) != 0 || self.0 & (1 << Role::Admin as u8) != 0
    }
}

impl FromStr for Roles {
    type Err = String;

    /// Roles with commas between.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut roles = Self::default();
        for word in text.split(',') {
            let role = Role::ALL.into_iter().find(|role| role.word() == word.trim());
            let role = role.ok_or_else(|| format!("{word:?} is no role; roles are read, write, rule, admin"))?;
            roles.0 |= 1 << role as u8;
        }
        Ok(roles)
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Role::ALL.into_iter().filter(|role| self.0 & (1 << *role as u8) != 0);
        f.write_str(&words.map(Role::word).collect::<Vec<_>>().join(","))
    }
}

/// Somebody who showed a token, or whom a trusted proxy named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The name of the token or user.
    pub name: Arc<str>,
    /// Granted roles.
    pub roles: Roles,
}

/// The SHA-256 of a token.
type Hash = [u8; 32];

#[derive(Clone, Debug)]
struct Token {
    identity: Identity,
    hash: Hash,
}

/// Tokens and users of one version of the file.
#[derive(Clone, Debug, Default)]
struct Tokens {
    tokens: Vec<Token>,
    users: Vec<Identity>,
}

/// A list of tokens that cannot be used.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum TokenError {
    #[error("cannot read the tokens at {path}: {error}")]
    Unreadable { path: String, error: io::Error },
    #[error("{at}, line {line}: {wrong}; a line is: NAME ROLES sha256:HEX, as `mahwar token NAME` prints it")]
    Line { at: String, line: usize, wrong: String },
}

/// The line of a token for the file.
pub fn line_of(name: &str, roles: Roles, token: &str) -> String {
    let hash: String = hash(token.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{name} {roles} sha256:{hash}")
}

/// Checks the name of a token: 1 to 64 letters, digits and `. _ - @ +`.
///
/// # Errors
/// The reason, for people.
pub fn check_name(name: &str) -> Result<(), String> {
    let fits = |letter: char| letter.is_alphanumeric() || "._-@+".contains(letter);
    match (1..=MAX_NAME).contains(&name.chars().count()) && name.chars().all(fits) {
        true => Ok(()),
        false => Err(format!(
            "{:?} is no name of a token; a name has 1 to {MAX_NAME} letters, digits and . _ - @ +",
            crate::text::printable::cut(name)
        )),
    }
}

fn hash(token: &[u8]) -> Hash {
    Sha256::digest(token).into()
}

impl Tokens {
    fn parse(text: &str, at: &str) -> Result<Self, TokenError> {
        let mut read = Self::default();
        for (line, row) in (1..).zip(text.lines()) {
            let wrong = |wrong: String| TokenError::Line {
                at: at.to_owned(),
                line,
                wrong,
            };
            let row = row.trim();
            if row.is_empty() || row.starts_with('#') {
                continue;
            }
            let words: Vec<&str> = row.split_whitespace().collect();
            let [name, roles, secret] = words[..] else {
                return Err(wrong(format!("there are {} words, not three", words.len())));
            };
            check_name(name).map_err(wrong)?;
            let identity = Identity {
                name: name.into(),
                roles: roles.parse().map_err(wrong)?,
            };
            match secret {
                "user" => read.users.push(identity),
                secret => {
                    let hash = secret.strip_prefix("sha256:").and_then(of_hexadecimal);
                    let hash = hash.ok_or_else(|| {
                        // The word may be the token itself: it is not repeated.
                        wrong("the third word is neither `user` nor sha256: with 64 hexadecimal digits".to_owned())
                    })?;
                    read.tokens.push(Token { identity, hash });
                }
            }
        }
        Ok(read)
    }
}

fn of_hexadecimal(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (nth, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[nth * 2..nth * 2 + 2], 16).ok()?;
    }
    Some(hash)
}

/// Time of a file's last write, and its length: changes when its contents do.
type Stamp = Option<(SystemTime, u64)>;

/// The tokens that a server accepts now.
#[derive(Debug, Default)]
pub struct TokenBook {
    fixed: Vec<Token>,
    file: Option<PathBuf>,
    listed: ArcSwap<Tokens>,
    stamp: Mutex<Stamp>,
}

impl TokenBook {
    /// The token named `default` with all roles, and the list: a file, or lines in place of its name.
    ///
    /// # Errors
    /// When the list cannot be read or a line is wrong.
    pub fn open(default: Option<&str>, list: Option<&str>) -> Result<Self, TokenError> {
        let fixed = default.filter(|token| !token.is_empty()).map(|token| Token {
            identity: Identity {
                name: DEFAULT_NAME.into(),
                roles: Roles::ALL,
            },
            hash: hash(token.as_bytes()),
        });
        let mut book = Self {
            fixed: fixed.into_iter().collect(),
            ..Self::default()
        };
        match list.filter(|list| !list.is_empty()) {
            None => {}
            Some(lines) if lines.contains("sha256:") => {
                book.listed = ArcSwap::from_pointee(Tokens::parse(&lines.replace(';', "\n"), "MAHWAR_TOKENS")?);
            }
            Some(path) => {
                book.file = Some(path.into());
                book.refresh(true)?;
            }
        }
        Ok(book)
    }

    /// Reads the file again if it has changed, or in any case. True if it was read.
    ///
    /// # Errors
    /// When it cannot be read or a line is wrong: the tokens stay as they were.
    pub fn refresh(&self, always: bool) -> Result<bool, TokenError> {
        let Some(path) = &self.file else { return Ok(false) };
        let unreadable = |error| TokenError::Unreadable {
            path: path.display().to_string(),
            error,
        };
        let stamp = stamp_of(path);
        let mut known = self.stamp.lock().unwrap_or_else(PoisonError::into_inner);
        if !always && *known == stamp {
            return Ok(false);
        }
        // A file that is wrong is reported once, and looked at again when it changes.
        *known = stamp;
        let bytes = crate::files::read_regular(path, MAX_FILE).map_err(unreadable)?;
        let text = String::from_utf8(bytes).map_err(|error| unreadable(io::Error::other(error)))?;
        self.listed
            .store(Arc::new(Tokens::parse(&text, &path.display().to_string())?));
        Ok(true)
    }

    /// True if there is no token at all.
    pub fn is_empty(&self) -> bool {
        self.fixed.is_empty() && self.listed.load().tokens.is_empty()
    }

    /// The name and roles of a token. The time that this takes depends on neither the token nor where it differs.
    pub fn identify(&self, given: &[u8]) -> Option<Identity> {
        let given = hash(given);
        let listed = self.listed.load();
        let mut found = None;
        for token in self.fixed.iter().chain(&listed.tokens) {
            if bool::from(given[..].ct_eq(&token.hash[..])) && found.is_none() {
                found = Some(token.identity.clone());
            }
        }
        found
    }

    /// A user whom a proxy has signed in, with the roles of the list, or else these.
    pub fn user(&self, name: &str, roles: Roles) -> Identity {
        let listed = self.listed.load();
        let known = listed.users.iter().find(|user| &*user.name == name);
        known.cloned().unwrap_or_else(|| Identity {
            name: name.into(),
            roles,
        })
    }
}

fn stamp_of(path: &Path) -> Stamp {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_hash_and_has_its_roles_only() {
        let lines = [
            line_of("desk", "write,rule".parse().unwrap(), "one"),
            line_of("reader", "read".parse().unwrap(), "two"),
            "alice read,rule user".to_owned(),
        ];
        let book = TokenBook::open(Some("three"), Some(&lines.join("\n"))).unwrap();
        let desk = book.identify(b"one").unwrap();
        assert_eq!(&*desk.name, "desk");
        assert!(desk.roles.has(Role::Write) && desk.roles.has(Role::Rule));
        assert!(!desk.roles.has(Role::Read) && !desk.roles.has(Role::Admin));
        assert!(book.identify(b"three").unwrap().roles.has(Role::Admin));
        assert_eq!(book.identify(b"one "), None);
        assert_eq!(book.identify(b""), None);
        assert!(book.user("alice", Roles::default()).roles.has(Role::Rule));
        assert!(!book.user("bob", Roles::default()).roles.has(Role::Rule));
    }

    #[test]
    fn an_empty_token_is_no_token() {
        let book = TokenBook::open(Some(""), None).unwrap();
        assert!(book.is_empty());
        assert_eq!(book.identify(b""), None);
    }

    #[test]
    fn a_wrong_line_is_named_and_its_secret_is_not_repeated() {
        for wrong in [
            "desk write hunter2-hunter2",
            "desk write sha256:hunter2",
            "desk fly sha256:00",
            "hunter2",
            "a/b read user",
        ] {
            let error = Tokens::parse(&format!("# tokens\n{wrong}"), "tokens")
                .unwrap_err()
                .to_string();
            assert!(error.starts_with("tokens, line 2: "), "{error}");
            assert!(!error.contains("hunter2-"), "{error}");
        }
    }

    #[test]
    fn a_changed_file_is_read_again_and_a_broken_one_changes_nothing() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("tokens");
        fs::write(&path, line_of("a", Roles::ALL, "one") + "\n").unwrap();
        let book = TokenBook::open(None, path.to_str()).unwrap();
        assert!(book.identify(b"one").is_some());
        fs::write(&path, line_of("b", Roles::ALL, "two") + "\n# longer than before\n").unwrap();
        assert!(book.refresh(false).unwrap());
        assert!(book.identify(b"one").is_none() && book.identify(b"two").is_some());
        assert!(!book.refresh(false).unwrap());
        fs::write(&path, "nonsense").unwrap();
        assert!(book.refresh(false).is_err());
        assert!(book.identify(b"two").is_some());
    }
}
