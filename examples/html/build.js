// Nothing is bundled: the page, and the package as it is beside it.

import { cp, rm } from "node:fs/promises";

await rm("dist", { recursive: true, force: true });
for (const file of ["index.html", "page.js", "page.css"]) await cp(file, `dist/${file}`);
await cp("node_modules/pairlink", "dist/node_modules/pairlink", { recursive: true });
