"""The memory race: does it matter how far the gradient reaches? Four cells are trained, here and now."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from core.cells import CELLS
from core.experiments import memory_map, memory_race
from core.experiments.memory_map import Stop
from core.experiments.memory_race import BATCH, GAPS, RECENT, SEEDS, SOLVED, TASK, RaceSettings
from core.training import LEARNING_RATE
from explorer.choices import widgets
from explorer.choices.record import RACE_UPDATES, Choices
from explorer.components import race_table
from explorer.figures import memory_race as drawing
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.gradients import (
    carried,
    gates_panel,
    map_panel,
    race_session,
    race_winners,
    racers_panel,
    station_back,
)
from explorer.views.gradients.race_keep import keep
from explorer.views.gradients.race_question import ask, prediction
from explorer.views.gradients.race_session import MOST_UNITS, Race

SLICE = 0.3  # seconds of training between two looks at what the reader does
LOWER = 235  # pixels of the chart where the verdicts stand below it, on the same screen
EVERY = 0.3  # seconds: how often the browser asks for the next slice


def setup(chosen: Choices) -> RaceSettings:
    """What of the reader's choices a race depends on; what it does not use is left at its default"""
    used = {"clip_limit": chosen.clip_limit} if chosen.clipping != "off" else {}
    if chosen.initialisation != "glorot":
        used["spectral_radius"] = chosen.spectral_radius
    return RaceSettings(
        hidden_units=min(chosen.hidden_units, MOST_UNITS),
        initialisation=chosen.initialisation,
        forget_bias=float(chosen.forget_bias),
        update_bias=float(chosen.update_bias),
        clipping=chosen.clipping,
        truncate=chosen.truncate,
        updates=chosen.race_updates,
        seed=chosen.seed,
        **used,
    )


@st.fragment
def panel(chosen: Choices) -> None:
    chosen = widgets.current_choices()  # the fragment may run on its own, after the reader has chosen something else
    race = race_session.race_of(setup(chosen))
    with st.container(border=True, key="race"):
        st.markdown(prose("gradients", "race", chance=TASK.chance))
        carried.notice("race", chosen)
        buttons, biases = st.columns(2, gap="large", vertical_alignment="bottom")
        with buttons:
            _buttons(race)
        with biases:
            gates_panel.sliders()
        if not race.has_begun:
            _before(race)
        elif race.is_over:
            _results(race)
        else:
            st.fragment(_race, run_every=EVERY if race.is_running else None)(race)
        keep(race, chosen)
        if not race.is_running:  # it comes and goes: last, or beside the question where there is room, it moves nothing
            station_back.button("race", chosen)
    widgets.write_link(chosen)


def _before(race: Race) -> None:
    """The question stands where the chart will be"""
    asked, status = st.columns([12, 8], gap="large")
    with asked:
        ask(race)
    with status:
        _status(race)
        _table(race)


def said(guesses: Mapping[str, int | None]) -> str:
    """The prediction, while it is put to the test"""
    told = [
        prose("gradients", "race_said_gap", cell=CELL_NAMES[cell], gap=gap)
        if gap
        else prose("gradients", "race_said_none", cell=CELL_NAMES[cell])
        for cell, gap in guesses.items()
        if gap is not None
    ]
    return prose("gradients", "race_said", cells=", ".join(told)) if told else prose("gradients", "race_said_nothing")


def _buttons(race: Race) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            _start_label(race),
            key="race_start",
            type="primary",
            on_click=_start,
            args=(race,),
            disabled=race.is_running or race.is_over,
        )
        st.button(prose("gradients", "race_stop"), key="race_stop", on_click=race.stop, disabled=not race.is_running)
        st.segmented_control(
            prose("gradients", "race_updates_label"),
            RACE_UPDATES,
            key="race_updates",
            required=True,
            persist_state="session",
            help=prose("gradients", "race_updates", rate=LEARNING_RATE, batch=BATCH, recent=RECENT),
        )


def _start_label(race: Race) -> str:
    if race.is_over:
        return prose("gradients", "race_finished")
    if race.has_begun:
        return prose("gradients", "race_racing" if race.is_running else "race_go_on")
    made = sum(guess is not None for guess in prediction().values())
    if made == len(CELLS):
        return prose("gradients", "race_start")
    if not made:
        return prose("gradients", "race_start_without")
    return prose("gradients", "race_start_with", made=made, cells=len(CELLS))


def _start(race: Race) -> None:
    race.begin(prediction())


def _race(race: Race) -> None:
    """The part that draws itself anew after every slice of training"""
    was_running = race.is_running
    if was_running:
        race.advance(SLICE)
    _standing(race)
    if was_running and not race.is_running:
        st.rerun()  # the buttons stand outside of this part, and so does its clock


