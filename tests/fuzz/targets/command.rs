#![no_main]

#[path = "../bodies/command.rs"]
mod command;

libfuzzer_sys::fuzz_target!(|raw: &[u8]| command::read(raw));
