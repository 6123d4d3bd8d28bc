// Small helps that no page depends on: without them everything still works.
"use strict";

// After a failed save the summary of what is wrong takes the focus.
const summary = document.querySelector("[data-takes-focus]");
if (summary) summary.focus();

// A picture wider than the screen opens where today is.
document.querySelectorAll(".picture-box").forEach((box) => {
  const today = box.querySelector(".line-TODAY");
  if (!today || box.scrollWidth <= box.clientWidth) return;
  const offset = today.getBoundingClientRect().left - box.getBoundingClientRect().left;
  box.scrollLeft = offset - box.clientWidth * 0.7;
});

// Switching the language reloads the page: what was typed is carried over, then forgotten.
const place = "typed:" + location.pathname;

function typedFields() {
  return [...document.querySelectorAll("main form")].flatMap((form) => [...form.elements])
    .filter((field) => field.name && field.name !== "csrfmiddlewaretoken")
    .filter((field) => !["hidden", "password", "submit", "button", "file"].includes(field.type));
}

function keepTyped() {
  const values = typedFields().map((field) => [field.name, field.type, field.value, field.checked]);
  if (values.length) sessionStorage.setItem(place, JSON.stringify(values));
}

function bringBackTyped() {
  const kept = sessionStorage.getItem(place);
  if (!kept) return;
  sessionStorage.removeItem(place);
  const values = JSON.parse(kept);
  const fields = typedFields();
  if (values.length !== fields.length) return;
  fields.forEach((field, index) => {
    const [name, type, value, checked] = values[index];
    if (field.name !== name) return;
    if (type === "checkbox" || type === "radio") field.checked = checked;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

document.querySelectorAll("form[data-keeps-input]").forEach((form) => form.addEventListener("submit", keepTyped));
bringBackTyped();

// Once a form is on its way, no echo is asked for any more.
document.querySelectorAll("form[hx-post]").forEach((form) => {
  let isLeaving = false;
  form.addEventListener("submit", () => { isLeaving = true; });
  form.addEventListener("htmx:beforeRequest", (event) => { if (isLeaving) event.preventDefault(); });
});
