#![no_main]

#[path = "../bodies/mime.rs"]
mod mime;

libfuzzer_sys::fuzz_target!(|raw: &[u8]| mime::read(raw));
