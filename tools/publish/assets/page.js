// Paper is light; afterwards all is as it was.
const page = document.documentElement.dataset;
let theme = page.theme;
addEventListener("beforeprint", () => {
  theme = page.theme;
  page.theme = "light";
});
addEventListener("afterprint", () => {
  page.theme = theme;
});

// The button for light and dark says which it is.
const modes = { light: "light", dark: "dark", auto: "as the system" };
const mode = document.querySelector(".theme-switch-button");
const sayMode = () => mode?.setAttribute("aria-label", `Color mode: ${modes[page.mode]}`);
new MutationObserver(sayMode).observe(document.documentElement, { attributeFilter: ["data-mode"] });
sayMode();

// The menu of the page closes on Escape and on a click beside it.
/** @type {HTMLDetailsElement | null} */
const menu = document.querySelector(".page-menu");
if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  menu.querySelector(".print")?.addEventListener("click", () => {
    menu.open = false;
    print();
  });
  const unfold = menu.querySelector(".unfold"); // on paper, too, what is open is open
  unfold?.addEventListener("click", () => {
    /** @type {NodeListOf<HTMLDetailsElement>} */
    const all = document.querySelectorAll("article details");
    const folds = [...all];
    const open = folds.some((fold) => !fold.open);
    for (const fold of folds) fold.open = open;
    unfold.textContent = open ? "Close all folds" : "Open all folds";
  });
}

// What is wider than its place scrolls, so the keyboard must reach it.
/** @type {NodeListOf<HTMLElement>} */
const boxes = document.querySelectorAll(
  "article :is(pre, .pst-scrollable-table-container, .formula > .wide, .output.text_html)",
);
const wide = [...boxes];
new ResizeObserver(() => {
  const scrolls = wide.map((element) => element.scrollWidth > element.clientWidth); // all read before one is written
  wide.forEach((element, i) => {
    if (scrolls[i] !== (element.tabIndex === 0)) element.tabIndex = scrolls[i] ? 0 : -1;
  });
}).observe(document.querySelector("main") ?? document.body);

// A button beside each piece of code would be dozens of stops for the Tab key: the code itself can be selected.
addEventListener("load", () => {
  for (const copy of document.querySelectorAll("button.copybtn")) copy.setAttribute("tabindex", "-1");
});

// Who opens the search page wants to type.
/** @type {HTMLInputElement | null} */
const query = document.querySelector(".bd-search-container input");
query?.focus();
