"""Links the way people paste them."""

import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shop.ordering.links import (
    PLATFORMS,
    is_invitation,
    parse_link,
    platform_of,
    refusal,
    same_page,
)
from tests.harness.cases import cases

LINKS = {
    "https://example.com/page": "https://example.com/page",
    "http://example.com/page": "http://example.com/page",
    "example.com": "https://example.com",
    "Example.COM/Page?Q=1#Part": "https://example.com/Page?Q=1#Part",
    "HTTPS://EXAMPLE.com/Path": "https://example.com/Path",
    "  https://example.com/a \n": "https://example.com/a",
    "\u200fhttps://example.com/a\u200e": "https://example.com/a",
    "https://exam\u200bple.com/a": "https://example.com/a",
    "example.com:8080/a": "https://example.com:8080/a",
    "https://пример.рф/страница": "https://пример.рф/страница",
    "https://xn--e1afmkfd.xn--p1ai/": "https://xn--e1afmkfd.xn--p1ai/",
    "https://example.com/?utm_source=x&fbclid=y": "https://example.com/?utm_source=x&fbclid=y",
    "https://www.instagram.com/p/abc/?igsh=x&utm_source=y": "https://www.instagram.com/p/abc/",
    "https://instagram.com/p/abc/?img_index=2&hl=de": "https://instagram.com/p/abc/?hl=de",
    "https://youtu.be/abc?si=track&t=90": "https://youtu.be/abc?t=90",
    "https://www.youtube.com/watch?v=abc&feature=share": "https://www.youtube.com/watch?v=abc",
    "https://m.youtube.com/watch?v=a%20b": "https://m.youtube.com/watch?v=a%20b",
    "https://x.com/name/status/1?s=20&t=abc": "https://x.com/name/status/1",
    "https://notx.com/?s=20": "https://notx.com/?s=20",
    "https://x.com.example.com/?s=20": "https://x.com.example.com/?s=20",
    "t.me/channel/15?UTM_SOURCE=x": "https://t.me/channel/15",
    "https://vm.tiktok.com/ZM1/?_r=1&_t=2": "https://vm.tiktok.com/ZM1/",
    "https://example.com/a,b;c@d": "https://example.com/a,b;c@d",
    "https://example.com/?empty=&x": "https://example.com/?empty=&x",
    "https://sub_domain.example.com/": "https://sub_domain.example.com/",
}

NO_LINKS = [
    "",
    " ",
    "hello",
    "@name",
    "two words",
    "https://example.com/a b",
    "https://example.com/a\nb",
    "https://",
    "https://localhost/x",
    "https:///path",
    "javascript:alert(1)",
    "JavaScript://example.com/%0aalert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://example.com/x",
    "mailto:a@example.com",
    "tg://resolve?domain=x",
    "user@example.com",
    "https://user:secret@example.com/",
    "https://user@example.com/",
    "https://example.com:99999/",
    "https://example.com:port/",
    "https://1.2.3.4/",
    "https://[::1]/",
    "https://[",
    "https://-bad.com",
    "https://bad-.com",
    "https://a..b.com",
    ".com",
    "com.",
    "https://exam ple.com",
    "https://example.com\\@evil.com",
    "https://\u2100.com",
    "example.com/" + "a" * 4096,
    "a" * 4096,
    "\u200b" * 10,
    "https://example.com/\x00",
    "https://example.com/\ud800",
    "https://example.com/\x1b[31m",
]


@pytest.mark.parametrize(("text", "link"), LINKS.items())
def test_a_link_is_read_and_tidied(text: str, link: str) -> None:
    assert parse_link(text) == link


@pytest.mark.parametrize("text", NO_LINKS)
def test_what_is_no_link_is_none(text: str) -> None:
    assert parse_link(text) is None


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.words[0])
def test_a_name_becomes_the_profile_of_the_services_platform(platform) -> None:
    profile = platform.profile.format("some.name_1")
    assert parse_link("@some.name_1", platform) == profile
    assert parse_link(profile, platform) == profile
    assert any(urlsplit(profile).hostname.endswith(host) for host in platform.hosts)


