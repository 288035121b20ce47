// Elements, without markup: pages forbid it with Trusted Types.

const SVG = "http://www.w3.org/2000/svg";

/** Makes an element with these attributes and these children. */
export const make = (name, attributes = {}, children = []) => {
  const made = /svg|path/.test(name) ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  made.append(...children);
  return made;
};
