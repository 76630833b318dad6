//! What may reach a terminal: displayable form, width, cutting, wrapping, caps.
//!
//! Text from outside (commits, refs, playbooks, shared cases, remote answers) is hostile until it went through
//! [`displayable()`] or [`displayable_lines`]. The other functions measure and shape text that is displayable already.

mod base64;
mod cap;
mod columns;
mod displayable;
mod hex;
mod hidden;
mod json;
mod signs;
mod window;
mod wrap;

pub use base64::base64;
pub use cap::cap;
pub use columns::{cut, fit, letters, width};
pub use displayable::{displayable, displayable_lines};
pub use hex::hex;
pub use json::harmless_json;
pub use signs::{ascii_sign, in_ascii};
pub use window::{rows, window};
pub use wrap::wrap;
