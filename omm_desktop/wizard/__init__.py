"""The wizard as data and rules, without Qt."""
