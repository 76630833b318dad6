//! What the lines on divergence are written for.

use crate::findings::Reader;

/// The reader and the paper.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// Who reads, and when.
    pub reader: Reader<'a>,
    /// Columns of the terminal; without one nothing is wrapped, so that each thing stays one line.
    pub width: Option<usize>,
}
