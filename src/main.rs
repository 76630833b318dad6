//! The `fixlead` program.

fn main() {}
