"""What can be kept of the memory race: its settings in words, and every number as a file, which can be opened again."""

import csv

import streamlit as st

from core.experiments.memory_race import RaceSettings, seeds
from explorer.choices.record import Choices
from explorer.prose import prose
from explorer.theme import OPTION_NAMES
from explorer.views.gradients import race_file
from explorer.views.gradients.race_question import prediction
from explorer.views.gradients.race_session import MOST_UNITS, Race


def keep(race: Race, chosen: Choices) -> None:
    """The settings in words, and every number as a file"""
    limited = chosen.hidden_units > MOST_UNITS
    limit = prose("gradients", "race_limited", asked=chosen.hidden_units, units=MOST_UNITS) if limited else ""
    with st.container(horizontal=True, vertical_alignment="center", key="race_keep"):
        st.caption(prose("gradients", "race_settings", settings=in_words(race.setup), limited=limit))
        _download(race)
        _open(race)


def _open(race: Race) -> None:
    """A file of this race brings back what was measured"""
    with st.popover(prose("gradients", "race_open"), type="tertiary", disabled=race.is_running):
        st.file_uploader(
            prose("gradients", "race_open_label"),
            key="race_file",
            on_change=_take,
            args=(race,),
            max_upload_size=1,
        )
    if race.problem:
        st.warning(race.problem)


def _take(race: Race) -> None:
    file, race.problem = st.session_state["race_file"], ""
    if file is None:
        return
    try:
        race.bring(race_file.read(file.getvalue().decode("utf-8-sig"), race.setup), prediction())
    except race_file.OtherRace as other:
        race.problem = prose(
            "gradients", "race_file_other", settings=in_words(other.settings), updates=other.settings.updates
        )
    except (ValueError, csv.Error):
        race.problem = prose("gradients", "race_file_bad")


def _download(race: Race) -> None:
    """Until networks are measured there are only their ratios; of a race that runs this part is not drawn anew"""
    is_measured = bool(race.records) and not race.is_running
    kind = "race" if is_measured else "ratios"
    st.download_button(
        prose("gradients", f"{kind}_csv"),
        lambda: (race_file.table if is_measured else race_file.ratio_table)(race).to_csv(index=False),
        f"{kind}.csv",
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key="download_race.csv",
        help=prose("gradients", f"{kind}_keep"),
    )


def in_words(settings: RaceSettings) -> str:
    way = (
        prose("gradients", "race_way_cut", n=settings.truncate) if settings.truncate else prose("gradients", "race_way")
    )
    return prose(
        "gradients",
        "race_setup",
        units=settings.hidden_units,
        start=OPTION_NAMES[settings.initialisation],
        has_radius=settings.initialisation != "glorot",
        radius=settings.spectral_radius,
        seeds=", ".join(map(str, seeds(settings))),
        forget_bias=settings.forget_bias,
        update_bias=int(settings.update_bias),
        is_clipped=settings.clipping != "off",
        clipping=OPTION_NAMES[settings.clipping],
        limit=settings.clip_limit,
        way=way,
    )
