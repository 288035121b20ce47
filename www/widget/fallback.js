// What stands there when the widget cannot: a sentence, a button that tries again, and, where the proxy gave a sign of
// life, one that opens a page of Pairlink's own, which needs nothing of the browser.

import { make } from "./make.js";

/** A button; what happens when it is pressed is told which one it was. */
export const button = (words, press) => {
  const made = make("button", { type: "button" }, [words]);
  made.addEventListener("click", () => press(made));
  return made;
};

/** A sentence. */
export const sentence = (words) => make("div", { class: "fallback", role: "alert" }, [make("p", {}, [words])]);

/** Opens the page that `find` finds. The window is opened by the click itself, or browsers would block it. */
export const openPage = async (pressed, find) => {
  const opened = open();
  if (!opened) return;
  opened.opener = null;
  pressed.disabled = true;
  try {
    opened.location.replace(await find());
    pressed.disabled = false;
  } catch {
    opened.close();
    pressed.remove();
  }
};
