// Defines <pair-link> by being imported.

import { define } from "./index.js";

define();
