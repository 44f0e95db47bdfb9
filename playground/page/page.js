// The chat page: one person's chat, kept equal to the pictures the server streams.

import { setUpComposer } from "./composer.js";
import { redrawProvider, startProvider } from "./provider.js";
import { dayNode, messageNode } from "./render.js";
import { setUpStars } from "./stars.js";
import { make, settleQuotes } from "./text.js";
import { say, speak } from "./words.js";

const $ = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);

const now = {
  state: null,
  person: Number(asked.get("person")) || null,
  payload: asked.get("start"),
  drawn: new Map(), // message id -> { json, node }
  answered: new Map(), // person -> number of the newest answer shown
  waiting: new Map(), // query id -> "message id, data" of the button that turns
  source: null,
};

// Talking to the server

async function post(act, body) {
  const answer = await fetch(`chat/${act}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ person: now.state?.person, ...body }),
  });
  return answer.json();
}

function connect() {
  now.source?.close();
  const source = new EventSource(`chat/events${now.person ? `?person=${now.person}` : ""}`);
  now.source = source;
  source.onmessage = (event) => {
    banner("");
    draw(JSON.parse(event.data));
  };
  source.onerror = () => {
    if (source !== now.source) return;
    banner(say("reconnecting"));
    // The browser tries again by itself unless it got an answer it didn't like.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 1000);
  };
}

function banner(text) {
  $("banner").hidden = !text;
  $("banner").textContent = text;
}

function switchTo(id) {
  if (id === now.state?.person) return;
  now.person = id;
  composer.leave(now.state?.person, id);
  const address = new URL(location.href);
  address.searchParams.set("person", id);
  address.searchParams.delete("start");
  history.replaceState(null, "", address);
  now.payload = null;
  $("toasts").replaceChildren();
  connect();
}

// Drawing

function draw(state) {
  const before = now.state;
  const other = before?.person !== state.person;
  const language = before?.language !== state.language;
  now.state = state;
  if (language) speak(state.language);
  if (language) redrawProvider();
  if (other || language) {
    $("log").replaceChildren();
    now.drawn.clear();
  }
  drawHead(state);
  drawPeople(state);
  drawMessages(state, other);
  drawFoot(state);
  showAnswers(state);
  startProvider(state.provider);
  stars.draw(state);
}

function drawHead(state) {
  $("bot-name").textContent = state.bot.name;
  for (const node of document.querySelectorAll(".avatar.bot")) node.textContent = initials(state.bot.name);
  const status = state.action ? say(state.action === "typing" ? "typing" : "sendingFile") : say(state.bot.online ? "bot" : "offline");
  if ($("bot-status").dataset.status !== status) {
    $("bot-status").dataset.status = status;
    $("bot-status").className = state.action ? "typing" : "";
    const dots = make("span", { class: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i"));
    $("bot-status").replaceChildren(...(state.action ? [status, dots] : [status]));
  }
  $("block").textContent = say(state.blocked ? "unblock" : "block");
  document.title = `${state.bot.name} · ${state.people.find((each) => each.id === state.person).name}`;
  for (const button of $("language").children) {
    const on = button.dataset.language === state.language;
    button.setAttribute("aria-checked", String(on));
    button.tabIndex = on ? 0 : -1;
  }
}

const initials = (name) => name.split(/\s+/).slice(0, 2).map((word) => [...word][0]).join("");

function drawPeople(state) {
  const focused = document.activeElement?.closest("#people") !== null && document.activeElement?.closest("#people") !== undefined;
  const nodes = state.people.map((each) => {
    const on = each.id === state.person;
    const role = say(each.admin ? "admin" : "customer");
    const badge = each.unread && !on ? make("span", { class: "badge" }, String(each.unread)) : null;
    const label = `${each.name}, ${role}${badge ? `, ${each.unread} ${say("unread")}` : ""}`;
    return make(
      "button",
      { type: "button", role: "tab", class: "person", "aria-selected": String(on), tabindex: on ? 0 : -1, "aria-label": label, "data-testid": `person-${each.name}`, onclick: () => switchTo(each.id) },
      make("span", { class: `avatar tone-${each.id % 6}`, "aria-hidden": "true" }, initials(each.name)),
      make("span", { class: "person-body" }, make("strong", {}, each.name), make("span", {}, role)),
      badge,
    );
  });
  $("people").replaceChildren(...nodes);
  if (focused) $("people").querySelector('[aria-selected="true"]').focus();
}

function drawMessages(state, jump) {
  const stick = jump || atEnd();
  const log = $("log");
  const kept = new Set(state.messages.map((message) => message.message_id));
  for (const [id, { node }] of now.drawn) {
    if (!kept.has(id)) {
      node.remove();
      now.drawn.delete(id);
    }
  }
  const newest = Math.max(0, ...now.drawn.keys());
  state.messages.forEach((message, index) => {
    drawMessage(message, state, log, index);
    if (!jump && message.message_id > newest && message.effect_id) celebrate();
  });
  drawDays(log);
  $("welcome").hidden = state.messages.length > 0;
  $("welcome-name").textContent = state.bot.name;
  $("welcome-text").textContent = state.bot.description || say("welcome");
  settleQuotes(log);
  if (stick) toEnd(jump);
  else $("to-end").hidden = atEnd();
  markRead();
}

const isBot = (message) => message.from.is_bot;

function drawMessage(message, state, log, index) {
  const following = state.messages[index + 1];
  const tail = !following || isBot(following) !== isBot(message) || following.date - message.date > 600;
  const json = JSON.stringify(message);
  const old = now.drawn.get(message.message_id);
  let node = old?.node;
  if (old?.json !== json) {
    node = messageNode(message, state.messages.find(isBot)?.from.id ?? 0, acts);
    if (old) replaceKeepingFocus(old.node, node);
    else {
      node.classList.add("new");
      log.append(node);
    }
    now.drawn.set(message.message_id, { json, node, date: message.date });
  }
  node.classList.toggle("tail", tail);
  const turning = new Set([...now.waiting].filter(([query]) => state.waiting.includes(query)).map(([, key]) => key));
  const keys = [...node.querySelectorAll(".key")];
  (message.reply_markup?.inline_keyboard ?? []).flat().forEach((button, at) => {
    keys[at].classList.toggle("waiting", turning.has(`${message.message_id},${button.callback_data}`));
  });
}

function replaceKeepingFocus(old, node) {
  const keys = [...old.querySelectorAll(".key")];
  const focused = keys.indexOf(document.activeElement);
  // An open quote stays open through an edit.
  const open = [...old.querySelectorAll("blockquote.expandable")].map((quote) => quote.classList.contains("open"));
  old.replaceWith(node);
  node.querySelectorAll("blockquote.expandable").forEach((quote, at) => quote.classList.toggle("open", open[at] ?? false));
  if (focused >= 0) (node.querySelectorAll(".key")[focused] ?? $("composer")).focus({ preventScroll: true });
}

function drawDays(log) {
  for (const day of log.querySelectorAll(".day")) day.remove();
  let last = "";
  for (const { node, date } of now.drawn.values()) {
    const day = new Date(date * 1000).toDateString();
    if (day !== last) node.before(dayNode(date));
    last = day;
  }
}

function drawFoot(state) {
  const starting = !state.started || state.blocked || now.payload !== null;
  $("start").hidden = !starting;
  $("start").textContent = state.blocked ? say("unblock") : say("start");
  $("composer-form").hidden = starting;
  const rows = state.keyboard.map((row) =>
    make("div", { class: "row" }, ...row.map((key) => {
      const text = typeof key === "string" ? key : key.text;
      return make("button", { type: "button", "data-testid": "reply-button", onclick: () => post("say", { text }) }, text);
    })),
  );
  $("reply-keyboard").replaceChildren(...rows);
  $("reply-keyboard").hidden = starting || !rows.length;
  composer.update(state);
}

// Answers to pressed buttons

function showAnswers(state) {
  const newest = state.answers.at(-1)?.number ?? 0;
  // After a restart of the server the numbers begin anew.
  const shown = Math.min(now.answered.get(state.person) ?? newest, newest);
  for (const answer of state.answers) {
    if (answer.number <= shown) continue;
    if (answer.url) acts.link(answer.url) || window.open(answer.url, "_blank", "noopener");
    if (answer.text && answer.alert) alertBox(answer.text);
    else if (answer.text) toast(answer.text);
  }
  now.answered.set(state.person, newest);
}

function toast(text) {
  const node = make("p", { class: "toast", "data-testid": "toast" }, text);
  $("toasts").replaceChildren(node);
  setTimeout(() => node.classList.add("going"), 3200);
  setTimeout(() => node.remove(), 3600);
}

function alertBox(text) {
  $("alert-text").textContent = text;
  if (!$("alert").open) $("alert").showModal();
}

function celebrate() {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const faces = "🎉✨🎊⭐".match(/./gu);
  for (let at = 0; at < 18; at += 1) {
    const node = make("span", { class: "confetti", "aria-hidden": "true" }, faces[at % faces.length]);
    node.style.cssText = `inset-inline-start:${5 + Math.random() * 90}%;animation-delay:${Math.random() * 0.5}s;font-size:${16 + Math.random() * 16}px`;
    document.querySelector(".chat").append(node);
    setTimeout(() => node.remove(), 3000);
  }
}

// What a message's parts do

const acts = {
  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = make("textarea", { class: "hidden" });
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    toast(say("copied"));
  },
  command: (text) => post("say", { text }),
  // t.me/<this bot>?start=... stays on the page.
  link(url) {
    const match = /^https?:\/\/t\.me\/(\w+)\/?\?start=([\w-]*)$/.exec(url);
    if (match?.[1].toLowerCase() !== now.state.bot.username.toLowerCase()) return false;
    openWith(match[2]);
    return true;
  },
  scrollTo(id) {
    const node = now.drawn.get(id)?.node;
    node?.scrollIntoView({ behavior: "smooth", block: "center" });
    node?.classList.add("flash");
    setTimeout(() => node?.classList.remove("flash"), 1600);
  },
  async press(message, button, kind, node) {
    if (kind === "url") return acts.link(button.url) || window.open(button.url, "_blank", "noopener");
    if (kind === "copy_text") return acts.copy(button.copy_text.text);
    if (kind?.startsWith("switch_inline")) return composer.fill(`@${now.state.bot.username} ${button[kind]}`);
    if (kind === "pay") return stars.ask(message);
    if (kind !== "callback_data" || node.classList.contains("waiting")) return undefined;
    node.classList.add("waiting");
    const answer = await post("press", { message: message.message_id, text: button.text, data: button.callback_data });
    if (!answer.ok) {
      node.classList.remove("waiting");
      return toast(say("gone"));
    }
    now.waiting.set(answer.result, `${message.message_id},${button.callback_data}`);
    // The answer may have come before its number was known here.
    if (now.state) drawMessages(now.state, false);
    return setTimeout(() => now.waiting.delete(answer.result) && drawMessages(now.state, false), 15000);
  },
};

function openWith(payload) {
  now.payload = payload;
  drawFoot(now.state);
  $("start").focus();
}

// Scrolling and reading

const scroller = $("scroll");
const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;

function toEnd(atOnce) {
  scroller.scrollTo({ top: scroller.scrollHeight, behavior: atOnce ? "instant" : "smooth" });
  $("to-end").hidden = true;
}

function markRead() {
  const newest = Math.max(0, ...now.state.messages.map((message) => message.message_id));
  const unread = now.state.people.find((each) => each.id === now.state.person).unread;
  if (unread && document.visibilityState === "visible") post("read", { message: newest });
}

scroller.addEventListener("scroll", () => { $("to-end").hidden = atEnd(); }, { passive: true });
$("to-end").addEventListener("click", () => toEnd(false));
document.addEventListener("visibilitychange", () => now.state && markRead());
new ResizeObserver(() => { if ($("to-end").hidden) toEnd(true); }).observe(scroller);

// The bar above and the menu

$("language").addEventListener("click", (event) => {
  const { language } = event.target.dataset;
  if (language) post("language", { language });
});

function arrows(root, selector) {
  root.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...root.querySelectorAll(selector)];
    const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
    next.focus();
    next.click();
  });
}
arrows($("people"), ".person");
arrows($("language"), "button");

$("deep-link").addEventListener("submit", (event) => {
  event.preventDefault();
  $("more").open = false;
  openWith($("payload").value);
});
$("block").addEventListener("click", () => {
  $("more").open = false;
  post("block", { blocked: !now.state.blocked });
});
document.addEventListener("click", (event) => { if (!event.target.closest("#more")) $("more").open = false; });
$("start").addEventListener("click", async () => {
  const { blocked, started } = now.state;
  const payload = now.payload;
  now.payload = null;
  if (blocked) await post("block", { blocked: false });
  if (!blocked || !started) await post("say", { text: payload ? `/start ${payload}` : "/start" });
  drawFoot(now.state);
  $("composer").focus();
});

function drawer(open) {
  document.body.classList.toggle("drawer-open", open);
  $("shade").hidden = !open;
  $("drawer-toggle").setAttribute("aria-expanded", String(open));
  (open ? $("drawer-close") : $("drawer-toggle")).focus();
}
$("drawer-toggle").addEventListener("click", () => drawer(!document.body.classList.contains("drawer-open")));
$("drawer-close").addEventListener("click", () => drawer(false));
$("shade").addEventListener("click", () => drawer(false));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (document.body.classList.contains("drawer-open")) drawer(false);
  $("more").open = false;
});

const composer = setUpComposer({ post, toast, state: () => now.state, toEnd });
const stars = setUpStars({ post, toast, alertBox, state: () => now.state });
speak(navigator.language.slice(0, 2));
connect();
