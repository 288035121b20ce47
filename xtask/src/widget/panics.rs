//! Makes panics silent, for which stable Rust has no switch: where a panic begins, the module traps, and what only
//! panics led to goes, code and data. This does after the link what the linker would have done, had it known.
//!
//! Nothing else changes. Where a panic would have ended a call, a trap ends it, and no check is left out; what goes is
//! what nothing refers to any more, by the linker's own account.

mod instructions;
mod linked;
mod names;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::ops::Range;

use anyhow::{Context as _, Result, bail};
use rustc_demangle::demangle;

use super::wasm::{
    CODE_SECTION, CUSTOM_SECTION, DATA_SECTION, byte, header, number, put_number, put_section,
    put_sized, sections, text,
};
use instructions::{Instruction, instruction};
use linked::{Linked, Symbol, is_about_linking};
use names::{IDLE, NEVER_CALLED, PANICS};
pub(super) use names::{LAST_STATIONS, LAST_STATIONS_OF_ABORTS};

/// Has the linker tell, in sections of their own, what it knows, and the compiler name functions in one way.
pub(super) const COMPILED_WITH: [&str; 2] =
    ["-Clink-arg=--emit-relocs", "-Csymbol-mangling-version=v0"];

const NO_LOCALS: u8 = 0;
const UNREACHABLE: u8 = 0x00;
const END: u8 = 0x0b;
const TRAP: [u8; 3] = [NO_LOCALS, UNREACHABLE, END];
const NOTHING: [u8; 2] = [NO_LOCALS, END];

/// The module without panics, and without the sections that it takes to know what they are.
pub(super) fn silence(wasm: &[u8], last_stations: &[&str]) -> Result<Vec<u8>> {
    let linked = Linked::read(wasm).context("the linked module holds something unexpected")?;
    let mut functions = functions(&linked, last_stations)?;
    find_dooms(&mut functions, linked.imported_functions);
    let needed = needed(&linked, &functions);
    rewritten(wasm, &linked, &functions, &needed)
        .context("the linked module cannot be written again")
}

/// A function of the module, by its index less the imported ones.
struct Function {
    body: Range<usize>,
    instructions: Vec<(Range<usize>, Instruction)>,
    /// Stretches that end in a trap, without anything but computing before it.
    doomed: Vec<Range<usize>>,
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Ordinary,
    /// Traps before it has done anything that lasts.
    Panic,
    /// Does nothing.
    Idle,
}

fn functions(linked: &Linked<'_>, last_stations: &[&str]) -> Result<Vec<Function>> {
    let mut functions = linked
        .bodies
        .iter()
        .map(|body| read_function(linked.code, body.clone()))
        .collect::<Option<Vec<_>>>()
        .context("a function holds an instruction that is not known here")?;
    let mut missing = last_stations.to_vec();
    for symbol in &linked.symbols {
        let Symbol::Function {
            index,
            name: Some(name),
        } = symbol
        else {
            continue;
        };
        let name = format!("{:#}", demangle(name));
        let Some(function) = own(*index, linked).and_then(|own| functions.get_mut(own)) else {
            continue;
        };
        if PANICS.iter().any(|beginning| name.starts_with(beginning))
            || NEVER_CALLED
                .iter()
                .any(|beginning| name.starts_with(beginning))
        {
            function.role = Role::Panic;
        } else if IDLE.contains(&name.as_str()) {
            function.role = Role::Idle;
        }
        missing.retain(|station| *station != name);
    }
    if let Some(station) = missing.first() {
        bail!(
            "{station} is not in the module, or not by this name: what it stands for would stay in"
        );
    }
    Ok(functions)
}

fn own(index: usize, linked: &Linked<'_>) -> Option<usize> {
    index.checked_sub(linked.imported_functions)
}

fn read_function(code: &[u8], body: Range<usize>) -> Option<Function> {
    let mut bytes = code.get(body.clone())?;
    let position = |rest: &[u8]| body.end - rest.len();
    for _ in 0..number(&mut bytes)? {
        number(&mut bytes)?;
        byte(&mut bytes)?;
    }
    let mut instructions = Vec::new();
    while !bytes.is_empty() {
        let start = position(bytes);
        let read = instruction(&mut bytes)?;
        instructions.push((start..position(bytes), read));
    }
    Some(Function {
        body,
        instructions,
        doomed: Vec::new(),
        role: Role::Ordinary,
    })
}

/// A call of a function that only panics makes its caller one of them, if nothing comes before the call.
fn find_dooms(functions: &mut [Function], imported: usize) {
    loop {
        let panics: HashSet<usize> = functions
            .iter()
            .enumerate()
            .filter(|(_, function)| function.role == Role::Panic)
            .map(|(own, _)| imported + own)
            .collect();
        for function in &mut *functions {
            function.doomed = doomed(&function.instructions, &panics);
            let (Some((first, _)), Some(doomed)) =
                (function.instructions.first(), function.doomed.first())
            else {
                continue;
            };
            if first.start == doomed.start && function.role == Role::Ordinary {
                function.role = Role::Panic;
            }
        }
        let now = functions
            .iter()
            .filter(|function| function.role == Role::Panic);
        if now.count() == panics.len() {
            return;
        }
    }
}

