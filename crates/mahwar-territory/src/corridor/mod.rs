//! The security-gap corridor: definitions, the line derived from them, linear referencing.

mod definition;
mod derive;
mod line;
mod locate;
mod packed;
mod part;
mod profile;
mod published;
mod report;
mod strip;

pub use definition::{CheckValues, CorridorError, Definition, Definitions, FindPlace, Kind};
pub use line::{Corridor, Station};
pub use locate::{LineSide, Location};
pub use part::{Part, River};
pub use profile::{Profile, Share, Stretch, units_beside};
pub use published::{PublishedFigure, read_published};
pub use report::{
    ClaimReport, ClaimedLength, Corridors, LocateError, LocationReport, METHOD, Measured, NearDefinition, Report,
};
pub use strip::Crossing;
