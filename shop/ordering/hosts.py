"""Which words with a dot are web addresses, when nobody has written `https://` before them.

`Nice.Bye`, `file.txt`, `readme.md` and `1.5k` are none. There are 1,500 top-level domains, many of
them English words: what is not listed here is asked for again, with an example that begins with
`https://`.
"""

import re

_HOST_LABEL = re.compile(r"(?!-)[^\W_](?:[\w-]{0,61}[^\W_])?", re.UNICODE)


def _listed(domains: str) -> frozenset[str]:
    return frozenset(domains.split())


_COUNTRIES = _listed(
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn "
    "bo br bs bt bw by bz ca cc cd "
    "cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et "
    "eu fi fj fk fm fo fr ga gd ge "
    "gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq "
    "ir is it je jm jo jp ke kg kh "
    "ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm "
    "mn mo mp mq mr ms mt mu mv mw "
    "mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt "
    "pw py qa re ro rs ru rw sa sb "
    "sc sd se sg si sk sl sm sn so sr ss st su sv sx sz tc td tf tg th tj tk tl tm tn to "
    "tr tt tv tw tz ua ug uk us uy "
    "uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
)
_GENERIC = _listed(
    "com net org info biz edu gov int mobi app dev"
    " blog shop store online site website xyz club top icu tech pro agency "
    "digital studio design art bio wiki asia cat tel travel jobs museum aero coop berlin "
    "moscow tatar london nyc tokyo "
    "paris istanbul"
)
_IN_OTHER_SCRIPTS = _listed(
    "рф рус москва дети онлайн сайт орг ком укр бел қаз бг мкд срб ею мон հայ გე ελ ευ ישראל "
    "中国 中國 香港 台湾 台灣 新加坡 网站 网络 公司 在线 手机 한국 みんな コム भारत বাংলা ভারত ไทย "
    "السعودية امارات مصر ایران پاکستان المغرب الجزائر تونس عمان قطر شبكة موقع"
)
# Words of every day: only before a path, a port, or after `www.`.
_WORDS = _listed(
    "world news live life love work works today best cool fun one name link links click "
    "space team group games game "
    "music movie film photo photos pics style land city house rest win bet vip plus "
    "media social page pages chat email "
    "cloud host codes center company network systems services solutions marketing "
    "business market sale promo deals "
    "money cash finance bank shopping fashion beauty fit health care school academy "
    "education university support guru "
    "ninja rocks zone tips run now new day fan fans band show video stream tube press "
    "report review reviews events "
    "party community family church energy global international expert consulting "
    "training coach directory tools "
    "software technology engineering law legal gold red blue black pink"
)
_SURE_OF_ANY_CASE = _listed("com net org ru")
# Endings of files as well as countries: `readme.md`, `main.rs:15`. They name a site only before a
# path.
_OF_FILES = _listed("cc md mk pm ps py rs sh so tf")
_SECOND_LEVEL = _listed("ac co com edu gob gov net org")  # `abc.com.py` is no script


def is_host(host: str) -> bool:
    """Return whether this can be a site's name. Numbers alone name a machine, not a site."""
    labels = host.split(".")
    if len(labels) < 2 or not all(_HOST_LABEL.fullmatch(label) for label in labels):  # noqa: PLR2004
        return False
    return not labels[-1][0].isdigit()


def is_believable(host: str, *, bare: bool, path: bool) -> bool:
    """Return whether somebody who writes this without a scheme means a site.

    `bare`: nothing follows it; `path`: a path does, which is more than a port or a question mark.
    """
    domain = host.rpartition(".")[2]
    known = domain.lower()
    if known.startswith("xn--") or known in _IN_OTHER_SCRIPTS:
        return True
    listed = known in _COUNTRIES or known in _GENERIC
    if host.lower().startswith("www."):
        return listed or known in _WORDS
    if _may_be_file(host) and not path:
        return False
    if not bare:
        return listed or known in _WORDS
    starts_a_sentence = domain != known and domain != domain.upper()
    return listed and (known in _SURE_OF_ANY_CASE or not starts_a_sentence)


def _may_be_file(host: str) -> bool:
    *labels, last = host.lower().split(".")
    return last in _OF_FILES and (len(labels) < 2 or labels[-1] not in _SECOND_LEVEL)  # noqa: PLR2004