/// What is computed for a panic alone, its message above all, is computed for nothing.
fn doomed(
    instructions: &[(Range<usize>, Instruction)],
    panics: &HashSet<usize>,
) -> Vec<Range<usize>> {
    let mut doomed = Vec::new();
    let mut start = None;
    for (range, instruction) in instructions {
        let from = *start.get_or_insert(range.start);
        let traps = match instruction {
            Instruction::Plain | Instruction::Reference(_) => continue,
            Instruction::Trap => true,
            Instruction::Call(index) => panics.contains(index),
            Instruction::Other => false,
        };
        if traps {
            doomed.push(from..range.end);
        }
        start = None;
    }
    doomed
}

/// What the module's entries lead to.
struct Needed {
    functions: Vec<bool>,
    /// For every byte of the data section.
    data: Vec<bool>,
}

fn needed(linked: &Linked<'_>, functions: &[Function]) -> Needed {
    let mut needed = Needed {
        functions: vec![false; functions.len()],
        // What belongs to no symbol stays, and whatever it refers to.
        data: vec![true; linked.data.len()],
    };
    for symbol in &linked.symbols {
        if let Symbol::Static(range) = symbol {
            fill(&mut needed.data, range, false);
        }
    }
    let mut entered: Vec<usize> = linked.entries.clone();
    let mut referred: Vec<usize> = linked
        .data_references
        .iter()
        .filter(|reference| needed.data.get(reference.position) == Some(&true))
        .map(|reference| reference.symbol)
        .collect();
    loop {
        if let Some(own) = entered.pop().map(|index| own(index, linked)) {
            let Some((function, seen)) =
                own.and_then(|own| Some((functions.get(own)?, needed.functions.get_mut(own)?)))
            else {
                continue;
            };
            if !std::mem::replace(seen, true) && function.role == Role::Ordinary {
                let (calls, references) = leads_to(function, linked);
                entered.extend(calls);
                referred.extend(references);
            }
        } else if let Some(symbol) = referred.pop() {
            match linked.symbols.get(symbol) {
                Some(Symbol::Function { index, .. }) => entered.push(*index),
                Some(Symbol::Static(range)) => {
                    if linked.is_location(range)
                        || range.clone().all(|at| needed.data.get(at) == Some(&true))
                    {
                        continue;
                    }
                    fill(&mut needed.data, range, true);
                    let inside = Linked::within(&linked.data_references, range);
                    referred.extend(inside.iter().map(|reference| reference.symbol));
                }
                Some(Symbol::Other) | None => {}
            }
        } else {
            return needed;
        }
    }
}

/// The functions that it calls, and the symbols whose addresses it takes, in the code that is not doomed.
fn leads_to(function: &Function, linked: &Linked<'_>) -> (Vec<usize>, Vec<usize>) {
    let lives = |at: usize| !function.doomed.iter().any(|doomed| doomed.contains(&at));
    let calls = function
        .instructions
        .iter()
        .filter(|(range, _)| lives(range.start))
        .filter_map(|(_, instruction)| match instruction {
            Instruction::Call(index) | Instruction::Reference(index) => Some(*index),
            Instruction::Plain | Instruction::Trap | Instruction::Other => None,
        })
        .collect();
    let references = Linked::within(&linked.code_references, &function.body)
        .iter()
        .filter(|reference| lives(reference.position))
        .map(|reference| reference.symbol)
        .collect();
    (calls, references)
}

fn fill(bytes: &mut [bool], range: &Range<usize>, value: bool) {
    if let Some(bytes) = bytes.get_mut(range.clone()) {
        bytes.fill(value);
    }
}

fn rewritten(
    wasm: &[u8],
    linked: &Linked<'_>,
    functions: &[Function],
    needed: &Needed,
) -> Option<Vec<u8>> {
    let mut silent = header(wasm)?;
    for (id, body) in sections(wasm)? {
        match id {
            CODE_SECTION => {
                let mut code = Vec::with_capacity(body.len());
                put_number(&mut code, functions.len())?;
                for (function, needed) in functions.iter().zip(&needed.functions) {
                    let body = match function.role {
                        Role::Ordinary if *needed => &*without_dooms(function, linked.code)?,
                        Role::Idle => &NOTHING,
                        Role::Ordinary | Role::Panic => &TRAP,
                    };
                    put_sized(&mut code, body)?;
                }
                put_section(&mut silent, id, &code)?;
            }
            DATA_SECTION => {
                let blanked = body.iter().zip(&needed.data);
                let data: Vec<u8> = blanked
                    .map(|(byte, needed)| if *needed { *byte } else { 0 })
                    .collect();
                put_section(&mut silent, id, &data)?;
            }
            CUSTOM_SECTION if is_about_linking(text(&mut &*body)?) => {}
            _other => put_section(&mut silent, id, body)?,
        }
    }
    Some(silent)
}

fn without_dooms(function: &Function, code: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::with_capacity(function.body.len());
    let mut start = function.body.start;
    for doomed in &function.doomed {
        body.extend(code.get(start..doomed.start)?);
        body.push(UNREACHABLE);
        start = doomed.end;
    }
    body.extend(code.get(start..function.body.end)?);
    Some(body)
}
