//! Events: claims of one type that appear to be about the same thing, kept side by side.
//!
//! An [`Account`] is one claim with its day, its site, its figures and a sketch of its words. Accounts are compared in pairs
//! ([`compare`]): accounts whose days or sites are further apart than their uncertainties never belong together, whatever
//! else they have in common. [`choose`] finds the event of a new account among the events nearby. An [`Event`] shows its
//! accounts by side and date; it has no figure of its own.
//!
//! Claims without a day or without a site are accounts of no event: they cannot be compared.
//!
//! **Architecture invariant:** nothing here reads or writes anything; the store decides which accounts are nearby.

mod account;
mod days;
mod event;
mod figures;
mod link;
mod reading;
mod site;
mod sketch;
mod told;

pub use account::{Account, ClaimRef, Figure};
pub use days::Days;
pub use event::{Event, Member, feature, of_documents};
pub use figures::{Agreement, differing};
pub use link::{AccountRuling, COMPARED, Choice, Comparison, Near, choose, compare, link_all};
pub use reading::accounts;
pub use site::{LARGEST_KM, NamedPlace, SPREAD_KM, Site, cell_of, cells_within};
pub use sketch::Sketch;
pub use told::{EventAccount, Outlet, told};
