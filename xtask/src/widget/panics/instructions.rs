//! Reads a function's instructions one after the other, as far as it matters what they do to control.

use super::super::wasm::{byte, number, skip_number, take};

/// What an instruction means to what comes after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Instruction {
    /// Computes, or moves values between stack, locals, globals and memory; may trap, and then goes nowhere.
    Plain,
    /// Calls this function.
    Call(usize),
    /// Takes a reference to this function.
    Reference(usize),
    /// Always traps.
    Trap,
    /// Anything else: branches, ends of blocks, indirect calls, bulk memory.
    Other,
}

/// Reads one, or nothing if it is not of those that rustc emits for wasm32.
pub(super) fn instruction(bytes: &mut &[u8]) -> Option<Instruction> {
    use Instruction::{Call, Other, Plain, Reference, Trap};
    let immediates = match byte(bytes)? {
        0x00 => return Some(Trap),
        0x10 => return Some(Call(number(bytes)?)),
        0xd2 => return Some(Reference(number(bytes)?)),
        // nop, drop, select; comparisons, arithmetic, conversions
        0x01 | 0x1a | 0x1b | 0x45..=0xc4 => return Some(Plain),
        // locals and globals; integers
        0x20..=0x24 | 0x41 | 0x42 => {
            skip_number(bytes)?;
            return Some(Plain);
        }
        // loads and stores: alignment and offset
        0x28..=0x3e => {
            skip_number(bytes)?;
            skip_number(bytes)?;
            return Some(Plain);
        }
        // floats
        0x43 => {
            take(bytes, 4)?;
            return Some(Plain);
        }
        0x44 => {
            take(bytes, 8)?;
            return Some(Plain);
        }
        // else, end, return, ref.is_null
        0x05 | 0x0b | 0x0f | 0xd1 => 0,
        // block, loop, if; br, br_if; table.get and .set; memory.size and .grow; ref.null
        0x02..=0x04 | 0x0c | 0x0d | 0x25 | 0x26 | 0x3f | 0x40 | 0xd0 => 1,
        // call_indirect
        0x11 => 2,
        // br_table: all its targets and the last one; select of types
        0x0e => number(bytes)?.checked_add(1)?,
        0x1c => number(bytes)?,
        0xfc => match number(bytes)? {
            0..=7 => return Some(Plain),
            9 | 11 | 13 | 15..=17 => 1,
            8 | 10 | 12 | 14 => 2,
            _unknown => return None,
        },
        _unknown => return None,
    };
    for _ in 0..immediates {
        skip_number(bytes)?;
    }
    Some(Other)
}
