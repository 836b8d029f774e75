"""What could be taken for something else says which it is, where it stands"""

from playwright.sync_api import expect


def test_an_update_says_how_far_it_goes_in_its_button(new_screen):
    screen = new_screen(1280, 720).explore("?v=2&learning_rate=0.05")
    button = screen.widget("apply_update", "button:visible")
    expect(button).to_have_text("Update α 0.05")
    places = [part.bounding_box() for part in (screen.stage, screen.widget("loop"), screen.widget("strip"))]
    screen.explore("?v=2&learning_rate=0.05&clipping=norm&clip_limit=0.5")
    expect(screen.widget("apply_update", "button:visible")).to_have_text("Update α 0.05 clip 0.5")
    now = [part.bounding_box() for part in (screen.stage, screen.widget("loop"), screen.widget("strip"))]
    assert now == places, "however many lines it has"
    inside, home = (part.bounding_box() for part in (button.locator("p"), button))
    assert home["y"] < inside["y"] and inside["y"] + inside["height"] < home["y"] + home["height"]


def test_a_guessed_label_says_who_guessed_it_and_by_what_rule(screen):
    screen.step(1).locator(".target").hover()
    tip = screen.stage.locator(".tip")
    expect(tip).to_contain_text("A rule of this app made it, not the network")
    expect(tip).to_contain_text("the label it has most often in the training data")
    expect(screen.stage.locator(".legend .guesses")).to_contain_text("by a rule of this app, not by the network")


def test_what_was_there_before_an_edit_is_not_called_before_an_update(new_screen):
    screen = new_screen().explore("?v=2&update=edit+rnn.Waa+0+0+0.9")
    expect(screen.result).to_have_attribute("data-n", "0")
    screen.widget("panel").wait_for()
    screen.settle()
    screen.stage.focus()
    screen.page.keyboard.down("b")
    banner = screen.page.get_by_test_id("banner")
    expect(banner).to_contain_text("Before the weight was set")
    screen.page.keyboard.up("b")
    screen.step(5).locator(".lossbox").hover()
    expect(screen.stage.locator(".tip")).to_contain_text("before the weight was set")


def test_the_memory_of_an_lstm_runs_from_step_to_step_and_its_terms_are_named(new_screen):
    screen = new_screen(1280, 720).explore("?v=2&activation=lstm&step=4")
    assert screen.stage.locator(".memory-prev").count() == 8, "from each c⟨t−1⟩ to the next"
    screen.transport.get_by_test_id("step-size").select_option("phase")
    card = screen.page.get_by_test_id("card")
    card.locator('[data-name="c"]').click()
    expect(card.locator(".terms").first).to_have_text("its terms: Γu ⊙ c̃⟨4⟩ + Γf ⊙ c⟨3⟩")
    sum_, foot = card.get_by_test_id("sum"), screen.page.get_by_role("button", name="more of this step")
    assert sum_.bounding_box()["y"] + sum_.bounding_box()["height"] <= foot.bounding_box()["y"], "seen at once"


def test_the_slope_is_named_by_its_curve(screen):
    screen.back_at(3)
    expect(screen.page.get_by_test_id("card").locator('[data-name="slope"]')).to_contain_text("slope of tanh")


def test_a_digit_that_was_bent_is_marked_and_explained_only_then(screen):
    card = screen.page.get_by_test_id("card")
    sum_, remark = card.get_by_test_id("sum"), card.get_by_test_id("bent")
    seen = set()
    for t in range(1, 10):
        screen.transport.get_by_test_id("scrub").fill(str(t))
        expect(screen.stage).to_have_attribute("data-t", str(t))
        marks = sum_.locator(".bent").count()
        assert remark.is_visible() == (marks > 0)
        seen.add(marks > 0)
    assert seen == {True, False}


def test_the_reach_is_compared_with_where_the_error_begins(screen):
    """“4.32 times weaker than at ‘Hermione’” alone was read as compared with where it begins"""
    expect(screen.page.get_by_text("Than at ‘", exact=False)).to_contain_text("where it begins")
