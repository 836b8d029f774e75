"""The memory race: does it matter how far the gradient reaches? Four cells are trained, here and now."""

import numpy as np
import pandas as pd
import streamlit as st

from core.cells import CELLS
from core.experiments import memory_race
from core.experiments.memory_race import BATCH, GAPS, RECENT, SEEDS, SOLVED, TASK, RaceSettings, Trial
from core.training import LEARNING_RATE
from explorer.choices import widgets
from explorer.choices.record import RACE_UPDATES, Choices
from explorer.figures import memory_race as drawing
from explorer.formatting import steps, three_digits
from explorer.prose import prose
from explorer.theme import CELL_NAMES, OPTION_NAMES
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.gradients import race_session
from explorer.views.gradients.race_session import Race

MOST_UNITS = 24  # more would not finish within a minute
SLICE = 0.3  # seconds of training between two looks at what the reader does
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
        clipping=chosen.clipping,
        truncate=chosen.truncate,
        updates=chosen.race_updates,
        seed=chosen.seed,
        **used,
    )


@st.fragment
def panel(chosen: Choices) -> None:
    chosen = (
        widgets.current_choices()
    )  # this fragment may run again on its own, after the reader has chosen something else
    now = race_session.race_of(setup(chosen))
    with st.container(border=True, key="race"):
        st.markdown("##### Does it matter? A memory race")
        st.markdown(prose("gradients", "race", chance=TASK.chance))
        _ask(now)
        _buttons(now)
        st.fragment(_race, run_every=EVERY if now.is_running else None)(now)
        _keep(now, chosen)
    widgets.write_link(chosen)


def typical(now: RaceSettings, cell: str, gap: int) -> float:
    """The median over the networks of ‖∂ℒ/∂state⟨0⟩‖ / ‖∂ℒ/∂state⟨T⟩‖"""
    reach = race_session.reach(now)
    return float(np.median([reach[Trial(now, cell, gap, seed)] for seed in seeds(now)]))


def seeds(now: RaceSettings) -> range:
    return range(now.seed, now.seed + SEEDS)


def _ask(now: Race) -> None:
    """How much of the error gets back before any training, and with that in view: who will solve what?"""
    st.markdown("**Predict first: what is the longest gap that each cell will solve?**")
    for cell, column in zip(CELLS, st.columns(len(CELLS)), strict=True):
        ratios = {gap: three_digits(typical(now.setup, cell, gap)) for gap in GAPS}
        with column:
            st.radio(
                f"**{CELL_NAMES[cell]}**",
                (0, *GAPS),
                format_func=lambda gap, ratios=ratios: f"**gap {gap}** · {ratios[gap]}" if gap else "**none**",
                key=f"race_{cell}",
                disabled=now.has_begun,
                persist_state="session",
            )
    st.caption(prose("gradients", "race_ask", solved=SOLVED, networks=SEEDS))


def _buttons(now: Race) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(_start_label(now), key="race_start", type="primary", on_click=_start, args=(now,),
                  disabled=now.is_running or now.is_over)  # fmt: skip
        st.button("Stop", key="race_stop", on_click=now.stop, disabled=not now.is_running)
        st.segmented_control(
            "Updates of each network, at most",
            RACE_UPDATES,
            key="race_updates",
            required=True,
            persist_state="session",
            help=prose("gradients", "race_updates", rate=LEARNING_RATE, batch=BATCH, recent=RECENT),
        )


def _start_label(now: Race) -> str:
    if now.is_over:
        return "Race finished"
    if now.has_begun:
        return "Racing …" if now.is_running else "Go on"
    made = sum(guess is not None for guess in prediction().values())
    if made == len(CELLS):
        return "Start the race"
    return f"Start with {made} of {len(CELLS)} predictions" if made else "Skip prediction and start"


def _start(now: Race) -> None:
    now.start(prediction())


def prediction() -> dict[str, int | None]:
    return {cell: st.session_state[f"race_{cell}"] for cell in CELLS}


def _race(now: Race) -> None:
    """The part that draws itself anew after every slice of training"""
    was_running = now.is_running
    if was_running:
        now.advance(SLICE)
    chart, told = st.columns([13, 7], gap="large")
    with told:
        _status(now)
        if now.is_over:
            _verdicts(now)
    with chart:
        _chart(now)
    if was_running and not now.is_running:
        st.rerun()  # the buttons stand outside of this part, and so does its clock


