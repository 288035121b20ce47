// In the place of an inline script, which a strict policy refuses.

import init from "./pairlink-example-yew.js";

await init({ module_or_path: "pairlink-example-yew_bg.wasm" });
