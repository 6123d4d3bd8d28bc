// The worklist by keyboard, and read anew where it stands. Without it every row is still a link.
const STALE_MS = 60_000;
const keysOff = "worklist-keys-off";
const dialog = document.getElementById("worklist-keys");
const failed = document.getElementById("worklist-failed");
const search = document.getElementById("id_q");
let place = 0; // of the row that last had the focus

const list = () => document.getElementById("worklist");
const rows = () => [...list().querySelectorAll(".row-link")];
const rowOf = (element) => rows().indexOf(element?.closest(".whole-row")?.querySelector(".row-link"));

function goTo(index) {
  const all = rows();
  const row = all[Math.max(0, Math.min(index, all.length - 1))];
  if (row) row.focus();
}

function step(by) {
  const here = rowOf(document.activeElement);
  goTo(here < 0 ? (by > 0 ? 0 : rows().length - 1) : here + by);
}

function actOn(key) {
  const act = document.activeElement.closest(".whole-row")?.querySelector(`[data-key="${key}"]`);
  if (act) act.click();
  return Boolean(act);
}

const LETTERS = {
  "/": () => (search.focus(), search.select(), true),
  "?": () => (dialog.showModal(), true),
  j: () => (step(1), true),
  k: () => (step(-1), true),
  b: () => actOn("b"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
  const isTyping = event.target.matches("input, select, textarea");
  const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp";
  if (isArrow && (event.target === search ? event.key === "ArrowDown" : rowOf(event.target) >= 0)) {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  } else if (!isTyping && !localStorage.getItem(keysOff) && LETTERS[event.key]?.()) {
    event.preventDefault();
  }
});

document.querySelectorAll("[data-opens-keys]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
});

const switchOf = document.getElementById("worklist-keys-on");
switchOf.checked = !localStorage.getItem(keysOff);
switchOf.addEventListener("change", () => {
  if (switchOf.checked) localStorage.removeItem(keysOff);
  else localStorage.setItem(keysOff, "yes");
});

// A row that is gone leaves the focus at its place; htmx keeps it on a row that is still there.
document.addEventListener("focusin", (event) => { if (rowOf(event.target) >= 0) place = rowOf(event.target); });
let hadFocus = false;
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== list()) return;
  hadFocus = rowOf(document.activeElement) >= 0;
  // Signed out meanwhile: the page that came back is another one, so it is opened as a whole.
  if (!event.detail.serverResponse.includes('id="worklist"')) {
    event.detail.shouldSwap = false;
    if (event.detail.xhr.status < 400) location.reload();
  }
});
document.body.addEventListener("htmx:afterSettle", () => {
  failed.hidden = true;
  if (hadFocus && rowOf(document.activeElement) < 0) goTo(place);
});
["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => {
  document.body.addEventListener(name, () => { failed.hidden = false; });
});

// Whoever comes back to this page after a while sees it as it is now, at the same place.
let leftAt = 0;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) leftAt = Date.now();
  else if (Date.now() - leftAt > STALE_MS) {
    htmx.ajax("GET", location.href, { target: "#worklist", select: "#worklist", swap: "outerHTML" });
  }
});
