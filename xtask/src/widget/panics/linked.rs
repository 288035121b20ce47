//! A module as the linker leaves it with `--emit-relocs`: which bytes are which function and which static, and where
//! each refers to another.

use std::ops::Range;

use super::super::wasm::{
    CODE_SECTION, CUSTOM_SECTION, DATA_SECTION, EXPORT_SECTION, IMPORT_SECTION, START_SECTION,
    byte, number, sections, sized, skip_number, text,
};

/// The part of a module that panics hold on to. Positions count from the beginning of the section's body.
#[derive(Default)]
pub(super) struct Linked<'a> {
    pub(super) imported_functions: usize,
    /// Functions that JavaScript or the engine may call.
    pub(super) entries: Vec<usize>,
    pub(super) code: &'a [u8],
    /// Where each function's body lies.
    pub(super) bodies: Vec<Range<usize>>,
    pub(super) data: &'a [u8],
    segments: Vec<Range<usize>>,
    pub(super) symbols: Vec<Symbol<'a>>,
    /// In the order of their positions.
    pub(super) code_references: Vec<Reference>,
    /// In the order of their positions.
    pub(super) data_references: Vec<Reference>,
}

/// What can be referred to.
pub(super) enum Symbol<'a> {
    Function {
        index: usize,
        /// Absent where it is imported.
        name: Option<&'a str>,
    },
    /// A static, at its place in the data section.
    Static(Range<usize>),
    /// Globals and tables, which stay; and what has no bytes in the file.
    Other,
}

/// A place that holds the address of a symbol.
pub(super) struct Reference {
    pub(super) position: usize,
    pub(super) symbol: usize,
}

/// Whether sections with this name describe the linking, and are of no use after it.
pub(super) fn is_about_linking(name: &str) -> bool {
    name == "linking" || name.starts_with("reloc.")
}

impl<'a> Linked<'a> {
    /// Nothing if there is something in it that a linker for wasm32 does not write.
    pub(super) fn read(wasm: &'a [u8]) -> Option<Self> {
        let mut linked = Self::default();
        let sections = sections(wasm)?;
        for (id, body) in &sections {
            let mut bytes = *body;
            match *id {
                IMPORT_SECTION => linked.imported_functions = imported_functions(bytes)?,
                EXPORT_SECTION => linked.entries.extend(exported_functions(bytes)?),
                START_SECTION => linked.entries.push(number(&mut bytes)?),
                CODE_SECTION => (linked.code, linked.bodies) = (body, bodies(body)?),
                DATA_SECTION => (linked.data, linked.segments) = (body, segments(body)?),
                _other => {}
            }
        }
        let index_of = |id| sections.iter().position(|(other, _)| *other == id);
        let (code, data) = (index_of(CODE_SECTION)?, index_of(DATA_SECTION)?);
        for (_, body) in sections.iter().filter(|(id, _)| *id == CUSTOM_SECTION) {
            let mut bytes = *body;
            match text(&mut bytes)? {
                "linking" => linked.symbols = linked.read_symbols(bytes)?,
                name if name.starts_with("reloc.") => {
                    let of = number(&mut bytes)?;
                    let references = references(bytes)?;
                    if of == code {
                        linked.code_references = references;
                    } else if of == data {
                        linked.data_references = references;
                    }
                }
                _other => {}
            }
        }
        Some(linked)
    }

