"""The screens of the console, in the order of the menu."""

from console import audit_log
from console.desk import Screen

SCREENS: tuple[Screen, ...] = (audit_log.SCREEN,)
