//! Masks an account's credentials in what its provider answers.
//!
//! A backend may use an account and must not learn what opens it, but providers repeat addresses and parameters in
//! their errors. What is masked keeps its length, so that everything that was said of it stays true. A text that the
//! provider compressed, or wrote in another way than it was sent, is not recognised.

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use futures_util::{Stream, StreamExt as _};
use reqwest::header::HeaderValue;
use url::form_urlencoded;
use zeroize::Zeroizing;

use crate::provider::{AnswerBody, AnswerBrokenOff};
use crate::secret::Secret;

/// Shorter ones would be found in texts that have nothing to do with them.
const SHORTEST: usize = 8;

/// The texts to be masked.
#[derive(Clone)]
pub(super) struct Mask(Vec<Zeroizing<Vec<u8>>>);

/// What has arrived and may be the beginning of something to be masked.
struct Masking<S> {
    pieces: S,
    held: BytesMut,
    ended: bool,
}

impl Mask {
    pub(super) fn new(hidden: &[Secret]) -> Self {
        let mut texts = Vec::new();
        for secret in hidden {
            let text = secret.expose();
            if text.len() < SHORTEST {
                continue;
            }
            let escaped: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            let in_json = text
                .replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('/', "\\/");
            for form in [text.to_owned(), escaped, in_json] {
                let form = Zeroizing::new(form.into_bytes());
                if !texts.contains(&form) {
                    texts.push(form);
                }
            }
        }
        // Where one form holds another the longer one is masked first.
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        Self(texts)
    }

    /// Whether there is something to be masked in it.
    pub(super) fn is_in(&self, bytes: &[u8]) -> bool {
        self.0.iter().any(|text| find(bytes, text).is_some())
    }

    /// Whether there is something to be masked in the header.
    pub(super) fn is_in_header(&self, value: &HeaderValue) -> bool {
        self.is_in(value.as_bytes())
    }

    /// The body with everything masked.
    pub(super) fn of(self, body: AnswerBody) -> AnswerBody {
        if self.0.is_empty() {
            return body;
        }
        let masking = Masking {
            pieces: body,
            held: BytesMut::new(),
            ended: false,
        };
        Box::pin(stream::unfold(
            (masking, self),
            async |(mut masking, mask)| {
                let piece = masking.next(&mask).await?;
                Some((piece, (masking, mask)))
            },
        ))
    }

    fn apply(&self, bytes: &mut [u8]) {
        for text in &self.0 {
            let mut from = 0;
            while let Some(at) = bytes.get(from..).and_then(|rest| find(rest, text)) {
                let end = from + at + text.len();
                if let Some(found) = bytes.get_mut(from + at..end) {
                    found.fill(b'*');
                }
                from = end;
            }
        }
    }

    /// How much of the end could be the beginning of something to be masked.
    fn begun(&self, bytes: &[u8]) -> usize {
        let begun_of = |text: &[u8]| {
            let most = text.len().saturating_sub(1).min(bytes.len());
            let length = (1..=most).rev().find(|length| {
                text.get(..*length)
                    .is_some_and(|beginning| bytes.ends_with(beginning))
            });
            length.unwrap_or(0)
        };
        self.0.iter().map(|text| begun_of(text)).max().unwrap_or(0)
    }
}

impl<S: Stream<Item = Result<Bytes, AnswerBrokenOff>> + Unpin> Masking<S> {
    async fn next(&mut self, mask: &Mask) -> Option<Result<Bytes, AnswerBrokenOff>> {
        while !self.ended {
            match self.pieces.next().await {
                Some(Ok(piece)) => {
                    self.held.extend_from_slice(&piece);
                    mask.apply(&mut self.held);
                    let ready = self.held.len() - mask.begun(&self.held);
                    if ready > 0 {
                        return Some(Ok(self.held.split_to(ready).freeze()));
                    }
                }
                // What is held back may be half a secret.
                Some(Err(error)) => {
                    self.ended = true;
                    return Some(Err(error));
                }
                None => {
                    self.ended = true;
                    if !self.held.is_empty() {
                        return Some(Ok(self.held.split().freeze()));
                    }
                }
            }
        }
        None
    }
}

/// Where a text begins in another.
fn find(bytes: &[u8], text: &[u8]) -> Option<usize> {
    let first = *text.first()?;
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let at = from + rest.iter().position(|byte| *byte == first)?;
        if bytes.get(at..at + text.len())? == text {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(pieces: &[&str]) -> String {
        let mask = Mask::new(&[Secret::new("secret/token-1"), Secret::new("short")]);
        let pieces: Vec<_> = pieces
            .iter()
            .map(|piece| Ok(Bytes::copy_from_slice(piece.as_bytes())))
            .collect();
        let body = mask.of(Box::pin(stream::iter(pieces)));
        let pieces: Vec<_> = futures_util::FutureExt::now_or_never(body.collect()).unwrap();
        let pieces: Vec<Bytes> = pieces.into_iter().map(Result::unwrap).collect();
        String::from_utf8(pieces.concat()).unwrap()
    }

    #[test]
    fn credentials_are_masked_wherever_the_pieces_end() {
        let text = "x secret/token-1 secret%2Ftoken-1 \"secret\\/token-1\" secret/token-2 short secret/token-1";
        let expected = format!(
            "x {} {} \"{}\" secret/token-2 short {}",
            "*".repeat(14),
            "*".repeat(16),
            "*".repeat(15),
            "*".repeat(14)
        );
        assert_eq!(masked(&[text]), expected);
        for at in 0..=text.len() {
            let (first, second) = text.split_at(at);
            assert_eq!(masked(&[first, second]), expected, "{at}");
        }
        let single: Vec<String> = text.chars().map(String::from).collect();
        let single: Vec<&str> = single.iter().map(String::as_str).collect();
        assert_eq!(masked(&single), expected);
        // The beginning of one that does not come.
        assert_eq!(masked(&["x secret/tok"]), "x secret/tok");
        assert_eq!(
            masked(&["secret/secret/token-1"]),
            format!("secret/{}", "*".repeat(14))
        );
        assert_eq!(masked(&[]), "");
    }
}
