"""Forecasts: Arrow features in; a mean model, a variance law and a negative binomial; rows out.

Plain functions over Arrow tables. Nothing here prints, builds SQL models or reads a clock.
"""
