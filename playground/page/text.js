// Text with entities to nodes. Everything a bot or a person wrote becomes a text node, never markup.

import { locale, say } from "./words.js";

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// `acts`: copy(text), command(text), link(url) -> true when the page has followed it itself.
export function rich(text, entities, acts) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, 0, text.length, sorted, acts);
}

// Offsets count UTF-16 units, as JavaScript's strings do.
function span(text, from, to, entities, acts) {
  const nodes = [];
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    rest = others;
    if (start >= end) continue;
    if (start > at) nodes.push(text.slice(at, start));
    const inner = others.filter((other) => other.offset < end);
    nodes.push(wrap(entity, text.slice(start, end), span(text, start, end, inner, acts), acts));
    // A block ends its line by itself; the line break after it would show as an empty line.
    at = BLOCKS.has(entity.type) && text[end] === "\n" ? end + 1 : end;
    rest = others.filter((other) => other.offset + other.length > end);
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const PLAIN = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", blockquote: "blockquote" };

function wrap(entity, raw, inner, acts) {
  const kind = entity.type;
  if (PLAIN[kind]) return make(PLAIN[kind], {}, ...inner);
  if (kind === "code" || kind === "pre") return copyable(kind, raw, inner, acts);
  if (kind === "expandable_blockquote") return expandable(inner);
  if (kind === "spoiler") return spoiler(inner);
  if (kind === "date_time") return moment(entity, raw);
  if (kind === "bot_command") return act("command", inner, () => acts.command(raw));
  if (kind === "url" || kind === "text_link") return link(entity.url ?? raw, inner, acts);
  if (kind === "email") return link(`mailto:${raw}`, inner, acts);
  if (kind === "mention" || kind === "hashtag") return make("span", { class: "mention" }, ...inner);
  return make("span", {}, ...inner);
}

function act(name, inner, onclick) {
  return make("button", { type: "button", class: `inline ${name}`, onclick }, ...inner);
}

function copyable(kind, raw, inner, acts) {
  const copy = () => acts.copy(raw);
  const onkeydown = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); copy(); } };
  return make(kind, { tabindex: 0, role: "button", onclick: copy, onkeydown }, ...inner);
}

function link(url, inner, acts) {
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(url)) return make("span", { class: "mention" }, ...inner);
  const onclick = (event) => { if (acts.link(url)) event.preventDefault(); };
  return make("a", { href: url, target: "_blank", rel: "noopener noreferrer", onclick }, ...inner);
}

function spoiler(inner) {
  const node = make("span", { class: "spoiler", tabindex: 0, role: "button" }, ...inner);
  const show = () => node.classList.add("shown");
  node.addEventListener("click", show);
  node.addEventListener("keydown", (event) => { if (event.key === "Enter") show(); });
  return node;
}

function expandable(inner) {
  const body = make("div", { class: "quote-body" }, ...inner);
  const toggle = make("button", { type: "button", class: "quote-toggle", "aria-expanded": "false", "aria-label": say("expand") });
  const node = make("blockquote", { class: "expandable" }, body, toggle);
  const flip = (event) => {
    if (event.target.closest("a, code, .inline")) return;
    if (!window.getSelection().isCollapsed) return;
    const open = node.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.setAttribute("aria-label", say(open ? "collapse" : "expand"));
  };
  node.addEventListener("click", flip);
  return node;
}

// A quote that fits needs nothing to expand; known once it is laid out.
export function settleQuotes(root) {
  for (const node of root.querySelectorAll("blockquote.expandable:not(.open)")) {
    const body = node.firstChild;
    node.classList.toggle("short", body.scrollHeight <= body.clientHeight + 2);
  }
}

const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function relative(unix) {
  const seconds = unix - Date.now() / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

// The reader's own clock and language; an unknown or missing format shows what the bot wrote.
function localTime(unix, format, fallback) {
  if (!format) return fallback;
  if (format === "r") return relative(unix);
  const options = {};
  if (format.includes("w")) options.weekday = "long";
  if (format.includes("d")) Object.assign(options, { day: "numeric", month: "numeric", year: "numeric" });
  if (format.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/t/i.test(format)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (format.includes("T")) options.second = "2-digit";
  return new Intl.DateTimeFormat(locale(), options).format(unix * 1000);
}

function moment(entity, raw) {
  const full = new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeStyle: "short" }).format(entity.unix_time * 1000);
  const node = make("time", { datetime: new Date(entity.unix_time * 1000).toISOString(), title: full });
  node.dataset.unix = entity.unix_time;
  node.dataset.format = entity.date_time_format ?? "";
  node.dataset.raw = raw;
  node.textContent = localTime(entity.unix_time, entity.date_time_format, raw);
  return node;
}

// "2 minutes ago" grows old.
setInterval(() => {
  for (const node of document.querySelectorAll('time[data-format="r"]')) {
    node.textContent = localTime(Number(node.dataset.unix), "r", node.dataset.raw);
  }
}, 15000);
