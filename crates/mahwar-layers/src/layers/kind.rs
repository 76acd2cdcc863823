//! The layers that the program makes itself, in one table: each rule for one of them names its kind.

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $id:literal from $origin:ident;)*) => {
        /// A layer that the program makes from the land's data or from documents.
        ///
        /// ```
        /// use mahwar_layers::layers::LayerKind;
        /// assert_eq!(LayerKind::of("claims"), LayerKind::Claims);
        /// assert_eq!(LayerKind::Claims.id(), "claims");
        /// assert_eq!(LayerKind::of("wells"), LayerKind::Other);
        /// ```
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum LayerKind {
            $($(#[$doc])* $kind,)*
            /// Any other layer, such as an own layer of the operator.
            #[default]
            Other,
        }

        impl LayerKind {
            /// Every kind that has an id, in the order of this table.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// The id in URLs; empty for [`Self::Other`].
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$kind => $id,)*
                    Self::Other => "",
                }
            }

            /// True for a layer whose features come from documents.
            pub const fn is_of_documents(self) -> bool {
                match self {
                    $(Self::$kind => kinds!($origin),)*
                    Self::Other => false,
                }
            }
        }
    };
    (documents) => { true };
    (land) => { false };
}

kinds! {
    /// The country and its neighbours.
    Countries = "countries" from land;
    /// Seas.
    Seas = "seas" from land;
    /// Built-up areas.
    UrbanAreas = "urban_areas" from land;
    /// Borders between states and between units.
    Borders = "borders" from land;
    /// Lakes.
    Lakes = "lakes" from land;
    /// Rivers.
    Rivers = "rivers" from land;
    /// Units of the first level.
    Governorates = "governorates" from land;
    /// Units of the second level.
    Districts = "districts" from land;
    /// Units of the third level.
    Subdistricts = "subdistricts" from land;
    /// Areas that more than one side claims.
    DisputedAreas = "disputed_areas" from land;
    /// Units by the side that controls them, in each period.
    Control = "control" from land;
    /// The line of the region, as a worldview draws it.
    RegionLine = "region_line" from land;
    /// Units that a corridor leads through.
    SecurityGapArea = "security_gap_area" from land;
    /// The lines of the corridors.
    SecurityGap = "security_gap" from land;
    /// Kilometre posts of the corridors.
    SecurityGapPosts = "security_gap_posts" from land;
    /// Settlements and sites of the gazetteer.
    Places = "places" from land;
    /// Airports.
    Airports = "airports" from land;
    /// Peaks.
    Peaks = "peaks" from land;
    /// Settlements of the neighbours.
    SettlementsContext = "settlements_context" from land;
    /// Axes of coordination that documents claim.
    CoordinationAxes = "coordination_axes" from documents;
    /// Positions that texts describe.
    Positions = "positions" from documents;
    /// Events, each from the claims about it.
    Events = "events" from documents;
    /// Claims.
    Claims = "claims" from documents;
    /// Units with the counts of documents about them.
    UnitCounts = "unit_counts" from documents;
    /// Places with the mentions of them.
    MentionPlaces = "mention_places" from documents;
    /// Mentions of places.
    Mentions = "mentions" from documents;
    /// Documents.
    Documents = "documents" from documents;
}

impl LayerKind {
    /// The kind of the layer with this id.
    pub fn of(id: &str) -> Self {
        let known = Self::ALL.iter().find(|kind| kind.id() == id);
        known.copied().unwrap_or_default()
    }

    /// True for a layer of counts, whose features are no statements of their own.
    pub const fn is_of_counts(self) -> bool {
        matches!(self, Self::UnitCounts | Self::MentionPlaces)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::Catalog;

    #[test]
    fn every_kind_is_in_the_catalogue_of_the_repository_and_every_layer_there_has_a_kind() {
        let catalog = Catalog::read(include_str!("../../../../data/layers.toml")).unwrap();
        for kind in LayerKind::ALL {
            assert!(catalog.get(kind.id()).is_some(), "{kind:?}");
        }
        for entry in catalog.entries() {
            assert_ne!(entry.kind, LayerKind::Other, "{}", entry.id);
        }
    }
}
