# The books gone over; only admins read it.

admin-audit =
    🧮 <b>Учёт не сходится: { $count ->
        [one] { $shown } расхождение
        [few] { $shown } расхождения
       *[other] { $shown } расхождений
    }.</b> Я ничего не менял; взгляните, пожалуйста.
    <code>{ $lines }</code>
    Полный список даёт <code>python -m bot audit</code>

# What /triage settles: the provider's id of an order that was unknown.
error-provider-id = Это не номер заказа у провайдера.
error-provider-id-taken = Этот номер уже есть у другого заказа.
