"""The Telegram edge: what comes in is committed before it is acknowledged, what goes out is queued before it is sent.

`intake` reads and commits updates (from `polling` or `webhook`), `dispatch` turns them into replies in order within
each chat, `render` gives replies Telegram's form, `outbox` sends them, `service` holds it all together.
"""
