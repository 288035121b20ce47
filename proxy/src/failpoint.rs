//! Named places at which a test makes the process die, wait, fail or panic. Only in builds with the feature
//! `failpoints`, which no release build can have.
//!
//! `FAILPOINTS` and the file that `FAILPOINTS_FILE` names say what happens where; the file is read anew each time, so
//! that a running process can be steered. Entries stand on lines or between semicolons: `name=action`, or
//! `name=3:action` for the third time alone. Actions: `abort` (as `kill -9`: nothing is unwound), `panic`,
//! `delay(milliseconds)`, `error` (where the place can fail).

#[cfg(all(feature = "failpoints", not(debug_assertions)))]
compile_error!("the feature `failpoints` is for tests: no release build may have it");

/// A place that a test may want something to happen at; nothing at all without the feature. With an error, that is
/// what the surrounding function returns when it is told to fail.
macro_rules! failpoint {
    ($name:literal) => {
        #[cfg(feature = "failpoints")]
        {
            $crate::failpoint::reach($name).await.ok();
        }
    };
    ($name:literal, $error:expr) => {
        #[cfg(feature = "failpoints")]
        {
            if $crate::failpoint::reach($name).await.is_err() {
                return Err($error);
            }
        }
    };
}

#[cfg(feature = "failpoints")]
pub(crate) use steered::reach;

#[cfg(feature = "failpoints")]
mod steered {
    use std::collections::HashMap;
    use std::sync::{Mutex, PoisonError};
    use std::time::Duration;

    /// The place was told to fail.
    #[derive(Debug)]
    pub(crate) struct Struck;

    #[derive(Debug, PartialEq, Eq)]
    enum Action {
        Abort,
        Panic,
        Delay(Duration),
        Error,
    }

    /// Does what is said of this place.
    #[expect(clippy::panic, reason = "a test asked for it")]
    pub(crate) async fn reach(name: &'static str) -> Result<(), Struck> {
        static TIMES: Mutex<Option<HashMap<&'static str, u32>>> = Mutex::new(None);
        let time = {
            let mut times = TIMES.lock().unwrap_or_else(PoisonError::into_inner);
            let time = times.get_or_insert_default().entry(name).or_default();
            *time += 1;
            *time
        };
        match said(name, time) {
            None => Ok(()),
            Some(Action::Abort) => std::process::abort(),
            Some(Action::Panic) => panic!("struck-on-purpose"),
            Some(Action::Delay(time)) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
            Some(Action::Error) => Err(Struck),
        }
    }

    fn said(name: &str, time: u32) -> Option<Action> {
        let in_environment = std::env::var("FAILPOINTS").unwrap_or_default();
        let in_file = std::env::var_os("FAILPOINTS_FILE")
            .and_then(|file| std::fs::read_to_string(file).ok())
            .unwrap_or_default();
        read(&in_environment, name, time).or_else(|| read(&in_file, name, time))
    }

    /// What a text says of a place that is reached for the so manieth time.
    fn read(text: &str, name: &str, time: u32) -> Option<Action> {
        text.split([';', '\n'])
            .filter_map(|entry| entry.trim().split_once('='))
            .filter(|(place, _)| *place == name)
            .find_map(|(_, said)| match said.split_once(':') {
                None => action(said),
                Some((only, said)) if only.parse() == Ok(time) => action(said),
                Some(_another_time) => None,
            })
    }

    fn action(said: &str) -> Option<Action> {
        match said {
            "abort" => Some(Action::Abort),
            "panic" => Some(Action::Panic),
            "error" => Some(Action::Error),
            other => {
                let millis = other.strip_prefix("delay(")?.strip_suffix(')')?;
                Some(Action::Delay(Duration::from_millis(millis.parse().ok()?)))
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn what_is_said_of_a_place_happens_there_and_when_it_is_said() {
            let said = "a=abort;b=2:panic\nc=delay(5)\n d=error ;e=what";
            assert_eq!(read(said, "a", 7), Some(Action::Abort));
            assert_eq!(read(said, "b", 1), None);
            assert_eq!(read(said, "b", 2), Some(Action::Panic));
            let delay = Action::Delay(Duration::from_millis(5));
            assert_eq!(read(said, "c", 1), Some(delay));
            assert_eq!(read(said, "d", 1), Some(Action::Error));
            assert_eq!(read(said, "e", 1), None);
            assert_eq!(read(said, "f", 1), None);
        }
    }
}
