"""The program opened again when the person signs in after a restart, by the system's own means."""
