# Чего ждать, судя по истории самого магазина.

expect = 📊 { $count ->
    [one] По нашему последнему { $count } заказу:
    [few] По нашим последним { $count } заказам:
   *[other] По нашим { $count } последним заказам:
}
expect-start = начало через { $median } (9 из 10 – за { $most })
expect-end = готово за { $median } (9 из 10 – за { $most })
expect-completed = выполнено { $share } %
expect-refunded = с возвратом денег { $share } %
expect-done-by = ⏳ Обычно готово к { $time }
expect-late = ⏳ Этот заказ идёт дольше обычного.
span-moment = мгновение
