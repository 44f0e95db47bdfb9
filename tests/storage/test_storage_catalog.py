"""What of the catalogue can be seen, by whom, and in which order."""

import pytest

from storage import Database, catalog
from tests.support.stock import NOW, service_row


@pytest.fixture(autouse=True)
async def _stocked(database: Database) -> None:
    async with database.write() as connection:
        ids = await catalog.name_categories(connection, ["Podcasts", "Websites", "Empty", "Strange"])
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
        await catalog.add_services(connection, rows)


async def seen(database: Database, **how) -> list[tuple[str, int]]:
    async with database.read() as connection:
        return [(found.name, found.services) for found in await catalog.category_list(connection, **how)]


async def page(database: Database, limit: int = 10, offset: int = 0, **how) -> str:
    async with database.read() as connection:
        found = await catalog.service_page(connection, 1, limit=limit, offset=offset, **how)
    return "".join(service.provider_id for service in found)


async def test_a_category_counts_what_can_be_seen_and_is_left_out_when_that_is_nothing(database: Database) -> None:
    assert await seen(database) == [("Podcasts", 2), ("Websites", 1)]


async def test_admins_see_unknown_types_too(database: Database) -> None:
    assert await seen(database, unknown_types=True) == [("Podcasts", 3), ("Websites", 1), ("Strange", 1)]
    assert await page(database) == "ba"
    assert await page(database, unknown_types=True) == "bae"


async def test_a_page_has_its_part_in_the_providers_order(database: Database) -> None:
    assert await page(database, limit=1) == "b"
    assert await page(database, limit=1, offset=1) == "a"
    assert await page(database, limit=1, offset=2) == ""


async def test_hidden_services_are_not_counted_and_not_listed_but_known(database: Database) -> None:
    async with database.write() as connection:
        known = await catalog.everything(connection)
        assert "".join(sorted(known)) == "abcdefg"
        assert await catalog.visible_count(connection) == 6
        await catalog.hide(connection, [known["a"].id, known["f"].id], NOW)
        assert await catalog.visible_count(connection) == 4
        assert (await catalog.everything(connection))["a"].hidden_at == NOW
    assert await seen(database) == [("Podcasts", 1)]


async def test_categories_named_again_keep_their_ids_and_take_the_new_order(database: Database) -> None:
    async with database.write() as connection:
        ids = await catalog.name_categories(connection, ["Websites", "New", "Podcasts"])
    assert (ids["Podcasts"], ids["Websites"]) == (1, 2)
    assert ids["New"] not in {1, 2, 3, 4}
    assert [name for name, _ in await seen(database)] == ["Websites", "Podcasts"]


async def test_a_service_carries_the_name_of_its_category(database: Database) -> None:
    async with database.read() as connection:
        found = await catalog.service(connection, 6)
        assert await catalog.service(connection, 600) is None
    assert found is not None
    assert (found.provider_id, found.category) == ("f", "Websites")


async def test_nothing_to_write_is_written_without_a_fuss(database: Database) -> None:
    async with database.write() as connection:
        await catalog.add_services(connection, [])
        await catalog.change_services(connection, [])
        await catalog.note_changes(connection, [])
        await catalog.hide(connection, [], NOW)
        assert len(await catalog.name_categories(connection, [])) == 4
        assert await catalog.visible_count(connection) == 6
