"""Places for news and for cards."""

from bot.notifications.places import Places


def test_cards_leave_places_for_news() -> None:
    places = Places()
    taken = [places.take(chat, only_cards=True) for chat in range(100)]
    assert taken == [True] * 64 + [False] * 36
    assert places.room == 192
    assert places.take(200, only_cards=False)
    assert not places.move(200)
    places.leave(0)
    assert places.move(200)
    assert places.room == 192
    assert places.telling == set()
    assert places.move(200)  # it has one


def test_three_seconds_of_news_are_a_crowd() -> None:
    places = Places()
    for chat in range(84):
        places.take(chat, only_cards=False)
    assert not places.is_crowded
    places.take(84, only_cards=False)
    assert places.is_crowded
    places.leave(0)
    assert not places.is_crowded
