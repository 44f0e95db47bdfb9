// The page's own texts. The bot's texts come from the bot.

const WORDS = {
  en: {
    people: "Who you are", language: "Language of the app", provider: "Provider", chat: "Chat with the bot",
    more: "More", deepLink: "Open with a start parameter", open: "Open", messages: "Messages", toEnd: "To the newest message",
    commands: "Commands", message: "Message", attach: "Attach a file", send: "Send", close: "Close", cancel: "Cancel", caption: "Caption",
    providerHint: "What the other side sees. Only the bot talks to it.",
    balance: "Balance", orders: "Orders", calls: "Requests", makeTrouble: "Make trouble",
    bot: "bot", typing: "typing", sendingFile: "sending a file", offline: "not connected yet",
    edited: "edited", today: "Today", yesterday: "Yesterday", start: "Start", block: "Stop and block the bot", unblock: "Unblock the bot",
    reconnecting: "Connection lost. Trying again …", copied: "Copied", gone: "This button is not there any more", tooLarge: "The file was not sent",
    welcome: "No messages here yet. Press Start.", admin: "admin", customer: "customer", unread: "unread", file: "File", photo: "Photo", sticker: "Sticker",
    noOrders: "No orders yet. They appear here the moment the bot places one.", of: "of", left: "left", expand: "Show more", collapse: "Show less",
    nothingFound: "Nothing found", searching: "Searching …", quiet: "No trouble ordered.", active: "Active", once: "next time only", untilCleared: "until cleared",
    slow: "Slow answers", slowHint: "Every request takes 5 seconds.",
    refuse: "Refuse the next order", refuseHint: "The provider says no; nothing is ordered.",
    lose: "Lose the next answer", loseHint: "The order is taken, the answer never arrives.",
    no_funds: "No funds", no_fundsHint: "As if the shop's balance there were empty.",
    clear: "Clear trouble", clearHint: "Back to normal.",
    paid: "You have successfully transferred ⭐ {n}", refunded: "You received a refund of ⭐ {n}",
    confirmPurchase: "Confirm your purchase", payTo: "Pay ⭐ {n} to {bot}?", confirmAndPay: "Confirm and Pay ⭐ {n}", paying: "Paying …",
    unanswered: "The payment failed: the bot did not answer in time. You were not charged.",
    stars: "Telegram Stars", starsHint: "What Telegram keeps for the shop.",
    lost: "Lose the payment update", lostHint: "The next payment is made, the bot isn't told.",
    twice: "Send it twice", twiceHint: "The next payment's update comes two times.",
    chargeback: "Charge back", chargebackHint: "Telegram returns this person's last payment.",
    silent: "Charge back silently", silentHint: "The same, and the bot isn't told.",
    unreachable: "The provider's panel can't be read.",
  },
  ru: {
    people: "Кто вы", language: "Язык приложения", provider: "Поставщик", chat: "Чат с ботом",
    more: "Ещё", deepLink: "Открыть с параметром start", open: "Открыть", messages: "Сообщения", toEnd: "К последнему сообщению",
    commands: "Команды", message: "Сообщение", attach: "Прикрепить файл", send: "Отправить", close: "Закрыть", cancel: "Отмена", caption: "Подпись",
    providerHint: "Что видит другая сторона. С ней говорит только бот.",
    balance: "Баланс", orders: "Заказы", calls: "Запросы", makeTrouble: "Устроить сбой",
    bot: "бот", typing: "печатает", sendingFile: "отправляет файл", offline: "ещё не подключён",
    edited: "изменено", today: "Сегодня", yesterday: "Вчера", start: "Старт", block: "Остановить и заблокировать", unblock: "Разблокировать бота",
    reconnecting: "Связь потеряна. Пробую снова …", copied: "Скопировано", gone: "Этой кнопки уже нет", tooLarge: "Файл не отправлен",
    welcome: "Здесь пока нет сообщений. Нажмите «Старт».", admin: "админ", customer: "покупатель", unread: "непрочитанных", file: "Файл", photo: "Фото", sticker: "Стикер",
    noOrders: "Заказов пока нет. Они появятся здесь, как только бот их разместит.", of: "из", left: "осталось", expand: "Показать всё", collapse: "Свернуть",
    nothingFound: "Ничего не найдено", searching: "Ищу …", quiet: "Сбоев не заказано.", active: "Действует", once: "только в следующий раз", untilCleared: "пока не снимете",
    slow: "Медленные ответы", slowHint: "Каждый запрос длится 5 секунд.",
    refuse: "Отказать в заказе", refuseHint: "Поставщик ответит «нет»; заказа не будет.",
    lose: "Потерять ответ", loseHint: "Заказ принят, но ответ не дойдёт.",
    no_funds: "Нет средств", no_fundsHint: "Будто баланс магазина у поставщика пуст.",
    clear: "Снять сбои", clearHint: "Всё снова как обычно.",
    paid: "Вы успешно перевели ⭐ {n}", refunded: "Вам вернули ⭐ {n}",
    confirmPurchase: "Подтвердите покупку", payTo: "Заплатить ⭐ {n} боту {bot}?", confirmAndPay: "Подтвердить и заплатить ⭐ {n}", paying: "Оплата …",
    unanswered: "Платёж не прошёл: бот не ответил вовремя. Звёзды не списаны.",
    stars: "Telegram Stars", starsHint: "Что Telegram хранит для магазина.",
    lost: "Потерять сообщение об оплате", lostHint: "Следующий платёж пройдёт, бот о нём не узнает.",
    twice: "Прислать дважды", twiceHint: "О следующем платеже бот узнает два раза.",
    chargeback: "Отозвать платёж", chargebackHint: "Telegram вернёт последний платёж этого человека.",
    silent: "Отозвать молча", silentHint: "То же самое, но бот о нём не узнает.",
    unreachable: "Панель поставщика недоступна.",
  },
};

let language = "en";

// `values` fill the text's {names}.
export const say = (key, values = {}) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, () => value), WORDS[language][key] ?? key);
export const locale = () => language;

// Sets the language and writes every marked text anew.
export function speak(code) {
  language = WORDS[code] ? code : "en";
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  for (const node of document.querySelectorAll("[data-say-label]")) node.setAttribute("aria-label", say(node.dataset.sayLabel));
  for (const node of document.querySelectorAll("[data-say-placeholder]")) node.placeholder = say(node.dataset.sayPlaceholder);
}
