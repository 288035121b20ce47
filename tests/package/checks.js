// Where there is no DOM, importing any of it does nothing and throws nothing; and every way in leads to a file.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";

const { define, load, PairLinkElement } = await import("pairlink");
assert.equal(typeof PairLinkElement, "function");
assert.equal(typeof load, "function");
assert.equal(define(), undefined);
await import("pairlink/define");
await import("pairlink/react");

const files = new URL("./node_modules/pairlink/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL("package.json", files), "utf8"));
assert.equal(manifest.scripts, undefined, "nothing runs when it is installed");
assert.equal(manifest.dependencies, undefined);

const elements = JSON.parse(await readFile(new URL(manifest.customElements, files), "utf8"));
const names = elements.modules.flatMap(({ declarations }) => declarations);
const [{ attributes }] = names.filter(({ tagName }) => tagName === "pair-link");
const secrets = ["token", "embed-token", "access-token", "api-key"];
assert.deepEqual(
  PairLinkElement.observedAttributes.filter((name) => !secrets.includes(name)).sort(),
  attributes.map(({ name }) => name).sort(),
);

const source = await readFile(new URL("element.js", files), "utf8");
for (const [, path] of source.matchAll(/new URL\("(\.\/assets\/[^"]+)"/g)) await readFile(new URL(path, files));
const all = await readdir(files, { recursive: true });
assert.deepEqual(all.filter((name) => /\.(map|br|gz|ts\.map)$/.test(name)), []);
