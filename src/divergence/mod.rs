//! Where the public and the private repositories of a component differ.
//!
//! Nothing here reads a repository: the reader hands over what it saw, and what could not be looked at is unknown, never
//! equal and never absent. A wrong «all clear» is the worst that this program could say.

mod component;
mod far;
mod fix;
mod leak;
mod look;
mod oid;
mod outcome;
mod pair;
mod reach;
mod report;
mod tag;
mod url;
mod walk;

pub use component::{Component, MIRROR_LAG, Wanted, matches};
pub use far::{Far, compare_all};
pub use fix::{FixSeen, FixState};
pub use leak::{Leak, LeakHow, Leaks};
pub use look::Look;
pub use oid::{NoOid, Oid};
pub use outcome::{Amiss, Outcome};
pub use pair::{Conflict, Expected, Merge, PairState, Plan, Side};
pub use reach::{Reaches, reached};
pub use report::{FixRow, Flag, LookedAt, Offered, Pair, PinRow, Report, Role, TagRow, TrackRow, Tracking};
pub use tag::{Found, PinAt, PinState, TagAt, TagState};
pub use url::{BadUrl, Url, shown_of_git};
pub use walk::{Common, History, Place, Walker};