    /// The references in a part of the code or the data.
    pub(super) fn within<'r>(references: &'r [Reference], range: &Range<usize>) -> &'r [Reference] {
        let start = references.partition_point(|reference| reference.position < range.start);
        let end = references.partition_point(|reference| reference.position < range.end);
        references.get(start..end).unwrap_or_default()
    }

    /// Whether it is a `core::panic::Location`, which callers hand on and only panics read: address and length of a
    /// file's name, line, column.
    pub(super) fn is_location(&self, range: &Range<usize>) -> bool {
        let [file] = Self::within(&self.data_references, range) else {
            return false;
        };
        let Some(Symbol::Static(name)) = self.symbols.get(file.symbol) else {
            return false;
        };
        let field = |bytes: Option<&[u8]>| {
            let number = u32::from_le_bytes(bytes?.try_into().ok()?);
            usize::try_from(number).ok()
        };
        let length = field(self.data.get(range.start + 4..range.start + 8));
        let name = self.data.get(name.clone());
        range.len() == 16
            && file.position == range.start
            && length
                .zip(name)
                .and_then(|(length, name)| name.get(..length))
                .is_some_and(|name| name.is_ascii() && name.ends_with(b".rs"))
    }

    fn read_symbols(&self, mut bytes: &'a [u8]) -> Option<Vec<Symbol<'a>>> {
        const VERSION: usize = 2;
        const SYMBOL_TABLE: u8 = 8;
        if number(&mut bytes)? != VERSION {
            return None;
        }
        while !bytes.is_empty() {
            let kind = byte(&mut bytes)?;
            let mut table = sized(&mut bytes)?;
            if kind == SYMBOL_TABLE {
                return (0..number(&mut table)?)
                    .map(|_| self.read_symbol(&mut table))
                    .collect();
            }
        }
        None
    }

    fn read_symbol(&self, bytes: &mut &'a [u8]) -> Option<Symbol<'a>> {
        const UNDEFINED: usize = 0x10;
        const EXPLICIT_NAME: usize = 0x40;
        let kind = byte(bytes)?;
        let flags = number(bytes)?;
        let is_defined = flags & UNDEFINED == 0;
        match kind {
            // function, global, tag, table
            0 | 2 | 4 | 5 => {
                let index = number(bytes)?;
                let has_name = is_defined || flags & EXPLICIT_NAME != 0;
                let name = has_name
                    .then(|| text(bytes))
                    .map_or(Some(None), |name| name.map(Some))?;
                Some(if kind == 0 {
                    let name = name.filter(|_| is_defined);
                    Symbol::Function { index, name }
                } else {
                    Symbol::Other
                })
            }
            1 => {
                text(bytes)?;
                if !is_defined {
                    return Some(Symbol::Other);
                }
                let (segment, offset, size) = (number(bytes)?, number(bytes)?, number(bytes)?);
                // Statics that begin as zeros have a segment that is not in the file.
                let Some(segment) = self.segments.get(segment).filter(|_| size > 0) else {
                    return Some(Symbol::Other);
                };
                let start = segment.start.checked_add(offset)?;
                let end = start.checked_add(size)?;
                (end <= segment.end).then_some(Symbol::Static(start..end))
            }
            // section
            3 => {
                number(bytes)?;
                Some(Symbol::Other)
            }
            _unknown => None,
        }
    }
}

fn imported_functions(mut bytes: &[u8]) -> Option<usize> {
    let count = number(&mut bytes)?;
    for _ in 0..count {
        text(&mut bytes)?;
        text(&mut bytes)?;
        // rustc imports nothing but functions.
        if byte(&mut bytes)? != 0 {
            return None;
        }
        number(&mut bytes)?;
    }
    Some(count)
}

fn exported_functions(mut bytes: &[u8]) -> Option<Vec<usize>> {
    let mut functions = Vec::new();
    for _ in 0..number(&mut bytes)? {
        text(&mut bytes)?;
        let kind = byte(&mut bytes)?;
        let index = number(&mut bytes)?;
        if kind == 0 {
            functions.push(index);
        }
    }
    Some(functions)
}

fn bodies(section: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut bytes = section;
    (0..number(&mut bytes)?)
        .map(|_| {
            let body = sized(&mut bytes)?;
            let end = section.len() - bytes.len();
            Some(end - body.len()..end)
        })
        .collect()
}

/// The contents of segments at fixed addresses.
fn segments(section: &[u8]) -> Option<Vec<Range<usize>>> {
    const I32_CONST: u8 = 0x41;
    const END: u8 = 0x0b;
    let mut bytes = section;
    (0..number(&mut bytes)?)
        .map(|_| {
            if number(&mut bytes)? != 0 || byte(&mut bytes)? != I32_CONST {
                return None;
            }
            skip_number(&mut bytes)?;
            if byte(&mut bytes)? != END {
                return None;
            }
            let content = sized(&mut bytes)?;
            let end = section.len() - bytes.len();
            Some(end - content.len()..end)
        })
        .collect()
}

fn references(mut bytes: &[u8]) -> Option<Vec<Reference>> {
    let mut references = Vec::new();
    for _ in 0..number(&mut bytes)? {
        let kind = byte(&mut bytes)?;
        let position = number(&mut bytes)?;
        let symbol = number(&mut bytes)?;
        match kind {
            // functions, their places in the table, globals, tables
            0..=2 | 7 | 13 | 20 => {}
            // addresses in memory, with what is to be added
            3..=5 => skip_number(&mut bytes)?,
            // types are no symbols
            6 => continue,
            _unknown => return None,
        }
        references.push(Reference { position, symbol });
    }
    references
        .is_sorted_by_key(|reference| reference.position)
        .then_some(references)
}
