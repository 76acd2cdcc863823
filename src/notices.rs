//! Licences and notices of everything that the binary holds: the program, the data, the font, the libraries, the web map.

use std::sync::OnceLock;

/// A part with its title.
const PARTS: [(&str, &str); 7] = [
    (
        "Mahwar is licensed under the MIT License or the Apache License 2.0, as you choose",
        include_str!("../LICENSE-MIT"),
    ),
    ("Apache License 2.0", include_str!("../LICENSE-APACHE")),
    ("Data", include_str!("../data/SOURCES.md")),
    ("Font: Vazirmatn", include_str!("../data/fonts/OFL.txt")),
    ("Libraries", include_str!("../notices/crates.txt")),
    ("Web map", include_str!("../notices/packages.txt")),
    ("Software bill of materials", BOM),
];

const BOM: &str = "scripts/sbom.py of the source code writes the same list in CycloneDX 1.5.\n";

/// All notices as one plain text.
pub fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let mut text = String::new();
        for (title, part) in PARTS {
            let line = "#".repeat(100);
            text.push_str(&format!("{line}\n# {title}\n{line}\n\n{}\n\n", part.trim_end()));
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn every_part_has_its_notice() {
        for part in [
            "MIT License",
            "Apache License",
            "CC BY 3.0 IGO",
            "SIL OPEN FONT LICENSE",
            "\naxum ",
            "\nol ",
        ] {
            assert!(text().contains(part), "{part}");
        }
    }

    /// The script asks cargo which crates are linked.
    #[test]
    fn every_crate_and_package_is_listed() {
        let root = env!("CARGO_MANIFEST_DIR");
        let checked = Command::new("python3")
            .arg("scripts/notices.py")
            .arg("--check")
            .current_dir(root)
            .output();
        let checked = match checked {
            Ok(checked) => checked,
            Err(_) if std::env::var_os("MAHWAR_REQUIRE_TOOLS").is_none() => return,
            Err(error) => panic!("python3: {error}"),
        };
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success(), "{said}");
    }
}
