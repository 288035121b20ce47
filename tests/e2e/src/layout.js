// What is wrong with how the element stands on its page: sticks out, is cut off, is too small to hit, says by picture
// alone what cannot be read. Returns words for each.
const element = document.querySelector("pair-link");
const complaints = [];
const page = document.documentElement;
if (page.scrollWidth > page.clientWidth) complaints.push(`the page is ${page.scrollWidth - page.clientWidth} px too wide`);
const card = element.shadowRoot.querySelector(".pairlink, .fallback");
if (!card) return ["nothing is there"];
const frame = card.getBoundingClientRect();
const name = (part) => `${part.localName}.${part.getAttribute("class") ?? ""} ${(part.innerText ?? "").slice(0, 30)}`;
for (const part of card.querySelectorAll("*")) {
  if (part.closest(".unseen, svg, option, datalist") || !part.checkVisibility()) continue;
  const box = part.getBoundingClientRect();
  if (box.width === 0 || box.height === 0) continue;
  if (box.left < frame.left - 1 || box.right > frame.right + 1) complaints.push(`sticks out: ${name(part)}`);
  const style = getComputedStyle(part);
  const isField = part.matches("input, select");
  if (!isField && style.overflowX !== "visible" && style.overflowX !== "auto" && part.scrollWidth > part.clientWidth + 1)
    complaints.push(`is cut off: ${name(part)}`);
  if (!isField && style.overflowX === "visible" && style.display !== "inline" && part.scrollWidth > part.clientWidth + 1)
    complaints.push(`overflows: ${name(part)}`);
  const isTarget = part.matches("button, a[href], input, select, label[part~=method]");
  if (isTarget && Math.min(box.width, box.height) < 24) complaints.push(`is hard to hit: ${name(part)}`);
}
const picture = card.querySelector(".paper svg");
if (picture && !card.querySelector("input[readonly], output, label[part~=method]"))
  complaints.push("a picture, and nothing to read instead of it");
return complaints;
