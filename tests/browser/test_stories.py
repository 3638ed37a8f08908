"""The product through a real browser: a visitor's quiz, signing up, studying, the schedule."""

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from .conftest import Server, on_both_screens
from .walking import answer, become_admin, check_page, follow


def start_quiz(page: Page, server: Server) -> None:
    page.goto(server.url)
    check_page(page)
    follow(page.get_by_role("link", name="Take a quiz").first)
    check_page(page)
    page.get_by_role("button", name="Start the quiz").click()


@on_both_screens
def test_a_visitor_takes_a_quiz_and_nothing_is_lost_or_doubled(
    new_page: Callable[[], Page], server: Server
) -> None:
    page = new_page()
    start_quiz(page, server)
    for number in range(1, 11):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"Question {number}")
        if number == 1:
            check_page(page)
            first = page.url
        answer(page)
        expect(page.locator("dd.key").first).to_be_visible()
        if number == 1:
            check_page(page)
            expect(page.locator("figure.evidence mark")).to_be_visible()
            page.reload()
            page.goto(first)
            expect(page).to_have_url(f"{first}/feedback")
            page.goto(server.url)
            page.get_by_role("button", name="Go on with it").first.click()
            continue
        follow(page.locator(".verdict .actions .btn-primary"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Result")
    expect(page.locator("ol.results > li")).to_have_count(10)
    check_page(page)
    page.get_by_role("button", name="Try the missed ones again").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1")


@on_both_screens
def test_a_guest_signs_up_keeps_all_and_studies(
    new_page: Callable[[], Page], server: Server
) -> None:
    page = new_page()
    page.goto(f"{server.url}/decks/deepseek")
    follow(page.get_by_role("button", name="Start studying"))
    answer(page)
    expect(page.get_by_text("comes back")).to_be_visible()
    follow(page.get_by_role("link", name="Sign up"))
    check_page(page)
    page.get_by_label("E-mail address").fill(f"{uuid4().hex}@example.org")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    expect(page.get_by_text("1 answered today")).to_be_visible()
    check_page(page)
    for path in (
        "schedule",
        "schedule?deck=deepseek",
        "score",
        "leaderboard",
        "settings",
        "settings/password",
        "sources/deepseek/brief",
    ):
        page.goto(f"{server.url}/{path}")
        check_page(page)
    page.goto(f"{server.url}/schedule")
    expect(page.get_by_text("recall now", exact=False).first).to_be_visible()
    page.goto(f"{server.url}/planner/settings")
    page.get_by_label("New facts a day").fill("1")
    follow(page.get_by_role("button", name="Save"))
    page.goto(f"{server.url}/decks/deepseek")
    page.get_by_role("button", name="Start studying").click()
    for _ in range(8):
        if page.locator("form[data-answer]").count() == 0:
            break
        answer(page)
        follow(page.locator(".verdict .actions .btn-primary"))
    follow(page.get_by_role("button", name="Sign out"))
    page.goto(f"{server.url}/schedule")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    check_page(page)


def test_the_keyboard_is_enough(new_page: Callable[[], Page], server: Server) -> None:
    page = new_page()
    page.goto(f"{server.url}/decks/deepseek")
    page.get_by_label("How many questions?").fill("2")
    page.get_by_label("Multiple choice").check()
    page.get_by_role("button", name="Start the quiz").press("Enter")
    for _ in range(2):
        expect(page.locator("form[data-answer]")).to_be_visible()
        page.wait_for_load_state("domcontentloaded")  # keys are heard from then on
        page.keyboard.press("?")
        expect(page.get_by_role("heading", name="Keys")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        expect(page.locator("dd.key").first).to_be_visible()
        page.wait_for_load_state("domcontentloaded")
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Result")


def test_the_first_admin_is_made_once(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server = start_server()
    link = server.setup_link
    page = new_page()
    page.goto(link)
    check_page(page)
    page.get_by_label("E-mail address").fill("admin@example.org")
    page.get_by_label("Password").fill("a long enough secret")
    page.get_by_role("button", name="Create the admin account").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    check_page(page)


def test_a_curator_edits_a_fact_with_its_questions_in_sight(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server = start_server()
    page = new_page()
    become_admin(page, server)
    follow(page.get_by_role("link", name="Facts"))
    check_page(page)
    page.get_by_role("link", name="DeepSeek").click()
    page.get_by_label("Search").fill("hangzhou")
    follow(page.get_by_role("button", name="Show"))
    check_page(page)
    follow(page.get_by_role("link", name="DeepSeek was founded in Hangzhou"))
    check_page(page)
    expect(page.get_by_label("Currency")).to_be_hidden()
    page.get_by_label("Question of its own", exact=True).fill("Which city saw DeepSeek begin?")
    expect(page.locator("#preview")).to_contain_text("Which city saw DeepSeek begin?")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Question of its own", exact=True)).to_have_value(
        "Which city saw DeepSeek begin?"
    )


def test_a_learner_meets_the_edit_of_a_fact_at_once(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server = start_server()
    admin, learner = new_page(), new_page()
    become_admin(admin, server)
    learner.goto(f"{server.url}/decks/deepseek")
    follow(learner.get_by_role("button", name="Start studying"))
    answer(learner)
    expect(learner.locator("dd.key").first).to_be_visible()
    for number in range(1, 12):
        admin.goto(f"{server.url}/facts/edit/{number}")
        check_page(admin) if number == 1 else None
        admin.get_by_label("Question of its own", exact=True).fill(f"Changed to number {number}?")
        admin.get_by_label("Statement of its own").fill(f"Number {number} is now {{value}}.")
        admin.get_by_role("button", name="Save").click()
        if admin.get_by_text("This fact has errors").is_visible():
            admin.get_by_label("Publish in spite of errors").check()
            admin.get_by_role("button", name="Save").click()
        expect(admin.get_by_label("Question of its own", exact=True)).to_have_value(
            f"Changed to number {number}?"
        )
    learner.locator(".verdict .actions .btn-primary").click()
    expect(learner.locator("#stem")).to_contain_text("umber")
    follow(admin.get_by_role("link", name="History"))
    check_page(admin)
    admin.goto(f"{server.url}/people/")
    check_page(admin)
    follow(admin.get_by_role("link", name="admin@example.org"))
    check_page(admin)


def test_two_curators_see_each_others_change(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server = start_server()
    first = new_page()
    become_admin(first, server)
    second = first.context.new_page()
    for page in (first, second):
        page.goto(f"{server.url}/facts/edit/4")
    first.get_by_label("Note").fill("From the first")
    first.get_by_role("button", name="Save").click()
    expect(first.get_by_label("Note")).to_have_value("From the first")
    second.get_by_label("Note").fill("From the second")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("It has changed in the meantime")
    expect(second.get_by_role("cell", name="From the first")).to_be_visible()
    check_page(second)
    second.get_by_role("button", name="Save mine on top").click()
    expect(second.get_by_label("Note")).to_have_value("From the second")


def test_a_passage_is_picked_from_the_source(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server = start_server()
    page = new_page()
    become_admin(page, server)
    page.goto(f"{server.url}/facts/deepseek/new")
    page.locator("summary", has_text="pick the passage").click()
    page.locator(".source-text .reading p").nth(2).select_text()
    page.get_by_role("button", name="Use the selection as the passage").click()
    assert "less than US$6 million" in page.get_by_label("Passage", exact=True).input_value()
    expect(page.get_by_label("Source")).to_have_value("brief")
