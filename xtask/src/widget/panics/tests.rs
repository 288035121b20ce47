use super::super::wasm::{EXPORT_SECTION, IMPORT_SECTION};
use super::*;

/// What every address of a static is in code: a number that the linker pads to five bytes.
const ADDRESS: [u8; 6] = [0x41, 0x80, 0x80, 0x80, 0x80, 0x00];
const DROP: u8 = 0x1a;

const BEGIN_UNWIND: &str = "_RNvCs_7___rustc17rust_begin_unwind";

fn with_length(content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    put_sized(&mut bytes, content).unwrap();
    bytes
}

fn custom(name: &str, content: &[u8]) -> Vec<u8> {
    [with_length(name.as_bytes()), content.to_vec()].concat()
}

/// Sets a hook, takes the addresses of a greeting and of a location, and panics with a message if it is told to.
fn greet(panic: &[u8]) -> Vec<u8> {
    let condition = [0x20, 0, 0x04, 0x40];
    let end = [END, END];
    let drop = &[DROP][..];
    let parts = [&[NO_LOCALS, 0x10, 5], &ADDRESS[..], drop, &ADDRESS, drop];
    [&parts.concat(), &condition[..], panic, &end].concat()
}

/// Function 0 is imported, and 1 is the one that is exported.
fn code(bodies: &[Vec<u8>; 5]) -> Vec<u8> {
    let bodies: Vec<u8> = bodies.iter().flat_map(|body| with_length(body)).collect();
    [vec![5], bodies].concat()
}

/// A greeting, a byte that belongs to nothing, a message, the name of a file, a location in it.
fn data(content: &[u8]) -> Vec<u8> {
    [vec![1, 0, 0x41, 0, END], with_length(content)].concat()
}

const LAST_STATION: &str = LAST_STATIONS[0];

fn linking(last_station: &str) -> Vec<u8> {
    let function = |index: u8, name: &str| [vec![0, 0, index], custom(name, &[])].concat();
    let place =
        |name: &str, offset: u8, size: u8| [vec![1, 0], custom(name, &[0, offset, size])].concat();
    let symbols = [
        function(1, "greet"),
        function(2, "_RNvCs_4demo5never"),
        function(3, last_station),
        function(4, "_RNvCs_4demo10only_fails"),
        function(5, "_RNvNtCs_3std9panicking8set_hook"),
        place("greeting", 0, 5),
        place("message", 6, 7),
        place("file", 13, 8),
        place("location", 21, 16),
    ];
    let count = vec![u8::try_from(symbols.len()).unwrap()];
    let table = [count, symbols.concat()].concat();
    custom("linking", &[vec![2, 8], with_length(&table)].concat())
}

fn module(code: Vec<u8>, data: Vec<u8>, about_linking: &[Vec<u8>]) -> Vec<u8> {
    let import = [vec![1], custom("glue", &custom("log", &[0, 0]))].concat();
    let export = [vec![1], custom("greet", &[0, 1])].concat();
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    let sections = [
        (IMPORT_SECTION, import),
        (EXPORT_SECTION, export),
        (CODE_SECTION, code),
        (DATA_SECTION, data),
    ];
    let custom_sections = about_linking
        .iter()
        .cloned()
        .chain([custom("other", b"stays")]);
    for (id, body) in sections
        .into_iter()
        .chain(custom_sections.map(|body| (CUSTOM_SECTION, body)))
    {
        put_section(&mut wasm, id, &body).unwrap();
    }
    wasm
}

