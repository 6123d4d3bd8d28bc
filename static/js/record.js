// Quicker by keyboard: Ctrl+Enter saves, Enter alone never does; Today and Yesterday fill a day.
"use strict";

const saves = (form) => form.querySelector("button[data-saves]");

document.querySelectorAll("form[data-by-keyboard]").forEach((form) => {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      saves(form).click();
    } else if (event.target.matches("input:not([type=submit]), select")) {
      event.preventDefault();
    }
  });
});

// Once a form is on its way, no echo is asked for any more.
document.querySelectorAll("form[hx-post]").forEach((form) => {
  let isLeaving = false;
  form.addEventListener("submit", () => { isLeaving = true; });
  form.addEventListener("htmx:beforeRequest", (event) => { if (isLeaving) event.preventDefault(); });
});

document.querySelectorAll("[data-days-of]").forEach((box) => {
  box.hidden = false;
  box.addEventListener("click", (event) => {
    const day = event.target.dataset.day;
    const field = document.getElementById(box.dataset.daysOf);
    if (!day || !field) return;
    field.value = day;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
