// Paying with Stars: the sheet that asks once more, and trouble with payments to order.

import { make } from "./text.js";
import { locale, say } from "./words.js";

const TROUBLES = {
  lost: ["spoil", { kind: "lost" }],
  twice: ["spoil", { kind: "twice" }],
  chargeback: ["charge_back", { told: true }],
  silent: ["charge_back", { told: false }],
};
const $ = (id) => document.getElementById(id);

export function setUpStars({ post, toast, alertBox, state }) {
  const sheet = $("pay-sheet");
  let asked = null; // the message of the invoice on the sheet
  let drawn = "";

  function ask(message) {
    asked = message;
    const n = message.invoice.total_amount;
    $("pay-text").textContent = say("payTo", { n, bot: state().bot.name });
    $("pay-confirm").textContent = say("confirmAndPay", { n });
    $("pay-confirm").disabled = false;
    sheet.showModal();
  }

  async function pay() {
    const message = asked;
    $("pay-confirm").disabled = true;
    $("pay-confirm").textContent = say("paying");
    const answer = await post("pay", { message: message.message_id });
    // It may have been closed meanwhile, and opened for another invoice.
    if (asked === message) sheet.close();
    if (!answer.ok) toast(say("gone"));
    // A refusal's words come from the bot, with its other answers.
    else if (answer.result === "unanswered") alertBox(say("unanswered"));
  }

  $("pay-confirm").addEventListener("click", pay);

  function draw({ stars }) {
    const picture = JSON.stringify(stars) + locale();
    if (picture === drawn) return;
    drawn = picture;
    $("stars-balance").textContent = `⭐ ${stars.balance}`;
    const focused = document.activeElement?.dataset?.testid;
    const nodes = Object.entries(TROUBLES).map(([name, [act, body]]) => {
      const pressed = act === "spoil" ? String(stars.spoilt.includes(name)) : null;
      const attributes = { type: "button", class: "trouble", "data-testid": `stars-${name}`, "aria-pressed": pressed, disabled: act === "charge_back" && !stars.returnable };
      return make("button", { ...attributes, onclick: () => post(act, body) }, make("strong", {}, say(name)), make("span", {}, say(`${name}Hint`)));
    });
    $("stars-troubles").replaceChildren(...nodes);
    if (focused?.startsWith("stars-")) $("stars").querySelector(`[data-testid="${focused}"]`)?.focus();
  }

  return { ask, draw };
}
