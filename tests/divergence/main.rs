//! The reader of repositories and the engine of divergence, on real repositories.

mod program;