fn linked_module(last_station: &str) -> Vec<u8> {
    let panic = [&ADDRESS[..], &[DROP, 0x10, 4, UNREACHABLE]].concat();
    let code = code(&[
        greet(&panic),
        vec![NO_LOCALS, 0x10, 0, END],
        // It would have told somebody.
        vec![NO_LOCALS, 0x10, 0, END],
        vec![NO_LOCALS, 0x01, 0x10, 3, UNREACHABLE, END],
        vec![NO_LOCALS, 0x10, 0, END],
    ]);
    let data = data(b"Hello!failed?src/a.rs\x0d\0\0\0\x08\0\0\0\x01\0\0\0\x01\0\0\0");
    // The section; how many; each with its kind, place, symbol and offset.
    let in_code = [2, 3, 4, 6, 5, 0, 4, 13, 8, 0, 4, 24, 6, 0];
    let in_data = [3, 1, 5, 27, 7, 0];
    module(
        code,
        data,
        &[
            linking(last_station),
            custom("reloc.CODE", &in_code),
            custom("reloc.DATA", &in_data),
        ],
    )
}

#[test]
fn a_panic_is_a_trap_and_takes_along_what_only_it_needs() {
    let silent = silence(&linked_module(BEGIN_UNWIND), &[LAST_STATION]).unwrap();
    let code = code(&[
        // The message is not even put on the stack.
        greet(&[UNREACHABLE, UNREACHABLE]),
        TRAP.to_vec(),
        TRAP.to_vec(),
        TRAP.to_vec(),
        NOTHING.to_vec(),
    ]);
    let mut content = b"Hello!".to_vec();
    content.resize(37, 0);
    assert_eq!(silent, module(code, data(&content), &[]));
}

#[test]
fn a_module_without_the_end_of_panics_is_refused() {
    let error = silence(&linked_module("_RNvCs_7___rustc8renamed_"), &[LAST_STATION]).unwrap_err();
    assert!(error.to_string().contains(LAST_STATION), "{error}");
}

#[test]
fn a_module_without_the_linker_s_account_is_refused() {
    let bodies = [(); 5].map(|()| TRAP.to_vec());
    assert!(silence(&module(code(&bodies), data(b""), &[]), &[LAST_STATION]).is_err());
}

#[test]
fn what_is_not_understood_is_refused() {
    let linked = linked_module(BEGIN_UNWIND);
    let mut unknown_instruction = linked.clone();
    let nop = linked
        .windows(4)
        .position(|bytes| bytes == [0x01, 0x10, 3, 0]);
    unknown_instruction[nop.unwrap()] = 0x06;
    for wasm in [unknown_instruction, linked[..linked.len() - 1].to_vec()] {
        assert!(silence(&wasm, &[LAST_STATION]).is_err());
    }
}

/// Everything below a directory of sources that browsers load.
fn sources(directory: &std::path::Path) -> String {
    std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !path.ends_with("src/server") && !path.ends_with("src/server.rs"))
        .map(|path| {
            if path.is_dir() {
                sources(&path)
            } else {
                std::fs::read_to_string(path).unwrap()
            }
        })
        .collect()
}

#[test]
fn the_widget_makes_none_of_what_is_left_out_of_yew() {
    let root = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
    let widget = sources(&root.join("../src"));
    assert!(widget.contains("impl Component for"));
    for made_by in [
        " key=",
        "create_portal",
        "from_html_unchecked",
        "VRaw",
        "Suspense",
        "use_future",
        "add_listener",
        "add_property",
        "textarea",
    ] {
        assert!(
            !widget.contains(made_by),
            "the widget uses {made_by:?}: take what it needs of Yew off NEVER_CALLED"
        );
    }
    // What a page loads makes every element in one way, and listens to none of them.
    let components = root.join("../src/components");
    let views =
        sources(&components) + &std::fs::read_to_string(components.with_extension("rs")).unwrap();
    assert_eq!(views.matches("VTag::").count(), 2);
    assert_eq!(views.matches("VTag::__new_").count(), 2);
    assert!(
        views.contains("element.set(Name::Namespace, namespace(tag))"),
        "an element without a namespace is looked up in Yew's table, which is left out"
    );
    for made_by in ["html!", "html_nested!", "onclick", "Callback"] {
        assert!(!views.contains(made_by), "a view uses {made_by:?}");
    }
}
