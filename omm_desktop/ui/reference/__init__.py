"""The window "E-mail settings": what to type into a mail program, service by service."""
