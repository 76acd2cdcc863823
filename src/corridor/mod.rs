//! The security-gap corridor: definitions, the line derived from them, linear referencing.
