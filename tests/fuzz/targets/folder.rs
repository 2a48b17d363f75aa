#![no_main]

#[path = "../bodies/folder.rs"]
mod folder;

libfuzzer_sys::fuzz_target!(|raw: &[u8]| folder::read(raw));
