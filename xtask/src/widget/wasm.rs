//! The outermost layer of a wasm file: sections, and the numbers and texts in them.

pub(super) const CUSTOM_SECTION: u8 = 0;
pub(super) const IMPORT_SECTION: u8 = 2;
pub(super) const EXPORT_SECTION: u8 = 7;
pub(super) const START_SECTION: u8 = 8;
pub(super) const CODE_SECTION: u8 = 10;
pub(super) const DATA_SECTION: u8 = 11;

const HEADER: usize = 8;

/// A file without its sections.
pub(super) fn header(wasm: &[u8]) -> Option<Vec<u8>> {
    Some(wasm.get(..HEADER)?.to_vec())
}

/// Ids and bodies.
pub(super) fn sections(wasm: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let (_, mut bytes) = wasm.split_at_checked(HEADER)?;
    let mut sections = Vec::new();
    while let [id, rest @ ..] = bytes {
        bytes = rest;
        sections.push((*id, sized(&mut bytes)?));
    }
    Some(sections)
}

pub(super) fn put_section(wasm: &mut Vec<u8>, id: u8, body: &[u8]) -> Option<()> {
    wasm.push(id);
    put_sized(wasm, body)
}

pub(super) fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

pub(super) fn byte(bytes: &mut &[u8]) -> Option<u8> {
    take(bytes, 1)?.first().copied()
}

/// What a length stands before.
pub(super) fn sized<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = number(bytes)?;
    take(bytes, length)
}

pub(super) fn text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    std::str::from_utf8(sized(bytes)?).ok()
}

/// Reads an unsigned LEB128 of at most 32 bits.
pub(super) fn number(bytes: &mut &[u8]) -> Option<usize> {
    let mut value = 0_u32;
    for shift in [0, 7, 14, 21, 28] {
        let byte = byte(bytes)?;
        value |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return usize::try_from(value).ok();
        }
    }
    None
}

/// Passes over a LEB128 of any width and sign.
pub(super) fn skip_number(bytes: &mut &[u8]) -> Option<()> {
    while byte(bytes)? & 0x80 != 0 {}
    Some(())
}

pub(super) fn put_number(bytes: &mut Vec<u8>, number: usize) -> Option<()> {
    let mut rest = u32::try_from(number).ok()?;
    loop {
        let low = u8::try_from(rest & 0x7f).ok()?;
        rest >>= 7;
        if rest == 0 {
            bytes.push(low);
            return Some(());
        }
        bytes.push(low | 0x80);
    }
}

pub(super) fn put_sized(bytes: &mut Vec<u8>, content: &[u8]) -> Option<()> {
    put_number(bytes, content.len())?;
    bytes.extend(content);
    Some(())
}
