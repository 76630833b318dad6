//! What a person sees and does, by keys as text on a test backend.

mod branches;
mod copy;
#[path = "../shared/corpus.rs"]
mod corpus;
mod drafts;
mod drill;
mod fields;
mod fleet;
mod harness;
#[path = "../shared/hostile.rs"]
mod hostile;
mod hostile_text;
mod keys;
mod looks;
mod mouse;
#[path = "../shared/output.rs"]
mod output;
mod overview;
mod picture;
mod readme;
mod score;
mod sizes;
mod slow_disk;
mod snapshots;
mod stories;
mod svg;
mod text;
mod themes;
mod ways;
