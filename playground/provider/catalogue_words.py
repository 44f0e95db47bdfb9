"""The words that the demo's catalogue is made of."""

# Platform, and five things to order there: 16 x 5 categories.
TOPICS: dict[str, tuple[str, str, str, str, str]] = {
    "Website": ("visits", "page views", "returning visitors", "demo requests", "survey answers"),
    "Podcast": ("plays", "downloads", "subscribers", "episode ratings", "listener comments"),
    "Newsletter": ("sign-ups", "opens", "link visits", "forwards", "reader comments"),
    "YouTube": ("video views", "watch hours", "subscribers", "video likes", "video comments"),
    "Spotify": ("track plays", "playlist listens", "followers", "album saves", "monthly listeners"),
    "SoundCloud": ("track plays", "followers", "likes", "reposts", "track comments"),
    "Telegram": ("channel members", "post views", "post reactions", "poll votes", "group members"),
    "Instagram": ("photo likes", "followers", "reel views", "story views", "photo comments"),
    "TikTok": ("video views", "followers", "video likes", "shares", "video comments"),
    "Facebook": ("page likes", "post likes", "video views", "event responses", "post comments"),
    "LinkedIn": ("page followers", "post likes", "article views", "connections", "post comments"),
    "Pinterest": ("pin saves", "board followers", "pin views", "profile visits", "pin comments"),
    "Twitch": ("channel views", "followers", "clip views", "live viewers", "chat messages"),
    "Discord": (
        "server members",
        "online members",
        "event interest",
        "message reactions",
        "forum replies",
    ),
    "App page": ("installs", "page visits", "wish-list saves", "ratings", "written reviews"),
    "Local business": (
        "map views",
        "direction requests",
        "photo views",
        "ratings",
        "written reviews",
    ),
}

QUALITIES = (
    "steady",
    "mixed audience",
    "worldwide",
    "premium",
    "economy",
    "tested profiles",
    "by interest",
    "Europe",
    "Latin America",
    "Asia",
    "English speaking",
    "gradual",
    "weekend friendly",
    "agency grade",
    "balanced",
)

STARTS = ("start 0-1 h", "start 0-15 min", "start 1-6 h", "start within a day", "instant start")
PACES = ("500/day", "1K/day", "5K/day", "10K/day", "2K/hour", "up to 50K/day", "slow and even")
REFILLS = ("R30", "R60", "30 days refill", "90 days refill", "365 days ♻️ refill", "R365")
NO_REFILL = ("no refill", "", "one-time", "no guarantee needed")
SEPARATORS = (" | ", " - ", " ~ ", " [", " • ")
# What real catalogues do to names: emoji, entities, tags.
FLOURISHES = ("{} 🔥", "⚡ {}", "{} &amp; more", "<b>{}</b>", "⭐️⭐️ {}", "{} 🌍✨", "🆕 {}")
DIVIDERS = ("/-----/", "——— Best of the month ———", "⬇️⬇️⬇️ New arrivals ⬇️⬇️⬇️", "=== Premium ===")

SENTENCES = (
    "Please make the page public before you order.",
    "Delivery is even over the day and follows the audience's local time.",
    "Link format: https://example.org/your-page",
    "Do not change the address while the order is in work.",
    "Start count is taken when the work begins.",
    "Suitable for a first campaign and for regular use.",
    "A small drop in the first days is normal and is covered where a refill is offered.",
    "Average time is measured over the last ten orders.",
    "Large orders are delivered in several steps.",
    "Write to support with your order number if the start takes longer than a day.",
    "For several pages place one order each.",
    "Reporting is available for agencies on request.",
)

# How services of the rarer types are called after the platform's name.
TYPE_WORDS = {
    "SEO": "search placement by keywords",
    "Custom Comments Package": "set of 10 comments, your texts",
    "Mentions": "mentions from your list",
    "Mentions with Hashtags": "mentions by names and hashtags",
    "Mentions Custom List": "mentions, one per name",
    "Mentions Hashtag": "mentions by hashtag",
    "Mentions User Followers": "mentions to a page's followers",
    "Mentions Media Likers": "mentions to a post's likers",
    "Comment Likes": "likes of a comment",
    "Comment Replies": "replies to a comment",
    "Poll": "poll votes",
    "Invites from Groups": "invitations from groups",
    "Subscriptions": "automatic likes for new posts",
    "Web Traffic": "visitors by country and device",
}
