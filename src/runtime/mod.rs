//! The imperative shell: the person's folders and clock, the terminal, input, worker tasks, signals.

pub mod world;

pub use world::{World, WorldError};
