"""The written report of a run: HTML for people, CSV for help desks, JSON for programs."""
