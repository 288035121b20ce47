// What pages load: defines <pair-link>.

import { PairLinkElement } from "./widget/element.js";

if (!customElements.get("pair-link")) customElements.define("pair-link", PairLinkElement);
