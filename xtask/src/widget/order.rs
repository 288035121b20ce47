//! The order of functions: like beside like. A compressor says "as a little before", and the shorter the way back, the
//! shorter it says so.

use std::collections::HashMap;

use super::wasm::{
    CODE_SECTION, CUSTOM_SECTION, IMPORT_SECTION, header, number, put_number, put_section,
    put_sized, sections, sized,
};

/// How many bytes in a row count as something that two functions have in common.
const WINDOW: usize = 4;
/// What so many functions have in common says nothing about any of them.
const COMMONPLACE: usize = 300;
/// The part of the section of names that is about functions.
const FUNCTION_NAMES: u8 = 1;

/// The module with names for its functions that stand in the order of the alphabet as they are to stand in the file.
/// `None` if it holds what is not known here.
pub(super) fn named_in_order(wasm: &[u8]) -> Option<Vec<u8>> {
    let sections = sections(wasm)?;
    let body_of = |wanted| {
        let found = sections.iter().find(|(id, _)| *id == wanted);
        found.map(|(_, body)| *body)
    };
    let imported = number(&mut body_of(IMPORT_SECTION)?)?;
    let order = order(&bodies(body_of(CODE_SECTION)?)?);
    let mut places = vec![0; order.len()];
    for (place, function) in order.into_iter().enumerate() {
        *places.get_mut(function)? = place;
    }
    let mut names = Vec::new();
    put_number(&mut names, places.len())?;
    for (function, place) in places.into_iter().enumerate() {
        put_number(&mut names, imported + function)?;
        put_sized(&mut names, format!("{place:06}").as_bytes())?;
    }
    let mut section = Vec::new();
    put_sized(&mut section, b"name")?;
    section.push(FUNCTION_NAMES);
    put_sized(&mut section, &names)?;
    let mut result = header(wasm)?;
    for (id, body) in &sections {
        put_section(&mut result, *id, body)?;
    }
    put_section(&mut result, CUSTOM_SECTION, &section)?;
    Some(result)
}

fn bodies(mut section: &[u8]) -> Option<Vec<&[u8]>> {
    (0..number(&mut section)?)
        .map(|_| sized(&mut section))
        .collect()
}

/// Begins with the smallest; next is always the one of which the largest part was said by the one before.
fn order(functions: &[&[u8]]) -> Vec<usize> {
    let windows: Vec<Vec<&[u8]>> = functions.iter().map(|body| windows(body)).collect();
    let mut sharing: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, windows) in windows.iter().enumerate() {
        for window in windows {
            sharing.entry(window).or_default().push(function);
        }
    }
    sharing.retain(|_, functions| functions.len() <= COMMONPLACE);
    let mut left: Vec<usize> = (0..functions.len()).collect();
    let mut order = Vec::with_capacity(functions.len());
    let size = |function: usize| functions.get(function).map_or(0, |body| body.len());
    let mut next = left.iter().copied().min_by_key(|function| size(*function));
    while let Some(current) = next {
        order.push(current);
        left.retain(|function| *function != current);
        let mut shared = vec![0_u64; functions.len()];
        let said = windows.get(current).into_iter().flatten();
        for function in said.filter_map(|window| sharing.get(window)).flatten() {
            if let Some(shared) = shared.get_mut(*function) {
                *shared += 1;
            }
        }
        let part = |function: usize| {
            let all = windows.get(function).map_or(0, Vec::len).max(1) as u64;
            shared
                .get(function)
                .map_or(0, |shared| shared * 1_000_000 / all)
        };
        // Of equals the first, so that the same module always comes out the same.
        next = left
            .iter()
            .copied()
            .max_by_key(|function| (part(*function), std::cmp::Reverse(*function)));
    }
    order
}

/// Every stretch of so many bytes, each once.
fn windows(body: &[u8]) -> Vec<&[u8]> {
    let mut windows: Vec<&[u8]> = body.windows(WINDOW).collect();
    windows.sort_unstable();
    windows.dedup();
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_stands_beside_like() {
        let bodies: [&[u8]; 4] = [
            b"abcdefgh-one",
            b"0123456789-three",
            b"abcdefgh-two-more",
            b"0123456789-four-more",
        ];
        assert_eq!(order(&bodies), [0, 2, 3, 1]);
    }

    #[test]
    fn every_function_is_there_once() {
        let bodies: Vec<Vec<u8>> = (0..200_u8).map(|at| vec![at % 7; at.into()]).collect();
        let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
        let mut all = order(&bodies);
        all.sort_unstable();
        assert!(all.into_iter().eq(0..200));
    }

    #[test]
    fn names_are_added_and_nothing_else_changes() {
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        put_section(&mut wasm, IMPORT_SECTION, &[1, 1, b'a', 1, b'b', 0, 0]).unwrap();
        put_section(&mut wasm, CODE_SECTION, &[2, 3, 0, 0, 11, 2, 0, 11]).unwrap();
        let named = named_in_order(&wasm).unwrap();
        let (before, added) = named.split_at(wasm.len());
        assert_eq!(before, wasm);
        // The second, which is smaller, comes first; the imported one has no name.
        assert!(added.ends_with(b"\x02\x01\x06000001\x02\x06000000"));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert_eq!(named_in_order(b"\0asm\x01\0\0\0"), None);
    }
}
