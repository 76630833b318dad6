//! The command line from outside: the real program on folders of its own.

mod actions;
mod faults;
mod free_text;
mod gates;
mod home;
mod hostile;
mod house;
mod people;
mod playbooks;
mod project;
mod settings;
mod shape;
mod steps;
mod time;
mod usage;
mod ways;
