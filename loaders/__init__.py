"""Loaders: a folder a source, each with a `load()` that fills its raw tables through dlt."""
