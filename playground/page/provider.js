// The panel beside the chat: what the provider sees, and trouble to order.

import { make } from "./text.js";
import { locale, say } from "./words.js";

const EVERY = 1000;
const TROUBLES = {
  slow: { action: "*", kind: "slow", times: 0, seconds: 5 },
  refuse: { action: "add", kind: "refuse", times: 1, text: "Invalid link" },
  lose: { action: "add", kind: "drop_after", times: 1 },
  no_funds: { action: "add", kind: "no_funds", times: 0 },
  clear: null,
};
const NAMES = { drop_after: "lose", hang_after: "lose" };
const $ = (id) => document.getElementById(id);

let base = null;
let shown = "";

export function startProvider(address) {
  if (base !== null || !address) return;
  base = address;
  $("provider").hidden = false;
  document.body.classList.add("with-provider");
  drawTroubles([]);
  look();
}

export function redrawProvider() {
  shown = "";
}

async function look() {
  try {
    const answer = await fetch(`${base}/control/state`, { cache: "no-store" });
    const text = await answer.text();
    if (text + locale() !== shown) draw(JSON.parse(text));
    shown = text + locale();
  } catch {
    $("active-trouble").textContent = say("unreachable");
    shown = "";
  }
  setTimeout(look, document.hidden ? EVERY * 3 : EVERY);
}

async function order(name) {
  const fault = TROUBLES[name];
  if (fault && active.has(name)) return;
  const how = fault ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fault) } : { method: "DELETE" };
  await fetch(`${base}/control/fault`, how);
  const answer = await fetch(`${base}/control/state`, { cache: "no-store" });
  draw(await answer.json());
}

let active = new Set();

function draw(state) {
  const money = new Intl.NumberFormat(locale(), { style: "currency", currency: state.currency, maximumFractionDigits: 4 });
  const number = new Intl.NumberFormat(locale());
  $("provider-balance").textContent = new Intl.NumberFormat(locale(), { style: "currency", currency: state.currency }).format(Number(state.balance));
  $("provider-count").textContent = number.format(state.orders.length);
  $("provider-calls").textContent = number.format(Object.values(state.calls).reduce((sum, count) => sum + count, 0));
  drawTroubles(state.faults);
  const items = state.orders.slice(0, 30).map((each) => orderNode(each, number, money));
  $("orders").replaceChildren(...(items.length ? items : [make("li", { class: "none" }, say("noOrders"))]));
}

function drawTroubles(faults) {
  active = new Set(faults.map((fault) => NAMES[fault.kind] ?? fault.kind));
  const focused = document.activeElement?.dataset?.testid;
  const nodes = Object.keys(TROUBLES).map((name) => {
    const pressed = name === "clear" ? null : String(active.has(name));
    const attributes = { type: "button", class: `trouble ${name}`, "data-testid": `trouble-${name}`, "aria-pressed": pressed, onclick: () => order(name) };
    return make("button", { ...attributes, disabled: name === "clear" && !faults.length }, make("strong", {}, say(name)), make("span", {}, say(`${name}Hint`)));
  });
  $("troubles").replaceChildren(...nodes);
  if (focused?.startsWith("trouble-")) document.querySelector(`[data-testid="${focused}"]`)?.focus();
  const lines = faults.map((fault) => `${say(NAMES[fault.kind] ?? fault.kind)} (${fault.times === 1 ? say("once") : fault.times ? `× ${fault.times}` : say("untilCleared")})`);
  const line = lines.length ? `${say("active")}: ${lines.join(", ")}` : say("quiet");
  if ($("active-trouble").textContent !== line) $("active-trouble").textContent = line;
  $("active-trouble").classList.toggle("on", lines.length > 0);
}

function orderNode(each, number, money) {
  const quantity = Number(each.quantity) || 0;
  const left = Math.max(0, Number(each.remains) || 0);
  const done = quantity ? Math.min(100, Math.max(0, Math.round((1 - left / quantity) * 100))) : 0;
  const bar = make("div", { class: "bar", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": done, "aria-label": `#${each.id}` }, make("span"));
  bar.firstChild.style.inlineSize = `${done}%`;
  const status = String(each.status).toLowerCase().replaceAll(/[^a-z]+/g, "-");
  const figures = `${number.format(quantity - left)} ${say("of")} ${number.format(quantity)}`;
  return make(
    "li", { class: `order ${status}`, "data-testid": "provider-order", "data-id": each.id },
    make("div", { class: "order-top" }, make("strong", {}, `#${each.id}`), make("span", { class: "status" }, each.status)),
    make("div", { class: "order-name" }, `${each.service} · ${each.service_name}`),
    make("div", { class: "order-link", title: each.link }, each.link),
    bar,
    make("div", { class: "order-figures" }, make("span", {}, figures), make("span", {}, money.format(Number(each.charge)))),
  );
}
