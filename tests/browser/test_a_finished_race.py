"""A finished race stands on one screen: who won, the chart, the table, and every control."""

from core.experiments import memory_race
from core.experiments.memory_race import RaceSettings, Record
from explorer.views.gradients import race_file, race_session


def race_csv() -> bytes:
    """A race that was run somewhere else"""
    race = race_session.Race(RaceSettings())
    for trial in memory_race.trials(race.setup):
        is_solved = trial.gap <= {"tanh": 10, "relu": 5, "gru": 10, "lstm": 20}[trial.cell]
        race.records[trial] = Record(trial, 100, 1.0 if is_solved else 0.25, is_last=True)
    return race_file.table(race).to_csv(index=False).encode()


def test_a_finished_race_is_one_screen(new_screen):
    screen = new_screen(1440, 900).explore("?v=2&station=race&race_lstm=20&race_tanh=5")
    screen.turn_to("Gradients")
    screen.page.get_by_text("Open a file").click()
    file = {"name": "race.csv", "mimeType": "text/csv", "buffer": race_csv()}
    screen.page.locator(".st-key-race_file input[type=file]").set_input_files(file)
    screen.page.get_by_text("remembered longest").wait_for()
    screen.page.keyboard.press("Escape")
    screen.settle()
    bottom = "station => station.getBoundingClientRect().bottom"
    screen.until(lambda: 0 < screen.widget("station_race").evaluate(bottom) <= 900, "one screen")
