//! `fixlead` leads a security release through its phases.
#![forbid(unsafe_code)]

pub mod case;
pub mod cvss;
pub mod playbook;
pub mod schedule;
pub mod source;
pub mod text;
