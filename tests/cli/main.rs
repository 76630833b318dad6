//! The command line from outside: the real program on folders of its own.

mod actions;
mod components;
#[path = "../shared/corpus.rs"]
mod corpus;
mod cvss;
mod divergence;
mod faults;
mod free_text;
mod gates;
mod home;
#[path = "../shared/hostile.rs"]
mod hostile;
mod hostile_text;
mod house;
#[path = "../shared/output.rs"]
mod output;
mod people;
mod playbooks;
mod project;
mod scores;
mod scripted;
mod settings;
mod shape;
mod steps;
mod time;
mod usage;
mod ways;
