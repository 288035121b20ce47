//! Long-lived secrets as they are given: texts, or whole numbers where a provider shows one.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

use crate::Sensitive;

/// Reads secrets by their names. A whole number stands for its digits: providers show names of accounts as both.
pub fn read_credentials<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Sensitive>, D::Error> {
    let given = BTreeMap::<String, Given>::deserialize(deserializer)?;
    Ok(given
        .into_iter()
        .map(|(name, Given(text))| (name, text))
        .collect())
}

/// The same, where there may be none.
pub(crate) fn read_optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeMap<String, Sensitive>>, D::Error> {
    let given = Option::<BTreeMap<String, Given>>::deserialize(deserializer)?;
    Ok(given.map(|given| {
        given
            .into_iter()
            .map(|(name, Given(text))| (name, text))
            .collect()
    }))
}

struct Given(Sensitive);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrNumber).map(Self)
    }
}

struct TextOrNumber;

impl Visitor<'_> for TextOrNumber {
    type Value = Sensitive;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text or a whole number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Sensitive, E> {
        Ok(Sensitive::new(text))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Sensitive, E> {
        Ok(Sensitive::new(text))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Sensitive, E> {
        Ok(Sensitive::new(number.to_string()))
    }
}
