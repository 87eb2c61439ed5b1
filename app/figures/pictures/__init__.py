"""Pictures of numbers: text of SVG made of plain values, with a table to stand beside each."""

from app.figures.pictures.bars import bars
from app.figures.pictures.calendars import calendar_of_days
from app.figures.pictures.data import DayCount, FunnelStep, SeriesLine, Table, Timeliness, table_of
from app.figures.pictures.funnels import funnel
from app.figures.pictures.lines import series

__all__ = [
    "DayCount",
    "FunnelStep",
    "SeriesLine",
    "Table",
    "Timeliness",
    "bars",
    "calendar_of_days",
    "funnel",
    "series",
    "table_of",
]
