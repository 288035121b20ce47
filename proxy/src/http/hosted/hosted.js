// The code is in the page. What keeps it up to date begins once it was painted, or where nothing is painted soon.
const painted = new Promise((done) => new PerformanceObserver(done).observe({ type: "paint", buffered: true }));
const patience = new Promise((done) => setTimeout(done, 500));
Promise.race([painted, patience]).then(() => {
  // The page may be the answer to a button. From here on its address holds no token, and reading it again only reads it.
  history.replaceState(null, "", "/connect" + location.search);
  if (document.querySelector("pair-link[token-endpoint]")) import("/widget.js");
});
