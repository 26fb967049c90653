// An activation, its derivative and the tangent at a movable x. Shows values that Python computed, with
// the digits that Python wrote; computes only where they go on the screen. plot.js stands in front.

const MARGIN = { left: 46, right: 32, top: 12, bottom: 30 };
// The log scale ends at this power of ten: the smallest normal float32 is 1.2e-38.
const LOWEST = -38;
// Milliseconds without a change before a screen reader is told what is shown.
const SETTLED = 500;

const KINDS = ["f", "slope"];

/** Parse a view: per value of the parameter the lines f and f′, as texts and as heights to draw. */
export function parse(view, log) {
  const height = (text) => (log ? Math.log10(Math.abs(text)) : Number(text));
  const read = (text) => ({ texts: text.split(" "), heights: text.split(" ").map(height) });
  const rows = view.f.map((text, i) => [read(text), read(view.derivative[i])]);
  const drawn = rows.flat().flatMap(({ heights }) => heights).filter((h) => h >= (log ? LOWEST : -Infinity));
  const low = Math.min(...drawn), high = Math.max(...drawn), pad = 0.05 * (high - low) || 1;
  const texts = view.x.split(" ");
  return { log, texts, xs: texts.map(Number), rows, low: low - pad, high: high + pad };
}

/** Move two heights on the screen apart until they differ by `gap`. */
export function apart([a, b], gap) {
  const push = Math.max(0, gap - Math.abs(a - b)) / (a > b ? 2 : -2);
  return [a + push, b - push];
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const views = { linear: parse(get("views").linear, false), log: parse(get("views").log, true) };
  const view = () => (get("log") ? views.log : views.linear);
  const names = [get("symbol"), `${get("symbol")}′`];
  const family = get("values").length > 0, asks = get("question") !== "";
  const hidden = () => asks && get("guess") === null;

  const root = add(el, "div", { class: "actlib-widget curve-explorer", role: "group", "aria-label": get("title") });
  if (asks) add(root, "p", { class: "question" }, get("question"));

  const svg = add(root, "svg", { role: "img" });
  const title = add(svg, "title");
  const frame = add(svg, "g");
  // An inner svg clips; a clipPath would need an id.
  const plot = add(svg, "svg");
  const [answerLine, rule, tangent] = ["answer", "rule", "tangent"].map((kind) => add(plot, "path", { class: kind }));
  const lines = KINDS.map((kind) => add(plot, "path", { class: kind }));
  // A disc for the value over a ring for the slope: both show where they coincide.
  const ring = add(svg, "circle", { class: "slope", r: 7 });
  const dots = [add(svg, "circle", { class: "f", r: 4.5 }), ring];
  const labels = KINDS.map((kind) => add(svg, "text", { class: `name ${kind}` }));

  const controls = add(root, "div", { class: "controls" });
  const xRow = control(controls, "x", { type: "range", min: 0 });
  const parameterRow = family &&
    control(controls, get("parameter"), { type: "range", min: 0, max: get("values").length - 1 });
  const numbers = add(root, "p", { class: "numbers" });
  const readouts = KINDS.map((kind) => add(numbers, "span", { class: kind }));
  const logRow = control(root, "Log scale, to see the tails", { type: "checkbox" });
  const note = add(root, "p", {},
    `Heights are |${names[0]}| and |${names[1]}| by powers of ten. Zero has no place on this scale.`);
  const check = asks && add(root, "button", { type: "button", "data-lm-suppress-shortcuts": "" }, "Check my guess");
  const verdict = asks && add(root, "p", { role: "status" });
  const spoken = add(root, "p", { class: "spoken", role: "status" });

  let width = 0, height, X, Y, timer;

  /** Draw all that stays when x moves. */
  function drawFrame() {
    const { log, xs, rows, low, high } = view();
    const shown = rows[get("selected")].slice(0, hidden() ? 1 : 2);
    height = Math.round(Math.min(Math.max(0.58 * width, 240), 400));
    const right = width - MARGIN.right, bottom = height - MARGIN.bottom;
    X = scale([xs[0], xs.at(-1)], [MARGIN.left, right]);
    Y = scale([low, high], [bottom, MARGIN.top]);
    const inner = [MARGIN.left, MARGIN.top, right - MARGIN.left, bottom - MARGIN.top];
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    plot.setAttribute("viewBox", inner.join(" "));
    ["x", "y", "width", "height"].forEach((name, i) => plot.setAttribute(name, inner[i]));

    frame.replaceChildren();
    for (const x of ticks(xs[0], xs.at(-1), width / 70)) {
      add(frame, "path", { class: x ? "grid" : "axis", d: `M${X(x)} ${MARGIN.top}V${bottom}` });
      add(frame, "text", { x: X(x), y: bottom + 20, "text-anchor": "middle" }, typeset(x));
    }
    for (const y of ticks(low, high, height / 50, log ? 1 : 0)) {
      add(frame, "path", { class: y || log ? "grid" : "axis", d: `M${MARGIN.left} ${Y(y)}H${right}` });
      const text = !log ? typeset(y) : y ? `10${raised(y)}` : "1";
      add(frame, "text", { x: MARGIN.left - 7, y: Y(y) + 4.5, "text-anchor": "end" }, text);
    }
    add(frame, "text", { class: "name", x: right + 20, y: bottom + 20 }, "x");

    // Each line is named where it leaves the plot: beside it, clear of both lines at every x.
    const ends = shown.map(({ heights }) => Math.max(0, heights.findLastIndex((h) => h >= low && h <= high)));
    const tops = shown.map(({ heights }, i) => Y(Math.max(low, heights[ends[i]])));
    const beside = shown.length > 1 ? apart(tops, 18) : tops;
    lines.forEach((path, i) => {
      path.setAttribute("d", shown[i] ? line(xs, shown[i].heights, X, Y) : "");
      labels[i].textContent = !shown[i] ? "" : log ? `|${names[i]}|` : names[i];
      labels[i].setAttribute("x", X(xs[ends[i] ?? 0]) + 7);
      labels[i].setAttribute("y", (beside[i] ?? 0) + 5);
    });
    title.textContent = `${get("title")}: ${names.slice(0, shown.length).join(" and ")}${log ? ", log scale" : ""}`;

    xRow.input.max = xs.length - 1;
    logRow.input.checked = log;
    note.hidden = !log;
    if (family) tell(parameterRow, get("selected"), get("values")[get("selected")]);
    if (asks) {
      const answer = get("answers")[get("selected")];
      answerLine.setAttribute("d", hidden() ? "" : `M${X(Number(answer))} ${MARGIN.top}V${bottom}`);
      verdict.textContent = hidden() ? "" : judge(answer);
    }
  }

  /** Draw what moves with x. */
  function drawPoint() {
    const { log, xs, rows, low, high } = view();
    const row = rows[get("selected")], index = nearest(xs, get("x")), x = X(xs[index]);
    rule.setAttribute("d", `M${x} ${MARGIN.top}V${height - MARGIN.bottom}`);
    row.forEach(({ texts, heights }, i) => {
      const h = heights[index], veiled = i > 0 && hidden();
      dots[i].setAttribute("cx", x);
      dots[i].setAttribute("cy", h >= low && h <= high && !veiled ? Y(h) : -99);
      readouts[i].textContent = `${names[i]}(x)${veiled ? ": after your guess" : ` = ${typeset(texts[index])}`}`;
    });
    const [y, slope] = row.map(({ heights }) => heights[index]);
    const run = X(1) - X(0), rise = (Y(1) - Y(0)) * slope;
    const reach = Math.min(0.2 * width, 110) / Math.hypot(run, rise);
    const end = (sign) => `${x + sign * reach * run} ${Y(y) + sign * reach * rise}`;
    tangent.setAttribute("d", log ? "" : `M${end(-1)}L${end(1)}`);
    tell(xRow, index, view().texts[index]);
  }

  function tell({ input, value }, position, number) {
    input.value = position;
    value.textContent = typeset(number);
    input.setAttribute("aria-valuetext", typeset(number));
  }

  function judge(answer) {
    const which = family ? ` for ${get("parameter")} = ${typeset(get("values")[get("selected")])}` : "";
    const right = Math.abs(get("guess") - answer) <= get("tolerance");
    return `${right ? "Yes" : `You chose x = ${typeset(get("guess"))}`}: the computed answer is x = ${typeset(answer)}${which}.`;
  }

  function put(changes) {
    for (const name in changes) model.set(name, changes[name]);
    model.save_changes();
    clearTimeout(timer);
    timer = setTimeout(() => {
      spoken.textContent = [`x = ${xRow.value.textContent}`, ...readouts.map((span) => span.textContent)].join(", ");
    }, SETTLED);
  }

  xRow.input.addEventListener("input", () => put({ x: view().xs[xRow.input.value] }));
  drag(svg, (event) => {
    const box = svg.getBoundingClientRect(), { xs } = view();
    const across = scale([MARGIN.left, width - MARGIN.right], [xs[0], xs.at(-1)]);
    put({ x: xs[nearest(xs, across(((event.clientX - box.left) / box.width) * width))] });
  });
  logRow.input.addEventListener("change", () => {
    const log = logRow.input.checked, { xs } = log ? views.log : views.linear;
    put({ log, x: xs[nearest(xs, get("x"))] });
  });
  if (family) parameterRow.input.addEventListener("input", () => put({ selected: Number(parameterRow.input.value) }));
  if (asks) check.addEventListener("click", () => put({ guess: get("x") }));

  const draw = () => {
    drawFrame();
    drawPoint();
  };
  const fit = () => {
    // The width is 0 while the widget is hidden or not yet on the page.
    if (root.clientWidth === width || root.clientWidth === 0) return;
    width = root.clientWidth;
    draw();
  };
  fit();
  const fitted = (drawing) => oncePerFrame(() => width && drawing());
  const move = fitted(drawPoint), redraw = fitted(draw), resized = oncePerFrame(fit);
  const watched = { x: move, selected: redraw, log: redraw, guess: redraw };
  for (const name in watched) model.on(`change:${name}`, watched[name]);
  const observer = new ResizeObserver(resized);
  observer.observe(root);
  return () => {
    for (const name in watched) model.off(`change:${name}`, watched[name]);
    observer.disconnect();
    for (const waiting of [move, redraw, resized]) waiting.cancel();
    clearTimeout(timer);
  };
}

export default { render };
