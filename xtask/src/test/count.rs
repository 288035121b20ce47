//! How many tests passed and failed, as the test programs' own output says it.

use std::fmt;
use std::iter::Sum;

/// A number of tests.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Count {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

impl Count {
    /// One check that passed.
    pub(super) const SUCCESS: Self = Self {
        passed: 1,
        failed: 0,
    };
    /// One check that failed, or a suite that could not run.
    pub(super) const FAILURE: Self = Self {
        passed: 0,
        failed: 1,
    };

    /// Adds up every summary in a test run's output: libtest's, wasm-bindgen's and nextest's. `success` is the run's
    /// own verdict: a failure that no summary counts (a crash, a compiler error) is one failure, and a success that ran
    /// nothing is none.
    pub(super) fn read(output: &str, success: bool) -> Self {
        let mut summaries = output.lines().filter_map(summary).peekable();
        let nothing_ran = summaries.peek().is_none();
        let mut count: Self = summaries.sum();
        if count.failed == 0 && (!success || nothing_ran) {
            count.failed = 1;
        }
        count
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, count| Self {
            passed: sum.passed + count.passed,
            failed: sum.failed + count.failed,
        })
    }
}

impl fmt::Display for Count {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// `test result: ok. 3 passed; 0 failed; …` or `Summary [ 0.1s] 3 tests run: 3 passed (1 slow), 1 failed, 2 timed out, …`.
fn summary(line: &str) -> Option<Count> {
    let line = without_colours(line);
    // Indented it is what nextest quotes of a test that failed, and has counted itself.
    let parts = if let Some(result) = line.strip_prefix("test result: ") {
        result.split_once(". ")?.1
    } else if line.trim_start().starts_with("Summary [") {
        line.split_once("run: ")?.1
    } else {
        return None;
    };
    let mut count = Count::default();
    for part in parts.split([',', ';']) {
        let mut words = part.split_whitespace();
        let (Some(number), Some(what)) = (words.next(), words.next()) else {
            continue;
        };
        let Ok(number) = number.parse::<u64>() else {
            continue;
        };
        match what {
            "passed" => count.passed += number,
            "failed" | "timed" | "exec" => count.failed += number,
            // Skipped, ignored, measured, filtered out: they did not run.
            _did_not_run => {}
        }
    }
    Some(count)
}

/// Without the escape sequences that colour a terminal.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after
            .split_once(|end: char| end.is_ascii_alphabetic())
            .map_or("", |(_, rest)| rest);
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(passed: u64, failed: u64) -> Count {
        Count { passed, failed }
    }

    #[test]
    fn adds_up_the_summaries_of_every_test_program() {
        let output = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.00s\n\
            test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
        assert_eq!(Count::read(output, false), count(6, 1));
    }

    #[test]
    fn reads_nextest_with_its_colours() {
        let output = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.012s] \u{1b}[1m5\u{1b}[0m tests run: \u{1b}[1m3\u{1b}[0m passed (1 slow), \u{1b}[1m1\u{1b}[0m failed, \u{1b}[1m1\u{1b}[0m timed out, \u{1b}[1m7\u{1b}[0m skipped\n";
        assert_eq!(Count::read(output, false), count(3, 2));
        let output = "    test result: FAILED. 0 passed; 1 failed; 0 ignored\n     Summary [   0.1s] 1 test run: 0 passed, 1 failed, 0 skipped\n";
        assert_eq!(Count::read(output, false), count(0, 1));
        let output = "     Summary [   0.012s] 5/9 tests run: 5 passed, 1 exec failed, 0 skipped";
        assert_eq!(Count::read(output, false), count(5, 1));
    }

    #[test]
    fn a_run_that_fails_without_counting_is_one_failure() {
        assert_eq!(Count::read("error: could not compile", false), count(0, 1));
        let crashed = "test result: ok. 3 passed; 0 failed; 0 ignored\nsignal: 11\n";
        assert_eq!(Count::read(crashed, false), count(3, 1));
    }

    #[test]
    fn a_run_that_says_nothing_is_no_success() {
        assert_eq!(Count::read("", true), count(0, 1));
    }

    #[test]
    fn the_last_line_reads_as_promised() {
        assert_eq!(
            [count(2, 0), count(1, 1)]
                .into_iter()
                .sum::<Count>()
                .to_string(),
            "3 passed, 1 failed"
        );
    }
}
