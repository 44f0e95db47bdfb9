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
    paid: "You paid ⭐ {n}", refunded: "⭐ {n} came back to you",
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
    paid: "Вы заплатили ⭐ {n}", refunded: "⭐ {n} вернулись к вам",
    unreachable: "Панель поставщика недоступна.",
  },
};

let language = "en";

export const say = (key) => WORDS[language][key] ?? key;
export const locale = () => language;

// Sets the language and writes every marked text anew.
export function speak(code) {
  language = WORDS[code] ? code : "en";
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  for (const node of document.querySelectorAll("[data-say-label]")) node.setAttribute("aria-label", say(node.dataset.sayLabel));
  for (const node of document.querySelectorAll("[data-say-placeholder]")) node.placeholder = say(node.dataset.sayPlaceholder);
}
