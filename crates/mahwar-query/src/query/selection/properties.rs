//! Fields of a layer by their names.

use super::super::{QueryError, cql, echo, parameter::Query, parameters as p};
use crate::layers::Layer;

/// The position of the id among the fields of a layer that has no field of this name.
pub(super) const ID_FIELD: usize = usize::MAX;

/// The field with this name, or the id.
pub fn field_or_id(layer: &Layer, name: &str) -> Option<usize> {
    layer.field(name).or_else(|| (name == cql::ID).then_some(ID_FIELD))
}

/// The fields that `properties` names; all for `None`.
///
/// # Errors
/// For a name that is no field of the layer.
pub fn chosen_fields(query: &Query<'_>, layer: &Layer) -> Result<Option<Vec<usize>>, QueryError> {
    let Some(list) = query.list(&p::PROPERTIES) else {
        return Ok(None);
    };
    let mut chosen = Vec::new();
    for name in list {
        let field = field_named(layer, name, p::PROPERTIES.name)?;
        if !chosen.contains(&field) {
            chosen.push(field);
        }
    }
    Ok(Some(chosen))
}

/// The position of the field with this name; the error names the parameter and lists all fields.
pub(super) fn field_named(layer: &Layer, name: &str, parameter: &str) -> Result<usize, QueryError> {
    layer.field(name).ok_or_else(|| {
        let names: Vec<&str> = layer.fields.iter().map(|field| field.name.as_str()).collect();
        QueryError::parameter(
            parameter,
            format!(
                "layer {} has no field {:?}; it has {}",
                layer.id,
                echo(name),
                names.join(", ")
            ),
        )
    })
}
