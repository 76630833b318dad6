//! Repositories and the person's git settings, all read through the `git` program.

mod error;
mod graph;
mod graph_file;
pub mod merges;
mod person;
mod program;
mod run;

pub use error::{GitError, Network};
pub use graph::{Graph, Row, row};
pub use graph_file::{GraphError, shallow, write as write_graph};
pub use person::user_name;
pub use program::{Git, Version};
pub use run::{Cancel, Limits, Run};
