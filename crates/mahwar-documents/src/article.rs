//! The article of a page: menus, related stories, comments and hidden elements are left out.

use crate::{
    Refusal,
    html::{HtmlError, HtmlText, html_to_seen_text, html_to_text},
    page_metadata::{PageMetadata, page_metadata},
};
use dom_query::Document;
use dom_smoothie::{Config, ParsePolicy, Readability};

mod choice;
mod prune;
mod refine;

use choice::Paragraphs;

/// The text of a page and its own statements about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct PageText {
    /// The text.
    pub text: String,
    /// Title, date, author, outlet, address and language that the page declares.
    pub metadata: PageMetadata,
    /// True if the text is the article; false if it is the whole page, since no article was found or none was asked for.
    pub is_article: bool,
}

impl From<HtmlError> for Refusal {
    fn from(error: HtmlError) -> Self {
        match error {
            HtmlError::TooLong(bytes) => Self::TooLarge {
                kind: "HTML page",
                bytes,
                most: crate::html::MAX_HTML_BYTES,
            },
            HtmlError::Refused(cause) => Self::Unsafe {
                kind: "HTML page",
                cause,
            },
        }
    }
}

/// Characters that an article has at least, where the page has more.
const FEW: usize = 140;
/// Share of the paragraphs of a page below which a text is not its article: the block around all of them is read.
const TOO_LITTLE: f64 = 0.3;
/// Letters of paragraphs from which a text is an article, whatever else is on its page: comments and teasers are often more.
const MUCH: usize = 1_000;

/// Reads a page. Only whole pages have articles: a fragment is read as it is. `address` is where the page came from.
///
/// # Errors
/// As [`html_to_text`].
pub fn read_page(html: &str, address: Option<&str>, whole_page: bool) -> Result<PageText, Refusal> {
    // The limits on nesting, elements and attributes hold for every other parser after this one.
    let whole = html_to_text(html)?;
    if !is_page(html) {
        let metadata = PageMetadata {
            title: whole.title.clone(),
            ..PageMetadata::default()
        };
        return Ok(PageText {
            text: whole.text,
            metadata,
            is_article: false,
        });
    }
    let document = Document::from(html);
    let mut metadata = page_metadata(&document, address);
    metadata.title = metadata.title.or_else(|| whole.title.clone());
    if whole_page {
        return Ok(PageText {
            text: whole.text,
            metadata,
            is_article: false,
        });
    }
    prune::prune(&document);
    // Without an article the page is read without the parts that surround an article on every page.
    let rest = document.clone();
    prune::prune_surroundings(&rest);
    let seen = html_to_seen_text(&rest.html())?;
    Ok(match article(&document, &rest, &seen) {
        Some(text) => {
            let title = metadata.title.as_deref().unwrap_or_default();
            let mut parts = refine::lead(&seen.text, &text, title);
            parts.push(&text);
            PageText {
                text: parts.join("\n\n"),
                metadata,
                is_article: true,
            }
        }
        None => PageText {
            text: seen.text,
            metadata,
            is_article: false,
        },
    })
}

/// True for a page with a head or a body of its own.
fn is_page(html: &str) -> bool {
    let mut head = html.as_bytes();
    while let Some(at) = memchr::memchr(b'<', head) {
        head = &head[at + 1..];
        let is = |name: &[u8]| {
            head.len() > name.len()
                && head[..name.len()].eq_ignore_ascii_case(name)
                && !head[name.len()].is_ascii_alphanumeric()
        };
        if is(b"html") || is(b"body") || is(b"head") || is(b"!doctype") {
            return true;
        }
    }
    false
}

/// The text of the article, by the strictest policy that finds one with most of the paragraphs of the page. `rest` is the page
/// without the parts that surround an article, `whole` its text.
fn article(document: &Document, rest: &Document, whole: &HtmlText) -> Option<String> {
    let seen = whole.text.chars().count();
    let is_table = choice::is_table(rest);
    let paragraphs = Paragraphs::of(&choice::without_links(rest));
    let mut best: Option<Candidate> = None;
    for policy in [ParsePolicy::Strict, ParsePolicy::Moderate, ParsePolicy::Clean] {
        let config = Config {
            // The article's own title is read beside its text.
            char_threshold: FEW,
            ..Config::default()
        };
        let mut reader = Readability::with_document(document.clone(), None, Some(config)).ok()?;
        let Ok(found) = reader.parse_with_policy(policy) else {
            continue;
        };
        let Ok(read) = html_to_seen_text(&refine::without_other_articles(&prune::cells_as_blocks(&found.content)))
        else {
            continue;
        };
        let length = read.text.chars().count();
        if is_table && length * 2 < seen {
            // One row was taken for the article.
            return None;
        }
        let share = paragraphs.share_in(&read.text);
        let own = Paragraphs::of(&read.text).letters();
        let is_longer = best.as_ref().is_none_or(|best| own > best.letters);
        if (length >= FEW || length * 3 >= seen) && (share >= TOO_LITTLE || own >= MUCH) && is_longer {
            return Some(read.text);
        }
        if is_longer && best.as_ref().is_none_or(|best| share >= best.share) {
            best = Some(Candidate {
                share,
                letters: own,
                text: read.text,
            });
        }
    }
    let best = best.filter(|best| best.text.chars().count() >= 40)?;
    // Most of the running text is elsewhere on the page.
    if best.share < TOO_LITTLE
        && best.letters < MUCH
        && let Some(block) = choice::block(rest).and_then(|block| html_to_seen_text(&block).ok())
        && Paragraphs::of(&block.text).letters() * 2 > best.letters * 3
    {
        return Some(block.text);
    }
    Some(best.text)
}

