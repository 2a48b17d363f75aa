#![no_main]

#[path = "../bodies/report.rs"]
mod report;

libfuzzer_sys::fuzz_target!(|raw: &[u8]| report::read(raw));
