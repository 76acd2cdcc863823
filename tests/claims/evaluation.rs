//! The project's own evaluation rows.