@pytest.mark.parametrize("text", ["@", "@two words", "@имя", "@" + "a" * 65, "@a/b", "name"])
def test_what_is_no_name_is_none(text: str) -> None:
    assert parse_link(text, PLATFORMS[0]) is None


@pytest.mark.parametrize(
    ("names", "word"),
    [
        (("Instagram Likes", "Likes | R30"), "instagram"),
        (("🔥 TikTok", "TIK TOK views"), "tiktok"),
        (("Likes", "YouTube views"), "youtube"),
        (("Instagram + TikTok packs", "Likes"), None),
        (("Websites", "Visits"), None),
        ((), None),
    ],
)
def test_the_platform_is_the_one_that_the_names_speak_of(
    names: tuple[str, ...], word: str | None
) -> None:
    found = platform_of(*names)
    assert (found.words[0] if found else None) == word


URLS = st.from_regex(
    r"(https?://)?[a-zа-я0-9.-]{1,20}\.(com|рф)(:[0-9]{1,6})?(/[^\s]{0,30})?(\?[^\s]{0,40})?",
    fullmatch=True,
)


@given(st.text(max_size=80) | URLS, st.sampled_from([None, *PLATFORMS]))
@example("https://x.com/?" + "я=" * 400, None)
def test_whatever_is_pasted_gives_none_or_a_web_address_that_reads_the_same_again(
    text, platform
) -> None:
    link = parse_link(text, platform)
    if link is None:
        return
    parts = urlsplit(link)
    assert parts.scheme in {"http", "https"}
    assert parts.hostname
    assert "." in parts.hostname
    assert parts.username is None
    assert not any(mark.isspace() or unicodedata.category(mark) in {"Cc", "Cs"} for mark in link)
    assert parse_link(link) == link


SAME = (
    ("https://example.com", "http://www.example.com/"),
    ("https://www.example.com/a/b", "http://example.com/a/b/"),
    ("https://example.com/a?b=1#c", "http://www.example.com/a/?b=1#c"),
    ("https://example.com:8080/a", "https://www.example.com:8080/a"),
    ("https://www.пример.рф/а", "http://пример.рф/а/"),
)
OTHERS = (
    ("https://example.com/a", "https://example.com/A"),
    ("https://example.com/a", "https://m.example.com/a"),
    ("https://example.com/a", "https://example.com/a?b=1"),
    ("https://example.com/a", "https://example.com/a/b"),
    ("ben", "https://ben"),
    ("ben", "ben/"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_page_is_the_same_however_it_is_usually_written(one: str, other: str) -> None:
    assert other in same_page(one)
    assert one in same_page(other)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_what_may_be_another_page_is_one(one: str, other: str) -> None:
    assert other not in same_page(one)
    assert one not in same_page(other)


@given(st.text(max_size=30))
def test_every_link_that_is_kept_is_the_same_page_as_itself(text: str) -> None:
    link = parse_link("example.com/" + text)
    assert link is None or link in same_page(link)


@pytest.mark.parametrize("case", cases("links", by="text"))
def test_links_as_people_send_them(case: dict[str, str | None]) -> None:
    assert parse_link(str(case["text"]), platform_of(case.get("category") or "")) == case["want"]


KEPT = (
    "https://www.facebook.com/search?q=%EF%F0%E8&x=a+b&y=%20&empty=&bare",
    "https://www.youtube.com/watch?v=a%2Fb&list=%d0%BF&t=1m30s#t=%C3%A9",
    "https://www.instagram.com/p/abc?hl=de&a=1;b=2",
    "https://x.com/name/status/1?lang=en&&x",
    "https://m.facebook.com/story.php?story_fbid=1&id=2",
    "https://example.com/?",
    "https://example.com/#",
    "https://example.com/?#/a?b",
    "https://example.com//a//../b/./c;d=1",
    "https://en.example.org/wiki/A_(b)",
    "https://example.com/?next=https://example.org/b",
    "https://www.youtube.com/@name_",
    "https://www.example.com/a-/",
    "https://пример.рф/%D1%81?я=ё",
)


@pytest.mark.parametrize("link", KEPT)
def test_what_is_kept_is_kept_byte_for_byte(link: str) -> None:
    assert parse_link(link) == link.removesuffix("?")


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (
            "https://www.youtube.com/watch?SI=q&v=%D0%B0&pp=1&feature=x",
            "https://www.youtube.com/watch?v=%D0%B0",
        ),
        (
            "https://www.instagram.com/reel/C1?igsh=MzR=&hl=%64e#top",
            "https://www.instagram.com/reel/C1?hl=%64e#top",
        ),
        ("https://youtu.be/abc?si=x", "https://youtu.be/abc"),
        ("https://youtu.be/abc?si", "https://youtu.be/abc"),
        ("https://youtu.be/abc?sibling=1", "https://youtu.be/abc?sibling=1"),
        ("HTTPS://M.Facebook.COM/Ann?mibextid=a&ID=%aa", "https://m.facebook.com/Ann?ID=%aa"),
        ("https://youtube.com/watch?x=1&&fbclid=2", "https://youtube.com/watch?x=1"),
        ("https://youtube.com/watch?&fbclid=2&&x=1&", "https://youtube.com/watch?x=1"),
        ("https://youtube.com/watch?&fbclid=2", "https://youtube.com/watch"),
        ("https://youtube.com/watch?x=1&&y=2&", "https://youtube.com/watch?x=1&&y=2&"),
        ("instagram.com/p/abc?igsh=x&img_index=2", "https://instagram.com/p/abc"),
        (
            "https://open.spotify.com/track/1?si=a&context=spotify%3Aalbum",
            "https://open.spotify.com/track/1?context=spotify%3Aalbum",
        ),
    ],
)
def test_only_what_tracks_goes(text: str, link: str) -> None:
    assert parse_link(text) == link


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/a.",
        "https://example.com/a!",
        "https://example.com/a;",
        "https://example.com/a?!",
        '"https://example.com/a"',
        "'https://example.com/a',",
        "<https://example.com/a>",
        "(https://example.com/a).",
        "„https://example.com/a“",
        "`https://example.com/a`",
        "**https://example.com/a**",
        "[https://example.com/a]",
        "https://example.com/a…",
        "「https://example.com/a」。",
        "https://example.com/a)",
        "example.com/a,",
        "https://https://example.com/a",
        "HTTPS://http://https://example.com/a",
    ],
)
def test_what_people_write_around_a_link_is_none_of_it(text: str) -> None:
    assert parse_link(text) == "https://example.com/a"


