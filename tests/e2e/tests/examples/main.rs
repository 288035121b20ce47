//! The examples and the npm package that they are built from, in a real browser against the real processes: what a
//! dashboard's builder meets. `cargo xtask test --only examples` builds what is opened here.

mod element;
mod frameworks;
mod site;
