//! Instants on the wire.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

/// An instant in milliseconds since the Unix epoch, UTC.
///
/// On the wire it is RFC 3339 in one fixed form of 24 characters, `2026-11-20T14:46:00.000Z`; every other form is
/// refused. Years 0 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, examples("2026-11-20T14:46:00.000Z")))]
pub struct Timestamp(i64);

/// A text or number that is no instant of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTimestamp;

/// `0000-01-01T00:00:00.000Z`.
const FIRST_MILLIS: i64 = -62_167_219_200_000;
/// `9999-12-31T23:59:59.999Z`.
const LAST_MILLIS: i64 = 253_402_300_799_999;

impl Timestamp {
    /// The instant so many milliseconds after the Unix epoch; the nearest one that the wire can carry if it cannot
    /// carry that.
    pub const fn from_unix_millis(millis: i64) -> Self {
        if millis < FIRST_MILLIS {
            Self(FIRST_MILLIS)
        } else if millis > LAST_MILLIS {
            Self(LAST_MILLIS)
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since the Unix epoch.
    pub const fn unix_millis(self) -> i64 {
        self.0
    }

    /// The instant so many milliseconds later, or earlier if negative.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self::from_unix_millis(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant; negative if that one is later.
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Reads `length` ASCII digits at `start`.
fn digits(text: &[u8], start: usize, length: usize) -> Result<u16, InvalidTimestamp> {
    text.get(start..start + length)
        .ok_or(InvalidTimestamp)?
        .iter()
        .try_fold(0_u16, |number, digit| {
            if digit.is_ascii_digit() {
                Ok(number * 10 + u16::from(digit - b'0'))
            } else {
                Err(InvalidTimestamp)
            }
        })
}

/// Reads two ASCII digits at `start`.
fn two_digits(text: &[u8], start: usize) -> Result<u8, InvalidTimestamp> {
    u8::try_from(digits(text, start, 2)?).map_err(|_overflow| InvalidTimestamp)
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.as_bytes();
        let punctuation = [
            (4, b'-'),
            (7, b'-'),
            (10, b'T'),
            (13, b':'),
            (16, b':'),
            (19, b'.'),
            (23, b'Z'),
        ];
        if text.len() != 24
            || punctuation
                .iter()
                .any(|&(at, mark)| text.get(at) != Some(&mark))
        {
            return Err(InvalidTimestamp);
        }
        let invalid = |_range| InvalidTimestamp;
        let month = Month::try_from(two_digits(text, 5)?).map_err(invalid)?;
        let date =
            Date::from_calendar_date(i32::from(digits(text, 0, 4)?), month, two_digits(text, 8)?)
                .map_err(invalid)?;
        let (hour, minute, second) = (
            two_digits(text, 11)?,
            two_digits(text, 14)?,
            two_digits(text, 17)?,
        );
        let time =
            Time::from_hms_milli(hour, minute, second, digits(text, 20, 3)?).map_err(invalid)?;
        let instant = OffsetDateTime::new_in_offset(date, time, UtcOffset::UTC);
        Ok(Self(
            instant.unix_timestamp() * 1000 + i64::from(instant.millisecond()),
        ))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Both bounds are within what `OffsetDateTime` holds, so this never fails; the epoch keeps it total.
        let instant = OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1000))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let (year, month, day) = instant.to_calendar_date();
        let (hour, minute, second) = instant.to_hms();
        let (month, millis) = (u8::from(month), self.0.rem_euclid(1000));
        write!(
            formatter,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z"
        )
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Timestamp;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an instant such as 2026-11-20T14:46:00.000Z")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                // The value is not repeated: errors end up in logs.
                text.parse().map_err(|InvalidTimestamp| {
                    E::custom("not an instant such as 2026-11-20T14:46:00.000Z")
                })
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not an instant such as 2026-11-20T14:46:00.000Z")
    }
}

impl std::error::Error for InvalidTimestamp {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_the_fixed_form() {
        for text in [
            "1970-01-01T00:00:00.000Z",
            "1969-12-31T23:59:59.999Z",
            "2026-06-19T19:25:00.000Z",
            "2024-02-29T12:30:45.678Z",
            "0000-01-01T00:00:00.000Z",
            "9999-12-31T23:59:59.999Z",
        ] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
        }
        assert_eq!(
            "2026-06-19T19:25:00.250Z".parse(),
            Ok(Timestamp::from_unix_millis(1_781_897_100_250))
        );
    }

    #[test]
    fn refuses_every_other_form() {
        for text in [
            "",
            "2026-06-19",
            "2026-06-19T19:25:00Z",
            "2026-06-19T19:25:00.000+00:00",
            "2026-06-19 19:25:00.000Z",
            "2026-06-19t19:25:00.000z",
            "2026-02-30T00:00:00.000Z",
            "2026-13-01T00:00:00.000Z",
            "2026-06-19T24:00:00.000Z",
            "2026-06-19T19:60:00.000Z",
            "+026-06-19T19:25:00.000Z",
            "2026-06-19T19:25:00.00éZ",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(InvalidTimestamp), "{text}");
        }
    }

    #[test]
    fn stays_within_what_the_wire_can_carry() {
        assert_eq!(
            Timestamp::from_unix_millis(i64::MAX).to_string(),
            "9999-12-31T23:59:59.999Z"
        );
        assert_eq!(
            Timestamp::from_unix_millis(i64::MIN).to_string(),
            "0000-01-01T00:00:00.000Z"
        );
    }
}