def test_a_name_may_stand_in_quotes_too() -> None:
    assert parse_link("«@ann»,", PLATFORMS[0]) == "https://www.instagram.com/ann/"


@pytest.mark.parametrize(
    "text",
    [
        "1.5k",
        "10.000",
        "1.000.000",
        "3.14",
        "2.5M",
        "Nice.Bye",
        "Thanks.Ok",
        "Great.It",
        "nice.Day",
        "hello.world",
        "file.txt",
        "photo.jpg",
        "list.csv",
        "video.mp4",
        "archive.zip",
        "v1.2",
        "v1.2.beta",
        "e.g",
        "i.e.",
        "a.b.c",
        "and.so.on",
        "10.000/day",
        "1.5k/day",
        "file.txt/x",
        "Привет.Пока",
        "ann.smith",
        "node.js",
        "100.50usd",
        "https://1.5k",
        "https://10.000",
        "https://example",
        "Mr.Smith",
        "12.05.2026",
        "readme.md",
        "README.MD",
        "notes.v2.md",
        "main.rs",
        "main.rs:15",
        "readme.md#install",
        "x.ps",
        "a.cc",
        "setup.py",
        "run.sh",
        "libfoo.so",
        "notes.md.",
    ],
)
def test_a_word_with_a_dot_is_no_link(text: str) -> None:
    assert parse_link(text) is None
    assert parse_link(text, PLATFORMS[0]) is None
    assert refusal(text) == "bad-link"


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("instagram.com/ann", "https://instagram.com/ann"),
        ("www.instagram.com/ann", "https://www.instagram.com/ann"),
        ("WWW.EXAMPLE.COM", "https://www.example.com"),
        ("Example.com", "https://example.com"),
        ("t.me/channel", "https://t.me/channel"),
        ("youtu.be/abc", "https://youtu.be/abc"),
        ("m.vk.com/ann", "https://m.vk.com/ann"),
        ("example.co.uk", "https://example.co.uk"),
        ("my-shop.store/x", "https://my-shop.store/x"),
        ("example.world/page", "https://example.world/page"),
        ("www.example.world", "https://www.example.world"),
        ("example.de:8080", "https://example.de:8080"),
        ("пример.рф", "https://пример.рф"),
        ("example.com/?u=https://example.org/b", "https://example.com/?u=https://example.org/b"),
        ("https://file.txt", "https://file.txt"),
        ("t.me", "https://t.me"),
        ("youtu.be", "https://youtu.be"),
        ("example.cc/page", "https://example.cc/page"),
        ("example.rs/", "https://example.rs/"),
        ("www.example.md", "https://www.example.md"),
        ("example.com.py", "https://example.com.py"),
        ("https://example.cc", "https://example.cc"),
    ],
)
def test_a_site_needs_no_scheme(text: str, link: str) -> None:
    assert parse_link(text) == link


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/a,https://example.com/b",
        "https://example.com/ahttps://example.com/b",
        "https://example.com/a https://example.com/b",
        "https://example.com/a\nhttps://example.com/b",
        "example.com/a;example.com/b",
        "example.com/a | example.com/b",
        "https://example.com/aHTTP://example.com/b",
        "https://instagram.com/ann/https://instagram.com/ben/",
        "https://example.com/a, www.example.com/b",
        "first https://example.com/a, then https://example.com/b",
    ],
)
def test_of_two_links_it_is_asked_which(text: str) -> None:
    assert parse_link(text) is None
    assert refusal(text) == "several-links"


