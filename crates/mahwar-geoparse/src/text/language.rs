//! The language of a paragraph, from the letters of its words.

use crate::language::Language;

/// Words counted by script; `sorani` are Arabic-script words with a letter that only Sorani has.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) arabic: u32,
    pub(super) sorani: u32,
    pub(super) latin: u32,
}

impl Tally {
    /// The language of most of the words; `otherwise` when there are none. Most Sorani words have a letter of its own
    /// (ە above all), Arabic text has them in borrowed names only, so one word in five decides.
    pub(super) fn language(&self, otherwise: Language) -> Language {
        let arabic_script = self.arabic + self.sorani;
        if arabic_script + self.latin == 0 {
            otherwise
        } else if self.latin > arabic_script {
            Language::English
        } else if self.sorani * 5 >= arabic_script {
            Language::Sorani
        } else {
            Language::Arabic
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.arabic += other.arabic;
        self.sorani += other.sorani;
        self.latin += other.latin;
    }
}
