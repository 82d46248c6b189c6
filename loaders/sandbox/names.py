"""Made-up players' names, and how the books spell them."""

from __future__ import annotations

import unicodedata

import numpy as np

_FIRST_NAMES = """
Aldric Amari Anselm Arlo Bastian Belmont Bennett Brevin Calloway Caspian Cassius Cato Cedar
Corvin Cyprian Dallen Darrow Davion Delroy Desmond Dorian Edric Elias Emeric Enzo Errol Evander
Fabian Farrell Fenton Garrick Gideon Grady Hollis Idris Ignatius Isidore Ives Jarrell Jorah
Jovan Keaton Kelvin Kendrix Lander Laszlo Leander Linus Lorcan Lucan Magnus Malakai Marek
Merrick Milo Mordecai Nestor Niko Octavian Odell Orson Osric Pascal Percival Quillan Ramsey
Reuben Roman Rufus Saber Silas Soren Stellan Tavian Teodor Thaddeus Torin Ulric Vance Viggo
Wendell Xander Yarrow Zephyr Iñaki Zoltán André Jean-Luc Ja'Quell De'Lonn J.T. K.C.
"""
FIRST_NAMES = tuple(_FIRST_NAMES.split())

_LAST_NAMES = """
Abernale Ackerby Alderwick Ashgrove Averdale Ballantree Barrowick Beckmoor Bellhaven Birchell
Blackmere Bramwick Brandrith Brightwell Brocksley Calderon-Pike Camberly Carrowell Castlebay
Chadbourne Claymoor Coldridge Copperly Cranford Crestwell Cromwick Dalebrook Danforth Darrowby
Deepwell Dellacroft Drummore Dunmarsh Eastmoor Edgeworth Elderfield Ellsbury Emberly Fairholt
Farnwick Fennimore Fieldgate Flintridge Foxworth Gainsmore Galloway Garthwell Glenmoor Goldbury
Graymoor Greenholt Halberd Hallworth Harrowgate Hartmoor Hawkridge Hazelton Heathcroft Highmoor
Hollowell Hornby Huntsmere Ironwood Jessamy Kelbrook Kestrel Kingsmoor Kirkwell Lakeholm
Langmere Larkfield Lindenhall Lockridge Longmere Lorrimer Marchbanks Marlowe Meadowcroft
Merriwell Millgate Moorcock Netherby Nightingrove Northgate Oakhurst Oldcastle Orchardson
Otterburn Paddock Pemberwick Pinecroft Quarrington Quillfeather Ravenhill Redfern Ridgeway
Riverton Rookwood Rosemont Rutherglen Sandringer Saltmarsh Seabright Sedgewick Shadwell
Silverton Southmere Stanmoor Starling Stonebridge Summerby Swanmoor Tamworth Thistlewood
Thornbury Tidewater Trelawn Underhay Vanmeer Wainscott Walden-Moss Waverton Westmarch Whitlock
Wilderby Winterbourne Woodmere Wrenfield Yardwick Yellowley O'Dellan O'Marrow D'Arvell N'Tembe
Šarovič Köhnert Peñalva Dvořen Kovačin Étiennard Ntoumbé Vandermoor-Cole Ogunwale-Reed Jørnsen
Marčiuk Castañedo
"""
LAST_NAMES = tuple(_LAST_NAMES.split())

COLLEGES = (
    "Northfield State",
    "Lakeshore Tech",
    "Granite Hills",
    "Delmont",
    "Southport A&M",
    "Cedar Valley",
    "Eastmark",
    None,
)
SUFFIXES = ("Jr.", "II", "III")


def draw_names(rng: np.random.Generator, count: int) -> list[tuple[str, str]]:
    """Distinct (first name, last name) pairs; a few last names carry a suffix."""
    size = len(FIRST_NAMES) * len(LAST_NAMES)
    pairs = rng.choice(size, size=count, replace=False)
    suffix = rng.choice(["", *SUFFIXES], size=count, p=[0.93, 0.045, 0.015, 0.01])
    return [
        (
            FIRST_NAMES[pair // len(LAST_NAMES)],
            f"{LAST_NAMES[pair % len(LAST_NAMES)]} {end}".strip(),
        )
        for pair, end in zip(pairs, suffix, strict=True)
    ]


def without_accents(text: str) -> str:
    """Drop combining marks; letters that do not decompose are spelled out."""
    spelled = text.replace("ø", "o").replace("Ø", "O")
    parts = unicodedata.normalize("NFKD", spelled)
    return "".join(char for char in parts if not unicodedata.combining(char))


def without_suffix(text: str) -> str:
    """Drop Jr., II, III at the end."""
    head, _, tail = text.rpartition(" ")
    return head if head and tail in SUFFIXES else text


def book_spelling(name: str, book: str) -> str:
    """A player's name as one book writes it; most names are the same everywhere."""
    if book == "fanduel":
        return without_accents(name)
    if book == "bovada":
        return without_suffix(without_accents(name))
    if book == "betmgm":
        return name.replace("'", "’")
    if book == "betrivers":
        return name.replace(".", "")
    return name


def league_spelling(index: int, first: str, last: str) -> tuple[str, str]:
    """A player's name as the league's own site writes it: of three, one without accents and one
    without a suffix."""
    if index % 3 == 0:
        return without_accents(first), without_accents(last)
    return (first, without_suffix(last)) if index % 3 == 1 else (first, last)
