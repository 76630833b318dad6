//! The CVSS engine against its references: scored vectors, vectors that must be refused, another calculator.

mod drafts;
mod properties;
mod references;
mod schemas;
mod words;
