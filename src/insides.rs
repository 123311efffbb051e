//! What the fuzz targets (`fuzz/`) reach behind the public surface. It is no part of that surface, and changes at any time.

pub use crate::{
    encoding::{base64, read_base64},
    json_writer::json,
    tape::{Plain, Tape},
};
