// Mounts the page's widgets without a kernel. A widget is an anywidget front-end module (AFM); the page
// holds its state and a static picture, which stays for print, without scripts, or if the module fails.
// The address may name a widget and what it shows.
const modules = new Map(),
  mounted = new Map();

class Model {
  #state;
  #listeners = new Map();
  constructor(state) {
    this.#state = state;
  }
  get(name) {
    return this.#state[name];
  }
  set(name, value) {
    if (Object.is(this.#state[name], value)) return;
    this.#state[name] = value;
    this.#emit(`change:${name}`, value);
    this.#emit("change");
  }
  save_changes() {} // no kernel to tell
  send() {}
  on(names, listener) {
    for (const name of names.split(/\s+/)) {
      if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
      this.#listeners.get(name).add(listener);
    }
  }
  off(names, listener) {
    for (const name of names?.split(/\s+/) ?? [...this.#listeners.keys()]) {
      if (listener) this.#listeners.get(name)?.delete(listener);
      else this.#listeners.delete(name);
    }
  }
  #emit(name, value) {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(this, value);
  }
}

function bytes(text) {
  return new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer); // as ipywidgets hands over Bytes
}

async function load(name) {
  const { default: widget } = await import(new URL(name, import.meta.url).href);
  return typeof widget === "function" ? widget() : widget;
}

/** The text of a trait in an address; a widget's `settings` read it. */
const written = (value) =>
  Array.isArray(value) ? value.map(written).join(Array.isArray(value[0]) ? "," : " ") : String(value);

/** Set what an address asks for; what the widget cannot show stays as it is. */
function put(model, settings, query) {
  const get = (name) => model.get(name);
  for (const name in settings) {
    const value = query.has(name) ? settings[name](query.get(name), get) : undefined;
    if (value !== undefined) model.set(name, value);
  }
}

/** Below a widget: begin again, and the address of what is shown. */
function addTools(live, id, model, settings) {
  const names = Object.keys(settings);
  const begin = names.map((name) => model.get(name));
  const row = document.createElement("p");
  row.className = "tools";
  const button = (text, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", press);
    row.append(made);
    return made;
  };
  const reset = button("Reset", () => names.forEach((name, i) => model.set(name, begin[i])));
  button("Copy a link to this", async () => {
    const query = new URLSearchParams(names.map((name) => [name, written(model.get(name))]));
    history.replaceState(null, "", `#${id}?${query}`);
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = "Copied: the link opens this figure as it is now.";
    } catch {
      said.textContent = "The address of this page is now that link.";
    }
  });
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  row.append(said);
  const show = () => {
    said.textContent = "";
    reset.disabled = names.every((name, i) => written(model.get(name)) === written(begin[i]));
  };
  model.on("change", show);
  show();
  live.append(row);
}

async function make(element) {
  element.dataset.state = "loading";
  const live = document.createElement("div");
  live.className = "live";
  element.append(live); // it has its width before it draws
  try {
    const { module } = element.dataset;
    if (!modules.has(module)) modules.set(module, load(module));
    const widget = await modules.get(module);
    const { state, buffers } = JSON.parse(element.querySelector("script").textContent);
    for (const name in buffers) state[name] = bytes(buffers[name]);
    const model = new Model(state);
    await widget.initialize?.({ model });
    await widget.render({ model, el: live });
    const settings = widget.settings ?? {};
    if (widget.settings) addTools(live, element.id, model, settings);
    element.dataset.state = "live";
    return (query) => put(model, settings, query);
  } catch (error) {
    live.remove();
    element.dataset.state = "failed";
    console.error(error);
    return () => {};
  }
}

/** Mount a widget, once; the promise gives the function that sets what an address asks for. */
function mount(element) {
  if (!mounted.has(element)) mounted.set(element, make(element));
  return mounted.get(element);
}

/** Show the widget that the address names, as in `#its-id?x=2`. */
async function follow() {
  const [id, query] = location.hash.slice(1).split("?");
  const element = document.getElementById(id);
  if (query === undefined || !element?.matches(".widget")) return;
  (await mount(element))(new URLSearchParams(query));
  element.scrollIntoView({ block: "nearest" });
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) {
        near.unobserve(target);
        mount(target);
      }
    }
  },
  { rootMargin: "600px" },
);
for (const element of document.querySelectorAll(".widget")) near.observe(element);
addEventListener("hashchange", follow);
follow();
