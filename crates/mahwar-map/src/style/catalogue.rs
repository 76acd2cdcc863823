//! The layers that the style draws: in which order, in which group, whether shown at first.

/// Layers that are switched together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Group {
    Evidence,
    Territory,
    Units,
    Context,
}

impl Group {
    /// All groups, the most important first.
    pub const ALL: [Self; 4] = [Self::Evidence, Self::Territory, Self::Units, Self::Context];

    /// The id in the style's metadata.
    pub fn id(self) -> &'static str {
        match self {
            Self::Evidence => "evidence",
            Self::Territory => "territory",
            Self::Units => "units",
            Self::Context => "context",
        }
    }
}

/// A layer that the style knows how to draw.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The layer's id.
    pub id: &'static str,
    /// Its group.
    pub group: Group,
    /// Whether it is drawn unless somebody says otherwise.
    pub shown: bool,
    /// Changes with every document, so that its tiles are a source of their own.
    pub evidence: bool,
}

const fn known(id: &'static str, group: Group, shown: bool) -> Known {
    Known {
        id,
        group,
        shown,
        evidence: matches!(group, Group::Evidence),
    }
}

/// From the ground up.
pub const CATALOGUE: &[Known] = &[
    known("countries", Group::Context, true),
    known("lakes", Group::Context, true),
    known("rivers", Group::Context, true),
    known("subdistricts", Group::Units, false),
    known("districts", Group::Units, true),
    known("governorates", Group::Units, true),
    known("security_gap_area", Group::Territory, false),
    known("disputed_areas", Group::Territory, true),
    known("coordination_axes", Group::Evidence, false),
    known("positions", Group::Evidence, true),
    known("region_line", Group::Territory, true),
    known("security_gap", Group::Territory, true),
    known("security_gap_posts", Group::Territory, true),
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

    /// The source of the style that has its tiles.
    pub fn source(&self) -> &'static str {
        if self.evidence { "evidence" } else { "land" }
    }
}
