//! The program `posthouse-desktop`: everything is in the library.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    posthouse_desktop::app::main()
}
