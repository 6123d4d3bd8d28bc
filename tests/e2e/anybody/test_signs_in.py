"""Somebody opens the product, signs in in Korean or English, and arrives at their own page."""

from playwright.sync_api import Page, expect


def enter(page: Page, password: str) -> None:
    page.goto("/")
    page.locator("[name=login]").fill("nurse_a")
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")


def test_a_nurse_signs_in_and_finds_the_worklist(page, nurse_a, accessible, complaints):
    page.goto("/")
    accessible()
    enter(page, "a long test password")
    expect(page).to_have_url("/clinic/")
    accessible()
    assert complaints == []


def test_a_wrong_password_is_told_in_words(page, nurse_a, accessible):
    enter(page, "something else entirely")
    expect(page.locator("[role=alert]").first).to_be_visible()
    accessible()
