// Quicker by keyboard: Ctrl+Enter saves, Enter alone never does; Ctrl with an arrow goes from part to part;
// Today and Yesterday fill a day.
"use strict";

const saves = (form) => form.querySelector("button[data-saves]");

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

// The first field of a part that is still to be filled, or its first one; of radio buttons the one that is chosen.
function entrance(part) {
  const fields = [...part.querySelectorAll("input:not([type=hidden]), select, textarea")];
  const seen = fields.filter((field) => field.offsetParent && !field.disabled);
  const isOpen = (field) => field.type === "radio" ? field.checked : field.type === "checkbox" || !field.value;
  return seen.find(isOpen) || seen[0];
}

function goToPart(form, step) {
  const parts = [...form.querySelectorAll(".part")].filter(entrance);
  const here = parts.findIndex((part) => part.contains(document.activeElement));
  const there = here < 0 && step < 0 ? parts.at(-1) : parts[here + step];
  if (there) entrance(there).focus();
}

document.querySelectorAll("form[data-by-keyboard]").forEach((form) => {
  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || !(event.key in STEPS)) return;
    event.preventDefault();
    goToPart(form, STEPS[event.key]);
  });
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

// From the term that is being typed, the arrow goes down into the list of those found.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" || event.ctrlKey || !event.target.matches("input[name$=term]")) return;
  const answer = document.querySelector(event.target.getAttribute("hx-target"));
  const found = answer && (answer.querySelector(".found input:checked") || answer.querySelector(".found input"));
  if (!found) return;
  event.preventDefault();
  found.focus();
  if (!found.checked) found.click();
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

// What is typed keeps itself as a draft: a few seconds after a change, and when the page is left.
const KEEP_AFTER_MS = 3000;

document.querySelectorAll("form[data-keeps-draft]").forEach((form) => {
  const state = form.querySelector("[data-draft-state]");
  let waiting = null, isChanged = false, isSent = false, last = null;

  const posted = () => {
    const data = new FormData(form);
    data.set("action", "keep");
    return data;
  };

  const keep = async () => {
    isChanged = false;
    last = new AbortController();
    try {
      const answer = await fetch(form.getAttribute("hx-post"), { method: "POST", body: posted(), signal: last.signal });
      if (answer.redirected) state.textContent = state.dataset.whenSignedOut;
      else if (answer.status === 200) {
        state.textContent = await answer.text();
        document.dispatchEvent(new Event("draft:kept"));
      }
      else isChanged = answer.status !== 204;
    } catch {
      isChanged = !isSent;
    }
  };

  const changed = () => {
    isChanged = true;
    clearTimeout(waiting);
    waiting = setTimeout(keep, KEEP_AFTER_MS);
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    isSent = true;
    clearTimeout(waiting);
    if (last) last.abort();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) isSent = false; });
  window.addEventListener("pagehide", () => {
    if (isChanged && !isSent) navigator.sendBeacon(form.getAttribute("hx-post"), posted());
  });
});