/// A text that may be the article.
struct Candidate {
    /// Share of the paragraphs of the page.
    share: f64,
    /// Letters of its own paragraphs.
    letters: usize,
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    pub const ARTICLE: &str = "<p>قتل شخصان وأصيب ثلاثة آخرون، مساء أمس، في هجوم شنه مسلحون على نقطة تفتيش قرب قضاء خانقين في محافظة ديالى، بحسب مصدر في الشرطة.</p>\
         <p>وقال المصدر إن المسلحين فروا إلى جهة مجهولة بعد الهجوم، مبيناً أن قوة من الجيش وصلت إلى المكان وبدأت عملية بحث واسعة.</p>";

    fn page(body: &str) -> String {
        format!(
            "<!doctype html><html lang=ar><head><title>هجوم في خانقين - وكالة الأنباء</title>\
             <meta property='og:title' content='هجوم في خانقين'><meta property='og:site_name' content='وكالة الأنباء'>\
             <meta property='article:published_time' content='2021-12-03T08:00:00+03:00'>\
             <link rel=canonical href='/news/1'></head><body>{body}</body></html>"
        )
    }

    #[test]
    fn menus_related_stories_comments_and_footers_are_left_out() {
        let menu = "<ul class=menu><li><a href=/basra>البصرة</a><li><a href=/najaf>النجف</a><li><a href=/mosul>الموصل</a></ul>";
        let related = "<div class='related-posts'><h3>اقرأ أيضاً</h3><a href=/2>حريق في السماوة</a><a href=/3>انفجار في الرمادي</a></div>";
        let comments = "<div id=comments><h3>التعليقات</h3><div class=comment><p>سلام من تلعفر إلى أهلنا الكرام في كل مكان، الله يحفظكم.</p></div></div>";
        let html = page(&format!(
            "<header>{menu}</header><nav>{menu}</nav><div id=content><article><h1>هجوم في خانقين</h1>{ARTICLE}\
             <figure><img src=a alt='كربلاء'><figcaption>صورة من المكان</figcaption></figure></article>{related}{comments}</div>\
             <footer>العنوان: الكرادة، بغداد</footer>"
        ));
        let read = read_page(&html, Some("https://example.org/news/1?x=1"), false).unwrap();
        assert!(read.is_article);
        assert!(
            read.text.contains("خانقين") && read.text.contains("عملية بحث"),
            "{}",
            read.text
        );
        for left_out in ["البصرة", "السماوة", "الرمادي", "تلعفر", "الكرادة", "كربلاء"]
        {
            assert!(!read.text.contains(left_out), "{left_out}: {}", read.text);
        }
        let metadata = read.metadata;
        assert_eq!(metadata.title.as_deref(), Some("هجوم في خانقين"));
        assert_eq!(metadata.publisher.as_deref(), Some("وكالة الأنباء"));
        assert_eq!(metadata.published.as_deref(), Some("2021-12-03T05:00:00Z"));
        assert_eq!(metadata.url.as_deref(), Some("https://example.org/news/1"));
        let whole = read_page(&html, None, true).unwrap();
        assert!(!whole.is_article && whole.text.contains("البصرة"));
    }

    #[test]
    fn a_page_without_an_article_is_read_whole() {
        let read = read_page(
            "<html><body><h1>Kirkuk</h1><p>Attack near Daquq.</p></body></html>",
            None,
            false,
        )
        .unwrap();
        assert!(read.text.contains("Daquq"), "{}", read.text);
        let fragment = read_page("<p>Attack near Daquq.</p>", None, false).unwrap();
        assert_eq!(
            (fragment.text.as_str(), fragment.is_article),
            ("Attack near Daquq.", false)
        );
    }

    /// Report: a short article was read with the menu, the related stories and the footer.
    #[test]
    fn around_a_short_article_nothing_is_read() {
        let body = "<nav><a href=/>بغداد</a><a href=/m>الموصل</a></nav><header><a href=/>أخبار الأنبار</a></header>\
             <div class=article><h1>هجوم في كفري</h1><p>قتل شخصان في هجوم قرب كفري.</p></div>\
             <div class='post related-posts'><h3>اقرأ أيضا</h3><a href=/1>انفجار في الفلوجة</a></div><aside>طقس زاخو</aside>\
             <div id=comments>من تلعفر</div><footer>مكتبنا: أربيل</footer>";
        let read = read_page(&page(body), None, false).unwrap();
        assert_eq!(read.text, "هجوم في كفري\n\nقتل شخصان في هجوم قرب كفري.");
        let whole = read_page(&page(body), None, true).unwrap();
        assert!(
            whole.text.contains("أربيل") && whole.text.contains("الفلوجة"),
            "{}",
            whole.text
        );
    }

