//! Tile matrix sets, clipping and vector tile encoding (MVT 2.1).
