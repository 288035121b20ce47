// Also declares the element's name to `document.querySelector` and `document.createElement`.
export type * from "./element.js";
