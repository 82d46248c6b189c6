"""The report: pages that say what is published, as files that need no server and no network."""
