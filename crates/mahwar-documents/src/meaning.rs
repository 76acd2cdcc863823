//! Meanings of the columns and members of other programs, by their names.

/// Meanings, each with the names that programs use for it.
const NAMES: [(&str, &[&str]); 8] = [
    (
        "text",
        &[
            "text",
            "content",
            "body",
            "article",
            "message",
            "description",
            "notes",
            "النص",
            "نص",
            "دەق",
        ],
    ),
    ("html", &["html", "content_html"]),
    (
        "title",
        &["title", "headline", "subject", "العنوان", "عنوان", "ناونیشان"],
    ),
    (
        "source_url",
        &["source_url", "url", "link", "permalink", "الرابط", "رابط"],
    ),
    (
        "publisher",
        &[
            "publisher",
            "source",
            "outlet",
            "site_name",
            "channel",
            "المصدر",
            "مصدر",
            "سەرچاوە",
        ],
    ),
    (
        "published",
        &[
            "published",
            "date",
            "published_at",
            "pubdate",
            "datetime",
            "timestamp",
            "created_at",
            "event_date",
            "التاريخ",
            "تاريخ",
            "بەروار",
        ],
    ),
    ("language", &["language", "lang"]),
    ("author", &["author", "byline", "creator"]),
];

/// The meaning of a column or a member, by its name: `text`, `title`, `source_url`, `publisher`, `published`, `language`,
/// `author`; none for other names.
pub fn meaning_of(name: &str) -> Option<&'static str> {
    let name = name.trim().to_lowercase().replace([' ', '-'], "_");
    let found = NAMES.iter().find(|(_, names)| names.contains(&name.as_str()));
    found.map(|(meaning, _)| *meaning)
}
