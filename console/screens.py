"""The screens of the console, in the order of the menu."""

from console import answers, audit_log, chats, inbox, numbers, retention
from console.desk import Page, Screen

SCREENS: tuple[Screen, ...] = (
    inbox.SCREEN,
    answers.SCREEN,
    numbers.SCREEN,
    retention.SCREEN,
    audit_log.SCREEN,
)

FURTHER: tuple[Page, ...] = chats.PAGES
"""Pages that no menu entry leads to."""