    /// Report: words of neighbouring cells were joined.
    #[test]
    fn cells_of_tables_of_layout_are_blocks() {
        let menu = "<a href=1>بغداد</a><br><a href=2>الموصل</a>";
        let words = ARTICLE.replace("<p>", "").replace("</p>", "<br><br>");
        for article in [words.as_str(), "قتل شخصان قرب كفري.<br><br>وأصيب آخر في داقوق."]
        {
            let read = read_page(
                &page(&format!("<table><tr><td>{menu}</td><td>{article}</td></tr></table>")),
                None,
                false,
            )
            .unwrap();
            assert!(
                !read.text.contains("الموصلقتل") && !read.text.contains("بغدادالموصل"),
                "{}",
                read.text
            );
            assert!(read.text.contains("قتل شخصان"), "{}", read.text);
        }
    }

    #[test]
    fn what_the_style_of_a_page_hides_and_newsletters_are_left_out() {
        let style = "<style>/* x */ .h, p.g { display : none } .s{display:none} .s{display:block} @media print{.m{display:none}}\
             body{visibility:hidden}</style>";
        let hidden = "<p class=h>الكوت</p><p class='x g'>العمارة</p><p class=s>كفري</p><p class=m>طوزخورماتو</p>\
             <div class='newsletter-signup'><p>اشترك في نشرة الموصل كل يوم</p></div>";
        let read = read_page(
            &page(&format!("{style}<article>{ARTICLE}{hidden}{ARTICLE}</article>")),
            None,
            false,
        )
        .unwrap();
        for left_out in ["الكوت", "العمارة", "الموصل"] {
            assert!(!read.text.contains(left_out), "{left_out}: {}", read.text);
        }
        for kept in ["كفري", "طوزخورماتو", "خانقين"] {
            assert!(read.text.contains(kept), "{kept}: {}", read.text);
        }
    }

    /// Report: a banner, or the list of those who signed, was taken for the article.
    #[test]
    fn most_of_the_running_text_of_a_page_is_its_article() {
        let banner = "<div class='cookie-consent'><p>نستخدم ملفات تعريف الارتباط، وذلك لتحسين الموقع، وتحليل الزيارات، وعرض إعلانات، كما يفعل غيرنا.</p></div>";
        let paragraphs: Vec<String> = (1..=8)
            .map(|number| format!("<div><div><span>قال المصدر رقم {number} إن القوة وصلت إلى خانقين، وإن الطريق مغلق، وإن البحث مستمر.</span></div></div>"))
            .collect();
        let signed = "<section><p>علي حسن، جامعة كركوك، سارة محمد، جامعة الموصل، كريم خالد، جامعة ديالى، ليلى أحمد، جامعة أربيل</p></section>";
        let read = read_page(
            &page(&format!("{banner}<div id=story>{}</div>{signed}", paragraphs.concat())),
            None,
            false,
        )
        .unwrap();
        assert!(
            read.text.contains("رقم 1 ") && read.text.contains("رقم 8 "),
            "{}",
            read.text
        );
        assert!(!read.text.contains("ملفات تعريف"), "{}", read.text);
    }

    /// Report: one row of a page that is a table was its article, and its cells were joined.
    #[test]
    fn a_page_that_is_a_table_keeps_its_rows() {
        let rows: Vec<String> = (1..=9)
            .map(|day| format!("<tr><td>{day} March</td><td>Daquq, Kirkuk</td><td>Gunmen attacked post {day}, a soldier, a guard and a driver were hurt, and two fled</td></tr>"))
            .collect();
        let html = format!(
            "<html><head><title>Log</title></head><body><h1>Log</h1><table>{}</table></body></html>",
            rows.concat()
        );
        let read = read_page(&html, None, false).unwrap();
        for day in 1..=9 {
            assert!(
                read.text.contains(&format!("{day} March")) && read.text.contains(&format!("post {day},")),
                "{}",
                read.text
            );
        }
        assert!(
            !read.text.contains("MarchDaquq") && !read.text.contains("KirkukGunmen"),
            "{}",
            read.text
        );
    }

    #[test]
    fn tables_of_an_article_are_kept() {
        let table = "<table><caption>الضحايا</caption><tr><th>القضاء</th><th>القتلى</th></tr><tr><td>مندلي</td><td>7</td></tr><tr><td>كلار</td><td>3</td></tr></table>";
        let read = read_page(
            &page(&format!("<article>{ARTICLE}{table}{ARTICLE}</article>")),
            None,
            false,
        )
        .unwrap();
        assert!(
            read.text.contains("مندلي") && read.text.contains("كلار"),
            "{}",
            read.text
        );
    }
}