def _results(race: Race) -> None:
    """What came out, the racers themselves, and what their ratios told, in the place of the race"""
    names = [prose("gradients", f"race_tab_{tab}") for tab in ("result", "racers", "ratios")]
    result, racers, ratios = st.tabs(names, key="race_results")
    with result:
        _standing(race)
    with racers:
        racers_panel.racer(race)
    with ratios:
        racers_panel.ratios(race)


def _standing(race: Race) -> None:
    """How all networks do that have finished so far; at the end each prediction beside what came out"""
    chart, status = st.columns([12, 8], gap="large")
    with status:
        st.markdown(said(race.prediction))
        _status(race)
        _table(race)
    with chart:
        _chart(race)
        if race.is_over:
            with st.container(key="race_verdicts", gap="xsmall"):
                st.markdown(" ".join(race_winners.told(race)))
                _verdicts(race)
                if told := one_draw(race.setup):
                    st.caption(told)


def _table(race: Race) -> None:
    """The same numbers as in the chart"""
    found = race.accuracies()
    race_table.show(GAPS, found, {cell: drawing.medians(values) for cell, values in found.items()}, SOLVED)


def _chart(race: Race) -> None:
    """It changes with every network that is finished, not with every slice: a new figure is work for the browser"""
    levels = {prose("gradients", "race_solved"): SOLVED, prose("gradients", "race_chance"): TASK.chance}
    st.plotly_chart(
        drawing.figure(GAPS, race.accuracies(), levels, palette(), LOWER if race.is_over else drawing.HEIGHT),
        key="race_chart",
        config=NO_TOOLBAR,
        alt=drawing.sentence(GAPS, race.accuracies(), SOLVED),
    )


def _status(race: Race) -> None:
    """How far the race is, and where what is on screen comes from"""
    networks = len(memory_race.trials(race.setup))
    if not race.has_begun:
        st.markdown(prose("gradients", "race_idle", lanes=networks, cells=len(CELLS), gaps=len(GAPS), networks=SEEDS))
        return
    if not race.is_over:
        st.progress(min(race.progress, 1.0), f"{race.progress:.0%}")
    if race.is_waiting and race.is_running:
        st.markdown(prose("gradients", "race_waiting"))
    elif race.is_running and race.latest:
        lane, numbers = race.latest.trial, {"updates": race.latest.updates, "accuracy": race.latest.accuracy}
        where = {"cell": CELL_NAMES[lane.cell], "gap": lane.gap, "number": lane.seed - race.setup.seed + 1}
        st.markdown(prose("gradients", "race_running", networks=SEEDS, **where, **numbers))
    elif race.is_running:
        st.markdown(prose("gradients", "race_next"))
    elif not race.is_over:
        st.markdown(prose("gradients", "race_stopped", done=len(race.records), lanes=networks))
    else:
        trained = networks - race.recalled - race.brought
        st.markdown(prose("gradients", "race_over", lanes=networks, trained=trained, seconds=race.seconds))
    if race.recalled:
        st.caption(prose("gradients", "race_recalled", recalled=race.recalled))
    if race.brought:
        st.caption(prose("gradients", "race_brought", brought=race.brought))


def verdicts(race: Race) -> list[str]:
    """Of each cell the longest gap that it solved, beside what was predicted"""
    longest = {cell: drawing.longest_solved(GAPS, found, SOLVED) for cell, found in race.accuracies().items()}
    told = {cell: drawing.verdict(race.prediction[cell], gap) for cell, gap in longest.items()}
    return [prose("gradients", "race_verdict", cell=CELL_NAMES[cell], verdict=words) for cell, words in told.items()]


def _verdicts(race: Race) -> None:
    """The prediction against the truth, and whose training ended early"""
    lines = verdicts(race)
    half = -(-len(lines) // 2)
    for column, told in zip(st.columns(2), (lines[:half], lines[half:]), strict=True):
        column.markdown("  \n".join(told))
    if broke := sorted({drawing.place(r.trial.cell, r.trial.gap) for r in race.records.values() if r.diverged}):
        st.warning(prose("gradients", "race_broke", names=", ".join(broke)))


def one_draw(settings: RaceSettings) -> str:
    """What the twelve networks of the map came to at these biases; nothing where the race is not as they were"""
    usual = RaceSettings(forget_bias=settings.forget_bias, update_bias=settings.update_bias)
    if settings != replace(usual, updates=settings.updates, seed=settings.seed):
        return ""
    found, forget, update = map_panel.networks_by_stop(), int(settings.forget_bias), int(settings.update_bias)
    told = {
        "lstm": map_panel.outcome(found[Stop("lstm", forget, update)]),
        "gru": map_panel.outcome(found[Stop("gru", 1, update)]),
    }
    return prose("gradients", "race_one_draw", gap=memory_map.GAP, updates=memory_map.UPDATES, **told)
