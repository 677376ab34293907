"""Tasks that are one reply."""

from collections.abc import Callable, Mapping

from core import menus
from core.languages import Translator
from core.replies import Reply

REPLIES: Mapping[str, Callable[[Translator], Reply]] = {
    "task/change_language": menus.language_menu,
    "task/delete_data": menus.erase_question,
}
