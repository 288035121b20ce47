// Runs before every script of a page: remembers what the page would otherwise only print.
window.witnessed = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.witnessed.push(
    `policy violated: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
  ),
);
addEventListener("error", (event) => window.witnessed.push(`uncaught: ${event.message}`));
addEventListener("unhandledrejection", (event) => window.witnessed.push(`unhandled: ${event.reason}`));
