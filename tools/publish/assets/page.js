// Paper is light and shows what is folded away; afterwards all is as it was.
const page = document.documentElement.dataset;
let opened = [];
let theme = page.theme;
addEventListener("beforeprint", () => {
  theme = page.theme;
  page.theme = "light";
  opened = [...document.querySelectorAll("article details:not([open])")];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  page.theme = theme;
  for (const details of opened) details.open = false;
});

// The menu of the page closes on Escape and on a click beside it.
const menu = document.querySelector(".page-menu");
if (menu) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) { menu.open = false; menu.firstElementChild.focus(); }
  });
}

// A formula or a picture wider than the page scrolls, so the keyboard must reach it.
const wide = [...document.querySelectorAll("article .katex-display, article .picture")];
new ResizeObserver(() => {
  const scrolls = wide.map((element) => element.scrollWidth > element.clientWidth); // all read before one is written
  wide.forEach((element, i) => {
    if (scrolls[i] !== (element.tabIndex === 0)) element.tabIndex = scrolls[i] ? 0 : -1;
  });
}).observe(document.querySelector("main"));
