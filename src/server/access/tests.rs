//! Tests of credentials and ids.

use super::*;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect()
}

fn access() -> Access {
    let lines = "alice read,rule user; sha256: is not here".split(';').next().unwrap();
    let list = format!("{}\n{lines}", line_of("desk", "write".parse().unwrap(), "one"));
    Access {
        tokens: Arc::new(TokenBook::open(None, Some(&list)).unwrap()),
        user_header: Some(HeaderName::from_static("x-user")),
        user_roles: "read".parse().unwrap(),
        ..Access::default()
    }
}

fn name(access: &Access, pairs: &[(&'static str, &str)], trusted: bool) -> Option<String> {
    match credentials(access, &headers(pairs), trusted).0 {
        Credentials::Known(identity) => Some(identity.name.to_string()),
        _ => None,
    }
}

#[test]
fn a_user_is_believed_from_a_trusted_proxy_only() {
    let access = access();
    assert_eq!(name(&access, &[("x-user", "alice")], true).as_deref(), Some("alice"));
    assert_eq!(name(&access, &[("x-user", "alice")], false), None);
    assert_eq!(name(&access, &[("x-user", "a b")], true), None);
    let both = [("x-user", "alice"), ("authorization", "Bearer one")];
    assert_eq!(name(&access, &both, true).as_deref(), Some("desk"));
    let wrong = [("x-user", "alice"), ("authorization", "Bearer two")];
    assert_eq!(name(&access, &wrong, true), None);
}

#[test]
fn a_name_and_password_are_taken_where_reads_need_a_token() {
    let mut access = access();
    // `me:one`
    let basic = [("authorization", "Basic bWU6b25l")];
    assert_eq!(name(&access, &basic, false), None);
    access.private = true;
    assert_eq!(name(&access, &basic, false).as_deref(), Some("desk"));
    assert!(credentials(&access, &headers(&basic), false).1);
    assert_eq!(name(&access, &[("authorization", "Basic !")], false), None);
}

#[test]
fn the_id_of_a_request_is_a_proxys_or_new() {
    let given = headers(&[("x-request-id", "abc-1")]);
    assert_eq!(request_id(&given, true), "abc-1");
    assert_ne!(request_id(&given, false), "abc-1");
    assert_ne!(request_id(&given, false), request_id(&given, false));
    let forged = headers(&[("x-request-id", "a\" b")]);
    assert_ne!(request_id(&forged, true), "a\" b");
}
