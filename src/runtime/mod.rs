//! The imperative shell: the person's folders and clock, the terminal, input, the desk where effects are carried out.

pub mod begin;
pub mod calculator;
pub mod desk;
pub mod drill;
mod editor;
mod fault;
mod input;
mod kept;
pub mod look;
pub mod looking;
pub mod new_case;
pub mod pointer;
pub mod scanner;
pub mod screen;
pub mod terminal;
pub mod watching;
pub mod world;

pub use world::{World, WorldError};
