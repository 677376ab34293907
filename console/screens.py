"""The screens of the console, in the order of the menu."""

from console import answers, audit_log, chats, help_now, inbox, learn, numbers, retention, try_bot
from console.desk import Page, Screen

SCREENS: tuple[Screen, ...] = (
    inbox.SCREEN,
    help_now.SCREEN,
    learn.SCREEN,
    answers.SCREEN,
    try_bot.SCREEN,
    numbers.SCREEN,
    retention.SCREEN,
    audit_log.SCREEN,
)

FURTHER: tuple[Page, ...] = chats.PAGES
"""Pages that no menu entry leads to."""
