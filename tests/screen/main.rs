//! What a person sees and does, by keys as text on a test backend.

mod copy;
mod drafts;
mod drill;
mod fields;
mod harness;
mod keys;
mod mouse;
mod overview;
mod picture;
mod readme;
mod sizes;
mod slow_disk;
mod snapshots;
mod stories;
mod svg;
mod themes;
mod ways;
