//! Repositories and the person's git settings, all read through the `git` program.

mod below;
mod cache;
mod error;
mod files;
pub mod fixes;
mod graph;
mod graph_file;
pub mod merges;
pub mod offered;
pub mod others;
pub mod patches;
mod person;
pub mod pins;
mod program;
mod refs;
mod remote;
mod repository;
mod run;
mod stamp;
mod traces;
mod url;

pub use below::Below;
pub use cache::{Cache, Held};
pub use error::{GitError, Network};
pub use files::{commits, trees};
pub use graph::{Graph, Row, row};
pub use graph_file::{GraphError, shallow, write as write_graph};
pub use person::user_name;
pub use program::{Git, Version};
pub use refs::Refs;
pub use remote::{Brought, Remotes};
pub use repository::{Format, Repository, Trouble};
pub use run::{Cancel, Limits, Run};
pub use stamp::stamp;
pub use url::{BadUrl, Rewrite, Url};
