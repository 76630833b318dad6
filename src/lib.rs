//! `fixlead` leads a security release through its phases.
#![forbid(unsafe_code)]

pub mod app;
pub mod case;
pub mod cli;
pub mod config;
pub mod cvss;
pub mod divergence;
pub mod drill;
pub mod evidence;
pub mod findings;
pub mod git;
pub mod look;
pub mod playbook;
pub mod runtime;
pub mod schedule;
pub mod source;
pub mod store;
pub mod text;
pub mod ui;
