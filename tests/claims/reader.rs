//! Reading with the project's own data.
use crate::common::geoparser;
use mahwar::geoparse::Parse;

pub fn read(text: &str) -> Parse {
    geoparser().geoparse(text)
}
