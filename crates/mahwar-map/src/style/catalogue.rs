//! The layers that the style draws: in which order, in which group, whether shown at first.

use std::borrow::Cow;

/// Layers that are switched together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Group {
    Evidence,
    Territory,
    Units,
    Context,
    /// Layers that the operator brought.
    Own,
}

impl Group {
    /// All groups, the most important first.
    pub const ALL: [Self; 5] = [Self::Evidence, Self::Own, Self::Territory, Self::Units, Self::Context];

    /// The id in the style's metadata.
    pub fn id(self) -> &'static str {
        match self {
            Self::Evidence => "evidence",
            Self::Territory => "territory",
            Self::Units => "units",
            Self::Context => "context",
            Self::Own => "own",
        }
    }
}

/// A layer that the style knows how to draw.
#[derive(Clone, Debug)]
pub struct Known {
    /// The layer's id.
    pub id: Cow<'static, str>,
    /// Its group.
    pub group: Group,
    /// True if it is drawn by default.
    pub shown: bool,
    /// Changes with every document, so that its tiles are a source of their own.
    pub evidence: bool,
}

const fn known(id: &'static str, group: Group, shown: bool) -> Known {
    Known {
        id: Cow::Borrowed(id),
        group,
        shown,
        evidence: matches!(group, Group::Evidence),
    }
}

/// From the ground up.
pub const CATALOGUE: &[Known] = &[
    known("countries", Group::Context, true),
    known("seas", Group::Context, true),
    known("urban_areas", Group::Context, true),
    known("borders", Group::Context, true),
    known("lakes", Group::Context, true),
    known("rivers", Group::Context, true),
    known("subdistricts", Group::Units, false),
    known("districts", Group::Units, true),
    known("governorates", Group::Units, true),
    known("unit_counts", Group::Evidence, false),
    known("security_gap_area", Group::Territory, false),
    known("disputed_areas", Group::Territory, true),
    known("control", Group::Territory, false),
    known("coordination_axes", Group::Evidence, false),
    known("positions", Group::Evidence, true),
    known("region_line", Group::Territory, true),
    known("security_gap", Group::Territory, true),
    known("security_gap_posts", Group::Territory, true),
    known("airports", Group::Context, true),
    known("peaks", Group::Context, true),
    known("settlements_context", Group::Context, false),
    known("places", Group::Units, true),
    known("events", Group::Evidence, false),
    known("claims", Group::Evidence, false),
    known("mentions", Group::Evidence, false),
    known("mention_places", Group::Evidence, true),
];

impl Known {
    /// The catalogue's entry of a layer.
    pub fn find(id: &str) -> Option<&'static Self> {
        CATALOGUE.iter().find(|known| known.id == id)
    }

    /// The source of the style that has its tiles. Areas with counts have one of their own: the tiles of the evidence stay
    /// small for everybody who does not look at them.
    pub fn source(&self) -> Cow<'static, str> {
        match self.group {
            Group::Own => super::own::source_of(&self.id).into(),
            _ if self.id == "unit_counts" => "counts".into(),
            _ if self.evidence => "evidence".into(),
            _ => "land".into(),
        }
    }
}
