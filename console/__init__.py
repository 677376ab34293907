"""The staff console: a web application on the database that the bot writes."""
