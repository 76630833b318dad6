//! Repositories and the person's git settings, all read through the `git` program.

mod error;
mod person;
mod program;
mod run;

pub use error::{GitError, Network};
pub use person::user_name;
pub use program::{Git, Version};
pub use run::{Cancel, Limits, Run};
