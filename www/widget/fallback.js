// What stands there when the widget cannot: a sentence, a button that tries again, and, where the proxy gave a sign of
// life, one that opens a page of Pairlink's own, which needs nothing of the browser.

const button = (words, press) => {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", press);
  return made;
};

/** A sentence, and whatever may be pressed. */
export const sentence = (words, ...presses) => {
  const stage = document.createElement("div");
  stage.className = "fallback";
  stage.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.textContent = words;
  stage.append(text, ...presses.map(([words, press]) => button(words, press)));
  return stage;
};

/** Offers to open the page that `find` finds. The window is opened by the click itself, or browsers would block it. */
export const offer = (stage, words, find) => {
  const opens = button(words, async () => {
    const opened = open();
    if (!opened) return;
    opened.opener = null;
    opens.disabled = true;
    try {
      opened.location.replace(await find());
      opens.disabled = false;
    } catch {
      opened.close();
      opens.remove();
    }
  });
  stage.append(opens);
};