def _chart(now: Race) -> None:
    """It changes with every network that is finished, not with every slice: a new figure is work for the browser"""
    levels = {"solved": SOLVED, "chance": TASK.chance}
    st.plotly_chart(
        drawing.figure(GAPS, now.accuracies(), levels, palette()),
        key="race_chart",
        config=NO_TOOLBAR,
        alt=drawing.sentence(GAPS, now.accuracies(), SOLVED),
    )


def _status(now: Race) -> None:
    """How far the race is, and where what is on screen comes from"""
    networks = len(memory_race.trials(now.setup))
    if not now.has_begun:
        st.markdown(prose("gradients", "race_idle", lanes=networks, cells=len(CELLS), gaps=len(GAPS), networks=SEEDS))
        return
    st.progress(min(now.progress, 1.0), f"{now.progress:.0%}")
    if now.is_waiting and now.is_running:
        st.markdown(prose("gradients", "race_waiting"))
    elif now.is_running and now.now:
        lane, numbers = now.now.lane, {"updates": now.now.updates, "accuracy": now.now.accuracy}
        where = {"cell": CELL_NAMES[lane.cell], "gap": lane.gap, "number": lane.seed - now.setup.seed + 1}
        st.markdown(prose("gradients", "race_running", networks=SEEDS, **where, **numbers))
    elif now.is_running:
        st.markdown(prose("gradients", "race_next"))
    elif not now.is_over:
        st.markdown(prose("gradients", "race_stopped", done=len(now.records), lanes=networks))
    else:
        trained = networks - now.recalled
        st.markdown(prose("gradients", "race_over", lanes=networks, trained=trained, seconds=now.seconds))
    if now.recalled:
        st.caption(prose("gradients", "race_recalled", recalled=now.recalled))


def _verdicts(now: Race) -> None:
    """The prediction against the truth, and what the numbers of this race say"""
    found = now.accuracies()
    longest = {cell: drawing.longest_solved(GAPS, found[cell], SOLVED) for cell in CELLS}
    lines = [f"* **{CELL_NAMES[cell]}** {drawing.verdict(now.prediction[cell], longest[cell])}" for cell in CELLS]
    st.markdown("\n".join(lines))
    reach = {cell: [typical(now.setup, cell, gap) for gap in GAPS] for cell in CELLS}
    st.markdown(drawing.decided(GAPS, found, reach, SOLVED))
    if points := drawing.split(GAPS, found, SOLVED):
        names = ", ".join(point.name for point in points)
        st.markdown(prose("gradients", "race_split", points=names, networks=SEEDS))
    if broke := sorted({f"{CELL_NAMES[r.lane.cell]} at gap {r.lane.gap}" for r in now.records.values() if r.broke}):
        st.warning(prose("gradients", "race_broke", names=", ".join(broke)))


def _keep(now: Race, chosen: Choices) -> None:
    """The settings in words, and every number as a file"""
    limited = chosen.hidden_units > MOST_UNITS
    limit = prose("gradients", "race_limited", asked=chosen.hidden_units, units=MOST_UNITS) if limited else ""
    st.caption(prose("gradients", "race_settings", settings=in_words(now.setup), limited=limit))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button("Every network (CSV)", lambda: table(now).to_csv(index=False), "race.csv", "text/csv",
                           on_click="ignore", key="download_race.csv")  # fmt: skip
        st.caption(prose("gradients", "race_keep"))


def in_words(now: RaceSettings) -> str:
    start = OPTION_NAMES[now.initialisation] + (
        "" if now.initialisation == "glorot" else f", ρ = {now.spectral_radius:g}"
    )
    clipping = f"clipped {OPTION_NAMES[now.clipping]} at {now.clip_limit:g}" if now.clipping != "off" else "not clipped"
    way = f"over {steps(now.truncate)}, its own among them" if now.truncate else "all the way back"
    return (
        f"n_a = {now.hidden_units}; start {start}; seeds {', '.join(map(str, seeds(now)))}; "
        f"LSTM forget bias {now.forget_bias:g}; gradient {clipping}; the error followed {way}"
    )


def table(now: Race) -> pd.DataFrame:
    """One row for every network"""
    reach, lanes = race_session.reach(now.setup), memory_race.trials(now.setup)
    records = [now.records.get(lane) for lane in lanes]
    return pd.DataFrame(
        {
            "cell": [lane.cell for lane in lanes],
            "gap": [lane.gap for lane in lanes],
            "seed": [lane.seed for lane in lanes],
            "ratio_before_training": [reach[lane] for lane in lanes],
            "updates": pd.array([record and record.updates for record in records], dtype="Int64"),
            "accuracy": [record.accuracy if record else np.nan for record in records],
        }
    )
