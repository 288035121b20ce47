const element = document.querySelector("pair-link");
const news = document.querySelector("#news");

const say = {
  "pairlink:ready": () => "Ready",
  "pairlink:pass": ({ detail }) => `A ${detail.method} is there`,
  "pairlink:connected": () => "Connected",
  "pairlink:revoked": () => "Revoked",
  "pairlink:error": ({ detail }) => `Failed: ${detail.code}`,
};
for (const [name, words] of Object.entries(say)) {
  element.addEventListener(name, (event) => {
    news.textContent = words(event);
  });
}

document.querySelector("#theme").addEventListener("click", ({ target }) => {
  const dark = element.getAttribute("theme") === "dark";
  element.setAttribute("theme", dark ? "light" : "dark");
  target.textContent = dark ? "Dark" : "Light";
});

// Away from the page, the element has no request, no timer and no listener; back on it, it begins anew.
document.querySelector("#toggle").addEventListener("click", ({ target }) => {
  if (element.isConnected) element.remove();
  else news.after(element);
  target.textContent = element.isConnected ? "Hide" : "Show";
});

document.querySelector("#revoke").addEventListener("click", () => element.revoke());
