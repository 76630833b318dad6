//! Instants, countdowns and the release window.
