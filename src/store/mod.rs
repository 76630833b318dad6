//! The case file: atomic save, lock, backups, merge with a hand edit, hand-over bundle.
//!
//! A case is a folder `DATA/cases/<id>/`. `case.toml` is always a whole, older or newer, version: it is written beside
//! and exchanged. Nothing that a person wrote into it is lost: a save carries the difference of two cases over to the
//! text that lies on the disk at that moment, and what comes out of the exchange is looked at before it is put away.
//! No error holds text of a case.

mod atomic;
mod backup;
mod bundle;
mod conflict;
mod create;
mod disk;
mod document;
mod elsewhere;
mod error;
mod folder;
mod leftovers;
mod load;
mod lock;
mod looks;
mod notice;
mod parse;
mod playbooks;
mod presence;
mod restore;
mod save;
mod seeded;
mod summary;
mod trouble;
mod versions;
mod words;

#[cfg(test)]
mod tests;

pub use atomic::replace_file;
pub use disk::{read_capped, read_text};
pub use elsewhere::Elsewhere;
pub use error::{BundleFault, EditError, SaveFailure, StoreError, Unreadable};
pub use folder::{Store, is_id, make_folders, names_in};
pub use load::Loaded;
pub use looks::Looked;
pub use notice::{Access, Notice, Reason};
pub use parse::parse_own;
pub use playbooks::sha256;
pub use presence::{Claim, Holder};
pub use restore::Restored;
pub use summary::Listed;

/// The largest case file that is read, in bytes.
pub const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// From this size on, in bytes, a save and a load come with a warning.
pub const WARN_BYTES: u64 = 4 * 1024 * 1024;
