"""What every run leaves behind in `raw_runs`: gathered while it goes on, loaded once at its end."""
