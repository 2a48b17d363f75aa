//! JSON as strangers send it: one pass over the bytes, text borrowed where it can be, a
//! field's wrong type noted instead of failing the whole, repeated names overwritten, the
//! rest skipped.
//!
//! What is skipped is still checked: it has to be JSON, UTF-8, and not nested deeper than
//! serde_json's bound of 128 levels.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// What came for a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Given<T> {
    /// Nothing.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// A value of the right type.
    Value(T),
    /// A value of another type.
    Wrong,
}

/// A text field.
pub type Text<'a> = Given<Cow<'a, str>>;

/// A type, by what it makes of each kind of JSON value; None is a wrong type.
pub trait Shape<'de>: Sized {
    /// From a string.
    fn of_text(_: Cow<'de, str>) -> Option<Self> {
        None
    }

    /// From `true` or `false`.
    fn of_switch(_: bool) -> Option<Self> {
        None
    }

    /// From a number.
    fn of_number(_: Number) -> Option<Self> {
        None
    }

    /// From an array, all of which has to be taken.
    ///
    /// # Errors
    /// The reader's.
    fn of_list<A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        while list.next_element::<Skipped>()?.is_some() {}
        Ok(None)
    }

    /// From an object, all of which has to be taken.
    ///
    /// # Errors
    /// The reader's.
    fn of_object<A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        while object.next_entry::<Skipped, Skipped>()?.is_some() {}
        Ok(None)
    }
}

impl<'de> Shape<'de> for Cow<'de, str> {
    fn of_text(text: Cow<'de, str>) -> Option<Self> {
        Some(text)
    }

    // Clients that know a field as a list write it empty so; it is the empty text.
    fn of_list<A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut count = 0;
        while list.next_element::<Skipped>()?.is_some() {
            count += 1;
        }
        Ok((count == 0).then_some(Cow::Borrowed("")))
    }
}

impl Shape<'_> for bool {
    fn of_switch(on: bool) -> Option<Self> {
        Some(on)
    }
}

impl Shape<'_> for Number {
    fn of_number(number: Number) -> Option<Self> {
        Some(number)
    }
}

/// The elements of a list, but no more than one over `most`: enough to be refused for their
/// number, and little memory however many there are.
///
/// # Errors
/// The reader's.
pub fn bounded<'de, T: Shape<'de>, A: SeqAccess<'de>>(
    mut list: A,
    most: usize,
) -> Result<Vec<Given<T>>, A::Error> {
    let mut kept = Vec::new();
    while kept.len() <= most {
        match list.next_element()? {
            Some(element) => kept.push(element),
            None => return Ok(kept),
        }
    }
    while list.next_element::<Skipped>()?.is_some() {}
    Ok(kept)
}

/// A value that nobody wants.
pub struct Skipped;

impl Shape<'_> for Skipped {}

impl<'de> Deserialize<'de> for Skipped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Given::<Skipped>::deserialize(deserializer).map(|_| Skipped)
    }
}

/// The name of an object's field.
pub struct Name<'de>(pub Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Given::deserialize(deserializer)? {
            Given::Value(name) => Ok(Self(name)),
            Given::Absent | Given::Null | Given::Wrong => Err(D::Error::custom("not a name")),
        }
    }
}

/// Makes a struct of [`Given`] fields a [`Shape`]: its fields by their names on the wire,
/// the last of a repeated name, no others.
#[macro_export]
macro_rules! json_object {
    ($name:ident<'_> { $($fields:tt)* }) => {
        $crate::json_object!(@ $name<'de> { $($fields)* });
    };
    ($name:ident { $($fields:tt)* }) => {
        $crate::json_object!(@ $name { $($fields)* });
    };
    (@ $name:ty { $($key:literal => $field:ident),* $(,)? }) => {
        impl<'de> $crate::http::json::Shape<'de> for $name {
            fn of_object<A: serde::de::MapAccess<'de>>(
                mut object: A,
            ) -> Result<Option<Self>, A::Error> {
                let mut made = Self::default();
                while let Some(name) = object.next_key::<$crate::http::json::Name<'de>>()? {
                    match &*name.0 {
                        $($key => made.$field = object.next_value()?,)*
                        _ => {
                            object.next_value::<$crate::http::json::Skipped>()?;
                        }
                    }
                }
                Ok(Some(made))
            }
        }
    };
}

impl<'de, T: Shape<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any(PhantomData))
    }
}

struct Any<T>(PhantomData<T>);

impl<T> From<Option<T>> for Given<T> {
    fn from(made: Option<T>) -> Self {
        made.map_or(Self::Wrong, Self::Value)
    }
}

impl<'de, T: Shape<'de>> Visitor<'de> for Any<T> {
    type Value = Given<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Given<T>, E> {
        Ok(Given::Null)
    }

    fn visit_bool<E: Error>(self, on: bool) -> Result<Given<T>, E> {
        Ok(T::of_switch(on).into())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Given<T>, E> {
        Ok(T::of_number(number.into()).into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Given<T>, E> {
        Ok(T::of_number(number.into()).into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Given<T>, E> {
        Ok(Number::from_f64(number).and_then(T::of_number).into())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Given<T>, E> {
        Ok(T::of_text(Cow::Borrowed(text)).into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Given<T>, E> {
        Ok(T::of_text(Cow::Owned(text.to_owned())).into())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Given<T>, E> {
        Ok(T::of_text(Cow::Owned(text)).into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Given<T>, A::Error> {
        T::of_list(list).map(Into::into)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Given<T>, A::Error> {
        T::of_object(object).map(Into::into)
    }
}

/// The bytes are not one JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnObject;

/// Reads a JSON object.
///
/// # Errors
/// When it is none, or is followed by something else than white space.
pub fn object<'de, T: Shape<'de>>(bytes: &'de [u8]) -> Result<T, NotAnObject> {
    match serde_json::from_slice::<Given<T>>(bytes) {
        Ok(Given::Value(value)) => Ok(value),
        Ok(Given::Absent | Given::Null | Given::Wrong) | Err(_) => Err(NotAnObject),
    }
}

#[cfg(test)]
mod tests;
