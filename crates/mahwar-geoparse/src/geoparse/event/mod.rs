//! Events in texts: the words of each type of claim, and the parties that act and are acted on.

mod finder;
mod lexicon;
mod parties;
mod phrases;

pub use lexicon::{ClaimKind, EventFiles, Party};

pub(super) use finder::EventTrigger;
pub(super) use lexicon::{EventLexicon, EventUnits};
pub(super) use parties::{Parties, PartyAt, PartyFinder};
