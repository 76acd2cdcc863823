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
    /// True if the two have a point in common; borders count.
    ///
    /// ```
    /// use mahwar_layers::layers::Bounds;
    /// assert!(Bounds([0.0, 0.0, 2.0, 2.0]).meets(Bounds([2.0, 2.0, 3.0, 3.0])));
    /// assert!(!Bounds([0.0, 0.0, 1.0, 1.0]).meets(Bounds([2.0, 2.0, 3.0, 3.0])));
    /// ```
    pub fn meets(self, other: Self) -> bool {
        let ([w, s, e, n], [ow, os, oe, on]) = (self.0, other.0);
        w <= oe && ow <= e && s <= on && os <= n
    }

    /// True if the other lies in it.
    ///
    /// ```
    /// use mahwar_layers::layers::Bounds;
    /// assert!(Bounds([0.0, 0.0, 3.0, 3.0]).holds(Bounds([1.0, 1.0, 2.0, 2.0])));
    /// ```
    pub fn holds(self, other: Self) -> bool {
        let ([w, s, e, n], [ow, os, oe, on]) = (self.0, other.0);
        w <= ow && oe <= e && s <= os && on <= n
    }

    /// The box in whole micro-degrees, rounded outwards. It still contains coordinates that are written with fewer
    /// digits, and those of a box that was projected and back, which differs in the last digits of a number.
    ///
    /// ```
    /// use mahwar_layers::layers::Bounds;
    /// let exact = Bounds([0.123_456_789_01, 0.0, 1.0, 1.987_654_321_09]);
    /// assert!(exact.rounded_out().holds(exact));
    /// ```
    pub fn rounded_out(self) -> Self {
        const STEPS: f64 = 1e6;
        // A thousandth of a step: 0.1 millimetres.
        const MARGIN: f64 = 1e-3;
        let [west, south, east, north] = self.0.map(|degrees| degrees * STEPS);
        let (west, south) = ((west - MARGIN).floor(), (south - MARGIN).floor());
        let (east, north) = ((east + MARGIN).ceil(), (north + MARGIN).ceil());
        Self([
            (west / STEPS).max(-180.0),
            (south / STEPS).max(-90.0),
            (east / STEPS).min(180.0),
            (north / STEPS).min(90.0),
        ])
    }

    /// The smallest box around both.
    ///
    /// ```
    /// use mahwar_layers::layers::Bounds;
    /// let both = Bounds([0.0, 0.0, 1.0, 1.0]).union(Bounds([2.0, 2.0, 3.0, 3.0]));
    /// assert_eq!(both, Bounds([0.0, 0.0, 3.0, 3.0]));
    /// ```
    pub fn union(self, other: Self) -> Self {
        let ([w, s, e, n], [ow, os, oe, on]) = (self.0, other.0);
        Self([w.min(ow), s.min(os), e.max(oe), n.max(on)])
    }
}
