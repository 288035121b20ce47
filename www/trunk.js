// Boots the page of `trunk serve`, in the place of an inline script, which a strict policy refuses.

import init from "./pairlink.js";

await init({ module_or_path: "pairlink_bg.wasm" });
