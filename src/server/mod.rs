//! The HTTP side: one router, one place that maps errors to problem details.