@pytest.mark.parametrize(
    "text",
    [
        "https://t.me/c/1234567890/55",
        "t.me/c/1234567890",
        "http://www.T.me/C/1/2?thread=3",
        "telegram.me/c/1/2",
        "t.me//c/1/2",
        "https://t.me/./c/1/2",
        "https://t.me/%63/1/2",
        "https://t.me:443///C//1/2",
        "https://t.me/\\c/1/2",
        "https://webk.telegram.org/#-1001234567890",
        "https://web.telegram.org/a/#-1001234567890",
        "https://web.telegram.org/k/#@name",
    ],
)
def test_what_only_members_can_open_is_explained(text: str) -> None:
    assert parse_link(text) is None
    assert refusal(text) == "private-link"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://t.me/+AbCdEf-_12", True),
        ("t.me/joinchat/AbCdEf", True),
        ("t.me//joinchat/AbCdEf", True),
        ("t.me//+AbCdEf", True),
        ("https://t.me/channel", False),
        ("https://t.me/channel/5", False),
        ("https://t.me/cats/1/2", False),
        ("https://example.com/+abc", False),
    ],
)
def test_an_invitation_is_taken_and_known_as_one(text: str, expected: bool) -> None:
    assert is_invitation(str(parse_link(text))) is expected


@pytest.mark.parametrize(
    ("names", "word"),
    [
        (("Netflix.com traffic",), None),
        (("Website traffic from roblox.com",), None),
        (("X followers",), "twitter"),
        (("𝕏 (Twitter) likes", "Likes"), "twitter"),
        (("Twitter / X",), "twitter"),
        (("x.com followers",), "twitter"),
        (("X.com | Retweets",), "twitter"),
        (("Instagram", "Likes | 2 x faster"), "instagram"),
        (("Votes", "2 x faster"), None),
        (("Votes", "x10 speed"), None),
        (("Xbox followers",), None),
        (("Matrix members",), None),
        (("Retweets",), "twitter"),
        (("InstagramLikes",), "instagram"),
        (("Instagram_Likes",), "instagram"),
        (("Tik-Tok | TikTok Views",), "tiktok"),
        (("Instagramer tools",), None),
        (("Threadsafe hosting",), None),
        (("Twitchy birds",), None),
        (("📸 INSTAGRAM",), "instagram"),
    ],
)
def test_only_whole_words_name_a_platform(names: tuple[str, ...], word: str | None) -> None:
    found = platform_of(*names)
    assert (found.words[0] if found else None) == word
