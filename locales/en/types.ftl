# Types of services that nobody knows: what admins read.

service-type-unknown = 🔧 Type “{ $type }” is unknown, so customers don't see this service.
button-treat-as = Treat as …
button-type-is = Treated as { $type }
admin-unknown-type = { $count ->
    [one] 🔧 <b>A service of an unknown type, “{ $label }”.</b> Customers don't see it until you say what to treat it as.
   *[other] 🔧 <b>{ $shown } services of an unknown type, “{ $label }”.</b> Customers don't see them until you say what to treat them as.
}
type-choose =
    🔧 <b>What is “{ $label }”?</b>
    For example: { $service }

    Choose what to treat it as. It counts for every service with this type, and can be changed later.
type-line = <b>{ $type }</b>: { $fields }
type-mapped = { $count ->
    [one] ✅ “{ $label }” is treated as { $type }. One service is for sale now.
   *[other] ✅ “{ $label }” is treated as { $type }. { $shown } services are for sale now.
}
field-link = link
field-quantity = quantity
field-comments = comments
field-keywords = keywords
field-usernames = user names
field-hashtags = hashtags
field-groups = groups
field-username = user name
field-hashtag = hashtag
field-media = post
field-answer_number = answer
field-min = least
field-max = most
field-delay = delay
field-country = country
field-device = device
field-type_of_traffic = source
