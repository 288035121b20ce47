//! Server-Sent Events out of bytes. Pure; knows nothing of what they mean.

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
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed right after it belongs to it.
    after_return: bool,
    id: String,
    event: String,
    data: Option<String>,
}

impl Reader {
    /// Takes the next piece in and hands every event that is complete by it to `deliver`.
    pub(crate) fn push(
        &mut self,
        bytes: &[u8],
        mut deliver: impl FnMut(Message),
    ) -> Result<(), TooLong> {
        for &byte in bytes {
            let belongs_to_return = std::mem::take(&mut self.after_return) && byte == b'\n';
            match byte {
                b'\n' if belongs_to_return => {}
                b'\r' | b'\n' => {
                    self.after_return = byte == b'\r';
                    let line = std::mem::take(&mut self.line);
                    // Our proxy writes JSON, which is text; a line that is none says nothing.
                    if let Ok(line) = str::from_utf8(&line) {
                        self.take_line(line, &mut deliver)?;
                    }
                }
                _ if self.line.len() >= LONGEST_BYTES => return Err(TooLong),
                _ => self.line.push(byte),
            }
        }
        Ok(())
    }

    fn take_line(&mut self, line: &str, deliver: &mut impl FnMut(Message)) -> Result<(), TooLong> {
        // Only the first line can begin with a byte order mark, and no field has one in its name.
        let line = line.trim_start_matches('\u{feff}');
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
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event),
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
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

    fn read(pieces: &[&[u8]]) -> Vec<Message> {
        let (mut reader, mut messages) = (Reader::default(), Vec::new());
        for piece in pieces {
            reader
                .push(piece, |message| messages.push(message))
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

    const STREAM: &str = "\u{feff}: heartbeat\n\nid: 1\nevent: resync\ndata: {\"a\":\ndata: \"é…\"}\n\n\
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
        assert_eq!(read(&[STREAM.as_bytes()]), expected());
    }

    #[test]
    fn pieces_may_be_cut_anywhere() {
        let bytes = STREAM.as_bytes();
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                assert_eq!(read(&pieces), expected(), "cut at {first} and {second}");
            }
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(read(&single), expected());
    }

    #[test]
    fn an_event_that_never_ends_is_given_up() {
        let mut reader = Reader::default();
        let piece = [b'x'; 1024];
        let ended = (0..100).find_map(|_| reader.push(&piece, |_| {}).err());
        assert_eq!(ended, Some(TooLong));

        let mut reader = Reader::default();
        let ended = (0..100).find_map(|_| {
            reader
                .push(b"data: ", |_| {})
                .and_then(|()| reader.push(&piece, |_| {}))
                .and_then(|()| reader.push(b"\n", |_| {}))
                .err()
        });
        assert_eq!(ended, Some(TooLong));
    }

    #[test]
    fn a_line_that_is_not_text_is_skipped() {
        assert_eq!(
            read(&[b"data: \xff\ndata: x\n\n"]),
            vec![message("", "message", "x")]
        );
    }
}
