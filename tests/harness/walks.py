"""Ways through the chat that many tests take."""

from playground.telegram.people import Person

STEADY = "Podcast plays"  # delivers everything, takes drip-feed
PARTIAL = "usually ends in part"
CANCELED = "usually canceled"
PACKAGE = "Newsletter launch package"
COMMENTS = "Video reviews, your texts"


async def tell_all(person: Person) -> None:
    """Choose to be told every change."""
    await person.say("/settings")
    await person.forge("qp:all")


async def open_service(person: Person, service: str = STEADY) -> None:
    await person.say("/order")
    await person.press("Try these first")
    while not any(service in label for label in person.last.labels):
        await person.press("▶", message=person.last)
    await person.press(service, message=person.last)


async def to_quantity(
    person: Person, service: str = STEADY, link: str = "https://example.com/page"
) -> None:
    await open_service(person, service)
    await person.press("Order", message=person.last)
    await person.say(link)


async def to_summary(
    person: Person,
    service: str = STEADY,
    link: str = "https://example.com/page",
    quantity: str = "100",
) -> None:
    await to_quantity(person, service, link)
    await person.say(quantity)
    if "Skip" in person.last.labels:
        await person.press("Skip", message=person.last)


async def place(
    person: Person,
    service: str = STEADY,
    link: str = "https://example.com/page",
    quantity: str = "100",
) -> None:
    await to_summary(person, service, link, quantity)
    await person.press("Confirm", message=person.last)
