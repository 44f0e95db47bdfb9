"""What of the catalogue can be seen, by whom, and in which order."""

import pytest

from storage import Database
from storage.queries import catalogue
from tests.factories.stock import NOW, service_row


@pytest.fixture(autouse=True)
async def _stocked(database: Database) -> None:
    def transaction(tx):
        ids = catalogue.name_categories(tx, ["Podcasts", "Websites", "Empty", "Strange"])
        assert ids == {"Podcasts": 1, "Websites": 2, "Empty": 3, "Strange": 4}
        rows = [
            service_row("a", 1, position=2),
            service_row("b", 1, position=1),
            service_row("c", 1, sold=False),
            service_row("d", 1, hidden_at=NOW),
            service_row("e", 1, type=None, type_label="Special", position=3),
            service_row("f", 2),
            service_row("g", 4, type=None),
        ]
        catalogue.add_services(tx, rows)

    await database.write(transaction)


async def seen(database: Database, **how) -> list[tuple[str, int]]:
    return [
        (found.name, found.services)
        for found in (await database.read(catalogue.category_list, **how))
    ]


async def page(database: Database, limit: int = 10, offset: int = 0, **how) -> str:
    found = await database.read(catalogue.service_page, 1, limit=limit, offset=offset, **how)
    return "".join(service.provider_id for service in found)


async def test_a_category_counts_what_can_be_seen_and_is_left_out_when_that_is_nothing(
    database: Database,
) -> None:
    assert await seen(database) == [("Podcasts", 2), ("Websites", 1)]


async def test_admins_see_unknown_types_too(database: Database) -> None:
    assert await seen(database, unknown_types=True) == [
        ("Podcasts", 3),
        ("Websites", 1),
        ("Strange", 1),
    ]
    assert await page(database) == "ba"
    assert await page(database, unknown_types=True) == "bae"


async def test_a_page_has_its_part_in_the_providers_order(database: Database) -> None:
    assert await page(database, limit=1) == "b"
    assert await page(database, limit=1, offset=1) == "a"
    assert await page(database, limit=1, offset=2) == ""


async def test_hidden_services_are_not_counted_and_not_listed_but_known(database: Database) -> None:
    def transaction(tx):
        known = catalogue.everything(tx)
        assert "".join(sorted(known)) == "abcdefg"
        assert catalogue.visible_count(tx) == 6
        catalogue.hide(tx, [known["a"].id, known["f"].id], NOW)
        assert catalogue.visible_count(tx) == 4
        assert (catalogue.everything(tx))["a"].hidden_at == NOW

    await database.write(transaction)
    assert await seen(database) == [("Podcasts", 1)]


async def test_categories_named_again_keep_their_ids_and_take_the_new_order(
    database: Database,
) -> None:
    ids = await database.write(catalogue.name_categories, ["Websites", "New", "Podcasts"])
    assert (ids["Podcasts"], ids["Websites"]) == (1, 2)
    assert ids["New"] not in {1, 2, 3, 4}
    assert [name for name, _ in await seen(database)] == ["Websites", "Podcasts"]


async def test_a_service_carries_the_name_of_its_category(database: Database) -> None:
    def transaction(tx):
        found = catalogue.service(tx, 6)
        assert catalogue.service(tx, 600) is None
        return found

    found = await database.read(transaction)
    assert found is not None
    assert (found.provider_id, found.category) == ("f", "Websites")


async def test_nothing_to_write_is_written_without_a_fuss(database: Database) -> None:
    def transaction(tx):
        catalogue.add_services(tx, [])
        catalogue.change_services(tx, [])
        catalogue.note_changes(tx, [])
        catalogue.hide(tx, [], NOW)
        assert len(catalogue.name_categories(tx, [])) == 4
        assert catalogue.visible_count(tx) == 6

    await database.write(transaction)
