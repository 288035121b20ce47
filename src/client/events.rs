//! Server-Sent Events out of text. Pure; knows nothing of what they mean.

use pairlink_words::cut;

/// Longer lines or events than this are not ours: the stream is given up.
const LONGEST_BYTES: usize = 64 * 1024;

/// One event as it stood on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Message {
    /// The last id that the stream gave; of this event or of one before it.
    pub id: String,
    /// The name of the event; `message` if it gave none.
    pub event: String,
    /// Its data, lines joined.
    pub data: String,
}

/// A line or an event that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Reads a stream of events, in whatever pieces it comes.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    line: String,
    /// The last letter was a carriage return: a line feed right after it belongs to it.
    after_return: bool,
    id: String,
    event: String,
    data: Option<String>,
}

impl Reader {
    /// Takes the next piece in and hands every event that is complete by it to `deliver`.
    pub(crate) fn push(
        &mut self,
        piece: &str,
        deliver: &mut dyn FnMut(Message),
    ) -> Result<(), TooLong> {
        let mut rest = piece;
        loop {
            let ends_at = rest.bytes().position(|byte| matches!(byte, b'\r' | b'\n'));
            let (part, end) = rest
                .split_at_checked(ends_at.unwrap_or(rest.len()))
                .unwrap_or((rest, ""));
            if self.line.len() + part.len() > LONGEST_BYTES {
                return Err(TooLong);
            }
            self.line.push_str(part);
            let Some(end_of_line) = end.get(..1) else {
                self.after_return &= part.is_empty();
                return Ok(());
            };
            rest = end.get(1..).unwrap_or_default();
            let belongs_to_return = self.after_return && part.is_empty() && end_of_line == "\n";
            self.after_return = end_of_line == "\r";
            if !belongs_to_return {
                let line = std::mem::take(&mut self.line);
                self.take_line(&line, deliver)?;
            }
        }
    }

    fn take_line(&mut self, line: &str, deliver: &mut dyn FnMut(Message)) -> Result<(), TooLong> {
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            if let Some(data) = self.data.take() {
                deliver(Message {
                    id: self.id.clone(),
                    event: if event.is_empty() {
                        "message".to_owned()
                    } else {
                        event
                    },
                    data,
                });
            }
            return Ok(());
        }
        let (field, value) = cut(line, ":");
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event),
            "id" if !value.bytes().any(|byte| byte == 0) => value.clone_into(&mut self.id),
            "data" => match &mut self.data {
                Some(data) if data.len() + value.len() >= LONGEST_BYTES => return Err(TooLong),
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            // Comments have an empty name; what is unknown is skipped.
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&str]) -> Vec<Message> {
        let (mut reader, mut messages) = (Reader::default(), Vec::new());
        for piece in pieces {
            reader
                .push(piece, &mut |message| messages.push(message))
                .unwrap();
        }
        messages
    }

    fn message(id: &str, event: &str, data: &str) -> Message {
        Message {
            id: id.to_owned(),
            event: event.to_owned(),
            data: data.to_owned(),
        }
    }

    const STREAM: &str = ": heartbeat\n\nid: 1\nevent: resync\ndata: {\"a\":\ndata: \"é…\"}\n\n\
                          event:pass\r\ndata:x\r\n\r\nid: 3\rdata\r\rretry: 5\nevent: lost\n\ndata: cut";

    fn expected() -> Vec<Message> {
        vec![
            message("1", "resync", "{\"a\":\n\"é…\"}"),
            message("1", "pass", "x"),
            message("3", "message", ""),
        ]
    }

    #[test]
    fn reads_a_stream() {
        assert_eq!(read(&[STREAM]), expected());
    }

    #[test]
    fn pieces_may_be_cut_anywhere() {
        let ends = || (0..=STREAM.len()).filter(|at| STREAM.is_char_boundary(*at));
        for first in ends() {
            for second in ends().filter(|second| *second >= first) {
                let pieces = [&STREAM[..first], &STREAM[first..second], &STREAM[second..]];
                assert_eq!(read(&pieces), expected(), "cut at {first} and {second}");
            }
        }
        let single: Vec<&str> = STREAM.split_inclusive(|_| true).collect();
        assert_eq!(read(&single), expected());
    }

    #[test]
    fn an_event_that_never_ends_is_given_up() {
        let mut reader = Reader::default();
        let piece = "x".repeat(1024);
        let ended = (0..100).find_map(|_| reader.push(&piece, &mut |_| {}).err());
        assert_eq!(ended, Some(TooLong));

        let mut reader = Reader::default();
        let ended = (0..100).find_map(|_| {
            reader
                .push("data: ", &mut |_| {})
                .and_then(|()| reader.push(&piece, &mut |_| {}))
                .and_then(|()| reader.push("\n", &mut |_| {}))
                .err()
        });
        assert_eq!(ended, Some(TooLong));
    }
}
