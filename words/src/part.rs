//! How the strings of a language become a list and a list becomes a language.
//!
//! [`words!`](crate::part::words) writes down a struct, the order of its strings and both directions at once, so that
//! none of them can drift from the others.

/// Something that a language is made of: one string, or a struct of such parts.
pub(crate) trait Part {
    /// How many strings it has.
    const LEN: usize;
    /// One that says nothing yet.
    const EMPTY: Self;

    /// Takes its strings from the front of a text that has enough of them.
    fn read(&mut self, list: &mut &'static str);

    /// Appends its strings to a list.
    fn write(&self, list: &mut Vec<&'static str>);

    /// Appends the names of its strings, in the same order.
    fn name(prefix: &str, names: &mut Vec<String>);
}

impl Part for &'static str {
    const LEN: usize = 1;
    const EMPTY: Self = "";

    // One copy for all strings: a page loads this.
    #[inline(never)]
    fn read(&mut self, list: &mut &'static str) {
        (*self, *list) = crate::cut(list, crate::SEPARATOR);
    }

    fn write(&self, list: &mut Vec<&'static str>) {
        list.push(self);
    }

    fn name(prefix: &str, names: &mut Vec<String>) {
        names.push(prefix.to_owned());
    }
}

/// Defines structs whose fields are public and are strings or such structs, and makes each a [`Part`].
macro_rules! words {
    ($(
        $(#[$about:meta])*
        struct $name:ident { $( $(#[$about_field:meta])* $field:ident: $kind:ty, )* }
    )*) => {$(
        $(#[$about])*
        #[derive(Debug)]
        pub struct $name {
            $( $(#[$about_field])* pub $field: $kind, )*
        }

        impl Part for $name {
            const LEN: usize = 0 $( + <$kind as Part>::LEN )*;
            const EMPTY: Self = Self { $( $field: <$kind as Part>::EMPTY, )* };

            #[inline(never)]
            fn read(&mut self, list: &mut &'static str) {
                $( self.$field.read(list); )*
            }

            fn write(&self, list: &mut Vec<&'static str>) {
                $( self.$field.write(list); )*
            }

            fn name(prefix: &str, names: &mut Vec<String>) {
                $( <$kind as Part>::name(&crate::part::below(prefix, stringify!($field)), names); )*
            }
        }
    )*};
}

pub(crate) use words;

/// `qr.live.title` is `title` below `live` below `qr`.
pub(crate) fn below(prefix: &str, field: &str) -> String {
    if prefix.is_empty() {
        field.to_owned()
    } else {
        [prefix, field].join(".")
    }
}
