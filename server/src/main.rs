//! The program `posthouse`: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    posthouse_server::cli::main()
}
