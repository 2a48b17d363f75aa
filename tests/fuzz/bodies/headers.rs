//! The header of a message.

use posthouse::mime::headers::{fields, head};
use posthouse::model::address::{Address, first_bad, parse_list};

pub fn read(raw: &[u8]) {
    assert!(raw.starts_with(head(raw)));
    for field in fields(raw) {
        assert!(!field.name.contains(['\r', '\n']) && !field.value.contains(['\r', '\n']));
        let _ = (parse_list(&field.value), first_bad(&field.value));
        if let Ok(address) = Address::parse(&field.value) {
            assert_eq!(Address::parse(address.as_str()), Ok(address));
        }
    }
}
