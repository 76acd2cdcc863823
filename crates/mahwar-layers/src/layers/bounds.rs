//! Boxes in degrees.

use geo::Rect;
use serde::Serialize;

/// A box in degrees: west, south, east, north.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bounds(pub [f64; 4]);

impl From<Rect<f64>> for Bounds {
    fn from(rect: Rect<f64>) -> Self {
        Self([rect.min().x, rect.min().y, rect.max().x, rect.max().y])
    }
}

impl Bounds {
    /// Whether the two have a point in common; borders count.
    pub fn meets(self, other: Self) -> bool {
        let ([w, s, e, n], [ow, os, oe, on]) = (self.0, other.0);
        w <= oe && ow <= e && s <= on && os <= n
    }

    /// Whether the other lies in it.
    pub fn holds(self, other: Self) -> bool {
        let ([w, s, e, n], [ow, os, oe, on]) = (self.0, other.0);
        w <= ow && oe <= e && s <= os && on <= n
    }

    /// The box in whole micro-degrees, outwards: coordinates written with fewer digits than they have lie in it still.
    pub fn rounded_out(self) -> Self {
        const STEPS: f64 = 1e6;
        let [west, south, east, north] = self.0.map(|degrees| degrees * STEPS);
        Self([west.floor(), south.floor(), east.ceil(), north.ceil()].map(|steps| steps / STEPS))
    }

    /// The smallest box around both.
    pub fn union(self, other: Self) -> Self {
        let ([w, s, e, n], [ow, os, oe, on]) = (self.0, other.0);
        Self([w.min(ow), s.min(os), e.max(oe), n.max(on)])
    }
}
