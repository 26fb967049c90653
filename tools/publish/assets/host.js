// Mounts the page's widgets without a kernel. A widget is an anywidget front-end module (AFM); the page
// holds its state and a static picture, which stays for print, without scripts, or if the module fails.
const modules = new Map();

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

async function mount(element) {
  if (element.dataset.state) return;
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
    element.dataset.state = "live";
  } catch (error) {
    live.remove();
    element.dataset.state = "failed";
    console.error(error);
  }
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
