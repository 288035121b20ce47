// Auto, light or dark: kept for the next visit, and told to the embedded element.
// A classic script in the head, so that the first paint already has the right colours.

{
  const root = document.documentElement;
  const themes = ["auto", "light", "dark"];

  const remembered = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // Storage is switched off: the system decides.
    }
  };

  const remember = (theme) => {
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // It then lasts until the page is closed.
    }
  };

  const apply = (theme) => {
    root.dataset.theme = theme;
    for (const element of document.querySelectorAll("pair-link, pair-link-frame")) element.setAttribute("theme", theme);
  };

  const kept = remembered();
  const theme = themes.includes(kept) ? kept : "auto";
  apply(theme);

  document.addEventListener("DOMContentLoaded", () => {
    apply(theme);
    const choice = document.querySelector(`input[name="theme"][value="${theme}"]`);
    if (choice) choice.checked = true;
  });
  document.addEventListener("change", ({ target }) => {
    if (target.name !== "theme") return;
    apply(target.value);
    remember(target.value);
  });
}
