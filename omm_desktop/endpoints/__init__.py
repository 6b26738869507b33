"""The doors: one package per protocol or format, behind the ports of `model.ports`."""
