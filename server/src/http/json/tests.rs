use super::*;

#[derive(Debug, Default, PartialEq)]
struct Pair<'a> {
    one: Text<'a>,
    two: Given<Flat>,
}

#[derive(Debug, PartialEq)]
struct Flat(usize);

impl<'de> Shape<'de> for Flat {
    fn of_list<A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut count = 0;
        while list.next_element::<Skipped>()?.is_some() {
            count += 1;
        }
        Ok(Some(Self(count)))
    }
}

crate::json_object!(Pair<'_> { "one" => one, "two" => two });

fn read(bytes: &[u8]) -> Option<Pair<'_>> {
    object(bytes).ok()
}

#[test]
fn text_is_borrowed_unless_it_is_escaped() {
    let plain = read(br#"{"one":"a"}"#).unwrap();
    assert!(matches!(plain.one, Given::Value(Cow::Borrowed("a"))));
    let escaped = read(br#"{"\u006fne":"\n"}"#).unwrap();
    assert!(matches!(escaped.one, Given::Value(Cow::Owned(text)) if text == "\n"));
}

#[test]
fn every_kind_of_value_is_taken_for_what_it_is() {
    for (value, one, two) in [
        ("null", Given::Null, Given::Null),
        ("true", Given::Wrong, Given::Wrong),
        ("-1", Given::Wrong, Given::Wrong),
        ("18446744073709551615", Given::Wrong, Given::Wrong),
        ("1e3", Given::Wrong, Given::Wrong),
        (r#""x""#, Given::Value("x".into()), Given::Wrong),
        (r#"{"one":[{}]}"#, Given::Wrong, Given::Wrong),
        ("[1,[2],{}]", Given::Wrong, Given::Value(Flat(3))),
    ] {
        let json = format!(r#"{{"one":{value},"x":{value},"two":{value}}}"#);
        assert_eq!(read(json.as_bytes()), Some(Pair { one, two }), "{value}");
    }
    assert_eq!(read(b"{}"), Some(Pair::default()));
}

#[derive(Debug, Default, PartialEq)]
struct Loose {
    on: Given<bool>,
    count: Given<Number>,
    few: Given<Few>,
}

#[derive(Debug, PartialEq)]
struct Few(Vec<Given<bool>>);

impl<'de> Shape<'de> for Few {
    fn of_list<A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        bounded(list, 2).map(Self).map(Some)
    }
}

crate::json_object!(Loose { "on" => on, "count" => count, "few" => few });

#[test]
fn switches_and_numbers_are_values_too() {
    for (json, expected) in [
        (
            r#"{"on":true,"count":-7,"few":[true,"x"]}"#,
            Loose {
                on: Given::Value(true),
                count: Given::Value((-7).into()),
                few: Given::Value(Few(vec![Given::Value(true), Given::Wrong])),
            },
        ),
        (
            r#"{"on":1,"count":"1","few":true}"#,
            Loose {
                on: Given::Wrong,
                count: Given::Wrong,
                few: Given::Wrong,
            },
        ),
        (
            r#"{"count":18446744073709551615,"few":[null,null,null,null,null]}"#,
            Loose {
                on: Given::Absent,
                count: Given::Value(u64::MAX.into()),
                few: Given::Value(Few(vec![Given::Null, Given::Null, Given::Null])),
            },
        ),
    ] {
        assert_eq!(object::<Loose>(json.as_bytes()), Ok(expected), "{json}");
    }
    let half = object::<Loose>(br#"{"count":1.5}"#).unwrap();
    assert_eq!(half.count, Given::Value(Number::from_f64(1.5).unwrap()));
}

#[test]
fn what_is_skipped_is_still_checked() {
    let nested = |depth: usize| format!(r#"{{"x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    assert!(read(nested(120).as_bytes()).is_some());
    assert!(read(nested(130).as_bytes()).is_none());
    for bytes in [
        b"{\"x\":\"\xff\"}".as_slice(),
        b"{\"\xff\":1}",
        b"{\"x\":[1,]}",
        b"{\"x\":1}}",
        b"{\"x\"}",
        b"{x:1}",
        b"[]",
        b"",
        b"null",
    ] {
        assert_eq!(read(bytes), None, "{}", String::from_utf8_lossy(bytes));
    }
}
