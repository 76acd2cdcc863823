//! Quantities, attributions and claims, through the public face.

mod any_text;
mod attributions;
mod evaluation;
mod kinds;
mod labels;
mod modality;
mod parties;
mod quantities;
mod reader;
mod refutations;
mod roles;
mod scenes;
mod seed;
mod speakers;
mod statements;
mod titles;
mod types;
mod wire_style;
