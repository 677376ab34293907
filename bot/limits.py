"""Limits: every figure that Telegram sets, in one place, and how it counts text."""

TEXT_UNITS = 4096
"""Text of a message in UTF-16 units after parsing (https://core.telegram.org/bots/api#sendmessage)."""
CAPTION_UNITS = 1024
"""Caption of a photo or file (https://core.telegram.org/bots/api#sendphoto)."""
CALLBACK_DATA_BYTES = 64
"""Data behind a button, in UTF-8 bytes (https://core.telegram.org/bots/api#inlinekeyboardbutton)."""
NOTICE_CHARS = 200
"""Text shown over a tapped button (https://core.telegram.org/bots/api#answercallbackquery)."""
PLACEHOLDER_CHARS = 64
"""Hint in the input field under a reply keyboard (https://core.telegram.org/bots/api#replykeyboardmarkup)."""
COMMAND_CHARS = 32
"""Name of a command (https://core.telegram.org/bots/api#botcommand)."""
COMMAND_DESCRIPTION_CHARS = 256
"""Description of a command (https://core.telegram.org/bots/api#botcommand)."""
DESCRIPTION_CHARS = 512
"""What an empty chat shows (https://core.telegram.org/bots/api#setmydescription)."""
SHORT_DESCRIPTION_CHARS = 120
"""What the profile shows (https://core.telegram.org/bots/api#setmyshortdescription)."""
DELETE_AT_ONCE = 100
"""Messages that one call deletes (https://core.telegram.org/bots/api#deletemessages)."""
DELETE_HOURS = 48
"""Age in hours up to which a bot may delete a message (https://core.telegram.org/bots/api#deletemessage)."""
UPDATES_AT_ONCE = 100
"""Updates that one getUpdates brings (https://core.telegram.org/bots/api#getupdates)."""
SECRET_CHARS = 256
"""Longest secret token of a webhook (https://core.telegram.org/bots/api#setwebhook)."""

CHAT_BURST = 4
"""Messages to one chat at once; the FAQ allows short bursts above one a second without a figure: ours."""
CHAT_PERIOD_S = 4.2
"""Time in which a burst is earned again: just under one message a second (https://core.telegram.org/bots/faq)."""
OVERALL_BURST = 5
"""With `OVERALL_PERIOD_S`: 25 a second and at most 30 in any second (https://core.telegram.org/bots/faq: 30)."""
OVERALL_PERIOD_S = 0.2

TYPING_S = 4.0
"""Time after which "typing" is shown anew; it fades after 5 s (https://core.telegram.org/bots/api#sendchataction)."""


def units(text: str) -> int:
    """The length of a text as Telegram counts it: UTF-16 code units, so most emoji count two."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)
