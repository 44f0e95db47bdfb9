// The line one writes in: commands, inline search, files.

import { make } from "./text.js";
import { say } from "./words.js";

const $ = (id) => document.getElementById(id);

export function setUpComposer({ post, toast, state, toEnd }) {
  const field = $("composer");
  const popup = $("popup");
  const drafts = new Map();
  let choices = []; // what Enter or a click in the popup does
  let chosen = -1;
  let searching = 0;
  let menuOpen = false;

  const grow = () => {
    field.style.blockSize = "auto";
    // While it is hidden it has no height to measure.
    field.style.blockSize = field.scrollHeight ? `${Math.min(field.scrollHeight, 180)}px` : "";
    $("composer-form").classList.toggle("empty", !field.value.trim());
  };

  function fill(text) {
    field.value = text;
    field.focus();
    grow();
    suggest();
  }

  async function send() {
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    grow();
    close();
    toEnd(false);
    const answer = await post("say", { text });
    if (!answer.ok) fill(text);
  }

  // The popup: commands or inline results

  function close() {
    popup.hidden = true;
    menuOpen = false;
    choices = [];
    chosen = -1;
    $("menu").setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function show(items, empty) {
    choices = items;
    chosen = items.length ? 0 : -1;
    const nodes = items.map((item, at) =>
      make("li", { role: "option", id: `choice-${at}`, "data-testid": "choice", "aria-selected": "false", onclick: () => pick(at) },
        make("strong", {}, item.title), make("span", {}, item.detail)),
    );
    popup.replaceChildren(...(nodes.length ? nodes : [make("li", { class: "none" }, empty)]));
    popup.hidden = !nodes.length && !empty;
    mark();
  }

  function mark() {
    [...popup.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === chosen)));
    if (chosen < 0) return;
    popup.children[chosen].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", `choice-${chosen}`);
  }

  function pick(at) {
    const { run } = choices[at];
    field.value = "";
    grow();
    close();
    run();
    field.focus();
  }

  const commands = (start) =>
    state().commands
      .filter((each) => each.command.startsWith(start))
      .map((each) => ({ title: `/${each.command}`, detail: each.description, run: () => post("say", { text: `/${each.command}` }) }));

  function suggest() {
    const text = field.value;
    const inline = new RegExp(`^@${state().bot.username}\\s(.*)$`, "is").exec(text);
    if (inline) return search(inline[1]);
    searching += 1;
    const typed = /^\/(\w*)$/.exec(text);
    const items = typed ? commands(typed[1]) : [];
    return items.length ? show(items, "") : close();
  }

  async function search(query) {
    searching += 1;
    const mine = searching;
    if (!choices.length) show([], say("searching"));
    await new Promise((done) => { setTimeout(done, 250); });
    if (mine !== searching) return;
    const answer = await post("inline", { query });
    if (mine !== searching || !answer.ok) return;
    const items = answer.result.map((each) => ({ title: each.title ?? each.id, detail: each.description ?? "", run: () => post("choose", { title: each.title }) }));
    show(items, say("nothingFound"));
  }

  field.addEventListener("input", () => { grow(); suggest(); });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && choices.length) {
      event.preventDefault();
      chosen = (chosen + step + choices.length) % choices.length;
      mark();
    } else if (event.key === "Escape") close();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      // A command typed in full is sent as it is written.
      if (chosen >= 0 && choices[chosen].title !== field.value) pick(chosen);
      else send();
    }
  });
  $("composer-form").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  $("menu").addEventListener("click", () => {
    if (menuOpen) return close();
    show(commands(""), say("nothingFound"));
    menuOpen = true;
    $("menu").setAttribute("aria-expanded", "true");
    return field.focus();
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".foot") && menuOpen) close(); });

  // Files

  let file = null;
  const ask = (picked) => {
    if (!picked) return;
    file = picked;
    $("attach-name").textContent = picked.name;
    $("caption").value = "";
    $("attach-dialog").showModal();
    $("caption").focus();
  };
  $("attach").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", () => { ask($("file").files[0]); $("file").value = ""; });
  field.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) { event.preventDefault(); ask(event.clipboardData.files[0]); }
  });
  // Enter in the caption would take the first button, which is Cancel.
  $("caption").addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); $("attach-dialog").close("send"); }
  });
  $("attach-dialog").addEventListener("close", async () => {
    if ($("attach-dialog").returnValue !== "send" || !file) return;
    const form = new FormData();
    form.append("caption", $("caption").value);
    form.append("file", file, file.name);
    const answer = await fetch(`chat/upload?person=${state().person}`, { method: "POST", headers: { "X-Playground": "1" }, body: form });
    if (!answer.ok) toast(say("tooLarge"));
  });

  grow();
  return {
    fill,
    leave(from, to) {
      drafts.set(from, field.value);
      field.value = drafts.get(to) ?? "";
      grow();
      close();
    },
    update(current) {
      $("menu").hidden = !current.commands.length;
      field.placeholder = current.placeholder || say("message");
    },
  };
}
