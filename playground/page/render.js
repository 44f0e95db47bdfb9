// One message to nodes: bubble, quote strip, file, keyboard.

import { make, rich } from "./text.js";
import { locale, say } from "./words.js";

const ICONS = {
  url: "M8 16 16 8m-7 0h7v7",
  copy_text: "M9 9h10v10H9zM5 15V5h10",
  switch_inline_query_current_chat: "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12m4.5 10.5L20 20",
  web_app: "M4 6h16v12H4zm0 4h16",
  pay: "M4 7h16v10H4zm0 3h16",
};

export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(svg.namespaceURI, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const clock = (unix) => new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(unix * 1000);

// `acts`: copy, command, link (see text.js), press(message, button, node), scrollTo(id).
export function messageNode(message, botId, acts) {
  if (message.successful_payment) return service(message, say("paid", { n: message.successful_payment.total_amount }));
  if (message.refunded_payment) return service(message, say("refunded", { n: message.refunded_payment.total_amount }));
  const mine = message.from.id !== botId;
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities;
  const bubble = make("div", { class: "bubble" });
  if (message.via_bot) bubble.append(make("p", { class: "via" }, `via @${message.via_bot.username}`));
  if (message.reply_to_message) bubble.append(strip(message.reply_to_message, botId, acts));
  bubble.append(...media(message));
  if (text) bubble.append(make("div", { class: "text" }, ...rich(text, entities, acts), make("span", { class: "spacer", "aria-hidden": "true" })));
  bubble.append(meta(message, mine));
  const node = make("li", { class: `message ${mine ? "mine" : "theirs"}`, "data-testid": "message", "data-id": message.message_id, "data-from": mine ? "me" : "bot" });
  node.append(make("span", { class: "hidden" }, `${message.from.first_name}: `), bubble);
  if (message.sticker) node.classList.add("sticker");
  const rows = message.reply_markup?.inline_keyboard;
  if (rows?.length) node.append(keyboard(message, rows, acts));
  return node;
}

function service(message, text) {
  return make("li", { class: "message service", "data-testid": "message", "data-id": message.message_id }, make("span", {}, text));
}

function meta(message, mine) {
  const node = make("span", { class: "meta" });
  if (message.edit_date) node.append(make("span", { class: "edited" }, say("edited")), " ");
  node.append(make("time", { datetime: new Date(message.date * 1000).toISOString() }, clock(message.date)));
  if (mine) node.append(icon("m4 13 4 4 9-10m-5 9 1 1L22 7"));
  return node;
}

export function summary(message) {
  if (message.text ?? message.caption) return message.text ?? message.caption;
  if (message.document) return message.document.file_name;
  return say(message.photo ? "photo" : message.sticker ? "sticker" : "file");
}

function strip(message, botId, acts) {
  const bot = message.from.id === botId;
  const name = make("span", { class: "strip-name" }, message.from.first_name);
  const line = make("span", { class: "strip-text" }, summary(message).replaceAll("\n", " "));
  return make("button", { type: "button", class: `strip${bot ? " of-bot" : ""}`, onclick: () => acts.scrollTo(message.message_id) }, name, line);
}

const size = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

function media(message) {
  if (message.sticker) return [make("div", { class: "sticker-face" }, message.sticker.emoji ?? "🙂")];
  if (message.photo) {
    const photo = message.photo.at(-1);
    const ratio = `aspect-ratio: ${photo.width} / ${photo.height}`;
    const picture = make("img", { src: `chat/files/${photo.file_id}`, alt: message.caption ?? say("photo"), loading: "lazy" });
    picture.style.cssText = ratio;
    return [make("div", { class: "photo" }, picture)];
  }
  if (message.invoice) {
    const { title, description, total_amount: amount } = message.invoice;
    return [make("div", { class: "invoice" }, make("strong", {}, title), make("p", {}, description), make("span", {}, `⭐ ${amount}`))];
  }
  if (!message.document) return [];
  const file = message.document;
  const body = make("span", { class: "file-body" }, make("strong", {}, file.file_name), make("span", {}, size(file.file_size)));
  const face = make("span", { class: "file-icon" }, icon("M12 4v11m-5-5 5 5 5-5M5 20h14"));
  return [make("a", { class: "file", href: `chat/files/${file.file_id}`, download: file.file_name }, face, body)];
}

const kindOf = (button) =>
  ["disabled", "pay", "callback_data", "url", "copy_text", "switch_inline_query_current_chat", "switch_inline_query", "web_app"].find((name) => name in button);

function keyboard(message, rows, acts) {
  const node = make("div", { class: "keyboard", role: "group", "aria-label": say("commands") });
  for (const row of rows) {
    const line = make("div", { class: "row" });
    for (const button of row) line.append(buttonNode(message, button, acts));
    node.append(line);
  }
  return node;
}

function buttonNode(message, button, acts) {
  const kind = kindOf(button);
  const node = make("button", { type: "button", class: `key ${button.style ?? ""}`, "data-testid": "button", "data-kind": kind, disabled: kind === "disabled" }, make("span", {}, button.text));
  if (ICONS[kind]) node.append(icon(ICONS[kind]));
  node.addEventListener("click", () => acts.press(message, button, kind, node));
  return node;
}

export function dayNode(unix) {
  const day = new Date(unix * 1000);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(day).setHours(0, 0, 0, 0)) / 86400000);
  const named = days === 0 ? say("today") : days === 1 ? say("yesterday") : new Intl.DateTimeFormat(locale(), { day: "numeric", month: "long" }).format(day);
  return make("li", { class: "day" }, make("span", {}, named));
}
