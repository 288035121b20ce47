//! Whether a body of JSON is one that anybody could mean: not nested without end, not of thousands of fields, and no name
//! twice, of which one reader takes the first and another the last.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Nothing that is asked for is nested deeper than four.
const DEEPEST: u8 = 16;
/// Nothing that is asked for has more than thirty.
const MOST_FIELDS: u16 = 256;

/// What is wrong with a body before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Misshapen {
    /// It is no JSON.
    NoJson,
    /// It is nested too deep, or has too many fields.
    TooComplex,
    /// This name stands twice in one object.
    Twice(String),
}

/// Looks at the shape of a body; says nothing about what is in it.
pub(super) fn check(body: &[u8]) -> Result<(), Misshapen> {
    let found = Found::default();
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let walk = Walk {
        found: &found,
        depth: 0,
    };
    let walked = walk
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end());
    match (walked, found.fault.take()) {
        (Ok(()), _) => Ok(()),
        (Err(_cause), Some(fault)) => Err(fault),
        (Err(_cause), None) => Err(Misshapen::NoJson),
    }
}

#[derive(Default)]
struct Found {
    fields: Cell<u16>,
    fault: Cell<Option<Misshapen>>,
}

impl Found {
    fn give_up<E: Error>(&self, fault: Misshapen) -> E {
        self.fault.set(Some(fault));
        E::custom("misshapen")
    }
}

/// Walks through one value.
#[derive(Clone, Copy)]
struct Walk<'a> {
    found: &'a Found,
    depth: u8,
}

impl Walk<'_> {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth >= DEEPEST {
            return Err(self.found.give_up(Misshapen::TooComplex));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E>(self, _value: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _value: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _value: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _value: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _value: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let inside = self.deeper()?;
        while items.next_element_seed(inside)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let inside = self.deeper()?;
        let mut names = HashSet::new();
        while let Some(name) = fields.next_key::<String>()? {
            let so_far = self.found.fields.get();
            if so_far >= MOST_FIELDS {
                return Err(self.found.give_up(Misshapen::TooComplex));
            }
            self.found.fields.set(so_far + 1);
            if names.contains(&name) {
                // The rest is looked at all the same: what is no JSON is not blamed on a name.
                fields.next_value::<IgnoredAny>()?;
                while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                return Err(self.found.give_up(Misshapen::Twice(name)));
            }
            names.insert(name);
            fields.next_value_seed(inside)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_is_asked_for() {
        let deep = format!("{}1{}", "[".repeat(16), "]".repeat(16));
        for body in [
            "{}",
            "[]",
            "null",
            " -1.5e3 ",
            r#"{"a":{"b":[1,"x",true]},"b":2}"#,
            &deep,
        ] {
            assert_eq!(check(body.as_bytes()), Ok(()), "{body}");
        }
    }

    #[test]
    fn refuses_what_nobody_means() {
        let deep = format!("{}1{}", "[".repeat(17), "]".repeat(17));
        let deeper = "{\"a\":".repeat(2000);
        let fields: Vec<String> = (0..257).map(|n| format!("\"{n}\":1")).collect();
        let many = format!("{{{}}}", fields.join(","));
        for body in [&deep, &deeper, &many] {
            assert_eq!(check(body.as_bytes()), Err(Misshapen::TooComplex));
        }
        let twice = Err(Misshapen::Twice("a".to_owned()));
        for body in [
            r#"{"a":1,"a":2}"#,
            r#"{"x":[{"a":1,"b":{},"\u0061":2,"c":[1]}]}"#,
        ] {
            assert_eq!(check(body.as_bytes()), twice, "{body}");
        }
        for body in ["", "{", "{}x", "{\"a\":1,}", "1e309", "\u{feff}{}"] {
            assert_eq!(check(body.as_bytes()), Err(Misshapen::NoJson), "{body}");
        }
    }
}
