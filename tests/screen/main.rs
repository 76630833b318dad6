//! What a person sees and does, by keys as text on a test backend.

mod harness;
mod sizes;
mod stories;
