//! Positions that come from outside: finite, in range, or an error that names the parameter.

use super::LonLat;

/// A coordinate that is not a position on the Earth.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{parameter} is {value}; accepted: a finite number from {least} to {most}")]
pub struct PositionError {
    /// The parameter that is wrong, as the user knows it.
    pub parameter: &'static str,
    /// The given value.
    pub value: f64,
    /// Smallest accepted value.
    pub least: f64,
    /// Largest accepted value.
    pub most: f64,
}

/// A number from `least` to `most`, or an error that names the parameter.
pub fn checked(parameter: &'static str, value: f64, least: f64, most: f64) -> Result<f64, PositionError> {
    // A comparison with NaN is false, so NaN is refused too.
    if value >= least && value <= most {
        Ok(value)
    } else {
        Err(PositionError {
            parameter,
            value,
            least,
            most,
        })
    }
}

/// A position from two numbers in degrees.
///
/// ```
/// use mahwar_territory::geodesy::position;
/// assert_eq!(position(44.39, 35.47).unwrap(), [44.39, 35.47]);
/// assert!(position(44.39, 95.0).is_err());
/// ```
pub fn position(lon: f64, lat: f64) -> Result<LonLat, PositionError> {
    Ok([checked("lon", lon, -180.0, 180.0)?, checked("lat", lat, -90.0, 90.0)?])
}
