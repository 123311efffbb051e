#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ocisign_fuzz::base64(data));
