//! The table as a whole, in-process and over HTTP.
